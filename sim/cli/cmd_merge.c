/* retake merge: the parts of a run or a sweep become its result.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/file.h>
#include <retake/study/merge.h>

#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "options.h"

static const char usage[] =
    "usage: retake merge -o OUT.h5 PART.h5...\n"
    "       retake merge --missing PART.h5...\n"
    "Joins what retake run or retake sweep wrote with --shard I/N, in any order; the statistics "
    "are\n"
    "those of one run or sweep.\n"
    "  -o, --output OUT.h5   the result of the whole\n"
    "  --missing             print the numbers of the shards that are missing, e.g. 2,5-7, as\n"
    "                        sbatch --array takes them; damaged and unfinished parts count as\n"
    "                        missing, each with a line on standard error\n"
    "Exit status: 0 done, or none is missing; 1 failure, 2 usage, 65 a part is damaged, missing,\n"
    "twice there or of another scenario; 74 cannot write; 75 --missing: some are missing.\n";

struct options {
    const char *output;
    bool missing, help;
    size_t n_parts;
    const char *const *parts;
};

static enum err_code parse(int argc, char **argv, struct options *self, struct err *err)
{
    static const struct option longs[] = {{"output", required_argument, NULL, 'o'},
                                          {"missing", no_argument, NULL, 'm'},
                                          {"help", no_argument, NULL, 'h'},
                                          {0}};
    opterr = 0;
    optind = 1;
    for (int c; (c = getopt_long(argc, argv, ":o:h", longs, NULL)) != -1;) {
        if (c == 'o')
            self->output = optarg;
        else if (c == 'm')
            self->missing = true;
        else if (c == 'h')
            self->help = true;
        else
            cli_wrong_option("merge", c, argv, longs, err);
    }
    self->n_parts = (size_t)(argc - optind);
    self->parts = (const char *const *)argv + optind;
    if (!err->code && !self->help && self->missing == (self->output != NULL))
        err_set(err, ERR_USAGE,
                "merge: either -o OUT.h5 or --missing is needed; retake merge --help");
    if (!err->code && !self->help && self->n_parts == 0)
        err_set(err, ERR_USAGE, "merge: at least one part is needed; retake merge --help");
    return err->code;
}

static void say(const char *line, void *context)
{
    (void)context;
    fprintf(stderr, "retake: %s\n", line);
}

/* @return the exit status */
static int print_missing(const struct options *self, struct err *err)
{
    char *missing = NULL;
    if (study_merge_missing(self->parts, self->n_parts, say, NULL, &missing, err) != ERR_OK)
        return cli_fail(err);
    bool any = missing[0] != '\0';
    if (any)
        puts(missing);
    free(missing);
    return any ? err_exit_status(ERR_STOPPED) : 0;
}

static enum err_code merge(const struct options *self, const char *history, struct err *err)
{
    struct store_result result = {.provenance = {0}};
    if (cli_check_output(self->output, err) == ERR_OK &&
        study_merge(self->parts, self->n_parts, history, &result, err) == ERR_OK)
        store_result_save(self->output, &result, err);
    store_result_free(&result);
    return err->code;
}

int cmd_merge(int argc, char **argv)
{
    struct err err = {0};
    struct options options = {0};
    char *history = cli_command_line(argc, argv);
    if (parse(argc, argv, &options, &err) == ERR_OK && options.help) {
        fputs(usage, stdout);
    } else if (!err.code && options.missing) {
        free(history);
        return print_missing(&options, &err);
    } else if (!err.code) {
        merge(&options, history ? history : "retake merge", &err);
    }
    free(history);
    return err.code ? cli_fail(&err) : 0;
}
