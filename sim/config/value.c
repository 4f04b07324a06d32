/* One value of a parameter: from text, checked, into its field.
 * SPDX-License-Identifier: Apache-2.0 */
#include "value.h"

#include "day.h"
#include "path.h"
#include "utf8.h"
#include <retake/config/number.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MAX_CHOICES = 32, CHOICE_BYTES = 512 };

/* What has to be known to judge one value. */
struct attempt {
    const struct param *param;
    const char *text;
    bool quoted;
    struct err *reason;
};

/* The words of "first|second|...", cut apart in buffer. */
static size_t split_choices(const char *choices, char buffer[CHOICE_BYTES], const char **words)
{
    size_t n = 0;
    snprintf(buffer, CHOICE_BYTES, "%s", choices);
    for (char *word = buffer; word && n < MAX_CHOICES; n++) {
        words[n] = word;
        word = strchr(word, '|');
        if (word)
            *word++ = '\0';
    }
    return n;
}

static void list_choices(const struct param *param, char *out, size_t n_out)
{
    char buffer[CHOICE_BYTES];
    const char *words[MAX_CHOICES];
    size_t n_words = split_choices(param->choices, buffer, words), n = 0;
    if (n_words > 1)
        n = (size_t)snprintf(out, n_out, "%s ",
                             param->type == PARAM_WORDS ? "one or a list of" : "one of");
    for (size_t i = 0; i < n_words && n < n_out; i++)
        n += (size_t)snprintf(out + n, n_out - n, "%s%s", i ? ", " : "", words[i]);
}

void config_value_expected(const struct param *param, char *out, size_t n_out)
{
    static const char *const texts[] = {
        [PARAM_REAL] = "a number",
        [PARAM_LIMIT] = "a number or none",
        [PARAM_COUNT] = "a whole number",
        [PARAM_FLAG] = "true or false",
        [PARAM_CHOICE] = "a word",
        [PARAM_NAME] = "the name of a rule",
        [PARAM_TEXT] = "a text",
        [PARAM_DAY] = "a date as YYYY-MM-DD",
        [PARAM_REALS] = "a number or a list of numbers",
        [PARAM_DAYS] = "a date as YYYY-MM-DD, a list of dates, or none",
    };
    if (param->type == PARAM_CHOICE || param->type == PARAM_WORDS)
        list_choices(param, out, n_out);
    else
        snprintf(out, n_out, "%s", texts[param->type]);
}

static void format_bound(const struct param *param, double bound, char text[32])
{
    if (param->type != PARAM_COUNT)
        config_number_format(bound, text, 32);
    else if (bound >= 0x1p63)
        snprintf(text, 32, "%" PRId64, INT64_MAX);
    else
        snprintf(text, 32, "%" PRId64, (int64_t)bound);
}

void config_value_range(const struct param *param, char *out, size_t n_out)
{
    char min[32], max[32];
    out[0] = '\0';
    if (param->type > PARAM_COUNT)
        return;
    format_bound(param, param->min, min);
    format_bound(param, param->max, max);
    snprintf(out, n_out, "%s to %s", min, max);
}

static enum err_code refuse_type(const struct attempt *self, const char *hint)
{
    char expected[CHOICE_BYTES];
    config_value_expected(self->param, expected, sizeof expected);
    return err_set(self->reason, ERR_INPUT, "expected %s, not %s%s%s", expected,
                   self->quoted ? "the quoted text " : "", config_utf8_quote(self->text).text,
                   hint);
}

static enum err_code refuse_range(const struct attempt *self)
{
    char range[80];
    const char *unit = strcmp(self->param->unit, "1") == 0 ? "" : self->param->unit;
    config_value_range(self->param, range, sizeof range);
    return err_set(self->reason, ERR_RANGE, "%s is out of range %s%s%s",
                   config_utf8_quote(self->text).text, range, *unit ? " " : "", unit);
}

static enum err_code judge(const struct attempt *self, enum number_result result)
{
    if (result == NUMBER_OK)
        return ERR_OK;
    return result == NUMBER_TOO_LARGE ? refuse_range(self) : refuse_type(self, "");
}

static enum err_code store_real(const struct attempt *self, double *field)
{
    double value = 0;
    if (self->quoted)
        return refuse_type(self, "");
    if (self->param->type == PARAM_LIMIT && strcmp(self->text, "none") == 0) {
        *field = INFINITY;
        return ERR_OK;
    }
    enum err_code code = judge(self, config_number_real(self->text, &value));
    if (code != ERR_OK)
        return code;
    if (value < self->param->min || value > self->param->max)
        return refuse_range(self);
    *field = value;
    return ERR_OK;
}

