/* What a result that has been made says of itself to people, on standard error.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CLI_VERDICT_H
#define RETAKE_CLI_VERDICT_H

#include <retake/store/result.h>

/**
 * Its warning, and which policies of a sweep cannot be run.
 * @return ERR_OK; ERR_INPUT: none of them can; what the caller has written stays
 */
enum err_code cli_verdict_tell(const struct store_result *result, struct err *err);

#endif
