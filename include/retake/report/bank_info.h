/* What an item bank is like, as tables on the terminal.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_REPORT_BANK_INFO_H
#define RETAKE_REPORT_BANK_INFO_H

#include <retake/irt/bank.h>

#include <stdio.h>

/** Counts by domain, quantiles of the parameters, information at the cut and over theta, items near
 * the cut. @param bound  information of the best 60 items below which an ability is marked thin
 * @return ERR_OK; ERR_MEMORY */
enum err_code report_bank_info(const struct irt_bank *bank, double cut_theta, double bound,
                               FILE *out, struct err *err);

#endif
