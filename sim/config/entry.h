/* Keys and values into a scenario, from a file or from --set.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_CONFIG_ENTRY_H
#define RETAKE_SIM_CONFIG_ENTRY_H

#include "place.h"

#include <retake/config/yaml.h>

/** Apply every key of a file. A key may stand once; a new group is made. @return ERR_OK or the
 * first error */
enum err_code config_entry_apply_file(struct scenario *self, const struct yaml_node *root,
                                      struct err *err);

/** Apply one KEY=VALUE; the last one holds. The assignment, for messages, lives as long as self. */
enum err_code config_entry_apply_assignment(struct scenario *self, const char *assignment,
                                            const char *key, const struct yaml_node *value,
                                            struct err *err);

#endif
