/* Counting against brute force: random outcomes of three groups, and every statistic counted again
 * here, candidate by candidate, from its description in docs/results-format.md.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/dist.h>
#include <retake/tally/tally.h>

#include "fixture.h"

enum { N_ITEMS = 30, N_GROUPS = 3, N_ATTEMPTS = 6, N = 1000, MAX_SEEN = 20 };

static const char scenario_text[] =
    "bank: none.csv\n"
    "exam: {min_items: 2, max_items: 10, pilot_items: 3, time_limit_min: 30}\n"
    "population:\n"
    "  groups:\n"
    "    a: {weight: 1}\n"
    "    b: {weight: 1}\n"
    "    c: {weight: 1}\n"
    "policy: {attempts_per_cycle: 2, max_cycles: 3, fee: 100, refresher: {fee: 7}}\n";

struct count {
    struct scenario scenario;
    struct irt_bank bank;
    struct pathway_design pathway;
    struct tally_shape shape;
    struct pathway_outcomes outcomes;
    struct dataset dataset;
};

/* ---- outcomes ---- */

static void random_items(struct rng *rng, struct pathway_outcomes *out,
                         struct pathway_sitting *sitting, bool may_repeat)
{
    uint32_t start = rng_below(rng, N_ITEMS);
    sitting->first_item = (uint32_t)out->n_items;
    sitting->n_seen = (uint16_t)rng_below(rng, 14);
    sitting->n_scored = sitting->n_seen < 10 ? sitting->n_seen : 10;
    for (uint32_t i = 0; i < sitting->n_seen; i++) {
        bool again = may_repeat && rng_unit(rng) < 0.3;
        out->items[out->n_items++] = (start + i) % N_ITEMS | (again ? PATHWAY_SEEN_BEFORE : 0);
    }
}

static void random_sitting(struct rng *rng, struct pathway_outcomes *out, bool is_first,
                           bool passed)
{
    struct pathway_sitting *sitting = &out->sittings[out->n_sittings++];
    *sitting = (struct pathway_sitting){
        .proficiency = 2.5 * dist_normal_quantile(rng_unit(rng)),
        .se = rng_unit(rng) < 0.05 ? INFINITY : 0.2 + rng_unit(rng),
        .score = 100 + 1400 * rng_unit(rng),
        .minutes = (float)(30 * rng_unit(rng)),
        .result_day = (int32_t)(out->n_sittings * 37 % 731),
        .stop = (uint8_t)(1 + rng_below(rng, CAT_N_STOPS - 1)),
        .is_competent = rng_unit(rng) < 0.5,
        .passed = passed,
    };
    sitting->theta = sitting->proficiency + dist_normal_quantile(rng_unit(rng));
    for (int k = 0; k < PERSON_N_BUCKETS; k++)
        sitting->misses[k] = (uint16_t)rng_below(rng, 9);
    random_items(rng, out, sitting, !is_first);
}

static void random_outcome(struct rng *rng, struct pathway_outcomes *out)
{
    struct pathway_outcome *one = &out->outcomes[out->n++];
    uint32_t n = rng_below(rng, N_ATTEMPTS + 1);
    bool passed = n > 0 && rng_unit(rng) < 0.6;
    *one = (struct pathway_outcome){.group = rng_below(rng, N_GROUPS),
                                    .n_sittings = n,
                                    .first_sitting = (uint32_t)out->n_sittings,
                                    .n_refreshers = n > 2 ? rng_below(rng, 3) : 0,
                                    .certified_day = -1,
                                    .licensed_day = -1,
                                    .is_window_open = rng_unit(rng) < 0.5};
    uint32_t draw = rng_below(rng, 3);
    if (n == 0)
        one->end = PATHWAY_NEVER_TESTED;
    else
        one->end = passed ? (enum pathway_end)draw : (enum pathway_end)(PATHWAY_WITHDREW + draw);
    if (one->end == PATHWAY_LICENSED || one->end == PATHWAY_CERTIFIED_ONLY)
        one->certified_day = (int32_t)rng_below(rng, 731);
    for (uint32_t k = 0; k < n; k++)
        random_sitting(rng, out, k == 0, passed && k + 1 == n);
}

