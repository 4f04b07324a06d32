/* Limits of a rate. Its standard error says nothing where none or all of few passed: it is 0 then.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_TALLY_RATE_INTERVAL_H
#define RETAKE_TALLY_RATE_INTERVAL_H

#include <retake/tally/dataset.h>

#include <stdbool.h>

/** A 95 % interval; NaN where it is not known. */
struct tally_interval {
    double low, high;
};

/** Whether the trials of a rate are known, so that it has an interval where its error says nothing.
 */
bool tally_rate_is_known(const struct dataset *dataset, const struct dataset_var *rate);

/**
 * The interval of one value of a rate whose standard error is 0 or unknown, from how many it is of:
 * Clopper & Pearson 1934. Of false passes and false fails after the first attempt it is at least as
 * wide, for how many they are of is known from below only: those who sat the attempt, and those who
 * had passed before.
 * @param index  of the value
 * @return NaN, NaN where the error serves, where there is no trial, and where they are not known
 */
struct tally_interval tally_rate_interval(const struct dataset *dataset,
                                          const struct dataset_var *rate, size_t index);

#endif
