/* The policy at the head of a summary, and the parameters that are set.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_REPORT_SUMMARY_POLICY_H
#define RETAKE_SIM_REPORT_SUMMARY_POLICY_H

#include <retake/store/result.h>

#include "sheet.h"

/** The policy in words, what it rests on, and how many parameters are set.
 * @return ERR_OK; ERR_MEMORY */
enum err_code report_summary_policy(const struct store_provenance *provenance,
                                    const struct report_sheet *sheet, struct err *err);

/** The parameters that are not the defaults: value, grade, key, and what the scenario says of them.
 * @return ERR_OK; ERR_MEMORY */
enum err_code report_summary_parameters(const struct store_provenance *provenance,
                                        const struct report_sheet *sheet, struct err *err);

#endif
