/* What the JSON of several reports has in common. SPDX-License-Identifier: Apache-2.0 */
#include "json_out.h"

#include <errno.h>
#include <math.h>
#include <string.h>

json_t *report_json_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

enum err_code report_json_print(json_t *json, FILE *out, struct err *err)
{
    if (!json)
        return err_set(err, ERR_MEMORY, "no memory for JSON");
    if (json_dumpf(json, out, JSON_INDENT(2)) != 0 || fputc('\n', out) == EOF)
        err_set(err, ERR_IO, "standard output: cannot write: %s", strerror(errno));
    json_decref(json);
    return err->code;
}
