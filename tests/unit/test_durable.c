/* The loop of a run and its hooks: wherever it stops to look, the statistics are the same.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/durable.h>

#include "policy.h"

static const struct engine_options defaults = {.n_threads = 2};

/* What the hooks saw: b begun, s saving, S saved, d describe. */
struct watch {
    char seen[64];
    uint64_t ends_at, batch;
    bool fails;
};

static enum err_code note(struct watch *self, const char *letter, struct err *err)
{
    cr_assert_lt(strlen(self->seen), sizeof self->seen - 1);
    strcat(self->seen, letter);
    return self->fails ? err_set(err, ERR_IO, "a hook failed") : ERR_OK;
}

static enum err_code begun(void *context, const struct engine_plan *plan,
                           const struct engine_state *state, bool is_resumed, struct err *err)
{
    cr_expect(plan->scenario && state->next == state->first && !is_resumed);
    return note(context, "b", err);
}

static enum err_code saving(void *context, const struct engine_state *state, struct err *err)
{
    (void)state;
    return note(context, "s", err);
}

static enum err_code saved(void *context, const struct engine_state *state, struct err *err)
{
    (void)state;
    return note(context, "S", err);
}

static enum err_code describe(void *context, const struct engine_state *state,
                              struct store_result *result, struct err *err)
{
    cr_expect_gt(result->provenance.n_attributes, 10);
    (void)state;
    return note(context, "d", err);
}

/* Batches; complete at ends_at. */
static uint64_t until(void *context, const struct engine_state *state, uint64_t end)
{
    const struct watch *self = context;
    uint64_t most = self->ends_at < end ? self->ends_at : end;
    uint64_t next = (state->next / self->batch + 1) * self->batch;
    return next < most ? next : most;
}

static void run(const char *set, struct study_durable *durable, char digest[33],
                int64_t *n_candidates, enum err_code expected)
{
    struct scenario scenario;
    struct store_result result;
    struct err err = {0};
    policy_scenario(POLICY_NORMAL, NULL, &scenario);
    policy_set(&scenario, set);
    cr_assert_eq(study_durable_run(&scenario, &defaults, durable, "h", &result, &err), expected,
                 "%s", err.detail);
    if (expected == ERR_OK) {
        dataset_digest(&result.dataset, digest);
        *n_candidates = dataset_var(&result.dataset, "n_candidates")->count[0];
    }
    store_result_free(&result);
    config_scenario_free(&scenario);
}

Test(durable, hooks_look_at_a_run_and_change_nothing)
{
    char plain[33], watched[33], shorter[33];
    int64_t n = 0;
    struct watch watch = {.ends_at = UINT64_MAX, .batch = 768};
    const struct study_hooks hooks = {&watch, begun, until, saving, saved, describe};
    struct study_durable none = {0}, with_hooks = {.hooks = &hooks};
    run("engine.candidates=5000", &none, plain, &n, ERR_OK);
    run("engine.candidates=5000", &with_hooks, watched, &n, ERR_OK);
    cr_expect_str_eq(plain, watched);
    cr_expect_str_eq(watch.seen, "bsd");

    /* complete before the end: as a run of so many */
    watch = (struct watch){.ends_at = 1536, .batch = 512};
    run("engine.candidates=5000", &with_hooks, shorter, &n, ERR_OK);
    cr_expect_eq(n, 1536);
    run("engine.candidates=1536", &none, plain, &n, ERR_OK);
    cr_expect_str_eq(plain, shorter);
}

Test(durable, a_hook_that_fails_ends_the_run)
{
    char digest[33];
    int64_t n;
    struct watch watch = {.ends_at = UINT64_MAX, .batch = 768, .fails = true};
    const struct study_hooks hooks = {&watch, begun, until, saving, saved, describe};
    struct study_durable durable = {.hooks = &hooks};
    run("engine.candidates=5000", &durable, digest, &n, ERR_IO);
    cr_expect_str_eq(watch.seen, "b");
}

/* More shards than blocks: those without candidates are valid. */
Test(durable, an_empty_shard_is_a_result)
{
    char digest[33];
    int64_t total = 0;
    for (int64_t shard = 1; shard <= 5; shard++) {
        int64_t n = -1;
        struct study_durable durable = {.shard = shard, .n_shards = 5};
        run("engine.candidates=300", &durable, digest, &n, ERR_OK);
        total += n;
    }
    cr_expect_eq(total, 300);
}
