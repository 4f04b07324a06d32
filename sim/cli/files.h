/* The files of a command: what it reads and what it writes, held against each other before anything
 * is done, and locked. Words and options enter by themselves, as the command line is read.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CLI_FILES_H
#define RETAKE_CLI_FILES_H

#include <retake/base/file.h>
#include <retake/config/scenario.h>

enum { CLI_MAX_OUTPUTS = 4, CLI_MAX_NAMED = 32 };

/** One that is written. */
struct cli_output {
    const char *option, *path; /* what names it, for messages; where it is to stand */
    bool is_made;              /* nobody chose the name */
    struct err cannot_write;   /* where it may be finished already */
    struct file_lock lock;
};

/** A zeroed struct: none. Texts are the caller's. */
struct cli_files {
    const char *command;
    bool may_be_finished; /* --resume: a file that is there need not be written */
    size_t n_outputs, n_named, n_words;
    struct cli_output outputs[CLI_MAX_OUTPUTS];
    const char *named[CLI_MAX_NAMED]; /* arguments of options, which may be inputs */
    char **words;                     /* [n_words], likewise */
};

/** One more output. Before cli_files_take. */
void cli_files_output(struct cli_files *self, const char *option, const char *path);

/** The same under a name that is made of another. Nobody chose it, and the folder may be a
 * stranger's, so a link there is not followed but refused. */
void cli_files_output_made(struct cli_files *self, const char *option, const char *path);

/** One more input, after the last output. @return ERR_OK; ERR_USAGE: it is an output */
enum err_code cli_files_input(const struct cli_files *self, const char *path, struct err *err);

/**
 * Before the work: refuse an output that is an input or another output, under whatever name; find
 * out whether each can be written; and lock them.
 * @param scenario  whose files are inputs; NULL: none
 * @return ERR_OK; ERR_USAGE; ERR_IO: it cannot be written, or another process is at work on it;
 *         ERR_MEMORY. cli_files_end it in any case.
 */
enum err_code cli_files_take(struct cli_files *self, struct scenario *scenario, struct err *err);

/** Why an output cannot be written, where it may be finished; NULL: all can. */
const struct err *cli_files_cannot_write(const struct cli_files *self);

/** Let go of the locks. */
void cli_files_end(struct cli_files *self);

#endif
