/* The report of a calibration as text, and the fitted scenario with that text as its head.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/report/calibration.h>

#include <retake/base/build_info.h>
#include <retake/base/plain.h>

#include <stdbool.h>
#include <string.h>

#include "note.h"

enum { LINE_CHARS = 98 };

static int widest(const struct study_calibration *self)
{
    size_t n = 24;
    for (size_t i = 0; i < self->n_targets; i++)
        n = strlen(self->targets[i].statistic) > n ? strlen(self->targets[i].statistic) : n;
    for (size_t i = 0; i < self->n_free; i++)
        n = strlen(self->free[i].key) > n ? strlen(self->free[i].key) : n;
    return (int)n;
}

static void print_targets(const struct study_calibration *self, int width, FILE *out)
{
    plain_print(out, "%-*s  %9s  %7s  %7s  %6s  %6s\n", width, "Target", "published", "s.e.",
                "fitted", "MC s.e", "z");
    for (size_t i = 0; i < self->n_targets; i++) {
        const struct study_target *t = &self->targets[i];
        plain_print(out, "%-*s  %9.4f  %7.4f  %7.4f  %6.4f  %+6.2f%s\n", width, t->statistic,
                    t->value, t->se, t->fitted, t->mcse, t->z,
                    t->is_predicted ? "  predicted" : "");
    }
    fprintf(out, "z = difference over its standard error; chi-square %.2f on ", self->chi_square);
    if (self->n_degrees > 0)
        plain_print(out, "%d degree%s of freedom\n", self->n_degrees,
                    self->n_degrees > 1 ? "s" : "");
    else
        fputs("no degree of freedom\n", out);
}

static void print_parameters(const struct study_calibration *self, int width, FILE *out)
{
    plain_print(out, "%-*s  %9s  %14s  %s\n", width, "Parameter", "estimate", "s.e.", "bounds");
    for (size_t i = 0; i < self->n_free; i++) {
        const struct study_free *f = &self->free[i];
        char error[32] = "not identified";
        if (f->is_identified)
            snprintf(error, sizeof error, "%.*f", f->decimals, f->se);
        plain_print(out, "%-*s  %9.*f  %14s  %g to %g%s\n", width, f->key, f->decimals, f->estimate,
                    error, f->low, f->high,
                    f->at_bound < 0   ? ", at the low one"
                    : f->at_bound > 0 ? ", at the high one"
                                      : "");
    }
}

/* A text broken between words. */
static void print_wrapped(const char *text, FILE *out)
{
    const char *indent = "  - ";
    while (*text) {
        size_t n = strlen(text);
        if (n > LINE_CHARS) {
            for (n = LINE_CHARS; n > 0 && text[n] != ' '; n--)
                ;
            n = n ? n : strcspn(text, " ");
        }
        plain_print(out, "%s%.*s\n", indent, (int)n, text);
        text += n;
        text += strspn(text, " ");
        indent = "    ";
    }
}

void report_calibration_text(const struct study_calibration *self, FILE *out)
{
    int width = widest(self);
    print_targets(self, width, out);
    fputc('\n', out);
    print_parameters(self, width, out);
    if (self->n_warnings > 0)
        fputs("\nRead with care:\n", out);
    for (size_t i = 0; i < self->n_warnings; i++)
        print_wrapped(self->warnings[i], out);
}

/* ---- the fitted scenario ---- */

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

enum err_code report_calibration_scenario(const struct study_calibration *self,
                                          struct scenario *scenario, const char *path,
                                          struct err *err)
{
    struct report_note note;
    report_note_begin("Fitted by retake calibrate.", "End of the fit.", &note);
    if (note.stream) {
        plain_print(note.stream,
                    "%s to %s, %llu candidates, seed %llu, %zu evaluations, retake %s.\n\n",
                    name_of(scenario->path), name_of(self->targets_path),
                    (unsigned long long)self->n_candidates, (unsigned long long)self->seed,
                    self->n_evaluations, build_info_version());
        report_calibration_text(self, note.stream);
    }
    return report_note_scenario(&note, scenario, path, err);
}
