/* The policy at the head of a summary, and the parameters that are set.
 * SPDX-License-Identifier: Apache-2.0 */
#include "summary_policy.h"

#include <retake/base/wording.h>
#include <retake/report/policy_words.h>

#include <stdio.h>
#include <string.h>

#include "grades.h"

enum { LINE_BYTES = 4096, UNIT_BYTES = CONFIG_LIST_BYTES + 32 };

/* "15 day"; a number without a unit, a word and a list by themselves. */
static void value_words(const struct report_grade *self, char text[UNIT_BYTES])
{
    const char *unit = self->param->unit;
    bool has_unit = *unit && strcmp(unit, "1") != 0 && strcmp(self->value, "none") != 0;
    snprintf(text, UNIT_BYTES, "%s%s%s", self->value, has_unit ? " " : "", has_unit ? unit : "");
}

static void print_words(const struct report_policy_source *source, bool is_base,
                        const struct report_sheet *sheet)
{
    char words[REPORT_POLICY_BYTES];
    report_policy_words(source, words);
    if (*words)
        report_sheet_line(sheet, "%s: %s", is_base ? "Base policy" : "Policy", words);
}

/* Each parameter of the sentences with its grade. */
static void print_grades(const struct report_policy_source *source, struct report_grades *grades,
                         const struct report_sheet *sheet, struct err *err)
{
    const char *keys[REPORT_POLICY_KEYS];
    char line[LINE_BYTES] = "", words[REPORT_GRADE_BYTES];
    struct report_grade grade;
    size_t n_keys = report_policy_keys(source, keys), n = 0;
    for (size_t k = 0; k < n_keys; k++) {
        if (!report_grades_find(grades, keys[k], &grade, err) || n >= sizeof line)
            continue;
        report_grade_words(&grade, false, words);
        n += (size_t)snprintf(line + n, sizeof line - n, "%s%s [%s]", n ? ", " : "",
                              grade.param->label, words);
    }
    if (*line)
        report_sheet_line(sheet, "It rests on: %s", line);
}

static void print_n_set(struct report_grades *grades, const struct report_sheet *sheet,
                        struct err *err)
{
    const struct store_provenance *provenance = grades->provenance;
    struct report_grade grade;
    size_t n = 0, n_set = 0;
    for (size_t i = 0; i < provenance->n_attributes; i++)
        if (report_grades_find(grades, provenance->attributes[i].name, &grade, err)) {
            n++;
            n_set += grade.is_set;
        }
    if (n_set > 0)
        report_sheet_line(sheet, "%zu of %s %s set here; retake summary --parameters lists them",
                          n_set, wording_count(n, "parameter").text, n_set == 1 ? "is" : "are");
}

enum err_code report_summary_policy(const struct store_provenance *provenance,
                                    const struct report_sheet *sheet, struct err *err)
{
    const struct report_policy_source source = {.provenance = provenance};
    struct report_grades grades;
    bool is_base = false;
    for (size_t i = 0; i < provenance->n_attributes; i++)
        is_base |= strcmp(provenance->attributes[i].name, "sweep") == 0;
    if (report_grades_init(provenance, &grades, err) == ERR_OK) {
        print_words(&source, is_base, sheet);
        print_grades(&source, &grades, sheet, err);
        print_n_set(&grades, sheet, err);
    }
    report_grades_free(&grades);
    return err->code;
}

static void put_parameter(struct report_table *table, const struct report_grade *grade)
{
    char value[UNIT_BYTES];
    value_words(grade, value);
    report_table_cell(table, grade->param->label);
    report_table_cell(table, value);
    report_table_cell(table, *grade->grades ? grade->grades : "-");
    report_table_cell(table, grade->key);
    report_table_cell(table, grade->source);
}

enum err_code report_summary_parameters(const struct store_provenance *provenance,
                                        const struct report_sheet *sheet, struct err *err)
{
    static const struct report_column columns[] = {
        {"", 40, true},
        {"value", 20, true},
        {"grade", 20, true},
        {"key", 40, true},
        {"the scenario says", 40, true},
    };
    struct report_grades grades;
    struct report_grade grade;
    struct report_table table;
    report_grades_init(provenance, &grades, err);
    report_table_begin(&table, sheet, "Set here", columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < provenance->n_attributes && !err->code; i++)
        if (report_grades_find(&grades, provenance->attributes[i].name, &grade, err) &&
            grade.is_set)
            put_parameter(&table, &grade);
    report_sheet_note(sheet, "not the default; the grade is what the scenario states, - where it "
                             "states none or the value was set otherwise (--set, a sweep)");
    report_grades_free(&grades);
    return err->code;
}
