/* A scenario with a report before it, as retake calibrate and retake solve write it.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_REPORT_NOTE_H
#define RETAKE_SIM_REPORT_NOTE_H

#include <retake/config/scenario.h>

#include <stdio.h>

/** A report that becomes a comment. */
struct report_note {
    const char *first, *last; /* its first and last line: by them it is found again */
    FILE *stream;             /* write the lines between to it; NULL when memory is out */
    char *text;
    size_t n_bytes;
};

/** @param first, last  outlive the note; what begins is ended by report_note_scenario */
void report_note_begin(const char *first, const char *last, struct report_note *self);

/**
 * Print the scenario as it is to stand under path: its text with the values that hold now, the note
 * as a comment before, in the place of an earlier one with the same first line. Where err is set
 * already nothing is written.
 * @return ERR_OK; ERR_MEMORY; ERR_INTERNAL
 */
enum err_code report_note_scenario(struct report_note *self, struct scenario *scenario,
                                   const char *path, FILE *out, struct err *err);

#endif
