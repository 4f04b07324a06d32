/* retake report: results as one page for a browser.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/report/page.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "options.h"

static const char usage[] =
    "usage: retake report FILE.h5 [FILE2.h5 ...] [-o REPORT.html]\n"
    "Writes one page that shows a result, or compares several with the first. It needs no "
    "network.\n"
    "  -o, --output REPORT.html   where to; default: the first file's name with .html\n";

enum { MOST_RESULTS = 12 };

struct options {
    const char *output;
    bool help;
    size_t n_paths;
    char **paths;
};

static enum err_code parse(int argc, char **argv, struct options *self, struct err *err)
{
    static const struct option longs[] = {
        {"output", required_argument, NULL, 'o'}, {"help", no_argument, NULL, 'h'}, {0}};
    opterr = 0;
    optind = 1;
    for (int c; (c = getopt_long(argc, argv, ":o:h", longs, NULL)) != -1;) {
        if (c == 'o')
            self->output = optarg;
        else if (c == 'h')
            self->help = true;
        else
            cli_wrong_option("report", c, argv, longs, err);
    }
    self->n_paths = (size_t)(argc - optind);
    self->paths = argv + optind;
    if (!err->code && !self->help && (self->n_paths < 1 || self->n_paths > MOST_RESULTS))
        err_set(err, ERR_USAGE, "report: between one and %d results; retake report --help",
                MOST_RESULTS);
    return err->code;
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The first file's name with .html; the caller frees it. */
static char *default_output(const char *path)
{
    size_t n = strlen(path);
    char *out = malloc(n + sizeof ".html");
    if (!out)
        return NULL;
    if (n > 3 && strcmp(path + n - 3, ".h5") == 0)
        n -= 3;
    memcpy(out, path, n);
    memcpy(out + n, ".html", sizeof ".html");
    return out;
}

static enum err_code write_page(const struct options *self, const char *output, struct err *err)
{
    struct store_result results[MOST_RESULTS] = {0};
    struct report_page_source sources[MOST_RESULTS];
    for (size_t k = 0; k < self->n_paths; k++) {
        if (store_result_read(self->paths[k], &results[k], err) != ERR_OK)
            goto out;
        sources[k] = (struct report_page_source){name_of(self->paths[k]), &results[k].dataset,
                                                 &results[k].provenance};
    }
    report_page_write(output, sources, self->n_paths, err);
out:
    for (size_t k = 0; k < self->n_paths; k++)
        store_result_free(&results[k]);
    return err->code;
}

int cmd_report(int argc, char **argv)
{
    struct err err = {0};
    struct options options = {0};
    char *chosen = NULL;
    if (parse(argc, argv, &options, &err) != ERR_OK)
        return cli_fail(&err);
    if (options.help) {
        fputs(usage, stdout);
        return 0;
    }
    if (!options.output)
        chosen = default_output(options.paths[0]);
    const char *output = options.output ? options.output : chosen;
    if (!output)
        err_set(&err, ERR_MEMORY, "no memory for a name");
    else if (write_page(&options, output, &err) == ERR_OK)
        fprintf(stderr, "retake: %s\n", output);
    free(chosen);
    return err.code ? cli_fail(&err) : 0;
}
