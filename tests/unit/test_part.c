/* Shards cover every candidate once, in whole blocks; what is no state of a run is refused.
 * SPDX-License-Identifier: Apache-2.0 */
#include "cells.h"
#include "part.h"

#include <retake/study/record.h>

#include "policy.h"

Test(part, shards_tile_a_run_evenly)
{
    static const uint64_t candidates[] = {1, 255, 256, 257, 5000, 1000000, UINT64_C(999999999999)};
    static const uint64_t shards[] = {1, 2, 3, 7, 64, 1000, 1000000};
    for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++)
        for (size_t k = 0; k < sizeof shards / sizeof *shards; k++) {
            uint64_t reached = 0, n_blocks = (candidates[i] + TALLY_BLOCK - 1) / TALLY_BLOCK;
            for (uint64_t s = 1; s <= shards[k]; s++) {
                uint64_t first, end;
                study_part_range(candidates[i], s, shards[k], &first, &end);
                cr_assert(first == reached && end >= first);
                cr_assert(end % TALLY_BLOCK == 0 || end == candidates[i]);
                cr_assert_leq((end - first + TALLY_BLOCK - 1) / TALLY_BLOCK,
                              n_blocks / shards[k] + 1);
                reached = end;
            }
            cr_expect_eq(reached, candidates[i]);
        }
}

Test(part, twice_as_many_shards_cut_each_in_two)
{
    for (uint64_t s = 1; s <= 7; s++) {
        uint64_t first, end, half[2][2];
        study_part_range(30000, s, 7, &first, &end);
        study_part_range(30000, 2 * s - 1, 14, &half[0][0], &half[0][1]);
        study_part_range(30000, 2 * s, 14, &half[1][0], &half[1][1]);
        cr_expect(half[0][0] == first && half[0][1] == half[1][0] && half[1][1] == end);
    }
}

static void expect_refused(const struct store_result *result, const char *why)
{
    struct study_part part;
    struct err err = {0};
    cr_expect_eq(study_part_take("a.h5", result, &part, &err), ERR_INPUT);
    cr_expect(strstr(err.detail, why) && strstr(err.detail, "a.h5"), "%s", err.detail);
}

Test(part, what_is_put_is_taken)
{
    enum { FIRST = 16, NEXT = 24 }; /* where the head has them */
    struct scenario scenario;
    struct engine_plan plan;
    struct engine_state state;
    struct store_result result = {0};
    struct study_part part;
    struct err err = {0};
    const struct engine_options options = {.n_threads = 1};
    policy_scenario(POLICY_NORMAL, NULL, &scenario);
    expect_refused(&result, "neither a checkpoint nor a shard");
    cr_assert_eq(engine_plan_init(&scenario, &plan, &err), ERR_OK, "%s", err.detail);
    cr_assert_eq(engine_state_init(&plan, 512, &state, &err), ERR_OK);
    cr_assert_eq(engine_advance(&plan, &options, 1024, &state, &err), ERR_OK);
    cr_assert_eq(study_part_put(&result, &plan, &state, 5000, &err), ERR_OK);
    cr_assert_eq(study_part_take("a.h5", &result, &part, &err), ERR_OK, "%s", err.detail);
    cr_expect(part.first == 512 && part.next == 1024 && part.end == 5000);
    cr_assert_eq(part.n_tally, tally_n_bytes(&plan.shape));
    unsigned char *packed = malloc(part.n_tally);
    cr_assert(packed);
    tally_pack(state.total, packed);
    cr_expect_eq(memcmp(packed, part.tally, part.n_tally), 0);
    free(packed);

    unsigned char *bytes = (unsigned char *)result.state.bytes;
    bytes[NEXT] ^= 1; /* no whole block */
    expect_refused(&result, "contradicts itself");
    bytes[NEXT] ^= 1;
    bytes[FIRST + 7] = 1; /* beyond the end */
    expect_refused(&result, "contradicts itself");
    bytes[FIRST + 7] = 0;
    result.state.n_bytes--;
    expect_refused(&result, "contradicts itself");
    result.state.n_bytes++;
    bytes[12]++;
    expect_refused(&result, "another version");
    result.state.n_bytes = 20;
    expect_refused(&result, "another version");
    engine_state_free(&state);
    engine_plan_free(&plan);
    store_result_free(&result);
    config_scenario_free(&scenario);
}

