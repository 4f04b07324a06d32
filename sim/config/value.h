/* One value of a parameter: from text, checked, into its field.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_CONFIG_VALUE_H
#define RETAKE_SIM_CONFIG_VALUE_H

#include <retake/base/arena.h>
#include <retake/base/err.h>
#include <retake/config/params.h>

/**
 * Check text and store it in the field that the parameter has in base, a struct scenario or a
 * member of the family. Texts are copied into the arena.
 * @param quoted  the text stood in quotes, so it is no number
 * @return ERR_OK; ERR_INPUT; ERR_RANGE; ERR_MEMORY. The detail says what was wrong, without place
 * or key.
 */
enum err_code config_value_store(const struct param *param, const char *text, bool quoted,
                                 void *base, struct arena *arena, struct err *reason);

/** The same of element k of n of a list; n = 0 makes it empty. The first makes room for all. */
enum err_code config_value_store_element(const struct param *param, size_t k, size_t n,
                                         const char *text, bool quoted, void *base,
                                         struct arena *arena, struct err *reason);

/** What a parameter accepts, for messages: "a number", "one of cat, linear, normal". */
void config_value_expected(const struct param *param, char *out, size_t n_out);

/** The range of a number, e.g. "0 to 3650"; "" for other types. */
void config_value_range(const struct param *param, char *out, size_t n_out);

/** A text as one would write it in YAML, in quotes where it needs them. */
void config_value_format_text(const char *text, char *out, size_t n_out);

#endif
