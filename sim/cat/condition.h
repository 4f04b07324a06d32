/* A condition on the attributes of an item, the name of a constraint.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CAT_CONDITION_H
#define RETAKE_CAT_CONDITION_H

#include <retake/base/err.h>
#include <retake/irt/bank.h>

/**
 * Which items a condition names.
 * @param out  [n_items]: of the bank, in its order
 * @return ERR_OK; ERR_INPUT, without a place: the form, an unknown attribute or value, a comparison
 * of what is no number
 */
enum err_code cat_condition_read(const char *text, const struct irt_bank *bank, bool *out,
                                 struct err *err);

/** Whether two conditions ask for the same attributes in the same order, whatever the values. */
bool cat_condition_is_alike(const char *left, const char *right, const struct irt_bank *bank);

#endif
