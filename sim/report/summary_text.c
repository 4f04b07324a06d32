/* The summary: what was run, then the tables of all candidates and of each group.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/wording.h>
#include <retake/report/summary.h>

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "summary_cut.h"
#include "summary_policy.h"
#include "summary_tables.h"
#include "sweep_text.h"

static const char *text_of(const struct store_provenance *provenance, const char *name)
{
    const struct store_attribute *found = store_attribute_find(provenance, name);
    return found && found->text ? found->text : "";
}

static double number_of(const struct store_provenance *provenance, const char *name)
{
    const struct store_attribute *found = store_attribute_find(provenance, name);
    return found && !found->text ? found->number : (double)NAN;
}

/* A line that grows. */
struct line {
    char text[2048];
    size_t n;
};

static void __attribute__((format(printf, 2, 3)))
add_text(struct line *self, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(self->text + self->n, sizeof self->text - self->n, format, arguments);
    va_end(arguments);
    self->n += strlen(self->text + self->n);
}

static void print_origin(const struct store_provenance *provenance,
                         const struct report_sheet *sheet)
{
    static const char *const names[] = {"source", "date_created", "statistics_digest"};
    const struct store_attribute *seed = store_attribute_find(provenance, "engine.seed");
    struct line line = {.n = 0};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *text = text_of(provenance, names[i]);
        if (*text)
            add_text(&line, "%s%s%s", line.n ? ", " : "", i == 2 ? "digest " : "", text);
    }
    if (seed && seed->text)
        add_text(&line, "%sseed %s", line.n ? ", " : "", seed->text);
    else if (seed)
        add_text(&line, "%sseed %.17g", line.n ? ", " : "", seed->number);
    if (line.n)
        report_sheet_line(sheet, "%s", line.text);
}

static void print_head(const struct store_provenance *provenance, const struct report_sheet *sheet,
                       struct err *err)
{
    const char *title = text_of(provenance, "title"), *warning = text_of(provenance, "warning");
    const char *unfinished = text_of(provenance, "unfinished");
    const char *caveat = text_of(provenance, "caveat");
    const char *failed = text_of(provenance, "policies_failed");
    double shard = number_of(provenance, "shard");
    if (*title || sheet->is_markdown)
        report_sheet_title(sheet, *title ? title : "Result");
    report_summary_policy(provenance, sheet, err);
    print_origin(provenance, sheet);
    if (*unfinished)
        report_sheet_line(sheet, "Unfinished: %s; retake run --resume goes on", unfinished);
    if (isfinite(shard))
        report_sheet_line(sheet, "Part %.0f of %.0f; retake merge joins them", shard,
                          number_of(provenance, "n_shards"));
    if (*warning)
        report_sheet_line(sheet, "Warning: %s", warning);
    if (*failed)
        report_sheet_line(sheet, "Failed: %s", failed);
    if (*caveat)
        report_sheet_line(sheet, "%s", caveat);
}

static void print_group(const struct report_view *self, const char *name)
{
    struct report_slice candidates;
    char text[REPORT_TEXT_BYTES], heading[4 * REPORT_TEXT_BYTES];
    snprintf(heading, sizeof heading, "%s", name);
    if (report_slice_find(self, "n_candidates", 1, &candidates)) {
        report_whole(report_slice_at(&candidates, 0, 0), text);
        snprintf(heading, sizeof heading, "%s: %s %s", name, text,
                 wording_noun((uint64_t)report_slice_at(&candidates, 0, 0), "candidate").text);
    }
    report_sheet_heading(self->sheet, heading);
    report_table_body(self);
    report_table_attempts(self);
    report_table_used(self);
    report_table_outcomes(self);
    report_table_days(self);
    report_table_sessions(self);
    report_table_buckets(self);
    report_table_theta(self);
    report_table_exposure(self);
    report_table_costs(self);
}

static enum err_code print_all(const struct dataset *dataset,
                               const struct store_provenance *provenance,
                               const struct report_sheet *sheet, struct err *err)
{
    print_head(provenance, sheet, err);
    const struct dataset_dim *scenario = dataset_dim(dataset, "scenario");
    const struct dataset_dim *groups = dataset_dim(dataset, "group");
    const struct dataset_dim *cuts = dataset_dim(dataset, "cut");
    if (scenario && dataset_dim(dataset, "parameter")) /* a design for indices, none to read */
        report_sheet_paragraph(sheet, "A sweep of %s for sensitivity; --json has all",
                               wording_count(scenario->n, "policy").text);
    else if (scenario)
        report_sweep_text(dataset, provenance, sheet);
    else if (cuts)
        report_summary_cut(dataset, provenance, sheet);
    report_table_sensitivity(dataset, sheet);
    for (size_t g = 0; groups && !scenario && !cuts && g < groups->n; g++) {
        char label[REPORT_TEXT_BYTES];
        report_label(groups, g, label);
        print_group(&(struct report_view){dataset, g, sheet}, label);
    }
    return err->code;
}

enum err_code report_summary_text(const struct dataset *dataset,
                                  const struct store_provenance *provenance, FILE *out,
                                  struct err *err)
{
    struct report_sheet sheet;
    report_sheet_open(&sheet, out);
    print_all(dataset, provenance, &sheet, err);
    return report_sheet_close(&sheet, err);
}

enum err_code report_summary_markdown(const struct dataset *dataset,
                                      const struct store_provenance *provenance, FILE *out,
                                      struct err *err)
{
    return print_all(dataset, provenance, &(struct report_sheet){.out = out, .is_markdown = true},
                     err);
}

enum err_code report_parameters_text(const struct store_provenance *provenance, bool as_markdown,
                                     FILE *out, struct err *err)
{
    struct report_sheet sheet = {.out = out, .is_markdown = as_markdown};
    if (!as_markdown)
        report_sheet_open(&sheet, out);
    report_summary_parameters(provenance, &sheet, err);
    return report_sheet_close(&sheet, err);
}
