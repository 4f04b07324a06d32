/* The rows become those of getopt_long: an option's value is its place in the table.
 * SPDX-License-Identifier: Apache-2.0 */
#include "command_line.h"

#include <retake/config/number.h>
#include <retake/config/params.h>
#include <retake/report/text.h>

#include <assert.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deliver.h"
#include "launch.h"

enum { MAX_OPTIONS = 32, FIRST_ROW = 256 /* beyond the letters */ };

/* ---- numbers ---- */

enum err_code cli_whole_number(const char *option, const char *text, int64_t min, int64_t max,
                               int64_t *out, struct err *err)
{
    int64_t value;
    if (config_number_count(text, &value) != NUMBER_OK || value < min || value > max)
        return err_set(err, ERR_USAGE, "%s %s: a whole number from %lld to %lld is needed", option,
                       text, (long long)min, (long long)max);
    *out = value;
    return ERR_OK;
}

enum err_code cli_real_number(const char *option, const char *text, double least, double *out,
                              struct err *err)
{
    double value;
    if (config_number_real(text, &value) != NUMBER_OK || !(value >= least && value <= 1e6))
        return err_set(err, ERR_USAGE, "%s %s: a number from %g is needed", option, text, least);
    *out = value;
    return ERR_OK;
}

/* ---- what is no option ---- */

/* "; did you mean --output?" for "--ouput=x", or nothing. */
static void suggest(const char *word, const struct option *longs, char *out, size_t n)
{
    char name[64];
    const char *names[MAX_OPTIONS];
    size_t n_names = 0;
    for (; longs[n_names].name; n_names++)
        names[n_names] = longs[n_names].name;
    snprintf(name, sizeof name, "%.*s", (int)strcspn(word + 2, "="), word + 2);
    const char *near = config_nearest_word(name, names, n_names);
    if (near)
        snprintf(out, n, "; did you mean --%s?", near);
}

/* The error behind the '?' or ':' that getopt_long returned; '?' for a long option leaves its value
 * in optopt, or 0 when it is unknown. */
static enum err_code refuse(const struct cli_command *self, int returned, char *const *argv,
                            const struct option *longs, struct err *err)
{
    const char *word = argv[optind - 1]; /* of a cluster such as -xh still the word before it */
    char letter[] = {'-', (char)optopt, '\0'}, hint[128] = "";
    if (returned == ':')
        return err_set(err, ERR_USAGE, "%s: an argument is missing after %s; retake %s --help",
                       self->name, word, self->name);
    if (optopt >= FIRST_ROW || (optopt == 'h' && strncmp(word, "--", 2) == 0))
        return err_set(err, ERR_USAGE, "%s: %s: no argument is taken; retake %s --help", self->name,
                       word, self->name);
    if (optopt == 0)
        suggest(word, longs, hint, sizeof hint);
    return err_set(err, ERR_USAGE, "%s: unknown option %s%s; retake %s --help", self->name,
                   optopt == 0 ? word : letter, hint, self->name);
}

static enum err_code check_words(const struct cli_command *self, const struct cli_words *words,
                                 struct err *err)
{
    if (self->many || (self->word ? words->n == 1 : words->n == 0))
        return ERR_OK;
    if (!self->word)
        return err_set(err, ERR_USAGE, "%s: '%s' is too much; retake %s --help", self->name,
                       words->list[0], self->name);
    return err_set(err, ERR_USAGE, "%s: exactly one %s is needed; retake %s --help", self->name,
                   self->word, self->name);
}

static enum err_code check_needed(const struct cli_command *self, const bool *given,
                                  struct err *err)
{
    for (size_t k = 0; self->options[k].name; k++)
        if (self->options[k].needed && !given[k])
            return err_set(err, ERR_USAGE, "%s: %s is needed; retake %s --help", self->name,
                           self->options[k].needed, self->name);
    return ERR_OK;
}

/* ---- reading ---- */

static int kind_of_argument(const struct cli_option *row)
{
    if (row->flag)
        return row->text ? optional_argument : no_argument;
    return required_argument;
}

