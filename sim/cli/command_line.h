/* A command line read by a table: a row for each option says what it is called and where its
 * argument goes.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CLI_COMMAND_LINE_H
#define RETAKE_CLI_COMMAND_LINE_H

#include <retake/base/err.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "files.h"

/** One option; what is set of flag, text, whole, real and take says which kind it is. */
struct cli_option {
    const char *name;  /* without the dashes; "output" is also -o */
    bool *flag;        /* becomes true; beside text: the argument may be left out */
    const char **text; /* the argument as it stands, which lasts as long as argv */
    int64_t *whole;    /* a whole number from min to max */
    int64_t min, max;  /* also for a take that wants them */
    double *real;      /* a number from least to 1e6 */
    double least;
    enum err_code (*take)(const struct cli_option *self, const char *argument, struct err *err);
    void *to;           /* for take */
    bool may_be_stdout; /* text may be "-": what is written is text */
    bool writes;        /* text is a file that is written; that of "output" always is */
    const char *needed; /* how the message names an option that must be given; NULL: need not */
};

/** What a command takes. */
struct cli_command {
    const char *name;                 /* as it is typed after "retake" */
    const char *usage;                /* what --help prints */
    const struct cli_option *options; /* ends with a row without a name; --help, -h need none */
    const char *word;                 /* what the one word is that must be given; NULL: none may */
    bool many;                        /* any number of words, which the caller counts */
    struct cli_files *files;          /* learns which files the command line names; for all
                                         commands that write one */
};

/** What is left of a command line when its options are taken. */
struct cli_words {
    size_t n;
    char **list; /* [n]: of argv */
};

/** A number of threads, into an int64_t; 0 beforehand says that none was given. */
#define CLI_THREADS(place)                                                                         \
    {                                                                                              \
        "threads", .whole = (place), .min = 1, .max = 4096                                         \
    }

/**
 * Read a command line into the places that the rows name.
 * @param argc, argv  argv[0] is the command; the words come last in it afterwards
 * @return whether there is work to do: false after --help, which has been printed, and after an
 *         error (ERR_USAGE, or what a take returns)
 */
bool cli_command_read(const struct cli_command *self, int argc, char **argv,
                      struct cli_words *words, struct err *err);

/** A whole number in [min, max] from an option's argument. @return ERR_OK; ERR_USAGE */
enum err_code cli_whole_number(const char *option, const char *text, int64_t min, int64_t max,
                               int64_t *out, struct err *err);

/** A number from least to 1e6 from an option's argument. @return ERR_OK; ERR_USAGE */
enum err_code cli_real_number(const char *option, const char *text, double least, double *out,
                              struct err *err);

/** The command line as one text for the record; the caller frees it. NULL: ERR_MEMORY. */
char *cli_command_line(int argc, char **argv, struct err *err);

#endif
