/* What the JSON of several reports has in common.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_REPORT_JSON_OUT_H
#define RETAKE_SIM_REPORT_JSON_OUT_H

#include <retake/base/err.h>

#include <jansson.h>
#include <stdio.h>

/** A number; null where JSON has none, for NaN and infinity. */
json_t *report_json_number(double value);

/** Print and release it. @param json  NULL: memory was out. @return ERR_OK; ERR_MEMORY; ERR_IO */
enum err_code report_json_print(json_t *json, FILE *out, struct err *err);

#endif
