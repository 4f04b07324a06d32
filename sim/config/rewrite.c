/* A scenario file written anew. The source is parsed again for the places of its own values; a
 * value that has changed is replaced there, one that the file lacks is added as a dotted key. The
 * result is parsed and compared, so that a text which cannot be edited by places is noticed.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/config/rewrite.h>

#include <retake/base/stream.h>

#include "family.h"
#include "place.h"
#include "relocate.h"
#include "value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUE_BYTES = 4096, PATH_BYTES = 512, KEY_BYTES = 2 * PATH_BYTES };

/* A piece of the source and what takes its place. */
struct edit {
    size_t from, n;
    const char *text;
};

struct rewrite {
    struct scenario *now;
    struct scenario was; /* the source by itself */
    const char *source, *new_path;
    struct edit *edits;
    size_t n_edits;
    struct arena *arena;
    FILE *added; /* the keys that the file lacks */
};

/* The name of a file as seen from new_path. */
static bool format_file(const struct param *param, const struct scenario *scenario, size_t member,
                        const char *new_path, char text[VALUE_BYTES])
{
    struct arena arena = {0};
    const char *name = *(const char *const *)config_param_field(param, scenario, member);
    name = config_relocate(scenario->path, new_path, name, &arena);
    if (name)
        config_value_format_text(name, text, VALUE_BYTES);
    arena_free(&arena);
    return name != NULL;
}

/* The path of a value as a key of YAML. */
static void format_key(const struct param *param, const struct scenario *scenario, size_t member,
                       char key[KEY_BYTES])
{
    char path[PATH_BYTES];
    config_param_path(param, scenario, member, path, sizeof path);
    config_value_format_text(path, key, KEY_BYTES);
}

/* A value as YAML; names of files as seen from new_path, where that is given. False when it is too
 * long. */
static bool format_value(const struct param *param, const struct scenario *scenario, size_t member,
                         const char *new_path, char text[VALUE_BYTES])
{
    bool done = true;
    if (new_path && config_param_is_file(param))
        done = format_file(param, scenario, member, new_path, text);
    else
        config_param_format(param, scenario, member, text, VALUE_BYTES);
    return done && strlen(text) + 1 < VALUE_BYTES;
}

/* The byte at a line and a column, which count characters from 1. */
static size_t find_offset(const char *text, const struct place *place)
{
    const char *p = text;
    for (size_t line = 1; *p && line < place->line; p++)
        line += *p == '\n';
    for (size_t column = 1; *p && column < place->column; column++) {
        p++;
        while ((*p & 0xC0) == 0x80)
            p++;
    }
    return (size_t)(p - text);
}

/* Bytes of the scalar that text begins with: a quoted one, or up to what may end a plain word. */
static size_t scalar_length(const char *text)
{
    char quote = *text;
    if (quote != '"' && quote != '\'') {
        size_t n = strcspn(text, ",}]#\r\n");
        while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\t'))
            n--;
        return n;
    }
    size_t n = 1;
    for (; text[n] && text[n] != quote; n++)
        if (quote == '"' && text[n] == '\\' && text[n + 1])
            n++;
    return text[n] ? n + 1 : n;
}

/* The member of the source that has the name of a member now; n_members where it is new. */
static size_t member_was(struct rewrite *self, const struct param *param, size_t member)
{
    if (param->family == FAMILY_NONE)
        return 0;
    const char *name = config_family_name(self->now, param->family, member);
    return config_family_find(&self->was, param->family, name, strlen(name));
}

static bool rewrite_value(struct rewrite *self, const struct param *param, size_t member)
{
    char key[KEY_BYTES], value[VALUE_BYTES], old[VALUE_BYTES] = "";
    struct target target = {.param = param, .member = member_was(self, param, member)};
    bool is_known = target.member < config_param_n_members(param, &self->was);
    if (!format_value(param, self->now, member, self->new_path, value) ||
        (is_known && !format_value(param, &self->was, target.member, NULL, old)))
        return false;
    if (is_known && strcmp(value, old) == 0)
        return true;
    const struct place *place = is_known ? config_place_of(&self->was, target) : NULL;
    if (!place || !place->line) {
        format_key(param, self->now, member, key);
        return fprintf(self->added, "%s: %s\n", key, value) > 0;
    }
    size_t from = find_offset(self->source, place);
    self->edits[self->n_edits++] =
        (struct edit){.from = from,
                      .n = scalar_length(self->source + from),
                      .text = arena_text(self->arena, value, strlen(value))};
    return self->edits[self->n_edits - 1].text != NULL;
}

static size_t count_values(const struct scenario *scenario)
{
    size_t n_params, n = 0;
    const struct param *params = config_params(&n_params);
    for (size_t i = 0; i < n_params; i++)
        n += config_param_n_members(&params[i], scenario);
    return n;
}

