/* Families of named sections, e.g. population.groups.NAME: finding and adding their members.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_CONFIG_FAMILY_H
#define RETAKE_SIM_CONFIG_FAMILY_H

#include <retake/config/params.h>

enum { CONFIG_MAX_MEMBERS = 10000 };

/** How many members a scenario has; of FAMILY_NONE 1, the scenario itself. */
size_t config_family_n_members(const struct scenario *self, enum family family);

/** The struct of one member; of FAMILY_NONE the scenario itself. It moves when members are added.
 */
void *config_family_member(const struct scenario *self, enum family family, size_t member);

const char *config_family_name(const struct scenario *self, enum family family, size_t member);

/** The index of a member by the first n_name characters of name, or n_members. */
size_t config_family_find(const struct scenario *self, enum family family, const char *name,
                          size_t n_name);

/** Give all fields of one member their defaults. @return ERR_OK; ERR_MEMORY */
enum err_code config_family_set_defaults(struct scenario *self, enum family family, size_t member,
                                         struct err *reason);

/** Add a member with default values. @return ERR_OK; ERR_INPUT when there are too many; ERR_MEMORY
 */
enum err_code config_family_add(struct scenario *self, enum family family, const char *name,
                                size_t n_name, struct err *reason);

/** Forget the members added after the first n_members. */
void config_family_truncate(struct scenario *self, enum family family, size_t n_members);

#endif
