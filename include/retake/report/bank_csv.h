/* A bank as plain CSV text. SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_REPORT_BANK_CSV_H
#define RETAKE_REPORT_BANK_CSV_H

#include <retake/irt/bank.h>

/**
 * Numbers have as many digits as give them back exactly.
 * @param out  text of n_bytes; the caller frees it
 * @return ERR_OK; ERR_MEMORY
 */
enum err_code report_bank_csv(const struct irt_bank *bank, char **out, size_t *n_bytes,
                              struct err *err);

#endif