/* Words of the counters as a hostile file may have it: refused in one line, or without a
 * change to the statistics, and nothing overflows. */
Test(part, counters_must_give_the_statistics)
{
    static const int64_t values[] = {INT64_MAX, INT64_MIN, -1, INT64_C(1) << 40};
    enum { HEAD_BYTES = 88, STRIDE = 7 };
    struct scenario scenario;
    struct engine_plan plan;
    struct engine_state state;
    struct store_result result = {0};
    struct study_part part;
    struct dataset dataset;
    char digest[33];
    struct err err = {0};
    const struct engine_options options = {.n_threads = 1};
    policy_scenario(POLICY_NORMAL, NULL, &scenario);
    policy_set(&scenario, "policy.horizon_days=20"); /* few words */
    cr_assert_eq(engine_plan_init(&scenario, &plan, &err), ERR_OK, "%s", err.detail);
    cr_assert_eq(engine_state_init(&plan, 512, &state, &err), ERR_OK);
    cr_assert_eq(engine_advance(&plan, &options, 1024, &state, &err), ERR_OK);
    cr_assert_eq(study_part_put(&result, &plan, &state, 5000, &err), ERR_OK);
    cr_assert_eq(tally_statistics(state.total, &dataset, &err), ERR_OK);
    dataset_digest(&dataset, digest);
    dataset_free(&dataset);
    cr_assert_eq(study_record_text(&result, "statistics_digest", digest, &err), ERR_OK);
    cr_assert_eq(study_part_take("a.h5", &result, &part, &err), ERR_OK, "%s", err.detail);
    struct tally *counted = tally_new(&plan.shape);
    cr_assert(counted);
    cr_assert_eq(study_part_count("a.h5", &result, &part, &plan.shape, counted, &err), ERR_OK, "%s",
                 err.detail);
    int64_t *words = (int64_t *)(void *)(result.state.bytes + HEAD_BYTES);
    cr_assert_eq((const void *)words, part.tally);
    size_t n_refused = 0, n_words = part.n_tally / sizeof *words;
    for (size_t k = 0; k < n_words; k += STRIDE)
        for (size_t v = 0; v < sizeof values / sizeof values[0]; v++) {
            int64_t kept = words[k];
            words[k] = values[v];
            err = (struct err){0};
            study_part_count("a.h5", &result, &part, &plan.shape, counted, &err);
            n_refused += err.code == ERR_INPUT &&
                         strstr(err.detail, "its counters do not give its statistics");
            cr_assert(err.code == ERR_INPUT || err.code == ERR_OK);
            words[k] = kept;
        }
    cr_expect_gt(n_refused, 2 * n_words / STRIDE, "%zu of %zu", n_refused, n_words);
    /* A sum that is 0 shows in no statistic of its own where its denominator is 0 too, and would in
     * those of a whole: nothing else may stand there. Ratios are five sums of two words, the last.
     */
    for (size_t k = n_words - 10 * counted->n_ratios; k < n_words; k++) {
        if (words[k] != 0)
            continue;
        err = (struct err){0};
        words[k] = 1;
        cr_expect_eq(study_part_count("a.h5", &result, &part, &plan.shape, counted, &err),
                     ERR_INPUT, "word %zu of %zu", k, n_words);
        words[k] = 0;
    }
    err = (struct err){0};
    part.n_tally -= 8;
    cr_expect_eq(study_part_count("a.h5", &result, &part, &plan.shape, counted, &err), ERR_INPUT);
    tally_free(counted);
    store_result_free(&result);
    engine_state_free(&state);
    engine_plan_free(&plan);
    config_scenario_free(&scenario);
}
