/* A scenario file written anew: the same text with the values that hold now.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CONFIG_REWRITE_H
#define RETAKE_CONFIG_REWRITE_H

#include <retake/config/scenario.h>

/**
 * The source text of a scenario with each changed value in its old place, comments kept, and keys
 * that the file lacks at its end. Names of files are made relative to new_path. Where the text
 * cannot carry that (flow mappings, blocks of text), a plain list of all keys that differ from
 * their defaults takes its place. What is returned reads back as the same values.
 * @param new_path  where the text will stand
 * @param out       of the arena
 * @return ERR_OK; ERR_MEMORY; ERR_INTERNAL
 */
enum err_code config_scenario_rewrite(struct scenario *self, const char *new_path,
                                      struct arena *arena, char **out, struct err *err);

#endif