static void count_init(struct count *self)
{
    struct err err = {0};
    struct rng rng = rng_published(61, 1);
    *self = (struct count){0};
    fixture_yaml(&self->scenario, scenario_text);
    fixture_bank(&self->bank, N_ITEMS);
    self->pathway =
        (struct pathway_design){.scenario = &self->scenario, .max_attempts = N_ATTEMPTS};
    cr_assert_eq(tally_shape_init(&self->pathway, &self->bank, &self->shape, &err), ERR_OK);
    struct pathway_outcomes *out = &self->outcomes;
    out->outcomes = calloc(N, sizeof *out->outcomes);
    out->sittings = calloc((size_t)N * N_ATTEMPTS, sizeof *out->sittings);
    out->items = calloc((size_t)N * N_ATTEMPTS * MAX_SEEN, sizeof *out->items);
    cr_assert(out->outcomes && out->sittings && out->items);
    for (int i = 0; i < N; i++)
        random_outcome(&rng, out);
}

static void add_blocks(struct tally *tally, const struct count *self, const size_t *blocks,
                       size_t n_blocks)
{
    for (size_t k = 0; k < n_blocks; k++) {
        size_t from = blocks[k] * TALLY_BLOCK, left = N - from;
        tally_add_block(tally, &self->outcomes, from, left < TALLY_BLOCK ? left : TALLY_BLOCK);
    }
}

static void count_all(struct count *self)
{
    static const size_t blocks[] = {0, 1, 2, 3};
    struct err err = {0};
    struct tally *tally = tally_new(&self->shape);
    cr_assert(tally);
    add_blocks(tally, self, blocks, 4);
    cr_assert_eq(tally_statistics(tally, &self->dataset, &err), ERR_OK, "%s", err.detail);
    tally_free(tally);
}

static void count_free(struct count *self)
{
    dataset_free(&self->dataset);
    free(self->outcomes.outcomes);
    free(self->outcomes.sittings);
    free(self->outcomes.items);
    irt_bank_free(&self->bank);
    config_scenario_free(&self->scenario);
}

/* ---- brute force ---- */

static const struct dataset_var *var_of(const struct count *self, const char *name)
{
    const struct dataset_var *var = dataset_var(&self->dataset, name);
    cr_assert(var, "no variable %s", name);
    return var;
}

/* A table of sums with one cell per value of a variable, compared with it. */
struct table {
    const struct dataset_var *var;
    double *cells;
};

static struct table table_new(const struct count *self, const char *name)
{
    struct table table = {.var = var_of(self, name)};
    table.cells = calloc(table.var->n, sizeof *table.cells);
    cr_assert(table.cells);
    return table;
}

static void table_check(struct table *self)
{
    for (size_t i = 0; i < self->var->n; i++) {
        double value =
            self->var->type == DATASET_COUNT ? (double)self->var->count[i] : self->var->real[i];
        cr_assert_eq(value, self->cells[i], "%s[%zu]: %g, counted %g", self->var->name, i, value,
                     self->cells[i]);
    }
    free(self->cells);
}

/* Add to the row of all groups (0) and to the group's (1 + group). */
static void table_add(struct table *self, size_t group, size_t at, double value)
{
    size_t of_row = self->var->n / (N_GROUPS + 1);
    cr_assert_lt(at, of_row);
    self->cells[at] += value;
    self->cells[(group + 1) * of_row + at] += value;
}

static size_t bin_by_bounds(const struct count *self, const char *name, double x)
{
    const struct dataset_dim *dim = dataset_dim(&self->dataset, name);
    size_t bin = 0;
    cr_assert(dim && dim->bounds);
    for (size_t k = 1; k < dim->n; k++)
        bin = x >= dim->bounds[2 * k] ? k : bin;
    return bin;
}

static size_t last_day(const struct count *self, const struct pathway_outcome *one)
{
    size_t last = one->first_sitting + one->n_sittings - 1;
    return bin_by_bounds(self, "day_bin", self->outcomes.sittings[last].result_day);
}

