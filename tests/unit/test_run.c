/* The run: the same bytes whatever the threads and the lanes; progress; the two ways to end early.
 * SPDX-License-Identifier: Apache-2.0 */
#include "policy.h"

#include <retake/engine/run.h>

static void digest_of(const struct engine_plan *plan, int n_threads, int n_lanes, char hex[33])
{
    struct engine_options options = {.n_threads = n_threads, .n_lanes = n_lanes};
    struct tally *tally;
    struct dataset dataset = {0};
    struct err err = {0};
    cr_assert_eq(engine_run(plan, &options, &tally, &err), ERR_OK, "%s", err.detail);
    cr_assert_eq(tally_statistics(tally, &dataset, &err), ERR_OK, "%s", err.detail);
    dataset_digest(&dataset, hex);
    dataset_free(&dataset);
    tally_free(tally);
}

static void expect_one_digest(const char *text, const char *bank, int64_t n_candidates)
{
    static const int threads[] = {1, 2, 3, 8, 0}, lanes[] = {1, 7, 0, 64, 2};
    char first[33], other[33], set[64];
    struct scenario scenario;
    struct engine_plan plan;
    struct err err = {0};
    policy_scenario(text, bank, &scenario);
    snprintf(set, sizeof set, "engine.candidates=%lld", (long long)n_candidates);
    policy_set(&scenario, set);
    cr_assert_eq(engine_plan_init(&scenario, &plan, &err), ERR_OK, "%s", err.detail);
    digest_of(&plan, threads[0], lanes[0], first);
    for (size_t k = 1; k < sizeof threads / sizeof *threads; k++) {
        digest_of(&plan, threads[k], lanes[k], other);
        cr_expect_str_eq(other, first, "%lld candidates, %d threads, %d lanes",
                         (long long)n_candidates, threads[k], lanes[k]);
    }
    engine_plan_free(&plan);
    config_scenario_free(&scenario);
}

Test(run, does_not_depend_on_threads_and_lanes)
{
    static const int64_t sizes[] = {1, 255, 256, 257, 1023, 1024, 1025, 2048, 3333};
    char bank[256];
    policy_bank(20, bank);
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        expect_one_digest(POLICY_CAT, bank, sizes[k]);
        expect_one_digest(POLICY_NORMAL, NULL, sizes[k]);
    }
    unlink(bank);
}

/* What the callback was told. */
struct watch {
    uint64_t n_calls, n_done, n_total, stop_at;
    sig_atomic_t stop;
    bool is_rising;
};

static void note(uint64_t n_done, uint64_t n_total, void *context)
{
    struct watch *self = context;
    self->is_rising = self->is_rising && n_done > self->n_done;
    self->n_calls++;
    self->n_done = n_done;
    self->n_total = n_total;
    if (self->n_calls == self->stop_at)
        __atomic_store_n(&self->stop, 1, __ATOMIC_RELAXED);
}

static enum err_code watch_run(const char *candidates, int n_threads, struct watch *watch,
                               struct err *err)
{
    struct scenario scenario;
    struct engine_plan plan;
    struct engine_options options = {
        .n_threads = n_threads, .progress = note, .context = watch, .stop = &watch->stop};
    struct tally *tally = (struct tally *)watch; /* must be overwritten */
    watch->is_rising = true;
    policy_scenario(POLICY_NORMAL, NULL, &scenario);
    policy_set(&scenario, candidates);
    cr_assert_eq(engine_plan_init(&scenario, &plan, err), ERR_OK, "%s", err->detail);
    engine_run(&plan, &options, &tally, err);
    cr_expect_eq(tally != NULL, err->code == ERR_OK);
    tally_free(tally);
    engine_plan_free(&plan);
    config_scenario_free(&scenario);
    return err->code;
}

Test(run, tells_of_each_chunk)
{
    struct watch watch = {0};
    struct err err = {0};
    cr_expect_eq(watch_run("engine.candidates=5000", 3, &watch, &err), ERR_OK);
    cr_expect_eq(watch.n_calls, 5);
    cr_expect_eq(watch.n_done, 5000);
    cr_expect_eq(watch.n_total, 5000);
    cr_expect(watch.is_rising);
}

Test(run, ends_early_on_request)
{
    struct watch watch = {.stop_at = 2};
    struct err err = {0};
    cr_expect_eq(watch_run("engine.candidates=1000000", 1, &watch, &err), ERR_INTERRUPTED);
    cr_expect_eq(watch.n_calls, 2, "a single thread ends before its next chunk");
    cr_expect_str_eq(err.detail, "interrupted after 2048 of 1000000 candidates");
}

