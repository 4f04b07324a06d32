/* The report of a calibration as one JSON object; what is infinite or no number is null.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/report/calibration.h>

#include "json_out.h"

static json_t *target_json(struct report_json *json, const struct study_target *t)
{
    json_t *out = report_json_object(json);
    report_json_set_text(json, out, "statistic", t->statistic);
    report_json_set_number(json, out, "published", t->value);
    report_json_set_number(json, out, "se", t->se);
    report_json_set_flag(json, out, "predicted", t->is_predicted);
    report_json_set_number(json, out, "fitted", t->fitted);
    report_json_set_number(json, out, "mcse", t->mcse);
    report_json_set_number(json, out, "z", t->z);
    return out;
}

static json_t *parameter_json(struct report_json *json, const struct study_free *f)
{
    static const char *const bounds[] = {"low", "", "high"};
    json_t *out = report_json_object(json);
    report_json_set_text(json, out, "key", f->key);
    report_json_set_number(json, out, "estimate", f->estimate);
    report_json_set_number(json, out, "se", f->se);
    report_json_set_flag(json, out, "identified", f->is_identified);
    report_json_set_number(json, out, "low", f->low);
    report_json_set_number(json, out, "high", f->high);
    report_json_set_text(json, out, "at_bound", bounds[f->at_bound + 1]);
    return out;
}

static json_t *correlation_json(struct report_json *json, const struct study_calibration *self)
{
    json_t *rows = report_json_array(json);
    for (size_t i = 0; i < self->n_free; i++) {
        json_t *row = report_json_array(json);
        for (size_t j = 0; j < self->n_free; j++)
            report_json_append(json, row, report_json_number(json, self->correlation[i][j]));
        report_json_append(json, rows, row);
    }
    return rows;
}

static json_t *calibration_json(struct report_json *json, const struct study_calibration *self)
{
    json_t *out = report_json_object(json), *targets = report_json_array(json);
    json_t *parameters = report_json_array(json), *warnings = report_json_array(json);
    for (size_t i = 0; i < self->n_targets; i++)
        report_json_append(json, targets, target_json(json, &self->targets[i]));
    for (size_t i = 0; i < self->n_free; i++)
        report_json_append(json, parameters, parameter_json(json, &self->free[i]));
    for (size_t i = 0; i < self->n_warnings; i++)
        report_json_append(json, warnings, report_json_text(json, self->warnings[i]));
    report_json_set(json, out, "targets", targets);
    report_json_set(json, out, "parameters", parameters);
    report_json_set(json, out, "correlation", correlation_json(json, self));
    report_json_set(json, out, "warnings", warnings);
    report_json_set_number(json, out, "chi_square", self->chi_square);
    report_json_set_count(json, out, "degrees_of_freedom", self->n_degrees);
    report_json_set_count(json, out, "candidates", (int64_t)self->n_candidates);
    report_json_set_count(json, out, "seed", (int64_t)self->seed);
    report_json_set_count(json, out, "evaluations", (int64_t)self->n_evaluations);
    return out;
}

enum err_code report_calibration_json(const struct study_calibration *self, FILE *out,
                                      struct err *err)
{
    struct report_json json = {0};
    return report_json_print(&json, calibration_json(&json, self), JSON_INDENT(2), out, err);
}
