/* What a number of whole days does, in tables: the same bits as the formula that made them.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_PERSON_BY_DAY_H
#define RETAKE_SIM_PERSON_BY_DAY_H

#include <retake/base/vec.h>
#include <retake/person/population.h>

enum { PERSON_DAYS_KEPT = 1024, PERSON_DAYS_STUDIED = 128 };

struct person_by_day {
    double kept[PERSON_DAYS_KEPT];                       /* of what was learnt */
    double broad[PERSON_DAYS_STUDIED][PERSON_N_BUCKETS]; /* left of a deficit */
    double targeted[PERSON_DAYS_STUDIED][PERSON_N_BUCKETS];
};

/** Make the tables of a design; NULL when memory is out. */
const struct person_by_day *person_by_day_new(const struct person_design *design,
                                              struct arena *arena);

static inline double person_kept_by_formula(const struct person_design *design, double days)
{
    return vec_exp1(-design->decay_per_day * days);
}

/** What forgetting leaves after some days. */
static inline double person_kept(const struct person_design *design, double days)
{
    int whole = days >= 0 && days < (double)PERSON_DAYS_KEPT ? (int)days : -1;
    if (design->by_day && whole == days)
        return design->by_day->kept[whole];
    return person_kept_by_formula(design, days);
}

#endif
