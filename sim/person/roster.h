/* Candidates read from a file. SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_PERSON_ROSTER_H
#define RETAKE_PERSON_ROSTER_H

#include <retake/person/population.h>

/** population.candidates_file: candidate n is row n mod n_rows. */
struct person_roster {
    size_t n_rows;
    const struct person_entry {
        uint32_t group;
        double theta, speed;              /* speed NAN: to be drawn */
        double deficit[PERSON_N_BUCKETS]; /* NAN: to be drawn */
    } * rows;
    char digest[33]; /* XXH3-128 of the file, hex */
};

/**
 * @param out  in the arena
 * @return ERR_OK; ERR_INPUT with file:line:column: an unknown or missing column, a repeated or
 * empty id, an unknown group, a number that is none or out of range, no candidates; ERR_MEMORY
 */
enum err_code person_roster_read(const struct scenario *scenario, struct arena *arena,
                                 const struct person_roster **out, struct err *err);

#endif
