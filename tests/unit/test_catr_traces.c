/* Whole sessions of catR 3.17, replayed: 40 examinees, 30 items, four banks, EAP and ML. With the
 * recorded answers, every step must choose catR's item and reach its estimate. No exception: in
 * these 9,600 steps there is neither a near-tie between items nor a likelihood with two maxima.
 * SPDX-License-Identifier: Apache-2.0 */

#include "fixture.h"

struct trace {
    char bank[4], rule[4]; /* each test is a process of its own: no pointers */
};

struct counts {
    int n_steps;
    double worst_theta, worst_se;
};

enum { N_STEPS = 30 };

/* One replayed session. */
struct replay {
    struct irt_bank bank;
    struct scenario scenario;
    struct cat_design design;
    struct cat_workspace workspace;
    struct cat_session *session;
    uint32_t *place; /* [n_items]: design order of an item of the bank */
    struct csv_table table;
    struct arena arena;
};

static void replay_init(struct replay *self, const struct trace *trace)
{
    char path[128], rule[64];
    struct err err = {0};
    *self = (struct replay){0};
    snprintf(path, sizeof path, "tests/oracle/catR/trace_%s_%s.csv", trace->bank,
             strcmp(trace->rule, "eap") == 0 ? "EAP_MFI" : "ML_MFI_tight");
    snprintf(rule, sizeof rule, "exam.estimate.rule=%s", trace->rule);
    fixture_table(path, &self->arena, &self->table);
    fixture_oracle_bank(trace->bank, &self->bank);
    fixture_scenario(&self->scenario, "exam.min_items=30", "exam.max_items=31",
                     "exam.pilot_items=0", "exam.time_limit_min=none", "exam.stop.rule=fixed", rule,
                     NULL);
    fixture_design(&self->scenario, &self->bank, &self->design);
    cr_assert_eq(cat_workspace_init(&self->design, 1, &self->workspace, &err), ERR_OK);
    self->session = self->workspace.sessions;
    self->place = arena_alloc(&self->arena, self->design.n_items * sizeof *self->place);
    for (uint32_t i = 0; i < self->design.n_items; i++)
        self->place[self->design.order[i]] = i;
}

static void replay_free(struct replay *self)
{
    cat_workspace_free(&self->workspace);
    cat_design_free(&self->design);
    config_scenario_free(&self->scenario);
    irt_bank_free(&self->bank);
    arena_free(&self->arena);
}

/* One step of one session. */
static void replay_step(struct replay *self, size_t row, struct counts *counts)
{
    const struct rule_session *seen = &self->session->seen;
    const struct csv_table *table = &self->table;
    uint8_t answer = (uint8_t)fixture_real(table, row, "response");
    uint32_t expected = self->place[(size_t)fixture_real(table, row, "item") - 1];
    double crit = fixture_real(table, row, "crit"), theta = fixture_real(table, row, "theta");
    double se = fixture_real(table, row, "se");
    cat_sessions_select(&self->design, &self->session, 1);
    cr_assert_eq(self->session->item, expected, "row %zu", row);
    double information = irt_information(&self->design.items[expected], seen->theta);
    cr_assert_float_eq(information, crit, 1e-10, "row %zu", row);
    cat_sessions_record(&self->design, &self->session, 1, &answer, NULL);
    cr_assert_float_eq(seen->theta, theta, 1e-10, "row %zu: %.15g", row, seen->theta);
    cr_assert_float_eq(seen->se / se, 1, 1e-10, "row %zu: %.15g", row, seen->se);
    counts->worst_theta = fmax(counts->worst_theta, fabs(seen->theta - theta));
    counts->worst_se = fmax(counts->worst_se, fabs(seen->se / se - 1));
    counts->n_steps++;
}

static void replay_examinee(struct replay *self, size_t first, struct counts *counts)
{
    cat_session_begin(&self->design, rng_published(1, 1), NULL, self->session);
    for (size_t step = 0; step < N_STEPS; step++) {
        cr_assert_eq(fixture_real(&self->table, first + step, "step"), (double)(step + 1));
        replay_step(self, first + step, counts);
    }
}

static void expect_same(const struct trace *trace)
{
    struct replay replay;
    struct counts n = {0};
    replay_init(&replay, trace);
    cr_assert_eq(replay.table.n_rows, 1200);
    for (size_t row = 0; row < replay.table.n_rows; row += N_STEPS)
        replay_examinee(&replay, row, &n);
    cr_log_info("%s %s: %d steps, the same items; theta within %.1g, se within %.1g (relative)",
                trace->bank, trace->rule, n.n_steps, n.worst_theta, n.worst_se);
    replay_free(&replay);
}

Test(catr_traces, same_items_and_estimates)
{
    static const struct trace traces[] = {{"R1", "eap"}, {"T1", "eap"}, {"U1", "eap"},
                                          {"F1", "eap"}, {"R1", "ml"},  {"T1", "ml"},
                                          {"U1", "ml"},  {"F1", "ml"}};
    for (size_t i = 0; i < sizeof traces / sizeof *traces; i++)
        expect_same(&traces[i]);
}
