/* Progress of a run; drawn at most four times a second, or every ten seconds as plain lines.
 * SPDX-License-Identifier: Apache-2.0 */
#include "progress.h"

#include <retake/base/plain.h>
#include <retake/base/terminal.h>
#include <retake/base/wording.h>

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { BAR_CELLS = 30 };

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void cli_progress_begin(struct cli_progress *self)
{
    *self =
        (struct cli_progress){.is_terminal = terminal_takes_escapes(stderr), .began_s = now_s()};
    self->shown_s = self->began_s;
}

void cli_progress_say(const char *line, void *context)
{
    const struct cli_progress *self = context;
    plain_print(stderr, self->is_terminal ? "\r\033[Kretake: %s\n" : "retake: %s\n", line);
}

/* "1200 candidates/s", of a sweep "3 of 8 policies", of work "". */
static void speed_print(const struct cli_progress *self, double share, double rate, char text[96])
{
    if (self->is_work)
        text[0] = '\0';
    else if (self->n_parts > 0)
        snprintf(text, 96, "%.0f of %s", floor(share * (double)self->n_parts),
                 wording_count(self->n_parts, "policy").text);
    else
        snprintf(text, 96, "%s/s", wording_count((uint64_t)(rate + 0.5), "candidate").text);
}

/* Cut where the terminal ends: a line that is broken could not be drawn over. */
static void cut_line(char *text, int columns)
{
    int n = 0;
    for (; *text; text++)
        if (((unsigned char)*text & 0xC0) != 0x80 && ++n == columns)
            break;
    *text = '\0';
}

static void draw_line(char *text)
{
    int columns = terminal_columns(stderr);
    terminal_fit(text);
    if (columns > 0)
        cut_line(text, columns);
    plain_print(stderr, "\r%s\033[K", text); /* one write: standard error has no buffer */
}

void cli_progress_step(const char *text)
{
    char line[600];
    snprintf(line, sizeof line, "retake: %s", text);
    if (terminal_takes_escapes(stderr)) {
        draw_line(line);
        return;
    }
    terminal_fit(line);
    plain_print(stderr, "%s\n", line);
}

void cli_progress_clear(void)
{
    if (terminal_takes_escapes(stderr))
        fputs("\r\033[K", stderr);
}

/* Never 0 while there is something left to do. */
static struct wording left_of(double seconds)
{
    return wording_duration(fmax(ceil(seconds), 1));
}

static void draw_bar(double share, const char *speed, double left_s, const char *note)
{
    enum { CELL_BYTES = sizeof "█" - 1 };
    char bar[BAR_CELLS * CELL_BYTES + 1] = "", line[600];
    int full = (int)(share * (double)BAR_CELLS);
    for (int k = 0; k < BAR_CELLS; k++)
        memcpy(bar + k * CELL_BYTES, k < full ? "█" : "░", CELL_BYTES + 1);
    snprintf(line, sizeof line, "%s %3.0f %%  %s%s%s left%s%s", bar, floor(100 * share), speed,
             *speed ? "  " : "", left_of(left_s).text, *note ? " " : "", note);
    draw_line(line);
}

void cli_progress_show(uint64_t n_done, uint64_t n_total, void *context)
{
    struct cli_progress *self = context;
    double now = now_s();
    if (!self->is_under_way) { /* a run that goes on begins with what was done before */
        self->is_under_way = true;
        self->n_before = n_done;
        self->under_way_s = now;
    }
    self->n_done = n_done;
    if (now - self->shown_s < (self->is_terminal ? 0.25 : 10) || n_done == self->n_before)
        return;
    self->shown_s = now;
    double rate = (double)(n_done - self->n_before) / (now - self->under_way_s);
    double n_all = (double)(self->expected ? self->expected : n_total);
    double share = fmin((double)n_done / n_all, 1), left_s = fmax(n_all - (double)n_done, 0) / rate;
    char speed[96];
    speed_print(self, share, rate, speed);
    if (self->is_terminal)
        draw_bar(share, speed, left_s, self->note);
    else
        plain_print(stderr, "retake: %3.0f %%, %s%s%s left%s%s\n", floor(100 * share), speed,
                    *speed ? ", " : "", left_of(left_s).text, *self->note ? ", " : "", self->note);
}

void cli_progress_end(const struct cli_progress *self)
{
    if (self->n_done == 0)
        return; /* there was nothing to do */
    double seconds = now_s() - self->began_s;
    plain_print(stderr, self->is_terminal ? "\r\033[Kretake: %s in %s\n" : "retake: %s in %s\n",
                self->is_work   ? "done"
                : self->n_parts ? wording_count(self->n_parts, "policy").text
                                : wording_count(self->n_done, "candidate").text,
                wording_duration(seconds).text);
}
