/* A value as one would write it in YAML. A text that could be read as something else, or that has
 * characters YAML does not take as they are, is written in double quotes with escapes.
 * SPDX-License-Identifier: Apache-2.0 */
#include "day.h"
#include "utf8.h"
#include "value.h"
#include <retake/config/number.h>

#include <retake/base/plain.h>
#include <retake/config/params.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static bool is_plain_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("_./+()%-, ", c));
}

static bool is_plain(const char *text)
{
    size_t n = strlen(text);
    if (n == 0 || strchr("(%-+, ", text[0]) || text[n - 1] == ' ')
        return false;
    if (strcmp(text, "null") == 0 || strcmp(text, "Null") == 0 || strcmp(text, "NULL") == 0)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!is_plain_character(text[i]))
            return false;
    return strcmp(text, "...") != 0;
}

/* One character within double quotes; written is what it takes, at most 10 bytes. */
static void escape(const char *text, size_t n, uint32_t c, char written[12])
{
    bool raw = plain_is(c) && c != 0xFFFE && c != 0xFFFF;
    if (c == '"' || c == '\\')
        snprintf(written, 12, "\\%c", (char)c);
    else if (raw)
        snprintf(written, 12, "%.*s", (int)n, text);
    else
        snprintf(written, 12, "\\u%04" PRIX32, c);
}

static void format_quoted(const char *text, char *out, size_t n_out)
{
    size_t n_bytes = strlen(text), to = 1, n;
    snprintf(out, n_out, "\"");
    for (size_t from = 0; from < n_bytes; from += n) {
        char written[12];
        uint32_t c = 0xFFFD;
        n = plain_decode(text + from, n_bytes - from, &c);
        n = n ? n : 1;
        escape(text + from, n, c, written);
        if (to + strlen(written) + 2 > n_out)
            break;
        to += (size_t)snprintf(out + to, n_out - to, "%s", written);
    }
    if (to < n_out)
        snprintf(out + to, n_out - to, "\"");
}

void config_value_format_text(const char *text, char *out, size_t n_out)
{
    if (is_plain(text))
        snprintf(out, n_out, "%s", text);
    else
        format_quoted(text, out, n_out);
}

static void format_choice(const char *words, int index, char *out, size_t n_out)
{
    for (; index > 0 && strchr(words, '|'); index--)
        words = strchr(words, '|') + 1;
    snprintf(out, n_out, "%.*s", (int)strcspn(words, "|"), words);
}

void config_param_format_number(double value, char *out, size_t n_out)
{
    if (isinf(value))
        snprintf(out, n_out, "none");
    else
        config_number_format(value, out, n_out);
}

static void format_day(int64_t day, char *out, size_t n_out)
{
    char text[11];
    config_day_format(day, text);
    snprintf(out, n_out, "%s", text);
}

static void format_element(const struct param *self, double value, char *out, size_t n_out)
{
    if (self->type == PARAM_REALS)
        config_param_format_number(value, out, n_out);
    else if (self->type == PARAM_DAYS)
        format_day((int64_t)value, out, n_out);
    else
        format_choice(self->choices, (int)value, out, n_out);
}

/* One value as it is, several as [a, b, c]. */
static void format_list(const struct param *self, const struct scenario_list *list, char *out,
                        size_t n_out)
{
    char element[64];
    size_t n = 0;
    snprintf(out, n_out, "none");
    for (size_t k = 0; k < list->n && n < n_out; k++) {
        const char *before = list->n == 1 ? "" : k == 0 ? "[" : ", ";
        format_element(self, list->values[k], element, sizeof element);
        n += (size_t)snprintf(out + n, n_out - n, "%s%s%s", before, element,
                              list->n > 1 && k + 1 == list->n ? "]" : "");
    }
}

void config_param_format(const struct param *self, const struct scenario *scenario, size_t member,
                         char *text, size_t n_text)
{
    const void *field = config_param_field(self, scenario, member);
    switch (self->type) {
    case PARAM_REAL:
    case PARAM_LIMIT:
        config_param_format_number(*(const double *)field, text, n_text);
        break;
    case PARAM_COUNT:
        snprintf(text, n_text, "%" PRId64, *(const int64_t *)field);
        break;
    case PARAM_FLAG:
        snprintf(text, n_text, "%s", *(const bool *)field ? "true" : "false");
        break;
    case PARAM_CHOICE:
        format_choice(self->choices, *(const int *)field, text, n_text);
        break;
    case PARAM_NAME:
    case PARAM_TEXT:
        config_value_format_text(*(const char *const *)field, text, n_text);
        break;
    case PARAM_REALS:
    case PARAM_DAYS:
    case PARAM_WORDS:
        format_list(self, field, text, n_text);
        break;
    case PARAM_DAY:
        format_day(*(const int64_t *)field, text, n_text);
        break;
    }
}
