/* What retake solve found. SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/wording.h>
#include <retake/report/solution.h>

#include <retake/base/build_info.h>
#include <retake/base/plain.h>
#include <retake/base/stream.h>

#include <stdlib.h>
#include <string.h>

#include "json_out.h"
#include "note.h"
#include "sheet.h"

static const char *const relations[] = {"=", "<=", ">="};

static void write_value(const struct study_solve_point *at, char *out, size_t n_out)
{
    if (at->mcse > 0)
        snprintf(out, n_out, "%.6f ± %.6f", at->value, at->mcse);
    else if (at->high > at->low)
        snprintf(out, n_out, "%.6f, from %.6f to %.6f", at->value, at->low, at->high);
    else
        snprintf(out, n_out, "%.6f", at->value);
}

struct report_solution_point report_solution_at(const struct study_solve_point *at)
{
    struct report_solution_point out;
    char value[96];
    write_value(at, value, sizeof value);
    snprintf(out.text, sizeof out.text, "at %.10g: %s", at->x, value);
    return out;
}

static void print_at(const struct study_question *question, const struct study_solve_point *at,
                     FILE *out)
{
    char value[96];
    write_value(at, value, sizeof value);
    plain_print(out, "  at %s %.10g: %s\n", question->key, at->x, value);
}

static void print_reached(const struct study_solution *self, FILE *out)
{
    char value[96];
    const struct study_solve_point *at = &self->reached;
    write_value(at, value, sizeof value);
    plain_print(out, "  reached%s: %s%s\n",
                self->is_exact ? "" : ", by candidates that had no part in the search", value,
                at->mcse > 0         ? " (Monte Carlo standard error)"
                : at->high > at->low ? " (the exact 95 % interval)"
                : self->is_exact     ? " (exact)"
                                     : "");
}

static void print_doubts(const struct study_question *question, const struct study_solution *self,
                         FILE *out)
{
    if (self->is_monotone && self->n_crossings == 1)
        return;
    plain_print(
        out,
        "Read with care: %s does not go one way only over the range%s; the first crossing from "
        "below is given. The scan:\n",
        question->statistic, self->n_crossings > 1 ? " and crosses the target more than once" : "");
    for (size_t k = 0; k < self->n_scanned; k++)
        print_at(question, &self->scan[k], out);
}

static void print_solution(const struct study_question *question, const struct study_solution *self,
                           FILE *out)
{
    const char *kind = self->is_exact ? "exact" : "95 % interval";
    plain_print(out, "%s = %.10g  (%s", question->key, self->value, kind);
    if (!self->is_exact || question->is_whole)
        plain_print(out, " %.10g to %.10g", self->low, self->high);
    fputs(")\n", out);
    plain_print(out, "%s %s %.10g\n", question->statistic, relations[question->relation],
                question->target);
    print_reached(self, out);
    if (question->is_whole) {
        print_at(question, &self->below, out);
        print_at(question, &self->above, out);
    } else {
        plain_print(out, "  slope: %.6g for each unit of %s\n", self->slope, question->key);
    }
    print_doubts(question, self, out);
    plain_print(out, "%s", wording_count(self->n_evaluations, "evaluation").text);
    if (!self->is_exact)
        plain_print(out, " of up to %s, seed %llu",
                    wording_count(self->n_candidates, "candidate").text,
                    (unsigned long long)self->seed);
    fputc('\n', out);
    if (strcmp(question->key, "exam.cut_theta") == 0)
        fputs("population.competent_theta stays where it is: moving the cut does not move "
              "competence.\n",
              out);
}

enum err_code report_solution_text(const struct study_question *question,
                                   const struct study_solution *self, FILE *out, struct err *err)
{
    char *text = NULL;
    size_t n = 0;
    struct report_sheet sheet;
    FILE *stream = stream_to_memory(&text, &n);
    if (stream)
        print_solution(question, self, stream);
    if (!stream || fclose(stream) != 0) {
        free(text);
        return err_set(err, ERR_MEMORY, "no memory for a solution");
    }
    report_sheet_open(&sheet, out);
    report_sheet_text(&sheet, text, 2);
    free(text);
    return report_sheet_close(&sheet, err);
}

/* ---- JSON ---- */

static json_t *point_json(struct report_json *json, const struct study_solve_point *at)
{
    json_t *out = report_json_object(json);
    report_json_set_number(json, out, "x", at->x);
    report_json_set_number(json, out, "value", at->value);
    report_json_set_number(json, out, "mcse", at->mcse);
    if (at->high > at->low) {
        report_json_set_number(json, out, "low", at->low);
        report_json_set_number(json, out, "high", at->high);
    }
    return out;
}

static json_t *solution_json(struct report_json *json, const struct study_question *question,
                             const struct study_solution *self)
{
    json_t *out = report_json_object(json), *scan = report_json_array(json);
    for (size_t k = 0; k < self->n_scanned; k++)
        report_json_append(json, scan, point_json(json, &self->scan[k]));
    report_json_set_text(json, out, "key", question->key);
    report_json_set_number(json, out, "value", self->value);
    report_json_set_number(json, out, "low", self->low);
    report_json_set_number(json, out, "high", self->high);
    report_json_set_text(json, out, "statistic", question->statistic);
    report_json_set_text(json, out, "relation", relations[question->relation]);
    report_json_set_number(json, out, "target", question->target);
    report_json_set(json, out, "reached", point_json(json, &self->reached));
    report_json_set_number(json, out, "slope", self->slope);
    report_json_set(json, out, "below", point_json(json, &self->below));
    report_json_set(json, out, "above", point_json(json, &self->above));
    report_json_set_flag(json, out, "monotone", self->is_monotone);
    report_json_set_count(json, out, "crossings", (int64_t)self->n_crossings);
    report_json_set_flag(json, out, "exact", self->is_exact);
    report_json_set_count(json, out, "evaluations", (int64_t)self->n_evaluations);
    report_json_set_count(json, out, "candidates", (int64_t)self->n_candidates);
    report_json_set_count(json, out, "seed", (int64_t)self->seed);
    report_json_set(json, out, "scan", scan);
    return out;
}

enum err_code report_solution_json(const struct study_question *question,
                                   const struct study_solution *self, FILE *out, struct err *err)
{
    struct report_json json = {0};
    return report_json_print(&json, solution_json(&json, question, self), JSON_INDENT(2), out, err);
}

/* ---- the scenario ---- */

enum err_code report_solution_scenario(const struct study_question *question,
                                       const struct study_solution *self, struct scenario *scenario,
                                       const char *path, FILE *out, struct err *err)
{
    struct report_note note;
    report_note_begin("Solved by retake solve.", "End of the solution.", &note);
    if (note.stream) {
        plain_print(note.stream, "retake %s.\n", build_info_version());
        print_solution(question, self, note.stream);
    }
    return report_note_scenario(&note, scenario, path, out, err);
}
