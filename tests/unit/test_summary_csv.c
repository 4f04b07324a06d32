/* Each line of the CSV is an address that the reader of addresses takes to the same number.
 * SPDX-License-Identifier: Apache-2.0 */
#include "result_example.h"

#include <retake/report/summary.h>
#include <retake/tally/address.h>

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One line: "address",value,mcse. The quotes within a label are doubled. */
static void check_line(const struct dataset *dataset, const char *line)
{
    char address[512] = "";
    struct tally_number number;
    struct err err = {0};
    size_t n = 0;
    for (line++; *line != '"' || line[1] == '"'; line++) {
        line += *line == '"';
        address[n++] = *line;
        cr_assert_lt(n, sizeof address - 1);
    }
    const char *value = line + 2, *mcse = strchr(value, ',') + 1;
    cr_assert_eq(tally_address_read(dataset, address, &number, &err), ERR_OK, "%s", err.detail);
    if (isfinite(number.value))
        cr_expect_eq(strtod(value, NULL), number.value, "%s", address);
    else
        cr_expect_eq(*value, ',', "%s", address);
    if (isfinite(number.mcse))
        cr_expect_eq(strtod(mcse, NULL), number.mcse, "%s", address);
}

Test(summary_csv, addresses_lead_back_to_the_numbers)
{
    struct dataset dataset;
    struct err err = {0};
    char *text = NULL;
    size_t n = 0, n_lines = 0;
    example_dataset(&dataset, 2, &err);
    FILE *out = open_memstream(&text, &n);
    cr_assert(out);
    cr_assert_eq(report_summary_csv(&dataset, out, &err), ERR_OK);
    fclose(out);
    char *rest = NULL, *line = strtok_r(text, "\n", &rest);
    cr_assert_str_eq(line, "address,value,mcse");
    for (line = strtok_r(NULL, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest), n_lines++)
        check_line(&dataset, line);
    cr_assert_gt(n_lines, 50);
    free(text);
    dataset_free(&dataset);
}
