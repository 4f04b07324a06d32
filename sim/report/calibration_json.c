/* The report of a calibration as one JSON object; what is infinite or no number is null.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/report/calibration.h>

#include "json_out.h"

static json_t *pack_target(const struct study_target *t)
{
    return json_pack("{s:s, s:o, s:o, s:b, s:o, s:o, s:o}", "statistic", t->statistic, "published",
                     report_json_number(t->value), "se", report_json_number(t->se), "predicted",
                     t->is_predicted, "fitted", report_json_number(t->fitted), "mcse",
                     report_json_number(t->mcse), "z", report_json_number(t->z));
}

static json_t *pack_parameter(const struct study_free *f)
{
    static const char *const bounds[] = {"low", "", "high"};
    return json_pack("{s:s, s:o, s:o, s:b, s:o, s:o, s:s}", "key", f->key, "estimate",
                     report_json_number(f->estimate), "se", report_json_number(f->se), "identified",
                     f->is_identified, "low", report_json_number(f->low), "high",
                     report_json_number(f->high), "at_bound", bounds[f->at_bound + 1]);
}

static json_t *pack_correlation(const struct study_calibration *self)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < self->n_free; i++) {
        json_t *row = json_array();
        for (size_t j = 0; j < self->n_free; j++)
            json_array_append_new(row, report_json_number(self->correlation[i][j]));
        json_array_append_new(rows, row);
    }
    return rows;
}

static json_t *pack(const struct study_calibration *self)
{
    json_t *targets = json_array(), *parameters = json_array(), *warnings = json_array();
    for (size_t i = 0; i < self->n_targets; i++)
        json_array_append_new(targets, pack_target(&self->targets[i]));
    for (size_t i = 0; i < self->n_free; i++)
        json_array_append_new(parameters, pack_parameter(&self->free[i]));
    for (size_t i = 0; i < self->n_warnings; i++)
        json_array_append_new(warnings, json_string(self->warnings[i]));
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:i, s:I, s:I, s:I}", "targets", targets,
                     "parameters", parameters, "correlation", pack_correlation(self), "warnings",
                     warnings, "chi_square", report_json_number(self->chi_square),
                     "degrees_of_freedom", self->n_degrees, "candidates",
                     (json_int_t)self->n_candidates, "seed", (json_int_t)self->seed, "evaluations",
                     (json_int_t)self->n_evaluations);
}

enum err_code report_calibration_json(const struct study_calibration *self, FILE *out,
                                      struct err *err)
{
    return report_json_print(pack(self), out, err);
}
