/* Attributes of results, and their comparison.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/record.h>

#include <retake/base/build_info.h>
#include <retake/config/csv.h>
#include <retake/config/inputs.h>

#include <stdio.h>
#include <string.h>

enum { FIRST_ROOM = 64 };

/* ---- adding ---- */

/* Room is FIRST_ROOM, then doubles; so the number of attributes tells when it is used up. */
static struct store_attribute *attribute_new(struct store_result *self)
{
    struct store_provenance *list = &self->provenance;
    size_t n = list->n_attributes;
    struct store_attribute *room = (struct store_attribute *)list->attributes;
    if (n == 0 || (n >= FIRST_ROOM && (n & (n - 1)) == 0)) {
        size_t n_room = n == 0 ? FIRST_ROOM : 2 * n;
        room = arena_alloc(&self->dataset.arena, n_room * sizeof *room);
        if (!room)
            return NULL;
        if (n)
            memcpy(room, list->attributes, n * sizeof *room);
        list->attributes = room;
    }
    return &room[n];
}

static enum err_code add(struct store_result *self, const char *name, const char *text,
                         double number, struct err *err)
{
    struct store_attribute *attribute = attribute_new(self);
    struct arena *arena = &self->dataset.arena;
    const char *own_name = arena_text(arena, name, strlen(name));
    const char *own_text = text ? arena_text(arena, text, strlen(text)) : NULL;
    if (!attribute || !own_name || (text && !own_text))
        return err_set(err, ERR_MEMORY, "no memory for the provenance");
    *attribute = (struct store_attribute){own_name, own_text, number};
    self->provenance.n_attributes++;
    return ERR_OK;
}

enum err_code study_record_text(struct store_result *self, const char *name, const char *text,
                                struct err *err)
{
    return add(self, name, text, 0, err);
}

enum err_code study_record_number(struct store_result *self, const char *name, double number,
                                  struct err *err)
{
    return add(self, name, NULL, number, err);
}

enum err_code study_record_warning(struct store_result *self, const char *text, struct err *err)
{
    struct store_attribute *list = (struct store_attribute *)self->provenance.attributes;
    size_t i = 0, n = self->provenance.n_attributes;
    while (i < n && strcmp(list[i].name, "warning") != 0)
        i++;
    if (i == n)
        return add(self, "warning", text, 0, err);
    size_t n_bytes = strlen(list[i].text) + strlen("; ") + strlen(text) + 1;
    char *both = arena_alloc(&self->dataset.arena, n_bytes);
    if (!both)
        return err_set(err, ERR_MEMORY, "no memory for the provenance");
    snprintf(both, n_bytes, "%s; %s", list[i].text, text);
    list[i].text = both;
    return ERR_OK;
}

enum err_code study_record_copy(struct store_result *self, const struct store_provenance *from,
                                struct err *err)
{
    for (size_t i = 0; i < from->n_attributes && err->code == ERR_OK; i++)
        add(self, from->attributes[i].name, from->attributes[i].text, from->attributes[i].number,
            err);
    return err->code;
}

/* ---- parameters ---- */

static void add_param(struct store_result *self, const struct param *param,
                      const struct scenario *scenario, size_t member, struct err *err)
{
    char name[512], text[CONFIG_LIST_BYTES];
    double real = 0;
    int64_t count = 0;
    const void *field = config_param_field(param, scenario, member);
    struct scenario_list list = {0};
    config_param_path(param, scenario, member, name, sizeof name);
    if (param->type == PARAM_REAL)
        memcpy(&real, field, sizeof real);
    else if (param->type == PARAM_COUNT)
        memcpy(&count, field, sizeof count);
    else if (param->type == PARAM_REALS)
        memcpy(&list, field, sizeof list);
    bool is_single = list.n == 1;
    if (is_single)
        real = list.values[0];
    if (is_single || param->type == PARAM_REAL ||
        (param->type == PARAM_COUNT && count < (INT64_C(1) << 53))) {
        add(self, name, NULL, param->type == PARAM_COUNT ? (double)count : real, err);
        return;
    }
    config_param_format(param, scenario, member, text, sizeof text);
    add(self, name, text, 0, err);
}

enum err_code study_record_params(struct store_result *self, const struct scenario *scenario,
                                  struct err *err)
{
    size_t n;
    const struct param *params = config_params(&n);
    for (size_t k = 0; k < n; k++)
        for (size_t m = 0; m < config_param_n_members(&params[k], scenario); m++)
            if (strcmp(params[k].path, "title") != 0)
                add_param(self, &params[k], scenario, m, err);
    return err->code;
}

/* ---- inputs ---- */

struct digests {
    struct store_result *to;
    const struct scenario *scenario;
};

