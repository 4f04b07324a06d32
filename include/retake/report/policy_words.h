/* A policy in words: what a candidate may do, must do, and pays. The terminal, the page and JSON
 * all say it with these functions.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_REPORT_POLICY_WORDS_H
#define RETAKE_REPORT_POLICY_WORDS_H

#include <retake/config/scenario.h>
#include <retake/store/result.h>

enum { REPORT_POLICY_BYTES = 4096, REPORT_POLICY_KEYS = 19 };

/** Where a policy is read from: a scenario, else the attributes of a result. */
struct report_policy_source {
    const struct scenario *scenario;
    const struct store_provenance *provenance;
};

/**
 * Sentences: attempts in all and in a cycle, the waits between them, sittings within a year, what
 * is required after which attempt with its days and price, a raised passing point, the window and
 * what renews it, how long an authorisation is valid, days to a result, the time observed.
 * What a result of an earlier version does not know is not spoken of. "" where the attempts, the
 * cycles or the waits are not known.
 */
void report_policy_words(const struct report_policy_source *source, char text[REPORT_POLICY_BYTES]);

/** The parameters that these sentences are made of. @return how many */
size_t report_policy_keys(const struct report_policy_source *source,
                          const char *keys[REPORT_POLICY_KEYS]);

#endif