Test(run, ends_before_it_begins)
{
    struct watch watch = {.stop = 1};
    struct err err = {0};
    cr_expect_eq(watch_run("engine.candidates=1000000", 2, &watch, &err), ERR_INTERRUPTED);
    cr_expect_eq(watch.n_calls, 0);
}

Test(run, is_whole_when_the_request_comes_too_late)
{
    struct watch watch = {.stop_at = 2};
    struct err err = {0};
    cr_expect_eq(watch_run("engine.candidates=2000", 1, &watch, &err), ERR_OK);
}

/* A callback that makes a run of its own. */
static void nest(uint64_t n_done, uint64_t n_total, void *context)
{
    struct watch inner = {0};
    struct err err = {0};
    (void)n_done, (void)n_total;
    *(enum err_code *)context = watch_run("engine.candidates=2000", 2, &inner, &err);
}

Test(run, within_the_callback_of_another, .timeout = 60)
{
    struct scenario scenario;
    struct engine_plan plan;
    struct tally *tally;
    struct err err = {0};
    enum err_code inner = ERR_INTERNAL;
    struct engine_options options = {.n_threads = 2, .progress = nest, .context = &inner};
    policy_scenario(POLICY_NORMAL, NULL, &scenario);
    cr_assert_eq(engine_plan_init(&scenario, &plan, &err), ERR_OK, "%s", err.detail);
    cr_expect_eq(engine_run(&plan, &options, &tally, &err), ERR_OK, "%s", err.detail);
    cr_expect_eq(inner, ERR_OK);
    tally_free(tally);
    engine_plan_free(&plan);
    config_scenario_free(&scenario);
}

Test(run, more_threads_than_work)
{
    struct watch watch = {0};
    struct err err = {0};
    cr_expect_eq(watch_run("engine.candidates=2", 100000, &watch, &err), ERR_OK);
    cr_expect_eq(watch.n_calls, 1);
    cr_expect_geq(engine_default_threads(), 1);
}

/* In pieces of any size, packed and unpacked between them: as in one go. */
Test(run, can_pause_and_go_on_from_bytes)
{
    static const uint64_t ends[] = {256, 256, 1280, 1536, 3333};
    struct scenario scenario;
    struct engine_plan plan;
    struct engine_state state;
    struct engine_options options = {.n_threads = 2};
    struct dataset dataset = {0};
    struct err err = {0};
    char whole[33], pieces[33], bank[256];
    policy_bank(20, bank);
    policy_scenario(POLICY_CAT, bank, &scenario);
    policy_set(&scenario, "engine.candidates=3333");
    cr_assert_eq(engine_plan_init(&scenario, &plan, &err), ERR_OK, "%s", err.detail);
    digest_of(&plan, 1, 1, whole);
    cr_assert_eq(engine_state_init(&plan, 0, &state, &err), ERR_OK);
    void *bytes = malloc(tally_n_bytes(&plan.shape));
    for (size_t k = 0; k < sizeof ends / sizeof *ends; k++) {
        cr_assert_eq(engine_advance(&plan, &options, ends[k], &state, &err), ERR_OK);
        cr_expect_eq(state.next, ends[k]);
        tally_pack(state.total, bytes);
        tally_free(state.total);
        state.total = tally_new(&plan.shape);
        tally_unpack(state.total, bytes);
    }
    cr_assert_eq(tally_statistics(state.total, &dataset, &err), ERR_OK);
    dataset_digest(&dataset, pieces);
    cr_expect_str_eq(pieces, whole);
    free(bytes);
    dataset_free(&dataset);
    engine_state_free(&state);
    engine_plan_free(&plan);
    config_scenario_free(&scenario);
    unlink(bank);
}

Test(run, pauses_by_the_clock_without_a_gap)
{
    struct scenario scenario;
    struct engine_plan plan;
    struct engine_state state;
    struct engine_options options = {.n_threads = 3, .pause_s = 1e-9};
    struct err err = {0};
    policy_scenario(POLICY_NORMAL, NULL, &scenario);
    cr_assert_eq(engine_plan_init(&scenario, &plan, &err), ERR_OK, "%s", err.detail);
    cr_assert_eq(engine_state_init(&plan, 0, &state, &err), ERR_OK);
    cr_expect_eq(engine_advance(&plan, &options, 100000, &state, &err), ERR_OK);
    cr_expect_lt(state.next, 100000);
    cr_expect_eq(state.next % TALLY_BLOCK, 0);
    engine_state_free(&state);
    engine_plan_free(&plan);
    config_scenario_free(&scenario);
}
