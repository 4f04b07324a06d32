/* What an examinee does with an item: right or wrong, how long it takes, and why it was missed.
 * Sees items and the clock, never scores or policy.
 *
 *     theta_i = ability - knowledge_d - sum over {sequence, scope, reading} demand_i * deficit
 *     P(right) = c + (d - c)/(1 + exp(-a (theta_i - b)))
 *     log seconds = time_intensity - (speed - pacing deficit) + time_sd * N(0, 1)
 *
 * (van der Linden 2007 for the times), knowledge_d being the knowledge deficit in the item's
 * domain.
 *
 * Rushing: from pacing.after_s on, the examinee compares the time left for each item that may come
 * with their mean time so far. When it is short by a factor r > 1, the next answer takes 1/q of its
 * time, q = min(r, most_speedup); with probability w = loss (1 - 1/q) it is a guess, right with
 * probability g = max(guess, c):
 *
 *     P(right) = (1 - w) P_i(theta_i) + w g                  (as effort-moderated models, Wise
 * 2006)
 *
 * A guess missed is logged under pacing; any other miss under a bucket with probability in
 * proportion to what each deficit took from theta_i, pacing counting with its log time; without any
 * deficit, under knowledge. With probability misread the examinee takes it for another bucket.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_PERSON_RESPONSE_H
#define RETAKE_PERSON_RESPONSE_H

#include <retake/base/rng.h>
#include <retake/irt/bank.h>
#include <retake/person/population.h>

/** An examinee in one sitting. */
struct person_lane {
    struct person_state state;
    struct rng response, latency, reading; /* reading of the error log */
    struct person_pacing pacing;
    double elapsed_s;                  /* on the examinee's clock */
    double calm_s;                     /* of this, in answers that were not rushed */
    uint32_t n_answered, n_rushed;     /* answers so far */
    double p_misread;                  /* of a miss: logged under another bucket */
    size_t n_domains;                  /* 0: the knowledge deficit is the same in all domains */
    double domain[PERSON_MAX_DOMAINS]; /* [n_domains], of person */
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
void person_log_miss(struct person_lane *lane);

/** The estimate of an exam without items: theta with every deficit fully met, plus sem * N(0, 1).
 */
double person_normal_score(struct person_lane *lane, double sem);

#endif
