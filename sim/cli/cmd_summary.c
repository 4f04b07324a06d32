/* retake summary: the tables of a result on the terminal, or all of it as JSON.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/report/summary.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "options.h"

static const char usage[] =
    "usage: retake summary OUT.h5 [--format text|md|csv|json] [--parameters]\n"
    "Prints the tables of a result.\n"
    "  --format text   tables of fixed width with bars; the default\n"
    "  --format md     the same tables as Markdown\n"
    "  --format csv    address,value,mcse: a line for each number\n"
    "  --format json   one JSON object whose keys are the names of the variables; also --json\n"
    "  --parameters    the parameters that are not the defaults, with their evidence; text or md\n";

enum format { TEXT, MARKDOWN, CSV, JSON, N_FORMATS };

static const char *const format_names[N_FORMATS] = {"text", "md", "csv", "json"};

struct options {
    enum format format;
    bool parameters;
    const char *path;
};

static enum err_code take_format(const struct cli_option *row, const char *text, struct err *err)
{
    for (int k = 0; k < N_FORMATS; k++)
        if (strcmp(text, format_names[k]) == 0) {
            *(enum format *)row->to = (enum format)k;
            return ERR_OK;
        }
    return err_set(err, ERR_USAGE, "--format: '%.80s' is not one of text, md, csv, json", text);
}

static bool parse(int argc, char **argv, struct options *self, struct err *err)
{
    bool json = false;
    const struct cli_option rows[] = {{"format", .take = take_format, .to = &self->format},
                                      {"json", .flag = &json},
                                      {"parameters", .flag = &self->parameters},
                                      {0}};
    const struct cli_command command = {"summary", usage, rows, .word = "result"};
    struct cli_words words;
    if (!cli_command_read(&command, argc, argv, &words, err))
        return false;
    self->path = words.list[0];
    if (json)
        self->format = JSON;
    if (self->parameters && self->format != TEXT && self->format != MARKDOWN)
        err_set(err, ERR_USAGE, "--parameters: as text or md; json has \"evidence\"");
    return !err->code;
}

static enum err_code show(const struct options *self, struct err *err)
{
    struct store_result result = {.provenance = {0}};
    if (store_result_read(self->path, &result, err) != ERR_OK)
        goto out;
    if (self->parameters)
        report_parameters_text(&result.provenance, self->format == MARKDOWN, stdout, err);
    else if (self->format == JSON)
        report_summary_json(&result.dataset, &result.provenance, stdout, err);
    else if (self->format == CSV)
        report_summary_csv(&result.dataset, stdout, err);
    else if (self->format == MARKDOWN)
        report_summary_markdown(&result.dataset, &result.provenance, stdout, err);
    else
        report_summary_text(&result.dataset, &result.provenance, stdout, err);
out:
    store_result_free(&result);
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
