/* One row for each policy of a sweep, or one for a run: what R's read.csv and pandas.read_csv open
 * as it is.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_REPORT_POLICIES_H
#define RETAKE_REPORT_POLICIES_H

#include <retake/store/result.h>

#include <stdio.h>

enum report_policies_form {
    REPORT_POLICIES_CSV,
    REPORT_POLICIES_MARKDOWN, /* at most 22 columns beside the axes' and two more */
    REPORT_POLICIES_COLUMNS /* CSV: column, unit, description: a row for each column of the first */
};

struct report_policies_options {
    enum report_policies_form form;
    const char *const *stats; /* [n_stats]: addresses (tally/address.h) without the policy */
    size_t n_stats;           /* 0: the figures that the text of a summary shows */
    const char *sort;         /* a column; "-NAME": falling. NULL: by number */
};

/**
 * Print the policies. Columns: policy, from 1; the axes by their keys; each statistic and its Monte
 * Carlo standard error, under addresses (pass_rate[attempt=1], pass_rate_mcse[attempt=1]); failed,
 * why a policy could not be run, whose statistics are empty. Numbers round-trip. Sorted rows
 * without a value come last.
 * @return ERR_OK; ERR_INPUT: no such statistic, no such column, a cut study; ERR_MEMORY; ERR_IO
 */
enum err_code report_policies(const struct dataset *dataset,
                              const struct store_provenance *provenance,
                              const struct report_policies_options *options, FILE *out,
                              struct err *err);

#endif
