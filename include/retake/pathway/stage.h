/* Journeys in stages, from one result to the next, so that policies that agree until there share
 * them: where the first sitting was failed they may go apart, and again after each further failure.
 * For sittings that are drawn from a library or have no items.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_PATHWAY_STAGE_H
#define RETAKE_PATHWAY_STAGE_H

#include <retake/pathway/journey.h>

/** What the limits on attempts say after a failure. */
enum pathway_limit { PATHWAY_SAME_CYCLE, PATHWAY_CYCLE_OVER, PATHWAY_NO_MORE };

/** @param n_sittings  so far, n_in_cycle of them in cycle number n_cycle (from 1) */
enum pathway_limit pathway_limit_after(const struct scenario *scenario, uint32_t n_sittings,
                                       uint32_t n_in_cycle, uint32_t n_cycle);

/** Candidates who failed their last sitting. */
struct pathway_starts;

/** Memory for n of them. @param n_domains  of person, at most; n_days  attempts whose days are to
 * be remembered: 0, or as many as there can be where policy.max_attempts_per_year may bind.
 * NULL when memory is out. */
struct pathway_starts *pathway_starts_new(size_t n_domains, size_t n_days, size_t n);
void pathway_starts_free(struct pathway_starts *self);

/**
 * Candidates first .. first + n - 1 up to the result of the first sitting.
 * @param starts    those who failed are written to starts 0, 1, ...
 * @param outcomes  of all, in order, those who failed with end = PATHWAY_N_ENDS; owned by the
 *                  workspace, valid until its next use
 * @return how many failed
 */
size_t pathway_stage_first(const struct pathway_design *design, uint64_t first, size_t n,
                           struct pathway_workspace *workspace, struct pathway_starts *starts,
                           const struct pathway_outcomes **outcomes);

/**
 * Starts from .. from + n - 1, who all failed the same number of sittings, up to the next result.
 * @param first  as above, for the outcomes
 * @param to     starts to, to + 1, ... are those who failed again; to = from, or to >= from + n
 * @return how many failed again
 */
size_t pathway_stage_next(const struct pathway_design *design, uint64_t first, size_t from,
                          size_t n, size_t to, struct pathway_workspace *workspace,
                          struct pathway_starts *starts, const struct pathway_outcomes **outcomes);

#endif
