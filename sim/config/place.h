/* Where each value of a scenario was set, for messages.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_CONFIG_PLACE_H
#define RETAKE_SIM_CONFIG_PLACE_H

#include <retake/config/params.h>

/** A place: a line and a column of the file, or an assignment of --set; order 0 is the default. */
struct place {
    size_t order; /* counts the values that were set, from 1 */
    size_t line, column;
    const char *assignment;
};

struct family_places {
    struct place *fields; /* [n_allocated][n_fields], parallel to the members of the family */
    size_t n_fields, n_allocated;
};

struct scenario_places {
    size_t n_set;
    struct family_places families[N_FAMILIES]; /* FAMILY_NONE: of the scenario itself */
};

/** A known key: its parameter, and the member where it is of a family. */
struct target {
    const struct param *param;
    size_t member;
};

/** No place yet, no member yet. @return ERR_OK; ERR_MEMORY */
enum err_code config_place_init(struct scenario *self, struct err *err);

struct place *config_place_of(const struct scenario *self, struct target target);

/** Fail with the place, the key and the message. An assignment names its key itself. @return code
 */
enum err_code config_place_error(const struct scenario *self, const struct place *place,
                                 const char *key, struct err *err, enum err_code code,
                                 const char *message);

#endif