Test(tally, counts_by_candidate)
{
    struct count c;
    count_init(&c);
    count_all(&c);
    struct table n = table_new(&c, "n_candidates"), used = table_new(&c, "n_by_attempts_used");
    struct table end = table_new(&c, "n_outcome"), refreshers = table_new(&c, "n_refreshers");
    struct table days = table_new(&c, "n_days_to_certification"), seats = table_new(&c, "seats");
    struct table failed = table_new(&c, "n_failed_all"), lapsed = table_new(&c, "n_lapsed");
    struct table open = table_new(&c, "n_eligible_for_retest");
    struct table fees = table_new(&c, "fees"), courses = table_new(&c, "refresher_fees");
    struct table after = table_new(&c, "n_outcome_by_attempts_used");
    struct table left = table_new(&c, "n_days_to_withdrawal");
    struct table last = table_new(&c, "n_days_to_last_failure");
    for (size_t i = 0; i < N; i++) {
        const struct pathway_outcome *one = &c.outcomes.outcomes[i];
        size_t g = one->group;
        table_add(&n, g, 0, 1);
        table_add(&used, g, one->n_sittings, 1);
        table_add(&end, g, one->end, 1);
        table_add(&after, g, one->n_sittings * PATHWAY_N_ENDS + one->end, 1);
        table_add(&seats, g, 0, one->n_sittings);
        table_add(&fees, g, 0, 100 * one->n_sittings);
        table_add(&courses, g, 0, 7 * one->n_refreshers);
        for (uint32_t k = 0; k < one->n_refreshers; k++)
            table_add(&refreshers, g, k, 1);
        if (one->certified_day >= 0)
            table_add(&days, g, bin_by_bounds(&c, "day_bin", one->certified_day), 1);
        bool did_not_pass = one->n_sittings > 0 && one->end > PATHWAY_AWAITING_GATE;
        bool exhausted = one->end == PATHWAY_ATTEMPTS_EXHAUSTED;
        if (one->end == PATHWAY_WITHDREW || exhausted)
            table_add(exhausted ? &last : &left, g, last_day(&c, one), 1);
        table_add(&failed, g, 0, did_not_pass && exhausted);
        table_add(&open, g, 0, did_not_pass && !exhausted && one->is_window_open);
        table_add(&lapsed, g, 0, did_not_pass && !exhausted && !one->is_window_open);
    }
    struct table *const tables[] = {&n,      &used, &end,  &refreshers, &days,  &seats, &failed,
                                    &lapsed, &open, &fees, &courses,    &after, &left,  &last};
    for (size_t k = 0; k < sizeof tables / sizeof tables[0]; k++)
        table_check(tables[k]);
    count_free(&c);
}

Test(tally, counts_by_sitting)
{
    struct count c;
    count_init(&c);
    count_all(&c);
    struct table n = table_new(&c, "n_attempted"), passed = table_new(&c, "n_passed");
    struct table score = table_new(&c, "n_score"), length = table_new(&c, "n_session_length");
    struct table minutes = table_new(&c, "n_session_minutes");
    struct table stop = table_new(&c, "n_stop_reason"),
                 misses = table_new(&c, "n_misses_by_bucket"),
                 before = table_new(&c, "n_misses_before_retake");
    struct table decision = table_new(&c, "n_decision");
    size_t n_score = dataset_dim(&c.dataset, "score_bin")->n;
    size_t n_minutes = dataset_dim(&c.dataset, "minute_bin")->n;
    for (size_t i = 0; i < N; i++) {
        const struct pathway_outcome *one = &c.outcomes.outcomes[i];
        for (size_t a = 0; a < one->n_sittings; a++) {
            const struct pathway_sitting *s = &c.outcomes.sittings[one->first_sitting + a];
            size_t g = one->group, bin = bin_by_bounds(&c, "minute_bin", (double)s->minutes);
            table_add(&n, g, a, 1);
            table_add(&passed, g, a, s->passed);
            table_add(&score, g, a * n_score + bin_by_bounds(&c, "score_bin", s->score), 1);
            table_add(&minutes, g, a * n_minutes + bin, 1);
            table_add(&length, g, a * 11 + s->n_scored, 1);
            table_add(&stop, g, a * (CAT_N_STOPS - 1) + s->stop - 1, 1);
            table_add(&decision, g, 4 * a + 2 * (size_t)s->is_competent + s->passed, 1);
            for (size_t k = 0; k < PERSON_N_BUCKETS; k++)
                table_add(&misses, g, a * PERSON_N_BUCKETS + k, s->misses[k]);
            for (size_t k = 0; a + 1 < one->n_sittings && k < PERSON_N_BUCKETS; k++)
                table_add(&before, g, a * PERSON_N_BUCKETS + k, s->misses[k]);
        }
    }
    struct table *const tables[] = {&n,    &passed, &score,    &length, &minutes,
                                    &stop, &misses, &decision, &before};
    for (size_t k = 0; k < sizeof tables / sizeof tables[0]; k++)
        table_check(tables[k]);
    count_free(&c);
}

/* ---- rates ---- */

/* What a candidate adds to a rate at attempt a: y of n. */
struct part {
    double y, n;
};

