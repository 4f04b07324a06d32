/* Whether a bank suffices for an exam, as tables on the terminal.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_REPORT_BANK_ADEQUACY_H
#define RETAKE_REPORT_BANK_ADEQUACY_H

#include <retake/tally/dataset.h>

#include <stdio.h>

/** Print what study_bank_add has put into a dataset: information, scores that the bank cannot
 * decide, items short by domain and difficulty, exposure, overlap. What is absent is left out.
 *  @return ERR_OK; ERR_MEMORY */
enum err_code report_bank_adequacy(const struct dataset *dataset, FILE *out, struct err *err);

#endif
