/* What retake solve found. SPDX-License-Identifier: Apache-2.0 */
#include <retake/report/solution.h>

#include <retake/base/build_info.h>

#include <string.h>

#include "json_out.h"
#include "note.h"

static const char *const relations[] = {"=", "<=", ">="};

static void print_at(const struct study_question *question, const struct study_solve_point *at,
                     FILE *out)
{
    fprintf(out, "  at %s %.10g: %.6f ± %.6f\n", question->key, at->x, at->value, at->mcse);
}

static void print_doubts(const struct study_question *question, const struct study_solution *self,
                         FILE *out)
{
    if (self->is_monotone && self->n_crossings == 1)
        return;
    fprintf(out,
            "Read with care: %s does not go one way only over the range%s; the first crossing from "
            "below is given. The scan:\n",
            question->statistic,
            self->n_crossings > 1 ? " and crosses the target more than once" : "");
    for (size_t k = 0; k < self->n_scanned; k++)
        print_at(question, &self->scan[k], out);
}

void report_solution_text(const struct study_question *question, const struct study_solution *self,
                          FILE *out)
{
    const char *kind = self->is_exact ? "exact" : "95 % interval";
    fprintf(out, "%s = %.10g  (%s %.10g to %.10g)\n", question->key, self->value, kind, self->low,
            self->high);
    fprintf(out, "%s %s %.10g\n", question->statistic, relations[question->relation],
            question->target);
    fprintf(out, "  reached%s: %.6f ± %.6f (Monte Carlo standard error)\n",
            self->is_exact ? "" : ", by candidates that had no part in the search",
            self->reached.value, self->reached.mcse);
    if (question->is_whole) {
        print_at(question, &self->below, out);
        print_at(question, &self->above, out);
    } else {
        fprintf(out, "  slope: %.6g for each unit of %s\n", self->slope, question->key);
    }
    print_doubts(question, self, out);
    fprintf(out, "%zu evaluations", self->n_evaluations);
    if (!self->is_exact)
        fprintf(out, " of up to %llu candidates, seed %llu", (unsigned long long)self->n_candidates,
                (unsigned long long)self->seed);
    fputc('\n', out);
    if (strcmp(question->key, "exam.cut_theta") == 0)
        fputs("population.competent_theta stays where it is: moving the cut does not move "
              "competence.\n",
              out);
}

/* ---- JSON ---- */

static json_t *point(const struct study_solve_point *at)
{
    return json_pack("{s:o, s:o, s:o}", "x", report_json_number(at->x), "value",
                     report_json_number(at->value), "mcse", report_json_number(at->mcse));
}

static json_t *pack(const struct study_question *question, const struct study_solution *self)
{
    json_t *scan = json_array();
    for (size_t k = 0; k < self->n_scanned; k++)
        json_array_append_new(scan, point(&self->scan[k]));
    return json_pack("{s:s, s:o, s:o, s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:b, s:i, s:b, s:I, "
                     "s:I, s:I, s:o}",
                     "key", question->key, "value", report_json_number(self->value), "low",
                     report_json_number(self->low), "high", report_json_number(self->high),
                     "statistic", question->statistic, "relation", relations[question->relation],
                     "target", report_json_number(question->target), "reached",
                     point(&self->reached), "slope", report_json_number(self->slope), "below",
                     point(&self->below), "above", point(&self->above), "monotone",
                     self->is_monotone, "crossings", (int)self->n_crossings, "exact",
                     self->is_exact, "evaluations", (json_int_t)self->n_evaluations, "candidates",
                     (json_int_t)self->n_candidates, "seed", (json_int_t)self->seed, "scan", scan);
}

enum err_code report_solution_json(const struct study_question *question,
                                   const struct study_solution *self, FILE *out, struct err *err)
{
    return report_json_print(pack(question, self), out, err);
}

/* ---- the scenario ---- */

enum err_code report_solution_scenario(const struct study_question *question,
                                       const struct study_solution *self, struct scenario *scenario,
                                       const char *path, struct err *err)
{
    struct report_note note;
    report_note_begin("Solved by retake solve.", "End of the solution.", &note);
    if (note.stream) {
        fprintf(note.stream, "retake %s.\n", build_info_version());
        report_solution_text(question, self, note.stream);
    }
    return report_note_scenario(&note, scenario, path, err);
}
