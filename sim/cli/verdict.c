/* SPDX-License-Identifier: Apache-2.0 */
#include "verdict.h"

#include <retake/base/plain.h>
#include <retake/study/sweep_verdict.h>

#include <stdio.h>

enum err_code cli_verdict_tell(const struct store_result *result, struct err *err)
{
    const char *warning = store_result_text(result, "warning");
    const char *failed = store_result_text(result, STUDY_POLICIES_FAILED);
    if (warning)
        plain_print(stderr, "retake: warning: %s\n", warning);
    if (failed && study_sweep_is_void(result))
        return err_set(err, ERR_INPUT, "%s", failed);
    if (failed)
        plain_print(stderr, "retake: %s\n", failed);
    return ERR_OK;
}
