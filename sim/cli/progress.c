/* Progress of a run; drawn at most four times a second, or every ten seconds as plain lines.
 * SPDX-License-Identifier: Apache-2.0 */
#include "progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { BAR_CELLS = 30 };

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void cli_progress_begin(struct cli_progress *self)
{
    *self = (struct cli_progress){.is_terminal = isatty(STDERR_FILENO) != 0, .began_s = now_s()};
    self->shown_s = self->began_s;
}

static void draw_bar(double share, double rate, double left_s)
{
    int full = (int)(share * BAR_CELLS);
    fputs("\r", stderr);
    for (int k = 0; k < BAR_CELLS; k++)
        fputs(k < full ? "█" : "░", stderr);
    fprintf(stderr, " %3.0f %%  %.0f candidates/s  %.0f s left \033[K", 100 * share, rate, left_s);
}

void cli_progress_show(uint64_t n_done, uint64_t n_total, void *context)
{
    struct cli_progress *self = context;
    double now = now_s();
    if (now - self->shown_s < (self->is_terminal ? 0.25 : 10) || n_done == 0)
        return;
    self->shown_s = now;
    double rate = (double)n_done / (now - self->began_s), share = (double)n_done / (double)n_total;
    double left_s = (double)(n_total - n_done) / rate;
    if (self->is_terminal)
        draw_bar(share, rate, left_s);
    else
        fprintf(stderr, "retake: %3.0f %%, %.0f candidates/s, %.0f s left\n", 100 * share, rate,
                left_s);
}

void cli_progress_note(const char *text, void *context)
{
    struct cli_progress *self = context;
    fprintf(stderr, "%sretake: %s\n", self->is_terminal ? "\r\033[K" : "", text);
    self->began_s = self->shown_s = now_s(); /* what was noted is not part of the rate */
}

void cli_progress_end(const struct cli_progress *self, uint64_t n_done)
{
    double seconds = now_s() - self->began_s;
    fprintf(stderr, "%sretake: %llu candidates in %.1f s\n", self->is_terminal ? "\r\033[K" : "",
            (unsigned long long)n_done, seconds);
}
