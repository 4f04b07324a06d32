/* Runs to a precision. Witnesses: the published quantiles of t; the rule of three; the run itself:
 * it ends at the first look at which the goal is met, wherever else it paused and on however many
 * threads.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/precision.h>

#include "fixture.h"

static const char scenario_text[] =
    "engine: {candidates: 10000000, seed: 3}\n"
    "exam: {form: normal, sem: 0.3333, cut_theta: -0.55, time_limit_min: none}\n"
    "population: {groups: {all: {theta_mean: 0, theta_sd: 1}}}\n"
    "policy: {attempts_per_cycle: 3, max_cycles: 1}\n";

struct run {
    struct scenario scenario;
    struct engine_plan plan;
    struct engine_state state;
    struct study_precision precision;
};

static void begin(struct run *self, const char *first, const char *second)
{
    struct err err = {0};
    *self = (struct run){0};
    fixture_yaml(&self->scenario, scenario_text);
    cr_assert_eq(engine_plan_init(&self->scenario, &self->plan, &err), ERR_OK, "%s", err.detail);
    cr_assert_eq(engine_state_init(&self->plan, 0, &self->state, &err), ERR_OK);
    cr_assert_eq(study_precision_add(&self->precision, first, &err), ERR_OK, "%s", err.detail);
    if (second)
        cr_assert_eq(study_precision_add(&self->precision, second, &err), ERR_OK);
}

static void end(struct run *self)
{
    engine_state_free(&self->state);
    engine_plan_free(&self->plan);
    config_scenario_free(&self->scenario);
}

/* To the end; a pause wherever pause_s says. */
static void advance(struct run *self, int n_threads, double pause_s, uint64_t most)
{
    struct err err = {0};
    struct engine_options options = {.n_threads = n_threads, .pause_s = pause_s};
    for (;;) {
        uint64_t until;
        cr_assert_eq(study_precision_until(&self->precision, &self->state, most, &until, &err),
                     ERR_OK);
        if (until == self->state.next)
            return;
        cr_assert_eq(engine_advance(&self->plan, &options, until, &self->state, &err), ERR_OK);
    }
}

/* Tables of t at .975. */
Test(precision, half_width_is_t_times_the_error)
{
    cr_expect_float_eq(study_precision_half_width(1, 50), 2.0095752371, 5e-7);
    cr_expect_float_eq(study_precision_half_width(1, 64), 1.9983405425, 5e-7);
    cr_expect_float_eq(study_precision_half_width(1, 101), 1.9839715185, 5e-7);
    cr_expect_float_eq(study_precision_half_width(2, 1001), 2 * 1.9623390808, 5e-7);
    cr_expect_float_eq(study_precision_half_width(0, 300), 0.01, 1e-15);
    cr_expect(isnan(study_precision_half_width((double)NAN, 300)));
}

Test(precision, looks_grow_by_an_eighth_in_whole_chunks)
{
    uint64_t look = 0, n = 0;
    cr_assert_eq(study_precision_next_look(0), 64 * TALLY_BLOCK);
    for (; look < UINT64_C(1000000000000); n++) {
        uint64_t next = study_precision_next_look(look);
        cr_assert(next > look && next % (4 * TALLY_BLOCK) == 0);
        cr_assert(look == 0 || next - look <= look / 8 + 4 * TALLY_BLOCK);
        cr_assert_eq(study_precision_next_look(next - 1), next);
        look = next;
    }
    cr_expect(n < 170, "%d looks", (int)n);
}

Test(precision, the_end_is_the_same_for_any_threads_and_pauses)
{
    struct run plain, broken;
    begin(&plain, "cumulative_pass_rate[attempt=3]=0.002", "pass_rate[attempt=1]=0.003");
    advance(&plain, 1, 0, 10000000);
    cr_expect(plain.precision.is_met);
    cr_expect(plain.precision.goals[0].reached <= 0.002 &&
              plain.precision.goals[1].reached <= 0.003);
    /* .41/sqrt(n) is the error of a share of .79: about 160,000 candidates, at most an eighth late
     * but for the error of the error */
    cr_expect(plain.state.next > 140000 && plain.state.next < 210000, "%llu",
              (unsigned long long)plain.state.next);
    begin(&broken, "cumulative_pass_rate[attempt=3]=0.002", "pass_rate[attempt=1]=0.003");
    advance(&broken, 2, 1e-4, 10000000);
    cr_expect_eq(broken.state.next, plain.state.next);
    cr_expect_eq(broken.precision.goals[0].reached, plain.precision.goals[0].reached);
    end(&plain);
    end(&broken);
}

