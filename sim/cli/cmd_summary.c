/* retake summary: the tables of a result on the terminal, or all of it as JSON.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/report/summary.h>

#include <stdbool.h>
#include <stdio.h>

#include "commands.h"
#include "options.h"

static const char usage[] =
    "usage: retake summary OUT.h5 [--json]\n"
    "Prints the tables of a result.\n"
    "  --json   one JSON object whose keys are the names of the variables\n";

struct options {
    bool json, help;
    const char *path;
};

static enum err_code parse(int argc, char **argv, struct options *self, struct err *err)
{
    static const struct option longs[] = {
        {"json", no_argument, NULL, 'j'}, {"help", no_argument, NULL, 'h'}, {0}};
    opterr = 0;
    optind = 1;
    for (int c; (c = getopt_long(argc, argv, ":h", longs, NULL)) != -1;) {
        if (c == 'j')
            self->json = true;
        else if (c == 'h')
            self->help = true;
        else
            cli_wrong_option("summary", c, argv, longs, err);
    }
    if (!err->code && !self->help && optind != argc - 1)
        err_set(err, ERR_USAGE, "summary: exactly one result is needed; retake summary --help");
    self->path = optind < argc ? argv[optind] : NULL;
    return err->code;
}

static enum err_code show(const struct options *self, struct err *err)
{
    struct store_result result = {.provenance = {0}};
    if (store_result_read(self->path, &result, err) != ERR_OK)
        goto out;
    if (self->json)
        report_summary_json(&result.dataset, &result.provenance, stdout, err);
    else
        report_summary_text(&result.dataset, &result.provenance, stdout);
out:
    store_result_free(&result);
    return err->code;
}

int cmd_summary(int argc, char **argv)
{
    struct err err = {0};
    struct options options = {0};
    if (parse(argc, argv, &options, &err) == ERR_OK && !options.help)
        show(&options, &err);
    if (options.help && !err.code)
        fputs(usage, stdout);
    return err.code ? cli_fail(&err) : 0;
}
