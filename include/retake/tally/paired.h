/* Policies compared on the same candidates. What is compared are ratios within blocks of
 * candidates: the rates by attempt, and what a candidate comes to on average (where they end,
 * sittings, cost, days). A policy and its base are seen on the same blocks, so that the difference
 * has a standard error of its own, much smaller than those of the two on common random numbers.
 *
 * Where one policy allows more attempts than the other, a rate "by attempt a" (cumulative, false
 * pass, false fail) of the other goes on as it was at its last attempt.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_TALLY_PAIRED_H
#define RETAKE_TALLY_PAIRED_H

#include <retake/tally/tally.h>

/** A numerator and its denominator within one block. */
struct tally_cell {
    int64_t y, n;
};

/** What a block comes to, as far as it is compared: cells [tally_block_n_cells(shape)]. */
size_t tally_block_n_cells(const struct tally_shape *shape);

/** The cells of the block that was counted last: tally_add_block(self, outcomes, from, n). */
void tally_block_cells(const struct tally *self, const struct pathway_outcomes *outcomes,
                       size_t from, size_t n, struct tally_cell *cells);

/** Sums over blocks of a base and a policy. */
struct tally_pair;

/** NULL when memory is out. The shapes must live on; they have the same groups. */
struct tally_pair *tally_pair_new(const struct tally_shape *base, const struct tally_shape *policy);
void tally_pair_free(struct tally_pair *self);

/** Add one block, as each of the two saw it. */
void tally_pair_add_block(struct tally_pair *self, const struct tally_cell *base,
                          const struct tally_cell *policy);
void tally_pair_merge(struct tally_pair *self, const struct tally_pair *other);

/** With a library of sessions: the pair of two whole tallies, replicate by replicate.
 * @return ERR_OK; ERR_MEMORY */
enum err_code tally_pair_replicates(struct tally_pair *self, const struct tally *base,
                                    const struct tally *policy, struct err *err);

/** The sums as bytes, as those of a tally. */
size_t tally_pair_n_bytes(const struct tally_pair *self);
void tally_pair_pack(const struct tally_pair *self, void *bytes);
void tally_pair_unpack(struct tally_pair *self, const void *bytes);
/** Whether sums from a file can be those of n_blocks blocks. */
bool tally_pair_is_sound(const struct tally_pair *self, uint64_t n_blocks);

/**
 * Add to the statistics of the policy, whose dimension "attempt" has the attempts of whoever allows
 * more (dataset_join sees to that), where they are there: outcome_rate, seats_per_candidate,
 * refreshers_per_candidate, cost_per_candidate, days_to_certification_mean, each with its _mcse.
 * @param differences  also X_difference and X_difference_mcse of these and of the rates by attempt,
 *                     policy less base
 */
enum err_code tally_pair_statistics(const struct tally_pair *self, bool differences,
                                    struct dataset *out, struct err *err);

/** The same of the base, without differences: add to its statistics. */
enum err_code tally_pair_base_statistics(const struct tally_pair *self, struct dataset *out,
                                         struct err *err);

#endif
