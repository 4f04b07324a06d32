/* retake report: results as one page for a browser.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/plain.h>
#include <retake/base/wording.h>
#include <retake/report/page.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "deliver.h"
#include "kinds.h"
#include "options.h"

static const char usage[] =
    "usage: retake report FILE.h5 [FILE2.h5 ...] [-o REPORT.html] [--title TEXT]\n"
    "Writes one page that shows a result, or compares several with the first. It needs no "
    "network.\n"
    "  -o, --output REPORT.html   where to; default: the first file's name with .html\n"
    "  --title TEXT               the heading; default: the title of the result\n";

enum { MOST_RESULTS = 12 };

struct options {
    const char *output, *title;
    struct cli_words paths;
    struct cli_files files;
};

static bool parse(int argc, char **argv, struct options *self, struct err *err)
{
    const struct cli_option rows[] = {{"output", .text = &self->output, .may_be_stdout = true},
                                      {"title", .text = &self->title},
                                      {0}};
    const struct cli_command command = {"report", usage, rows, .many = true, .files = &self->files};
    if (!cli_command_read(&command, argc, argv, &self->paths, err))
        return false;
    if (self->paths.n < 1 || self->paths.n > MOST_RESULTS)
        err_set(err, ERR_USAGE, "report: between one and %s; retake report --help",
                wording_count((uint64_t)MOST_RESULTS, "result").text);
    return !err->code;
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
    for (size_t k = 0; k < self->paths.n; k++) {
        if (store_result_read(self->paths.list[k], &results[k], err) != ERR_OK) {
            cli_check_kind(self->paths.list[k], CLI_RESULT, err);
            goto out;
        }
        sources[k] = (struct report_page_source){name_of(self->paths.list[k]), &results[k].dataset,
                                                 &results[k].provenance};
    }
    struct cli_text text;
    if (cli_text_open(&text, err) == ERR_OK)
        report_page_print(&(struct report_page){self->title, self->paths.n, sources}, text.stream,
                          err);
    cli_text_deliver(&text, output, err);
out:
    for (size_t k = 0; k < self->paths.n; k++)
        store_result_free(&results[k]);
    return err->code;
}

static enum err_code report(struct options *self, struct err *err)
{
    char *made = self->output ? NULL : default_output(self->paths.list[0]);
    const char *output = self->output ? self->output : made;
    if (!output)
        return err_set(err, ERR_MEMORY, "no memory for a name");
    if (made)
        cli_files_output_made(&self->files, "output", made);
    if (cli_files_take(&self->files, NULL, err) == ERR_OK &&
        write_page(self, output, err) == ERR_OK && !cli_is_stdout(output))
        plain_print(stderr, "retake: %s\n", output);
    cli_files_end(&self->files);
    free(made);
    return err->code;
}

int cmd_report(int argc, char **argv)
{
    struct err err = {0};
    struct options options = {0};
    if (parse(argc, argv, &options, &err))
        report(&options, &err);
    return cli_end(&err);
}
