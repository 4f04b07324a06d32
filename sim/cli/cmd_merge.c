/* retake merge: the parts of a run or a sweep become its result.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/file.h>
#include <retake/base/plain.h>
#include <retake/study/merge.h>
#include <retake/study/micro_run.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "kinds.h"
#include "options.h"
#include "verdict.h"

static const char usage[] =
    "usage: retake merge -o OUT.h5 PART.h5...\n"
    "       retake merge --missing PART.h5...\n"
    "Joins what retake run or retake sweep wrote with --shard I/N, in any order; the statistics "
    "are\n"
    "those of one run or sweep.\n"
    "  -o, --output OUT.h5   the result of the whole\n"
    "  --microdata[=FILE]    join the microdata of the parts too (PART.micro.h5 beside PART.h5);\n"
    "                        FILE: OUT.micro.h5\n"
    "  --missing             print the numbers of the shards that are missing, e.g. 2,5-7, as\n"
    "                        sbatch --array takes them; damaged and unfinished parts count as\n"
    "                        missing, each with a line on standard error\n"
    "Exit status: 0 done, or none is missing; 1 failure, 2 usage, 65 a part is damaged, missing,\n"
    "twice there or of another scenario; 74 cannot write or another process is at work on OUT.h5;\n"
    "75 --missing: some are missing.\n";

struct options {
    const char *output;
    bool missing, has_micro;
    const char *micro_path; /* NULL: beside the output */
    char *micro_own;        /* the name that is made then */
    struct cli_files files;
    size_t n_parts;
    const char *const *parts;
};

static bool parse(int argc, char **argv, struct options *self, struct err *err)
{
    const struct cli_option rows[] = {
        {"output", .text = &self->output},
        {"missing", .flag = &self->missing},
        {"microdata", .flag = &self->has_micro, .text = &self->micro_path, .writes = true},
        {0}};
    const struct cli_command command = {"merge", usage, rows, .many = true, .files = &self->files};
    struct cli_words words;
    if (!cli_command_read(&command, argc, argv, &words, err))
        return false;
    self->n_parts = words.n;
    self->parts = (const char *const *)words.list;
    if (self->missing == (self->output != NULL))
        err_set(err, ERR_USAGE,
                "merge: either -o OUT.h5 or --missing is needed; retake merge --help");
    else if (self->n_parts == 0)
        err_set(err, ERR_USAGE, "merge: at least one part is needed; retake merge --help");
    return !err->code;
}

static void say(const char *line, void *context)
{
    (void)context;
    plain_print(stderr, "retake: %s\n", line);
}

/* @return the exit status */
static int print_missing(const struct options *self, struct err *err)
{
    char *missing = NULL;
    if (study_merge_missing(self->parts, self->n_parts, say, NULL, &missing, err) != ERR_OK)
        return cli_fail(err);
    bool any = missing[0] != '\0';
    if (any) {
        plain_write(missing, strlen(missing), stdout); /* may be long */
        putchar('\n');
    }
    free(missing);
    return any ? err_exit_status(ERR_STOPPED) : 0;
}

/* The microdata of the parts are inputs too, under names that are made of theirs. */
static enum err_code take_micro(struct options *self, struct err *err)
{
    if (!self->micro_path) {
        self->micro_path = self->micro_own = study_micro_name(self->output);
        if (!self->micro_own)
            return err_set(err, ERR_MEMORY, "no memory for a file name");
        cli_files_output_made(&self->files, "microdata", self->micro_path);
    }
    for (size_t k = 0; k < self->n_parts && !err->code; k++) {
        char *path = study_micro_name(self->parts[k]);
        if (path)
            cli_files_input(&self->files, path, err);
        else
            err_set(err, ERR_MEMORY, "no memory for a file name");
        free(path);
    }
    return err->code;
}

/* A part that is no result at all. */
static void check_kinds(const struct options *self, struct err *err)
{
    for (size_t k = 0; k < self->n_parts && err->code; k++)
        if (strncmp(err->detail, self->parts[k], strlen(self->parts[k])) == 0)
            cli_check_kind(self->parts[k], CLI_RESULT, err);
}

static enum err_code merge(struct options *self, const char *history, struct err *err)
{
    struct store_result result = {.provenance = {0}};
    if ((!self->has_micro || take_micro(self, err) == ERR_OK) &&
        cli_files_take(&self->files, NULL, err) == ERR_OK &&
        study_merge(self->parts, self->n_parts, history, &result, err) == ERR_OK &&
        (!self->has_micro ||
         study_micro_merge(self->parts, self->n_parts, self->micro_path, &result, err) == ERR_OK))
        store_result_save(self->output, &result, err);
    check_kinds(self, err);
    if (!err->code)
        cli_verdict_tell(&result, err);
    store_result_free(&result);
    cli_files_end(&self->files);
    free(self->micro_own);
    return err->code;
}

int cmd_merge(int argc, char **argv)
{
    struct err err = {0};
    struct options options = {0};
    char *history = cli_command_line(argc, argv, &err);
    int status = 0;
    if (history && parse(argc, argv, &options, &err)) {
        if (options.missing)
            status = print_missing(&options, &err);
        else
            merge(&options, history, &err);
    }
    free(history);
    return status ? status : cli_end(&err);
}
