/* Grades of evidence of the parameters of a result.
 * SPDX-License-Identifier: Apache-2.0 */
#include "grades.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum err_code report_grades_init(const struct store_provenance *provenance,
                                 struct report_grades *self, struct err *err)
{
    const struct store_attribute *scenario = store_attribute_find(provenance, "scenario");
    *self = (struct report_grades){.provenance = provenance};
    return config_statements_init(scenario ? scenario->text : NULL, &self->stated, err);
}

void report_grades_free(struct report_grades *self)
{
    config_statements_free(&self->stated);
}

static void value_format(const struct param *param, const struct store_attribute *attribute,
                         char text[CONFIG_LIST_BYTES])
{
    if (attribute->text)
        snprintf(text, CONFIG_LIST_BYTES, "%s", attribute->text);
    else if (param->type == PARAM_COUNT)
        snprintf(text, CONFIG_LIST_BYTES, "%.0f", attribute->number);
    else
        config_param_format_number(attribute->number, text, CONFIG_LIST_BYTES);
}

/* A number may be written in two ways: 1000000 and 1e6. */
static bool is_default(const struct param *param, const char *value)
{
    const char *by_default = *param->default_text ? param->default_text : "\"\"";
    char *end_one, *end_two;
    double one = strtod(value, &end_one), two = strtod(by_default, &end_two);
    bool are_numbers = end_one > value && !*end_one && end_two > by_default && !*end_two;
    return are_numbers ? one == two : strcmp(value, by_default) == 0;
}

bool report_grades_find(struct report_grades *self, const char *key, struct report_grade *out,
                        struct err *err)
{
    struct config_statement stated = {"", ""};
    const struct store_attribute *attribute = store_attribute_find(self->provenance, key);
    const struct param *param =
        attribute && strcmp(key, "title") != 0 ? config_param_find(key) : NULL;
    if (!param || err->code)
        return false;
    *out = (struct report_grade){.param = param, .key = key};
    value_format(param, attribute, out->value);
    out->is_set = !is_default(param, out->value);
    if (out->is_set &&
        config_statements_find(&self->stated, key, out->value, &stated, err) != ERR_OK)
        return false;
    out->grades = out->is_set ? stated.grades : param->grade;
    out->source = stated.source;
    return true;
}

void report_grade_words(const struct report_grade *self, bool with_source,
                        char text[REPORT_GRADE_BYTES])
{
    bool has_source = with_source && *self->source;
    snprintf(text, REPORT_GRADE_BYTES, "%s%s%s%s%s%s", self->is_set ? "set here" : "",
             self->is_set && (*self->grades || has_source) ? ": " : "", self->grades,
             *self->grades && has_source ? " (" : "", has_source ? self->source : "",
             *self->grades && has_source ? ")" : "");
}
