/* The report of a calibration as text, and the fitted scenario with that text as its head.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/report/calibration.h>

#include <retake/base/build_info.h>
#include <retake/base/wording.h>

#include <stdbool.h>
#include <string.h>

#include "note.h"
#include "sheet.h"

enum { NOTE_CHARS = 98 }; /* of a line of the note in a scenario */

static int width_of(const struct study_calibration *self)
{
    size_t n = 24;
    for (size_t i = 0; i < self->n_targets; i++)
        n = strlen(self->targets[i].statistic) > n ? strlen(self->targets[i].statistic) : n;
    for (size_t i = 0; i < self->n_free; i++)
        n = strlen(self->free[i].key) > n ? strlen(self->free[i].key) : n;
    return (int)n + 2;
}

static void put_targets(const struct study_calibration *self, const struct report_sheet *sheet)
{
    const struct report_column columns[] = {{"", width_of(self), true},
                                            {"published", 10, false},
                                            {"s.e.", 8, false},
                                            {"fitted", 8, false},
                                            {"MC s.e", 7, false},
                                            {"z", 7, false},
                                            {"", 10, true}};
    struct report_table table;
    report_table_begin(&table, sheet, "Target", columns, 7);
    for (size_t i = 0; i < self->n_targets; i++) {
        const struct study_target *t = &self->targets[i];
        report_table_cell(&table, t->statistic);
        report_table_print(&table, "%.4f", t->value);
        report_table_print(&table, "%.4f", t->se);
        report_table_print(&table, "%.4f", t->fitted);
        report_table_print(&table, "%.4f", t->mcse);
        report_table_print(&table, "%+.2f", t->z);
        report_table_cell(&table, t->is_predicted ? "predicted" : "");
    }
    char degrees[48] = "no degree";
    if (self->n_degrees > 0)
        snprintf(degrees, sizeof degrees, "%d degree%s", self->n_degrees,
                 self->n_degrees > 1 ? "s" : "");
    report_sheet_line(sheet,
                      "z = difference over its standard error; chi-square %.2f on %s of freedom",
                      self->chi_square, degrees);
}

static void put_parameters(const struct study_calibration *self, const struct report_sheet *sheet)
{
    const struct report_column columns[] = {{"", width_of(self), true},
                                            {"estimate", 10, false},
                                            {"s.e.", 15, false},
                                            {"bounds", 20, true}};
    struct report_table table;
    report_table_begin(&table, sheet, "Parameter", columns, 4);
    for (size_t i = 0; i < self->n_free; i++) {
        const struct study_free *f = &self->free[i];
        report_table_cell(&table, f->key);
        report_table_print(&table, "%.*f", f->decimals, f->estimate);
        if (f->is_identified)
            report_table_print(&table, "%.*f", f->decimals, f->se);
        else
            report_table_cell(&table, "not identified");
        report_table_print(&table, " %g to %g%s", f->low, f->high,
                           f->at_bound < 0   ? ", at the low one"
                           : f->at_bound > 0 ? ", at the high one"
                                             : "");
    }
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void put_report(const struct study_calibration *self, const struct scenario *scenario,
                       const struct report_sheet *sheet)
{
    report_sheet_line(sheet, "%s to %s, %s, seed %llu, %s, retake %s.", name_of(scenario->path),
                      name_of(self->targets_path),
                      wording_count(self->n_candidates, "candidate").text,
                      (unsigned long long)self->seed,
                      wording_count(self->n_evaluations, "evaluation").text, build_info_version());
    put_targets(self, sheet);
    put_parameters(self, sheet);
    if (self->n_warnings > 0)
        report_sheet_paragraph(sheet, "Read with care:");
    for (size_t i = 0; i < self->n_warnings; i++) {
        char line[2048];
        snprintf(line, sizeof line, "  - %s", self->warnings[i]);
        report_sheet_text(sheet, line, 4);
    }
}

enum err_code report_calibration_text(const struct study_calibration *self,
                                      const struct scenario *scenario, FILE *out, struct err *err)
{
    struct report_sheet sheet;
    report_sheet_open(&sheet, out);
    put_report(self, scenario, &sheet);
    return report_sheet_close(&sheet, err);
}

/* ---- the fitted scenario ---- */

enum err_code report_calibration_scenario(const struct study_calibration *self,
                                          struct scenario *scenario, const char *path, FILE *out,
                                          struct err *err)
{
    struct report_note note;
    struct report_sheet sheet;
    report_note_begin("Fitted by retake calibrate.", "End of the fit.", &note);
    if (note.stream) {
        report_sheet_open_width(&sheet, note.stream, NOTE_CHARS);
        put_report(self, scenario, &sheet);
        report_sheet_close(&sheet, err);
    }
    return report_note_scenario(&note, scenario, path, out, err);
}