/* A file that is not there has none: what uses it says so, and does not look again. */
static enum err_code add_digest(void *context, const struct param *param, size_t member,
                                const char *path, struct err *err)
{
    const struct digests *self = context;
    const struct config_input *input;
    char name[512];
    if (config_inputs_look(self->scenario->inputs, path, CSV_MAX_BYTES, &input, err) != ERR_OK ||
        input->failure.code == ERR_INPUT)
        return err->code;
    if (input->failure.code)
        return err_set(err, input->failure.code, "%s", input->failure.detail);
    config_param_path(param, self->scenario, member, name, sizeof name - sizeof "_digest");
    strcat(name, "_digest");
    if (strcmp(param->path, "population.candidates_file") == 0)
        snprintf(name, sizeof name, "candidates_digest");
    return add(self->to, name, input->digest, 0, err);
}

enum err_code study_record_inputs(struct store_result *self, struct scenario *scenario,
                                  struct err *err)
{
    struct digests digests = {self, scenario};
    config_scenario_each_input(scenario, add_digest, &digests, err);
    if (scenario->rules_digest)
        add(self, "rules_digest", scenario->rules_digest, 0, err);
    return err->code;
}

/* ---- comparing ---- */

uint64_t study_record_count(const struct store_provenance *self, const char *name, uint64_t most)
{
    const struct store_attribute *found = store_attribute_find(self, name);
    if (!found || found->text || !(found->number >= 1 && found->number <= (double)most))
        return 0;
    uint64_t n = (uint64_t)found->number;
    return (double)n == found->number ? n : 0;
}

bool study_record_is_unfinished(const struct store_provenance *self)
{
    return store_attribute_find(self, "unfinished") != NULL;
}

static bool is_one_of(const char *name, const char *const *names)
{
    while (*names && strcmp(name, *names) != 0)
        names++;
    return *names;
}

enum err_code study_record_merged(struct store_result *self, const struct store_provenance *first,
                                  const char *const *own, size_t n_parts, struct err *err)
{
    static const char *const always[] = {"history",   "shard",   "n_shards",
                                         "merged_by", "n_parts", NULL};
    char program[128];
    for (size_t i = 0; i < first->n_attributes && !err->code; i++)
        if (!is_one_of(first->attributes[i].name, always) &&
            !is_one_of(first->attributes[i].name, own))
            study_record_copy(self, &(struct store_provenance){1, &first->attributes[i]}, err);
    snprintf(program, sizeof program, "retake %s (%s)", build_info_version(), build_info_commit());
    study_record_text(self, "merged_by", program, err);
    return study_record_number(self, "n_parts", (double)n_parts, err);
}

/* Whether an attribute is one that statistics depend on. */
static bool matters(const char *name, bool with_shard)
{
    static const char *const own[] = {"product_version", "precision", "microdata_keep", NULL};
    static const char *const of_shard[] = {"shard", "n_shards", NULL};
    const struct param *param = config_param_find(name);
    size_t n = strlen(name), n_suffix = strlen("_digest");
    if (param)
        return param->type != PARAM_TEXT;
    if (n > n_suffix && strcmp(name + n - n_suffix, "_digest") == 0)
        return strcmp(name, "statistics_digest") != 0 && strcmp(name, "microdata_digest") != 0;
    return is_one_of(name, own) || (with_shard && is_one_of(name, of_shard));
}

static bool is_same(const struct store_attribute *one, const struct store_attribute *two)
{
    if (!one || !two || !one->text != !two->text)
        return false;
    return one->text ? strcmp(one->text, two->text) == 0 : one->number == two->number;
}

static void value_print(const struct store_attribute *self, char text[128])
{
    if (!self)
        snprintf(text, 128, "absent");
    else if (self->text)
        snprintf(text, 128, "%s", self->text);
    else
        config_param_format_number(self->number, text, 128);
}

/* A session library is known when the plan is made, and only one from a file is named by its
 * content: where it is not said nothing differs. */
static bool may_be_absent(const char *name)
{
    static const char *const names[] = {"library_digest", STUDY_LIBRARY_STATISTICS, NULL};
    return is_one_of(name, names);
}

static bool differs_in(const char *name, const struct store_provenance *there,
                       const struct store_provenance *here, char text[512])
{
    const struct store_attribute *one = store_attribute_find(there, name);
    const struct store_attribute *two = store_attribute_find(here, name);
    char at_one[128], at_two[128];
    if (is_same(one, two) || ((!one || !two) && may_be_absent(name)))
        return false;
    value_print(one, at_one);
    value_print(two, at_two);
    snprintf(text, 512, "%s is %s there, %s here", name, at_one, at_two);
    return true;
}

bool study_record_differs(const struct store_provenance *there, const struct store_provenance *here,
                          bool with_shard, char text[512])
{
    const struct store_provenance *const both[] = {here, there};
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < both[k]->n_attributes; i++) {
            const char *name = both[k]->attributes[i].name;
            if (matters(name, with_shard) && differs_in(name, there, here, text))
                return true;
        }
    return false;
}