typedef struct part rate_part(const struct count *self, const struct pathway_outcome *one,
                              size_t a);

/* The last sitting up to attempt a, or NULL. */
static const struct pathway_sitting *last_until(const struct count *self,
                                                const struct pathway_outcome *one, size_t a)
{
    if (one->n_sittings == 0)
        return NULL;
    size_t last = a + 1 < one->n_sittings ? a : one->n_sittings - 1;
    return &self->outcomes.sittings[one->first_sitting + last];
}

static struct part pass_part(const struct count *self, const struct pathway_outcome *one, size_t a)
{
    if (a >= one->n_sittings)
        return (struct part){0, 0};
    return (struct part){self->outcomes.sittings[one->first_sitting + a].passed, 1};
}

static struct part cumulative_part(const struct count *self, const struct pathway_outcome *one,
                                   size_t a)
{
    const struct pathway_sitting *last = last_until(self, one, a);
    return last ? (struct part){last->passed, 1} : (struct part){0, 0};
}

static struct part false_pass_part(const struct count *self, const struct pathway_outcome *one,
                                   size_t a)
{
    const struct pathway_sitting *last = last_until(self, one, a);
    return last && !last->is_competent ? (struct part){last->passed, 1} : (struct part){0, 0};
}

static struct part false_fail_part(const struct count *self, const struct pathway_outcome *one,
                                   size_t a)
{
    const struct pathway_sitting *last = last_until(self, one, a);
    return last && last->is_competent ? (struct part){!last->passed, 1} : (struct part){0, 0};
}

enum { N_BLOCKS = (N + TALLY_BLOCK - 1) / TALLY_BLOCK };

/* R = Y/N and its error over blocks, from the parts of each block. */
static void check_ratio(const struct part *blocks, double value, double error, const char *name,
                        size_t at)
{
    double y = 0, n = 0, residual = 0;
    for (int b = 0; b < N_BLOCKS; b++) {
        y += blocks[b].y;
        n += blocks[b].n;
    }
    if (n == 0) {
        cr_assert(isnan(value) && isnan(error), "%s[%zu]", name, at);
        return;
    }
    for (int b = 0; b < N_BLOCKS; b++)
        residual += pow(blocks[b].y - y / n * blocks[b].n, 2);
    double expected = sqrt((double)N_BLOCKS / (N_BLOCKS - 1) * residual) / n;
    cr_assert_float_eq(value, y / n, 1e-7 * (1 + fabs(value)), "%s[%zu]: %g", name, at, value);
    cr_assert_float_eq(error, expected, 1e-6 * expected + 1e-9, "%s_mcse[%zu]: %g, not %g", name,
                       at, error, expected);
}

static void check_rate(const struct count *self, const char *name, rate_part *part)
{
    char mcse[64];
    snprintf(mcse, sizeof mcse, "%s_mcse", name);
    const struct dataset_var *value = var_of(self, name), *error = var_of(self, mcse);
    cr_assert_str_eq(value->ancillary, mcse);
    for (size_t row = 0; row <= N_GROUPS; row++)
        for (size_t a = 0; a < N_ATTEMPTS; a++) {
            struct part blocks[N_BLOCKS] = {{0, 0}};
            for (size_t i = 0; i < N; i++) {
                const struct pathway_outcome *one = &self->outcomes.outcomes[i];
                struct part p = part(self, one, a);
                if (row > 0 && one->group != row - 1)
                    continue;
                blocks[i / TALLY_BLOCK].y += p.y;
                blocks[i / TALLY_BLOCK].n += p.n;
            }
            size_t at = row * N_ATTEMPTS + a;
            check_ratio(blocks, value->real[at], error->real[at], name, at);
        }
}

Test(tally, rates_by_attempt)
{
    struct count c;
    count_init(&c);
    count_all(&c);
    check_rate(&c, "pass_rate", pass_part);
    check_rate(&c, "cumulative_pass_rate", cumulative_part);
    check_rate(&c, "false_pass_rate", false_pass_part);
    check_rate(&c, "false_fail_rate", false_fail_part);
    count_free(&c);
}

enum theta_what { PASS, BIAS, SQUARE, SE };

static struct part theta_part(const struct pathway_sitting *s, enum theta_what what)
{
    double error = s->theta - s->proficiency;
    if (what == SE)
        return isfinite(s->se) ? (struct part){s->se, 1} : (struct part){0, 0};
    return (struct part){what == PASS ? s->passed : what == BIAS ? error : error * error, 1};
}

