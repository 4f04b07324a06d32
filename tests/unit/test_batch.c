/* The batch under way in the checkpoint of a sweep, with words as a hostile file may have them:
 * refused, or nothing overflows when it is merged and made into statistics.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/engine/batch.h>

#include "policy.h"

enum { STRIDE = 61 };

/* What comes of a batch that was taken. */
static void use_batch(const struct engine_batch *self)
{
    struct dataset dataset = {0};
    struct err err = {0};
    tally_merge(self->totals[0], self->base_total);
    cr_assert_eq(tally_statistics(self->totals[0], &dataset, &err), ERR_OK, "%s", err.detail);
    tally_pair_statistics(self->pairs[0], true, &dataset, &err);
    cr_assert_eq(err.code, ERR_OK, "%s", err.detail);
    dataset_free(&dataset);
}

Test(batch, bytes_of_a_file_are_held_to_what_can_be)
{
    static const int64_t values[] = {INT64_MAX, INT64_MIN, -1};
    struct scenario scenario;
    struct engine_plan plan;
    struct engine_batch batch;
    struct err err = {0};
    const struct engine_options options = {.n_threads = 1};
    policy_scenario(POLICY_NORMAL, NULL, &scenario);
    policy_set(&scenario, "policy.horizon_days=20"); /* few words */
    cr_assert_eq(engine_plan_init(&scenario, &plan, &err), ERR_OK, "%s", err.detail);
    const struct engine_plan *const plans[] = {&plan};
    cr_assert_eq(engine_batch_init(&plan, plans, 1, &batch, &err), ERR_OK);
    cr_assert_eq(engine_batch_advance(&batch, &options, &err), ERR_OK);
    size_t n_words = engine_batch_n_bytes(&batch) / sizeof(int64_t), n_refused = 0, n_tried = 0;
    int64_t *words = malloc(n_words * sizeof *words);
    cr_assert(words);
    engine_batch_pack(&batch, words);
    cr_expect(engine_batch_unpack(&batch, words));
    for (size_t k = 0; k < n_words; k += k < STRIDE ? 1 : STRIDE)
        for (size_t v = 0; v < sizeof values / sizeof values[0]; v++, n_tried++) {
            int64_t kept = words[k];
            words[k] = values[v];
            if (engine_batch_unpack(&batch, words))
                use_batch(&batch);
            else
                n_refused++;
            words[k] = kept;
        }
    cr_expect_gt(n_refused, n_tried / 2, "%zu of %zu", n_refused, n_tried);
    words[0] = 256; /* next: no chunk, and not what was counted */
    cr_expect_not(engine_batch_unpack(&batch, words));
    words[0] = 1024; /* a chunk, but not what was counted */
    cr_expect_not(engine_batch_unpack(&batch, words));
    free(words);
    engine_batch_free(&batch);
    engine_plan_free(&plan);
    config_scenario_free(&scenario);
}
