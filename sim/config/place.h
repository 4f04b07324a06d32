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

/* One place per field of a group, its name included. */
enum { GROUP_FIELDS = sizeof(struct scenario_group) / sizeof(double), MAX_GROUPS = 10000 };

struct group_places {
    struct place fields[GROUP_FIELDS];
};

struct scenario_places {
    size_t n_set;
    struct place *params;        /* [of the table] */
    struct group_places *groups; /* [n_allocated], parallel to scenario.groups */
    size_t n_allocated;
};

/** A known key: its parameter, and the group where it is of one. */
struct target {
    const struct param *param;
    size_t group;
};

/** No place yet, no group yet. @return ERR_OK; ERR_MEMORY */
enum err_code config_place_init(struct scenario *self, struct err *err);

/** The index of a group by the first n_name characters of name, or n_groups. */
size_t config_place_group(const struct scenario *self, const char *name, size_t n_name);

/** Add a group with default values. @return ERR_OK; ERR_INPUT when there are too many; ERR_MEMORY
 */
enum err_code config_place_add_group(struct scenario *self, const char *name, size_t n_name,
                                     struct err *reason);

struct place *config_place_of(const struct scenario *self, struct target target);

/** The struct that a target's field is in. */
void *config_place_base(struct scenario *self, struct target target);

/** Fail with the place, the key and the message. An assignment names its key itself. @return code
 */
enum err_code config_place_error(const struct scenario *self, const struct place *place,
                                 const char *key, struct err *err, enum err_code code,
                                 const char *message);

#endif
