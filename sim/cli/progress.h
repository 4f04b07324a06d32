/* Progress of a run on standard error: a bar on a terminal, a plain line now and then elsewhere.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CLI_PROGRESS_H
#define RETAKE_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct cli_progress {
    bool is_terminal;
    double began_s, shown_s;
};

void cli_progress_begin(struct cli_progress *self);

/** For struct engine_options: context is the struct cli_progress. */
void cli_progress_show(uint64_t n_done, uint64_t n_total, void *context);

/** A line of its own, for the note of struct engine_options. */
void cli_progress_note(const char *text, void *context);

/** A last line: how many candidates in what time. */
void cli_progress_end(const struct cli_progress *self, uint64_t n_done);

#endif
