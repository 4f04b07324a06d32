/* A relative path of one folder as seen from another.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_CONFIG_RELOCATE_H
#define RETAKE_SIM_CONFIG_RELOCATE_H

#include <retake/base/arena.h>

/** What file, relative to old_path, is called relative to new_path; the file itself when it is
 * absolute or when a folder does not exist. NULL when memory is out. */
const char *config_relocate(const char *old_path, const char *new_path, const char *file,
                            struct arena *arena);

/** What file, relative to the working directory, is called relative to new_path; absolute where its
 * folder does not exist. NULL when memory is out. */
const char *config_relocate_from_here(const char *new_path, const char *file, struct arena *arena);

#endif
