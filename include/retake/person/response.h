/* What an examinee does with an item: right or wrong, how long it takes, and why it was missed.
 * Sees items, never scores or policy.
 *
 *     theta_i = ability - knowledge - sum over {sequence, scope, reading} demand_i * deficit
 *     P(right) = c + (d - c)/(1 + exp(-a (theta_i - b)))
 *     log seconds = time_intensity - (speed - pacing deficit) + time_sd * N(0, 1)
 *
 * (van der Linden 2007 for the times.) A miss is logged under a bucket with probability in
 * proportion to what each deficit took from theta_i, pacing counting with its log time; without any
 * deficit, under knowledge. SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_PERSON_RESPONSE_H
#define RETAKE_PERSON_RESPONSE_H

#include <retake/base/rng.h>
#include <retake/irt/bank.h>
#include <retake/person/population.h>

/** An examinee in one sitting. */
struct person_lane {
    struct person_state state;
    struct rng response, latency;
    enum person_bucket miss;           /* of the last answer; PERSON_N_BUCKETS when it was right */
    uint32_t misses[PERSON_N_BUCKETS]; /* the error log so far */
};

/** Sit down for an attempt (from 1) with the state of the day. */
void person_lane_begin(const struct person_design *design, const struct person *person,
                       uint32_t attempt, struct person_lane *out);

/** Answer one item each. A miss enters the log with person_log_miss, if the answer came in time.
 * @param seconds [n] response times, or NULL when untimed */
void person_answer(const struct irt_item *const *items, struct person_lane *const *lanes, size_t n,
                   uint8_t *answer, double *seconds);

/** Log the last answer if it was a miss. */
static inline void person_log_miss(struct person_lane *lane)
{
    if (lane->miss != PERSON_N_BUCKETS)
        lane->misses[lane->miss]++;
}

/** The estimate of an exam without items: theta with every deficit fully met, plus sem * N(0, 1).
 */
double person_normal_score(struct person_lane *lane, double sem);

#endif