static bool rewrite_values(struct rewrite *self)
{
    size_t n_params;
    const struct param *params = config_params(&n_params);
    self->edits = arena_alloc(self->arena, count_values(self->now) * sizeof *self->edits);
    for (size_t i = 0; self->edits && i < n_params; i++)
        for (size_t m = 0; m < config_param_n_members(&params[i], self->now); m++)
            if (!rewrite_value(self, &params[i], m))
                return false;
    return self->edits != NULL;
}

static int by_place(const void *a, const void *b)
{
    const struct edit *one = a, *other = b;
    return (one->from > other->from) - (one->from < other->from);
}

static void print_edited(struct rewrite *self, const char *added, FILE *out)
{
    size_t at = 0, n = strlen(self->source);
    qsort(self->edits, self->n_edits, sizeof *self->edits, by_place);
    for (size_t i = 0; i < self->n_edits; i++) {
        const struct edit *edit = &self->edits[i];
        fprintf(out, "%.*s%s", (int)(edit->from - at), self->source + at, edit->text);
        at = edit->from + edit->n;
    }
    fputs(self->source + at, out);
    if (*added)
        fprintf(out, "%s%s", n > 0 && self->source[n - 1] == '\n' ? "" : "\n", added);
}

static bool is_default(const struct param *param, const char *value)
{
    const char *by_default = *param->default_text ? param->default_text : "\"\"";
    return param->family == FAMILY_NONE && strcmp(value, by_default) == 0;
}

/* All that differs from the defaults, without the source. */
static void print_plain(struct rewrite *self, FILE *out)
{
    size_t n_params;
    const struct param *params = config_params(&n_params);
    char key[KEY_BYTES], value[VALUE_BYTES];
    for (size_t i = 0; i < n_params; i++)
        for (size_t m = 0; m < config_param_n_members(&params[i], self->now); m++) {
            format_key(&params[i], self->now, m, key);
            if (format_value(&params[i], self->now, m, self->new_path, value) &&
                !is_default(&params[i], value))
                fprintf(out, "%s: %s\n", key, value);
        }
}

static bool same_values(struct rewrite *self, struct scenario *other)
{
    size_t n_params;
    const struct param *params = config_params(&n_params);
    char mine[VALUE_BYTES], theirs[VALUE_BYTES];
    for (int f = FAMILY_NONE + 1; f < N_FAMILIES; f++)
        if (config_family_n_members(self->now, (enum family)f) !=
            config_family_n_members(other, (enum family)f))
            return false;
    for (size_t i = 0; i < n_params; i++)
        for (size_t m = 0; m < config_param_n_members(&params[i], self->now); m++)
            if (!format_value(&params[i], self->now, m, self->new_path, mine) ||
                !format_value(&params[i], other, m, NULL, theirs) || strcmp(mine, theirs) != 0)
                return false;
    return true;
}

static bool reads_back(struct rewrite *self, const char *text)
{
    struct scenario scenario;
    struct err err = {0};
    bool same =
        config_scenario_parse(self->new_path, text, strlen(text), &scenario, &err) == ERR_OK &&
        same_values(self, &scenario);
    config_scenario_free(&scenario);
    return same;
}

/* One of the two ways to write it, into the arena. NULL when memory is out. */
static char *compose(struct rewrite *self, const char *added)
{
    char *text = NULL, *kept = NULL;
    size_t n;
    FILE *out = stream_to_memory(&text, &n);
    if (out && added)
        print_edited(self, added, out);
    else if (out)
        print_plain(self, out);
    if (out && fclose(out) == 0)
        kept = arena_text(self->arena, text, n);
    free(text);
    return kept;
}

static bool rewrite(struct rewrite *self, char **out)
{
    char *added = NULL;
    size_t n;
    self->added = stream_to_memory(&added, &n);
    bool done = self->added && rewrite_values(self);
    if (self->added && fclose(self->added) != 0)
        done = false;
    *out = done ? compose(self, added) : NULL;
    free(added);
    if (*out && reads_back(self, *out))
        return true;
    *out = compose(self, NULL);
    return *out && reads_back(self, *out);
}

enum err_code config_scenario_rewrite(struct scenario *self, const char *new_path,
                                      struct arena *arena, char **out, struct err *err)
{
    const char *source = self->source_text;
    if (strncmp(source, "\xEF\xBB\xBF", 3) == 0)
        source += 3;
    struct rewrite rewriting = {
        .now = self, .source = source, .new_path = new_path, .arena = arena};
    if (config_scenario_parse(self->path, source, strlen(source), &rewriting.was, err) == ERR_OK &&
        !rewrite(&rewriting, out))
        err_set(err, ERR_INTERNAL, "%s: cannot be written anew", self->path);
    config_scenario_free(&rewriting.was);
    return err->code;
}
