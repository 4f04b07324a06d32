/* Text as a cell of CSV, within quotes: it may hold commas and quotes.
 * SPDX-License-Identifier: Apache-2.0 */
#include "csv_out.h"

#include <retake/base/plain.h>
#include <retake/config/csv.h>

#include <string.h>

void report_csv_open(const char *text, FILE *out)
{
    fputc('"', out);
    if (config_csv_is_formula(text))
        fputc('\'', out);
}

void report_csv_put(const char *text, FILE *out)
{
    for (size_t n = strlen(text), taken; n > 0; text += taken, n -= taken) {
        if (*text == '"')
            fputc('"', out);
        taken = plain_put(text, n, out);
    }
}

void report_csv_text(const char *text, FILE *out)
{
    report_csv_open(text, out);
    report_csv_put(text, out);
    fputc('"', out);
}