/* @return the place of "output" */
static size_t make_longs(const struct cli_option *rows, struct option *longs)
{
    size_t k = 0, output = MAX_OPTIONS;
    for (; rows[k].name && k < MAX_OPTIONS - 2; k++) {
        longs[k] =
            (struct option){rows[k].name, kind_of_argument(&rows[k]), NULL, FIRST_ROW + (int)k};
        if (strcmp(rows[k].name, "output") == 0)
            output = k;
    }
    longs[k] = (struct option){"help", no_argument, NULL, 'h'};
    longs[k + 1] = (struct option){0};
    return output;
}

static void take(const struct cli_option *row, struct err *err)
{
    char option[64];
    snprintf(option, sizeof option, "--%s", row->name);
    if (row->flag)
        *row->flag = true;
    if (row->text)
        *row->text = optarg;
    else if (row->whole)
        cli_whole_number(option, optarg, row->min, row->max, row->whole, err);
    else if (row->real)
        cli_real_number(option, optarg, row->least, row->real, err);
    else if (row->take)
        row->take(row, optarg, err);
}

static bool is_output(const struct cli_option *row)
{
    return row->writes || strcmp(row->name, "output") == 0;
}

/* A file that is to be written has a name; HDF5 needs to go back and forth in it. */
static enum err_code check_output(const struct cli_command *self, const struct cli_option *row,
                                  struct err *err)
{
    if (!is_output(row) || !*row->text)
        return ERR_OK;
    if (!**row->text)
        return err_set(err, ERR_USAGE, "%s: --%s: the name is empty; retake %s --help", self->name,
                       row->name, self->name);
    if (!cli_is_stdout(*row->text) || row->may_be_stdout)
        return ERR_OK;
    return err_set(err, ERR_USAGE,
                   "%s: --%s -: an HDF5 file does not go to standard output; name a file (./- for "
                   "one of that name)",
                   self->name, row->name);
}

/* The files of a command line: what an option writes, and what may be an input. */
static void note_files(const struct cli_command *self, const bool *given,
                       const struct cli_words *words)
{
    struct cli_files *files = self->files;
    if (files)
        *files =
            (struct cli_files){.command = self->name, .n_words = words->n, .words = words->list};
    for (size_t k = 0; self->options[k].name; k++) {
        const struct cli_option *row = &self->options[k];
        assert(files || !is_output(row));
        if (!files || !given[k] || !row->text || !*row->text || cli_is_stdout(*row->text))
            continue;
        if (is_output(row))
            cli_files_output(files, row->name, *row->text);
        else
            files->named[files->n_named++] = *row->text;
    }
}

bool cli_command_read(const struct cli_command *self, int argc, char **argv,
                      struct cli_words *words, struct err *err)
{
    struct option longs[MAX_OPTIONS];
    bool given[MAX_OPTIONS] = {false};
    size_t output = make_longs(self->options, longs);
    const char *letters = output < MAX_OPTIONS ? ":o:h" : ":h";
    opterr = 0;
    optind = 1;
    for (int c; !err->code && (c = getopt_long(argc, argv, letters, longs, NULL)) != -1;) {
        if (c == 'h') {
            if (cli_ranks_is_first())
                report_help(stdout, self->usage);
            return false;
        }
        if (c == '?' || c == ':')
            return refuse(self, c, argv, longs, err) == ERR_OK;
        size_t k = c == 'o' ? output : (size_t)(c - FIRST_ROW);
        given[k] = true;
        take(&self->options[k], err);
        if (!err->code && self->options[k].text)
            check_output(self, &self->options[k], err);
    }
    *words = (struct cli_words){(size_t)(argc - optind), argv + optind};
    note_files(self, given, words);
    return !err->code && check_words(self, words, err) == ERR_OK &&
           check_needed(self, given, err) == ERR_OK;
}

/* ---- the record ---- */

char *cli_command_line(int argc, char **argv, struct err *err)
{
    size_t n = sizeof "retake";
    for (int k = 0; k < argc; k++)
        n += strlen(argv[k]) + 1;
    char *line = malloc(n);
    if (!line) {
        err_set(err, ERR_MEMORY, "no memory for the command line");
        return NULL;
    }
    strcpy(line, "retake");
    for (int k = 0; k < argc; k++) {
        strcat(line, " ");
        strcat(line, argv[k]);
    }
    return line;
}