Test(precision, it_ends_at_the_first_look_that_is_good_enough)
{
    struct run run;
    struct err err = {0};
    begin(&run, "cumulative_pass_rate[attempt=2]=0.003", NULL);
    advance(&run, 2, 0, 10000000);
    uint64_t met_at = run.state.next, look = 0;
    end(&run);
    begin(&run, "cumulative_pass_rate[attempt=2]=0.003", NULL);
    while ((look = study_precision_next_look(look)) < met_at) {
        struct engine_options options = {0};
        cr_assert_eq(engine_advance(&run.plan, &options, look, &run.state, &err), ERR_OK);
        cr_assert_eq(study_precision_look(&run.precision, run.state.total, look, &err), ERR_OK);
        cr_expect_not(run.precision.is_met);
    }
    cr_expect_eq(look, met_at);
    end(&run);
}

Test(precision, a_run_that_falls_short_says_so)
{
    struct run run;
    char line[512];
    begin(&run, "cumulative_pass_rate[attempt=3]=0.0001", NULL);
    advance(&run, 1, 0, 30000);
    study_precision_shortfall(&run.precision, line, sizeof line);
    cr_expect_eq(run.state.next, 30000);
    cr_expect(strstr(line, "30000 candidates") && strstr(line, "attempt=3]=0.0001") &&
                  strstr(line, "reached cumulative_pass_rate[attempt=3]=0.004"),
              "%s", line);
    run.precision.is_met = true;
    study_precision_shortfall(&run.precision, line, sizeof line);
    cr_expect_str_eq(line, "");
    end(&run);
}

/* 10,000 candidates are 40 blocks. */
Test(precision, few_blocks_are_not_believed)
{
    struct run run;
    begin(&run, "cumulative_pass_rate[attempt=3]=0.4", NULL);
    advance(&run, 1, 0, 10000);
    cr_expect(run.precision.goals[0].reached < 0.4 && !run.precision.is_met);
    end(&run);
}

Test(precision, without_goals_a_run_goes_to_its_end)
{
    struct study_precision none = {0};
    struct engine_state state = {.next = 64 * TALLY_BLOCK};
    struct err err = {0};
    uint64_t until = 0;
    cr_assert_eq(study_precision_until(&none, &state, 99999999, &until, &err), ERR_OK);
    cr_expect_eq(until, 99999999);
}

Test(precision, what_is_wrong_is_named)
{
    static const char *const wrong[][2] = {
        {"cumulative_pass_rate[attempt=3]", "ADDRESS=HALFWIDTH is needed"},
        {"pass_rate[attempt=1]=", "ADDRESS=HALFWIDTH is needed"},
        {"=0.1", "ADDRESS=HALFWIDTH is needed"},
        {"0.1", "ADDRESS=HALFWIDTH is needed"},
        {"pass_rate[attempt=1]=0", "must be positive"},
        {"pass_rate[attempt=1]=-1", "must be positive"},
        {"pass_rate[attempt=1]=inf", "must be positive"},
        {"pass_rate[attempt=1]=nan", "must be positive"},
    };
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
        struct study_precision precision = {0};
        struct err err = {0};
        cr_expect_eq(study_precision_add(&precision, wrong[k][0], &err), ERR_USAGE);
        cr_expect(strstr(err.detail, wrong[k][1]), "%s", err.detail);
        cr_expect_eq(precision.n_goals, 0);
    }
    struct study_precision full = {.n_goals = STUDY_MAX_GOALS};
    struct err err = {0};
    cr_expect_eq(study_precision_add(&full, "pass_rate[attempt=1]=0.1", &err), ERR_USAGE);
}

Test(precision, an_address_must_name_a_statistic_with_an_error)
{
    static const char *const wrong[][2] = {
        {"cumulative_pas_rate[attempt=3]=0.1", "did you mean 'cumulative_pass_rate'?"},
        {"cumulative_pass_rate[attempt=4]=0.1", "no attempt is '4'"},
        {"cumulative_pass_rate=0.1", "which attempt?"},
        {"n_attempted[attempt=1]=10", "no standard error"},
        {"cumulative_pass_rate_mcse[attempt=1]=10", "no standard error"},
        {"n_failed_all/n_attempted[attempt=1]=0.1", "not the address of a statistic"},
    };
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
        struct run run;
        struct err err = {0};
        begin(&run, wrong[k][0], NULL);
        cr_expect_eq(study_precision_check(&run.precision, &run.plan, &err), ERR_INPUT, "%s",
                     wrong[k][0]);
        cr_expect(strstr(err.detail, wrong[k][1]), "%s", err.detail);
        end(&run);
    }
    struct run run;
    struct err err = {0};
    begin(&run, "false_pass_rate[attempt=3,group=all]=0.1", NULL);
    cr_expect_eq(study_precision_check(&run.precision, &run.plan, &err), ERR_OK, "%s", err.detail);
    end(&run);
}
