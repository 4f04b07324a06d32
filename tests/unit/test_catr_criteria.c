/* Selection criteria against catR 3.17: nine fixed states of a session (3, 10 and 15 answers on the
 * first 100 items of three banks), the value of each criterion for the available items. catR
 * integrates with the step of the grid and a density that integrates to 1; here common factors are
 * left out. SPDX-License-Identifier: Apache-2.0 */

#include "fixture.h"

#include "rules.h"
#include "select.h"
#include "sets.h"

/* A column of criteria_values.csv; each test is a process of its own: no pointers. */
struct column {
    char name[16], rule[24], estimator[8], information[12];
    double factor, tolerance; /* relative above 1 */
};

enum { N_ITEMS = 100 };

static const double step = 0.25, density = 0.3989422804014327; /* 1/sqrt(2 pi) */

struct state {
    struct irt_bank bank;
    struct scenario scenario;
    struct cat_design design;
    struct cat_workspace workspace;
    struct cat_session *session;
    double theta;
    uint32_t place[N_ITEMS + 1]; /* design order of the item with an id */
};

static void make_design(struct state *self, const struct column *column, const char *bank)
{
    char rule[64], estimator[64], information[64], name[3] = {bank[0], bank[1], '\0'};
    struct err err = {0};
    snprintf(rule, sizeof rule, "exam.select.rule=%s", column->rule);
    snprintf(estimator, sizeof estimator, "exam.estimate.rule=%s", column->estimator);
    snprintf(information, sizeof information, "exam.select.information=%s", column->information);
    fixture_oracle_bank(name, &self->bank);
    self->bank.n_items = N_ITEMS;
    fixture_scenario(&self->scenario, "exam.min_items=20", "exam.max_items=20",
                     "exam.pilot_items=0", "exam.time_limit_min=none", "exam.stop.rule=fixed", rule,
                     estimator, information, NULL);
    fixture_design(&self->scenario, &self->bank, &self->design);
    self->design.is_lazy = false;
    cr_assert_eq(cat_workspace_init(&self->design, 1, &self->workspace, &err), ERR_OK);
    self->session = self->workspace.sessions;
    for (uint32_t i = 0; i < N_ITEMS; i++)
        self->place[self->design.order[i] + 1] = i;
}

/* Give the answers of a row of criteria_states.csv, whichever items the rule would have chosen. */
static void state_init(struct state *self, const struct column *column, const struct csv_table *t,
                       size_t row)
{
    const char *items = fixture_text(t, row, "items"), *answers = fixture_text(t, row, "resp");
    *self = (struct state){.theta = fixture_real(t, row, "theta")};
    make_design(self, column, fixture_text(t, row, "bank"));
    cat_session_begin(&self->design, rng_published(1, 1), NULL, self->session);
    for (size_t k = 0; answers[k]; k++) {
        uint8_t answer = answers[k] == '1';
        self->session->item = self->place[strtoul(items, (char **)&items, 10)];
        items += *items == ';';
        cat_block_with_enemies(&self->design, self->session, self->session->item);
        cat_sessions_record(&self->design, &self->session, 1, &answer, NULL);
    }
    if (strcmp(column->estimator, "map") == 0)
        cr_assert_float_eq(self->session->seen.theta, self->theta, 1e-10);
}

static void state_free(struct state *self)
{
    cat_workspace_free(&self->workspace);
    cat_design_free(&self->design);
    config_scenario_free(&self->scenario);
    irt_bank_free(&self->bank);
}

static double value_of(struct state *self, uint32_t item)
{
    const struct cat_select_rule *rule = self->design.select;
    double value;
    if (!rule->criterion)
        return irt_information(&self->design.items[item], self->theta);
    rule->criterion(rule, &self->design, self->session, self->theta, &item, 1, &value);
    return value;
}

/* Every item of one state; returns how many were compared. */
static size_t compare(struct state *self, const struct column *column,
                      const struct csv_table *values, double number)
{
    const struct cat_available all = {.domain = CAT_ALL_DOMAINS};
    size_t n = 0;
    for (size_t row = 0; row < values->n_rows; row++) {
        if (fixture_real(values, row, "state") != number)
            continue;
        uint32_t item = self->place[(size_t)fixture_real(values, row, "item")];
        double theirs = fixture_real(values, row, column->name);
        double ours = column->factor * value_of(self, item);
        cr_assert(cat_is_available(self->session, all, item));
        cr_assert_float_eq(ours, theirs, column->tolerance * fmax(1, fabs(theirs)),
                           "%s, state %g, row %zu: %.15g, not %.15g", column->name, number, row,
                           ours, theirs);
        n++;
    }
    return n;
}

static void expect_same(const struct column *column)
{
    struct arena arena = {0};
    struct csv_table states, values;
    size_t n = 0;
    fixture_table("tests/oracle/catR/criteria_states.csv", &arena, &states);
    fixture_table("tests/oracle/catR/criteria_values.csv", &arena, &values);
    for (size_t row = 0; row < states.n_rows; row++) {
        struct state state;
        state_init(&state, column, &states, row);
        n += compare(&state, column, &values, fixture_real(&states, row, "state"));
        state_free(&state);
    }
    cr_assert_eq(n, values.n_rows);
    cr_log_info("%s: %zu values agree with catR's", column->name, n);
    arena_free(&arena);
}

Test(catr_criteria, values)
{
    static struct column columns[] = {
        {"MFI", "fisher", "map", "observed", 1, 1e-7},
        {"bOpt", "closest_difficulty", "map", "observed", -1, 1e-7},
        {"KL", "kl", "map", "observed", 0, 1e-7},
        {"KLP", "klp", "map", "observed", 0, 1e-7},
        {"MLWI", "mlwi", "map", "observed", 0, 1e-7},
        {"MPWI", "mpwi", "map", "observed", 0, 1e-7},
        {"GDI", "gdi", "map", "observed", 1, 1e-7},
        {"GDIP", "gdip", "map", "observed", 1, 1e-7},
        {"MEI_obs_BM", "mei", "map", "observed", 1, 1e-4},
        {"MEI_fisher_BM", "mei", "map", "expected", 1, 1e-4},
        {"MEI_obs_EAP", "mei", "eap", "observed", 1, 1e-7},
        {"MEPV", "mepv", "eap", "observed", -1, 1e-7},
    };
    columns[2].factor = columns[4].factor = step;
    columns[3].factor = columns[5].factor = step * density;
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        expect_same(&columns[i]);
}
