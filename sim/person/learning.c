/* What happens between two attempts.
 *
 * Study: h hours on a bucket in a wait leave deficit * exp(-(rate h)^power) of it, rate being
 * study.repair_per_hour times the bucket's own multiple. Broad study gives each of the five buckets
 * a fifth of the hours, targeted study each of the one or two buckets with the most logged misses
 * an equal part. That targeted study does better where misses are concentrated follows from this
 * alone. Study of knowledge repairs it in all domains by the same fraction: the log does not name
 * domains.
 *
 * Forgetting: what was repaired, and study.course_gain of ability learnt in the course, halve every
 * study.half_life_days; a refresher renews the latter and closes a fraction of each deficit.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/dist.h>
#include <retake/base/rng.h>
#include <retake/person/population.h>

#include "by_day.h"

void person_advance(const struct person_design *design, struct person *self, double day)
{
    double kept = person_kept(design, day - self->day);
    for (int k = 0; k < PERSON_N_BUCKETS; k++)
        self->repaired[k] *= kept;
    self->day = day;
}

static void repair(struct person *self, int bucket, double left)
{
    double deficit = self->initial[bucket] - self->repaired[bucket];
    self->repaired[bucket] = self->initial[bucket] - deficit * left;
}

/* The two buckets with the most misses, the first of equals first. */
static void most_missed(const uint32_t *misses, int *first, int *second)
{
    *first = 0;
    for (int k = 1; k < PERSON_N_BUCKETS; k++)
        if (misses[k] > misses[*first])
            *first = k;
    *second = *first == 0 ? 1 : 0;
    for (int k = 0; k < PERSON_N_BUCKETS; k++)
        if (k != *first && misses[k] > misses[*second])
            *second = k;
}

/* The fraction of a deficit that study leaves; amount is repair_per_hour times the hours on it. */
static double left_by(const struct person_design *design, int bucket, double amount)
{
    double x = design->repair_rate[bucket] * amount;
    if (design->repair_power != 1 && x > 0)
        x = vec_exp1(design->repair_power * vec_log1(x));
    return vec_exp1(-x);
}

static double amount_of(const struct person_design *design, double days, uint32_t n_buckets)
{
    return design->repair_per_day * days / n_buckets;
}

const struct person_by_day *person_by_day_new(const struct person_design *design,
                                              struct arena *arena)
{
    struct person_by_day *self = arena_alloc(arena, sizeof *self);
    for (int day = 0; self && day < PERSON_DAYS_KEPT; day++)
        self->kept[day] = person_kept_by_formula(design, day);
    for (int day = 0; self && day < PERSON_DAYS_STUDIED; day++)
        for (int k = 0; k < PERSON_N_BUCKETS; k++) {
            self->broad[day][k] = left_by(design, k, amount_of(design, day, PERSON_N_BUCKETS));
            self->targeted[day][k] =
                left_by(design, k, amount_of(design, day, design->targeted_buckets));
        }
    return self;
}

/* Equal effort on all buckets; where returns are exponential, all at once. */
VEC_CLONES static void repair_all(const struct person_design *design, struct person *self,
                                  double amount)
{
    vec8 x = {0};
    if (design->repair_power != 1) {
        for (int k = 0; k < PERSON_N_BUCKETS; k++)
            repair(self, k, left_by(design, k, amount));
        return;
    }
    for (int k = 0; k < PERSON_N_BUCKETS; k++)
        x[k] = design->repair_rate[k] * amount;
    vec8 left = vec_exp(-x);
    for (int k = 0; k < PERSON_N_BUCKETS; k++)
        repair(self, k, left[k]);
}

/* left: of each bucket, where it is known. */
static void study_all(const struct person_design *design, struct person *self, double days,
                      const double *left)
{
    if (!left)
        repair_all(design, self, amount_of(design, days, PERSON_N_BUCKETS));
    else
        for (int k = 0; k < PERSON_N_BUCKETS; k++)
            repair(self, k, left[k]);
}

static void study_most_missed(const struct person_design *design, struct person *self, double days,
                              const uint32_t *misses, const double *left)
{
    int buckets[2];
    double amount = amount_of(design, days, design->targeted_buckets);
    most_missed(misses, &buckets[0], &buckets[1]);
    for (uint32_t k = 0; k < design->targeted_buckets; k++)
        repair(self, buckets[k], left ? left[buckets[k]] : left_by(design, buckets[k], amount));
}

double person_plan(const struct person_design *design, const struct person *self, uint32_t attempt)
{
    struct rng rng =
        rng_keyed(design->seed, self->candidate, design->keeps_plan ? 0 : attempt, RNG_STUDY);
    return rng_unit(&rng);
}

bool person_plan_heeds_misses(const struct person_design *design, double plan)
{
    return plan >= design->p_none + design->p_broad;
}

void person_study(const struct person_design *design, struct person *self, double plan,
                  const uint32_t *misses, double day)
{
    double days = day - self->day;
    int whole = days >= 0 && days < (double)PERSON_DAYS_STUDIED ? (int)days : -1;
    const struct person_by_day *by_day = whole == days ? design->by_day : NULL;
    person_advance(design, self, day);
    if (plan < design->p_none)
        return;
    if (person_plan_heeds_misses(design, plan))
        study_most_missed(design, self, days, misses, by_day ? by_day->targeted[whole] : NULL);
    else
        study_all(design, self, days, by_day ? by_day->broad[whole] : NULL);
}

void person_refresh(const struct person_design *design, struct person *self, double day)
{
    person_advance(design, self, day);
    for (int k = 0; k < PERSON_N_BUCKETS; k++)
        repair(self, k, 1 - design->refresher_repairs);
    self->renewed_day = day;
}