static void check_theta(const struct count *self, const char *name, enum theta_what what)
{
    size_t n_bins = dataset_dim(&self->dataset, "theta_bin")->n;
    const struct dataset_var *value = var_of(self, name);
    const struct dataset_var *error = var_of(self, value->ancillary);
    for (size_t a = 0; a < N_ATTEMPTS; a++)
        for (size_t bin = 0; bin < n_bins; bin++) {
            struct part blocks[N_BLOCKS] = {{0, 0}};
            for (size_t i = 0; i < N; i++) {
                const struct pathway_outcome *one = &self->outcomes.outcomes[i];
                const struct pathway_sitting *s = &self->outcomes.sittings[one->first_sitting + a];
                if (a >= one->n_sittings || bin_by_bounds(self, "theta_bin", s->proficiency) != bin)
                    continue;
                blocks[i / TALLY_BLOCK].y += theta_part(s, what).y;
                blocks[i / TALLY_BLOCK].n += theta_part(s, what).n;
            }
            size_t at = a * n_bins + bin;
            double v = value->real[at], e = error->real[at];
            if (what == SQUARE) { /* the root, and its error by the delta method */
                e *= 2 * v;
                v *= v;
            }
            check_ratio(blocks, v, e, name, at);
        }
}

Test(tally, errors_of_the_estimate_by_ability)
{
    struct count c;
    count_init(&c);
    count_all(&c);
    check_theta(&c, "pass_rate_theta", PASS);
    check_theta(&c, "theta_bias", BIAS);
    check_theta(&c, "theta_rmse", SQUARE);
    check_theta(&c, "theta_se", SE);
    count_free(&c);
}

/* Of all sittings; of retake sittings, those in which a known item came. */
static void check_items(const struct count *self, const char *name, bool again)
{
    const struct dataset_var *value = var_of(self, name), *error = var_of(self, value->ancillary);
    cr_assert_eq(value->n, N_ITEMS);
    for (size_t item = 0; item < N_ITEMS; item++) {
        struct part blocks[N_BLOCKS] = {{0, 0}};
        for (size_t i = 0; i < N; i++) {
            const struct pathway_outcome *one = &self->outcomes.outcomes[i];
            for (size_t a = again; a < one->n_sittings; a++) {
                const struct pathway_sitting *s = &self->outcomes.sittings[one->first_sitting + a];
                blocks[i / TALLY_BLOCK].n++;
                for (uint32_t k = 0; k < s->n_seen; k++) {
                    uint32_t shown = self->outcomes.items[s->first_item + k];
                    bool counts = !again || (shown & PATHWAY_SEEN_BEFORE);
                    if ((shown & (PATHWAY_SEEN_BEFORE - 1)) == item && counts)
                        blocks[i / TALLY_BLOCK].y++;
                }
            }
        }
        check_ratio(blocks, value->real[item], error->real[item], name, item);
    }
}

Test(tally, items)
{
    struct count c;
    count_init(&c);
    count_all(&c);
    check_items(&c, "item_exposure_rate", false);
    check_items(&c, "item_seen_again_rate", true);
    count_free(&c);
}

/* ---- merging ---- */

static void digest_in_order(const struct count *self, const size_t *blocks, size_t n_first,
                            char hex[33])
{
    struct err err = {0};
    struct dataset dataset;
    struct tally *first = tally_new(&self->shape), *second = tally_new(&self->shape);
    cr_assert(first && second);
    add_blocks(first, self, blocks, n_first);
    add_blocks(second, self, blocks + n_first, 4 - n_first);
    tally_merge(first, second);
    cr_assert_eq(tally_statistics(first, &dataset, &err), ERR_OK);
    dataset_digest(&dataset, hex);
    dataset_free(&dataset);
    tally_free(first);
    tally_free(second);
}

Test(tally, the_order_of_blocks_and_merges_is_no_matter)
{
    static const size_t orders[][4] = {{0, 1, 2, 3}, {3, 2, 1, 0}, {1, 3, 0, 2}};
    struct count c;
    char first[33], hex[33];
    count_init(&c);
    digest_in_order(&c, orders[0], 0, first);
    for (size_t k = 0; k < 3; k++)
        for (size_t n = 0; n <= 4; n++) {
            digest_in_order(&c, orders[k], n, hex);
            cr_assert_str_eq(hex, first);
        }
    count_free(&c);
}
