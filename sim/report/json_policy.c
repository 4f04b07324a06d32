/* The policy and the evidence of a result as JSON.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/report/policy_words.h>

#include "grades.h"
#include "json_out.h"

json_t *report_policy_json(struct report_json *self, const struct store_provenance *provenance)
{
    char words[REPORT_POLICY_BYTES];
    report_policy_words(&(struct report_policy_source){.provenance = provenance}, words);
    return report_json_text(self, *words ? words : NULL);
}

static json_t *grade_json(struct report_json *self, const struct report_grade *grade,
                          json_t *(*text)(struct report_json *, const char *))
{
    json_t *out = report_json_object(self);
    report_json_set_text(self, out, "label", grade->param->label);
    report_json_set_text(self, out, "unit", grade->param->unit);
    report_json_set_text(self, out, "grade", grade->grades);
    report_json_set_flag(self, out, "set_here", grade->is_set);
    if (!grade->is_set)
        return out;
    report_json_set_text(self, out, "default", grade->param->default_text);
    report_json_set(self, out, "source", text(self, grade->source));
    return out;
}

json_t *report_evidence_json(struct report_json *self, const struct store_provenance *provenance,
                             json_t *(*text)(struct report_json *, const char *))
{
    struct report_grades grades;
    struct report_grade grade;
    json_t *out = report_json_object(self);
    report_grades_init(provenance, &grades, &self->err);
    for (size_t i = 0; i < provenance->n_attributes && !self->err.code; i++)
        if (report_grades_find(&grades, provenance->attributes[i].name, &grade, &self->err))
            report_json_set(self, out, grade.key, grade_json(self, &grade, text));
    report_grades_free(&grades);
    return out;
}
