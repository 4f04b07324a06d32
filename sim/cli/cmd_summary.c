/* retake summary: the tables of a result on the terminal, its policies as rows, or all of it as
 * JSON. SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/stream.h>
#include <retake/report/policies.h>
#include <retake/report/summary.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "kinds.h"
#include "options.h"

static const char usage[] =
    "usage: retake summary OUT.h5 [--format FORMAT] [options]\n"
    "Prints the tables of a result.\n"
    "  --format text   tables with bars, as wide as COLUMNS or the terminal; the default\n"
    "  --format md     the same tables as Markdown\n"
    "  --format table  CSV with a row for each policy of a sweep, or one for a run: its axes,\n"
    "                  statistics and their standard errors, and why it failed if it did\n"
    "  --format table-md       the same as Markdown\n"
    "  --format table-columns  the columns of that table: unit and description of each\n"
    "  --format csv    address,value,mcse: a line for each number\n"
    "  --format json   one JSON object whose keys are the names of the variables; also --json\n"
    "  --stat ADDRESS  a statistic of the table, e.g. 'cumulative_pass_rate[attempt=6]' or\n"
    "                  'false_pass_rate_difference[attempt=6,group=all]'; may be repeated\n"
    "                  (default: the figures that the text of a sweep shows)\n"
    "  --sort COLUMN   rows of the table by a column, rising; -COLUMN: falling\n"
    "  --parameters    the parameters that are not the defaults, with their evidence; text or md\n"
    "  -o, --output FILE       write to a file\n";

enum format { TEXT, MARKDOWN, CSV, JSON, TABLE, TABLE_MARKDOWN, TABLE_COLUMNS, N_FORMATS };

enum { MOST_STATS = 1000 };

static const char *const format_names[N_FORMATS] = {"text",  "md",       "csv",          "json",
                                                    "table", "table-md", "table-columns"};

struct options {
    enum format format;
    bool parameters;
    const char *path, *output, *sort;
    const char *stats[MOST_STATS];
    size_t n_stats;
    struct cli_files files;
};

static enum err_code take_format(const struct cli_option *row, const char *text, struct err *err)
{
    char list[128] = "";
    for (int k = 0; k < N_FORMATS; k++) {
        size_t n = strlen(list);
        if (strcmp(text, format_names[k]) == 0) {
            *(enum format *)row->to = (enum format)k;
            return ERR_OK;
        }
        snprintf(list + n, sizeof list - n, "%s%s", k ? ", " : "", format_names[k]);
    }
    return err_set(err, ERR_USAGE, "--format: '%.80s' is not one of %s", text, list);
}

static enum err_code take_stat(const struct cli_option *row, const char *text, struct err *err)
{
    struct options *self = row->to;
    if (self->n_stats == MOST_STATS)
        return err_set(err, ERR_USAGE, "--stat: more than %d times", (int)MOST_STATS);
    self->stats[self->n_stats++] = text;
    return ERR_OK;
}

static bool is_table(enum format format)
{
    return format >= TABLE;
}

static bool parse(int argc, char **argv, struct options *self, struct err *err)
{
    bool json = false;
    const struct cli_option rows[] = {{"format", .take = take_format, .to = &self->format},
                                      {"json", .flag = &json},
                                      {"parameters", .flag = &self->parameters},
                                      {"stat", .take = take_stat, .to = self},
                                      {"sort", .text = &self->sort},
                                      {"output", .text = &self->output},
                                      {0}};
    const struct cli_command command = {"summary", usage, rows, .files = &self->files,
                                        .word = "result"};
    struct cli_words words;
    if (!cli_command_read(&command, argc, argv, &words, err))
        return false;
    self->path = words.list[0];
    if (json)
        self->format = JSON;
    if (self->parameters && self->format != TEXT && self->format != MARKDOWN)
        err_set(err, ERR_USAGE, "--parameters: as text or md; json has \"evidence\"");
    if ((self->n_stats > 0 || self->sort) && !is_table(self->format))
        err_set(err, ERR_USAGE, "summary: %s is for --format table",
                self->n_stats > 0 ? "--stat" : "--sort");
    return !err->code;
}

static enum err_code print(const struct options *self, const struct store_result *result, FILE *out,
                           struct err *err)
{
    static const enum report_policies_form forms[] = {
        [TABLE] = REPORT_POLICIES_CSV,
        [TABLE_MARKDOWN] = REPORT_POLICIES_MARKDOWN,
        [TABLE_COLUMNS] = REPORT_POLICIES_COLUMNS,
    };
    const struct report_policies_options policies = {
        .form = forms[self->format],
        .stats = self->stats,
        .n_stats = self->n_stats,
        .sort = self->sort,
    };
    if (self->parameters)
        return report_parameters_text(&result->provenance, self->format == MARKDOWN, out, err);
    if (is_table(self->format))
        return report_policies(&result->dataset, &result->provenance, &policies, out, err);
    if (self->format == JSON)
        return report_summary_json(&result->dataset, &result->provenance, out, err);
    if (self->format == CSV)
        return report_summary_csv(&result->dataset, out, err);
    if (self->format == TEXT)
        return report_summary_text(&result->dataset, &result->provenance, out, err);
    return report_summary_markdown(&result->dataset, &result->provenance, out, err);
}

/* All of it or none: it is written when it is whole. */
static enum err_code write_file(const struct options *self, const struct store_result *result,
                                struct err *err)
{
    char *text = NULL;
    size_t n = 0;
    FILE *out = stream_to_memory(&text, &n);
    if (out)
        print(self, result, out, err);
    if (!out || fclose(out) != 0)
        err_set(err, ERR_MEMORY, "no memory for the table");
    if (!err->code)
        file_write(self->output, text, n, err);
    free(text);
    return err->code;
}

static enum err_code show(struct options *self, struct err *err)
{
    struct store_result result = {.provenance = {0}};
    if (self->output && cli_files_take(&self->files, NULL, err) != ERR_OK)
        goto out;
    if (store_result_read(self->path, &result, err) != ERR_OK) {
        cli_check_kind(self->path, CLI_RESULT, err);
        goto out;
    }
    if (self->output)
        write_file(self, &result, err);
    else
        print(self, &result, stdout, err);
out:
    store_result_free(&result);
    cli_files_end(&self->files);
    return err->code;
}

int cmd_summary(int argc, char **argv)
{
    struct err err = {0};
    struct options options = {0};
    if (parse(argc, argv, &options, &err))
        show(&options, &err);
    return cli_end(&err);
}
