/* A batch: several policies and their base on the same candidates, chunk by chunk, so that they can
 * be compared block by block.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_ENGINE_BATCH_H
#define RETAKE_ENGINE_BATCH_H

#include <retake/engine/run.h>
#include <retake/tally/paired.h>

struct engine_batch {
    const struct engine_plan *base;
    size_t n_plans;
    const struct engine_plan *const *plans; /* [n_plans]; they have the base's groups */
    uint64_t n_candidates, next;            /* candidates 0 .. next - 1 are counted */
    struct tally *base_total;
    struct tally **totals;     /* [n_plans] */
    struct tally_pair **pairs; /* [n_plans] */
};

/**
 * Nothing counted yet. base and plans must live on.
 * @param self  engine_batch_free it, even after failure
 * @return ERR_OK; ERR_MEMORY
 */
enum err_code engine_batch_init(const struct engine_plan *base,
                                const struct engine_plan *const *plans, size_t n_plans,
                                struct engine_batch *self, struct err *err);
void engine_batch_free(struct engine_batch *self);

/**
 * Simulate on up to n_candidates. Where options->stop or options->pause_s end it earlier, the batch
 * holds what is done, without a gap. options->progress counts candidates times plans.
 * @return ERR_OK, also when it paused; ERR_MEMORY: the batch is as before
 */
enum err_code engine_batch_advance(struct engine_batch *self, const struct engine_options *options,
                                   struct err *err);

/** Make the pairs of a batch that is done, where sittings came from a library; others have theirs.
 * @return ERR_OK; ERR_MEMORY */
enum err_code engine_batch_compare(struct engine_batch *self, struct err *err);

/** The batch as bytes: for a checkpoint. Unpacking is for a batch of the same plans;
 * false: the bytes cannot be one. */
size_t engine_batch_n_bytes(const struct engine_batch *self);
void engine_batch_pack(const struct engine_batch *self, void *bytes);
bool engine_batch_unpack(struct engine_batch *self, const void *bytes);

/** About how many bytes one more policy of a batch takes with n_threads threads. */
size_t engine_batch_policy_bytes(const struct engine_plan *plan, int n_threads);

#endif
