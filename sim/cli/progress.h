/* Progress of a run on standard error: a bar on a terminal, a plain line now and then elsewhere.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CLI_PROGRESS_H
#define RETAKE_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct cli_progress {
    bool is_terminal;
    double began_s, shown_s;
    bool is_under_way;
    double under_way_s;        /* when the first candidates of this process were done */
    uint64_t n_before, n_done; /* candidates then, and now */
    uint64_t expected;         /* candidates that the run will take; 0 = all of them */
    char note[300];            /* shown behind the bar; "" = none */
    uint64_t n_parts;          /* policies of a sweep, 0 of a run: then they are counted */
    bool is_work;              /* what is counted is work, not candidates: no speed is told */
};

void cli_progress_begin(struct cli_progress *self);

/** For struct engine_options: context is the struct cli_progress. */
void cli_progress_show(uint64_t n_done, uint64_t n_total, void *context);

/** A line on standard error; context is the struct cli_progress. */
void cli_progress_say(const char *line, void *context);

/** One step of a search: drawn over the one before where the terminal allows it, else a line. */
void cli_progress_step(const char *text);

/** Take away what was drawn last. */
void cli_progress_clear(void);

/** A last line: how many candidates in what time. Nothing where none were simulated. */
void cli_progress_end(const struct cli_progress *self);

#endif