static enum err_code store_count(const struct attempt *self, int64_t *field)
{
    int64_t value = 0;
    if (self->quoted)
        return refuse_type(self, "");
    enum err_code code = judge(self, config_number_count(self->text, &value));
    if (code != ERR_OK)
        return code;
    if ((double)value < self->param->min || (double)value > self->param->max)
        return refuse_range(self);
    *field = value;
    return ERR_OK;
}

static enum err_code store_flag(const struct attempt *self, bool *field)
{
    static const char *const words[] = {"false", "true", "no",    "yes",  "False", "True",
                                        "No",    "Yes",  "FALSE", "TRUE", "NO",    "YES"};
    size_t n_words = sizeof words / sizeof *words;
    for (size_t i = 0; i < n_words && !self->quoted; i++)
        if (strcmp(self->text, words[i]) == 0) {
            *field = i % 2 == 1;
            return ERR_OK;
        }
    return refuse_type(self, self->quoted ? "" : config_path_word_hint(self->text, words, 2).text);
}

static enum err_code store_choice(const struct attempt *self, int *field)
{
    char buffer[CHOICE_BYTES];
    const char *words[MAX_CHOICES];
    size_t n_words = split_choices(self->param->choices, buffer, words);
    for (size_t i = 0; i < n_words; i++)
        if (strcmp(self->text, words[i]) == 0) {
            *field = (int)i;
            return ERR_OK;
        }
    return refuse_type(self, config_path_word_hint(self->text, words, n_words).text);
}

static enum err_code store_text(const struct attempt *self, const char **field, struct arena *arena)
{
    const char *copy = arena_text(arena, self->text, strlen(self->text));
    if (!copy)
        return err_set(self->reason, ERR_MEMORY, "no memory for its text");
    if (self->param->type == PARAM_NAME && !*copy)
        return refuse_type(self, "");
    *field = copy;
    return ERR_OK;
}

static enum err_code store_word(const struct attempt *self, double *field)
{
    int index = 0;
    enum err_code code = store_choice(self, &index);
    *field = index;
    return code;
}

static enum err_code store_day(const struct attempt *self, double *field)
{
    int64_t day;
    if (!config_day_parse(self->text, &day))
        return refuse_type(self, "");
    *field = (double)day;
    return ERR_OK;
}

enum err_code config_value_store_element(const struct param *param, size_t k, size_t n,
                                         const char *text, bool quoted, void *base,
                                         struct arena *arena, struct err *reason)
{
    struct attempt self = {param, text, quoted, reason};
    struct scenario_list *list = (void *)((char *)base + param->offset);
    double value = 0;
    if (n > CONFIG_MAX_LIST)
        return err_set(reason, ERR_INPUT, "a list of %zu, at most %d", n, CONFIG_MAX_LIST);
    enum err_code code = param->type == PARAM_REALS  ? store_real(&self, &value)
                         : param->type == PARAM_DAYS ? store_day(&self, &value)
                                                     : store_word(&self, &value);
    if (code != ERR_OK)
        return code;
    double *values = k == 0 ? arena_alloc(arena, n * sizeof *values) : (double *)list->values;
    if (!values)
        return err_set(reason, ERR_MEMORY, "no memory for a list");
    values[k] = value;
    *list = (struct scenario_list){.n = k + 1, .values = values};
    return ERR_OK;
}

/* A single value, which is a list of one; the word none, which is no day. */
static enum err_code store_single(const struct attempt *self, void *base, struct arena *arena)
{
    if (self->param->type == PARAM_DAYS && !self->quoted && strcmp(self->text, "none") == 0) {
        *(struct scenario_list *)(void *)((char *)base + self->param->offset) =
            (struct scenario_list){.n = 0};
        return ERR_OK;
    }
    return config_value_store_element(self->param, 0, 1, self->text, self->quoted, base, arena,
                                      self->reason);
}

enum err_code config_value_store(const struct param *param, const char *text, bool quoted,
                                 void *base, struct arena *arena, struct err *reason)
{
    struct attempt self = {param, text, quoted, reason};
    void *field = (char *)base + param->offset;
    switch (param->type) {
    case PARAM_REAL:
    case PARAM_LIMIT:
        return store_real(&self, field);
    case PARAM_COUNT:
        return store_count(&self, field);
    case PARAM_FLAG:
        return store_flag(&self, field);
    case PARAM_CHOICE:
        return store_choice(&self, field);
    case PARAM_DAY:
        return config_day_parse(text, field) ? ERR_OK : refuse_type(&self, "");
    case PARAM_REALS:
    case PARAM_DAYS:
    case PARAM_WORDS:
        return store_single(&self, base, arena);
    case PARAM_NAME:
    case PARAM_TEXT:
        return store_text(&self, field, arena);
    }
    return err_set(reason, ERR_INTERNAL, "a parameter of no type");
}
