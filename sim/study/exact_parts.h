/* Parts of the exact solver: what may be solved, the chain of attempts, the gates, the
 * dataset.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_STUDY_EXACT_PARTS_H
#define RETAKE_SIM_STUDY_EXACT_PARTS_H

#include "exact_calendar.h"
#include "exact_sitting.h"

/** Refuse what depends on more than (attempt, theta). @return ERR_OK; ERR_INPUT */
enum err_code study_exact_check(const struct engine_plan *plan, struct err *err);

/* ---- the chain of attempts (exact_chain.c) ---- */

enum { EXACT_PASS, EXACT_FAIL, EXACT_STAY, EXACT_N_FATES }; /* STAY is part of FAIL */

/** Of one kind: [attempt][competent][fate], then [attempt][8 n_vectors] ends: shares of those who
 * sit at all. */
struct exact_shares {
    size_t n_attempts, n_fates, n; /* n_fates = 6 n_attempts; n values in all */
    double *values;
};

static inline double study_exact_share(const struct exact_shares *self, size_t attempt,
                                       int competent, int fate)
{
    return self->values[(attempt * 2 + (size_t)competent) * EXACT_N_FATES + (size_t)fate];
}

/** Integrate over theta in a group. @param out  values [n] are the caller's */
enum err_code study_exact_chain(const struct exact_sitting *sitting, uint32_t group,
                                const struct exact_kind *kind, struct exact_shares *out,
                                struct err *err);

/* ---- delays and gates (exact_gates.c) ---- */

/** P(delay = k), k < n, of a delay rounded to days; what lies beyond is left out. */
void study_exact_delay(double mean, double sd, size_t n, double *p);

/* ---- what comes of it ---- */

/** One group: shares of its candidates. */
struct exact_group {
    double weight;      /* of all candidates */
    double *by_attempt; /* [n_attempts][competent][EXACT_N_FATES], who sit again in STAY */
    double *ends;       /* [n_attempts][8 n_vectors] */
    double *used;       /* [n_attempts + 1] */
    double *refreshers, *courses; /* [n_cycles] */
    double *passed_on;            /* [n_days]: passed, by the day of the result */
    double *certified_on;         /* [n_days] */
    size_t n_days;
    double outcome[PATHWAY_N_ENDS], held[PATHWAY_N_GATES];
    double failed_all, eligible, lapsed, n_forfeited;
};

/** From passed_on to certified_on, held and the outcomes of those who passed. */
enum err_code study_exact_gates(const struct scenario *s, struct exact_group *self,
                                struct err *err);

/** @param groups  [n_groups of the scenario] */
enum err_code study_exact_dataset(const struct engine_plan *plan,
                                  const struct exact_sitting *sitting,
                                  const struct exact_group *groups, struct dataset *out,
                                  struct err *err);

/** Add what a candidate comes to on average (outcome_rate, ...). */
enum err_code study_exact_means(const struct engine_plan *plan, const struct exact_group *groups,
                                struct dataset *out, struct err *err);

/** Add a variable and its standard errors, all of them 0. @param zeros  [var->n] */
enum err_code study_exact_add_pair(struct dataset *out, const struct dataset_var *var,
                                   const double *zeros, struct err *err);

#endif
