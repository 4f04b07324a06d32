/* The summary: what was run, then the tables of all candidates and of each group.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/config/params.h>
#include <retake/report/summary.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "summary_cut.h"
#include "summary_tables.h"
#include "sweep_text.h"

static const struct store_attribute *attribute(const struct store_provenance *provenance,
                                               const char *name)
{
    for (size_t i = 0; i < provenance->n_attributes; i++)
        if (strcmp(provenance->attributes[i].name, name) == 0)
            return &provenance->attributes[i];
    return NULL;
}

static const char *text_of(const struct store_provenance *provenance, const char *name)
{
    const struct store_attribute *found = attribute(provenance, name);
    return found && found->text ? found->text : "";
}

static double number_of(const struct store_provenance *provenance, const char *name)
{
    const struct store_attribute *found = attribute(provenance, name);
    return found && !found->text ? found->number : (double)NAN;
}

/* What a value rests on: the grade of the default where it is the default, else the default. A list
 * is NaN, so no default. */
static void print_evidence(const char *key, double value, FILE *out)
{
    const struct param *param = config_param_find(key);
    if (!param)
        return;
    if (strtod(param->default_text, NULL) == value)
        fprintf(out, " [%s]", param->grade);
    else
        fprintf(out, " [default %s]", param->default_text);
}

/* The policy in one sentence, from those of its parameters that the provenance holds. */
static void print_policy(const struct store_provenance *provenance, FILE *out)
{
    static const struct {
        const char *key, *before, *after;
        bool of_cycles; /* says something only where there are several */
    } parts[] = {{"policy.wait_days", "", " days between attempts", false},
                 {"policy.attempts_per_cycle", "", " attempts per cycle", false},
                 {"policy.max_cycles", "cycles: ", "", false},
                 {"policy.refresher.days", "a refresher of ", " days in between", true},
                 {"policy.window_days", "a window of ", " days", false},
                 {"policy.horizon_days", "observed for ", " days", false}};
    bool any = false, one_cycle = number_of(provenance, "policy.max_cycles") == 1;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        double value = number_of(provenance, parts[i].key);
        const char *list = text_of(provenance, parts[i].key);
        if ((!isfinite(value) && !*list) || (parts[i].of_cycles && one_cycle))
            continue;
        fprintf(out, "%s%s", any ? ", " : "Policy: ", parts[i].before);
        if (*list)
            fputs(list, out);
        else
            fprintf(out, "%g", value);
        fputs(parts[i].after, out);
        print_evidence(parts[i].key, value, out);
        any = true;
    }
    if (any)
        fputc('\n', out);
}

static void print_origin(const struct store_provenance *provenance, FILE *out)
{
    static const char *const names[] = {"source", "date_created", "statistics_digest"};
    const struct store_attribute *seed = attribute(provenance, "engine.seed");
    bool any = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *text = text_of(provenance, names[i]);
        if (*text)
            fprintf(out, "%s%s%s", any ? ", " : "", i == 2 ? "digest " : "", text);
        any = any || *text;
    }
    if (seed && seed->text)
        fprintf(out, "%sseed %s", any ? ", " : "", seed->text);
    else if (seed)
        fprintf(out, "%sseed %.17g", any ? ", " : "", seed->number);
    if (any || seed)
        fputc('\n', out);
}

/* A line of its own; in Markdown with an empty one before. */
static void print_line(const struct report_sheet *sheet, const char *label, const char *text)
{
    fprintf(sheet->out, "%s%s%s\n", sheet->is_markdown ? "\n" : "", label, text);
}

static void print_head(const struct store_provenance *provenance, const struct report_sheet *sheet)
{
    const char *title = text_of(provenance, "title"), *warning = text_of(provenance, "warning");
    const char *unfinished = text_of(provenance, "unfinished");
    const char *caveat = text_of(provenance, "caveat"), *gap = sheet->is_markdown ? "\n" : "";
    double shard = number_of(provenance, "shard");
    if (sheet->is_markdown)
        fprintf(sheet->out, "# %s\n\n", *title ? title : "Result");
    else if (*title)
        fprintf(sheet->out, "%s\n", title);
    print_policy(provenance, sheet->out);
    fputs(gap, sheet->out);
    print_origin(provenance, sheet->out);
    if (*unfinished)
        fprintf(sheet->out, "%sUnfinished: %s; retake run --resume goes on\n", gap, unfinished);
    if (isfinite(shard))
        fprintf(sheet->out, "%sPart %.0f of %.0f; retake merge joins them\n", gap, shard,
                number_of(provenance, "n_shards"));
    if (*warning)
        print_line(sheet, "Warning: ", warning);
    if (*caveat)
        print_line(sheet, "", caveat);
}

static void print_group(const struct report_view *self, const char *name)
{
    struct report_slice candidates;
    char text[REPORT_TEXT_BYTES], heading[3 * REPORT_TEXT_BYTES];
    snprintf(heading, sizeof heading, "%s", name);
    if (report_slice_find(self, "n_candidates", 1, &candidates)) {
        report_whole(report_slice_at(&candidates, 0, 0), text);
        snprintf(heading, sizeof heading, "%s: %s candidates", name, text);
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

static void print_all(const struct dataset *dataset, const struct store_provenance *provenance,
                      const struct report_sheet *sheet)
{
    print_head(provenance, sheet);
    const struct dataset_dim *scenario = dataset_dim(dataset, "scenario");
    const struct dataset_dim *groups = dataset_dim(dataset, "group");
    const struct dataset_dim *cuts = dataset_dim(dataset, "cut");
    if (scenario && dataset_dim(dataset, "parameter")) /* a design for indices, none to read */
        fprintf(sheet->out, "\nA sweep of %zu policies for sensitivity; --json has all\n",
                scenario->n);
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
}

void report_summary_text(const struct dataset *dataset, const struct store_provenance *provenance,
                         FILE *out)
{
    print_all(dataset, provenance, &(struct report_sheet){.out = out});
}

void report_summary_markdown(const struct dataset *dataset,
                             const struct store_provenance *provenance, FILE *out)
{
    print_all(dataset, provenance, &(struct report_sheet){.out = out, .is_markdown = true});
}
