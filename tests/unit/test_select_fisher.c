/* Maximum information: the item chosen through bits, bins and bounds is the one that a scan of the
 * whole pool in long double chooses.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/dist.h>

#include "fixture.h"
#include "select.h"
#include "sets.h"

enum model { RASCH, COMMON_A, TWO, THREE, FOUR, STEEP };

struct pool {
    struct irt_bank bank;
    struct scenario scenario;
    struct cat_design design;
    struct cat_workspace workspace;
    struct cat_session *session;
};

static struct irt_item random_item(struct rng *rng, enum model model)
{
    struct irt_item item = {.a = 1, .d = 1, .b = 1.2 * dist_normal_quantile(rng_unit(rng))};
    double a = exp(0.25 * dist_normal_quantile(rng_unit(rng)));
    item.a = model == RASCH ? 1 : model == COMMON_A ? 1.7 : model == STEEP ? 30 * a : a;
    item.c = model == THREE || model == FOUR ? 0.3 * rng_unit(rng) : 0;
    item.d = model == FOUR ? 1 - 0.15 * rng_unit(rng) : 1;
    return item;
}

/* Some items repeat an earlier one, some differ from it in the last digits. */
static void pool_init(struct pool *self, struct rng *rng, enum model model, size_t n, int k)
{
    char sets[2][64];
    struct err err = {0};
    fixture_bank(&self->bank, n);
    for (size_t i = 0; i < n; i++) {
        double u = rng_unit(rng);
        self->bank.items[i] = random_item(rng, model);
        if (i > 0 && u < 0.2)
            self->bank.items[i] = self->bank.items[rng_below(rng, (uint32_t)i)];
        if (u < 0.1)
            self->bank.items[i].b += ldexp(1, -20 - (int)rng_below(rng, 35));
    }
    snprintf(sets[0], 64, "exam.max_items=%zu", n < 80 ? n : 80);
    snprintf(sets[1], 64, "exam.select.randomesque=%d", k);
    fixture_scenario(&self->scenario, "exam.min_items=1", "exam.pilot_items=0", sets[0], sets[1],
                     NULL);
    fixture_design(&self->scenario, &self->bank, &self->design);
    cr_assert_eq(cat_workspace_init(&self->design, 1, &self->workspace, &err), ERR_OK);
    self->session = self->workspace.sessions;
}

static void pool_free(struct pool *self)
{
    cat_workspace_free(&self->workspace);
    cat_design_free(&self->design);
    config_scenario_free(&self->scenario);
    irt_bank_free(&self->bank);
}

/* The next item of a session under way whose estimate is theta; the way that many sessions take at
 * once must lead to the same as the general way. */
static uint32_t choose(const struct pool *self, double theta)
{
    struct cat_session *session = self->session;
    session->seen.n_scored = 1;
    session->seen.theta = theta;
    uint32_t item = cat_select_next(&self->design, session);
    if (!self->design.is_plain)
        return item;
    for (size_t i = 0; self->design.keeps_shown && i < self->design.n_scored; i++)
        session->shown[i] = session->blocked[i >> 6] >> (i & 63) & 1;
    session->item = 0;
    self->design.select->best_of_each(&self->design, &session, 1);
    cr_assert_eq(session->item, item, "%u at once, %u alone, at %.17g", session->item, item, theta);
    return item;
}

static bool is_used(const struct pool *self, size_t item)
{
    return self->session->blocked[item >> 6] >> (item & 63) & 1;
}

/* Each item is used with probability p. */
static void random_use(struct pool *self, struct rng *rng, double p)
{
    cat_session_begin(&self->design, *rng, NULL, self->session);
    for (size_t i = 0; i < self->design.n_scored; i++)
        if (rng_unit(rng) < p)
            self->session->blocked[i >> 6] |= UINT64_C(1) << (i & 63);
}

static long double information(const struct irt_item *item, double theta)
{
    long double a = (long double)item->a, c = (long double)item->c, d = (long double)item->d;
    long double z = a * ((long double)theta - (long double)item->b);
    long double s = 1 / (1 + expl(-z)), t = 1 / (1 + expl(z));
    long double p = c + (d - c) * s, q = (1 - d) + (d - c) * t, dp = a * (d - c) * s * t;
    return dp * dp / (p * q);
}

/* Full scan. @return the best free item, lower index first among equals; n_scored if none */
static size_t scan(const struct pool *self, double theta, long double *best)
{
    size_t item = self->design.n_scored;
    *best = -1;
    for (size_t i = 0; i < self->design.n_scored; i++) {
        long double value = is_used(self, i) ? -1 : information(&self->design.items[i], theta);
        if (value > *best) {
            *best = value;
            item = i;
        }
    }
    return item;
}

static bool are_equal(const struct irt_item *x, const struct irt_item *y)
{
    return x->a == y->a && x->b == y->b && x->c == y->c && x->d == y->d;
}

/* The choice must be the scan's, unless rounding to double makes the two a tie. */
static void check_choice(const struct pool *self, size_t chosen, double theta)
{
    long double best;
    size_t expected = scan(self, theta, &best);
    if (chosen == expected)
        return;
    cr_assert_lt(chosen, self->design.n_scored, "nothing chosen at %.17g", theta);
    cr_assert(!is_used(self, chosen), "item %zu is used", chosen);
    const struct irt_item *items = self->design.items;
    long double loss = (best - information(&items[chosen], theta)) / best;
    long double z =
        (long double)items[chosen].a * ((long double)theta - (long double)items[chosen].b);
    cr_assert_lt((double)loss, 1e-15 * (4 + 4 * (double)fabsl(z)),
                 "item %zu, scan %zu, at %.17g: loss %Lg", chosen, expected, theta, loss);
    cr_assert(!are_equal(&items[chosen], &items[expected]) || expected > chosen,
              "of equal items %zu and %zu the higher", expected, chosen);
}

static double random_theta(struct rng *rng)
{
    double u = rng_unit(rng);
    if (u < 0.05)
        return 12 * rng_unit(rng) - 6; /* also outside the bins */
    if (u < 0.15)
        return (double)rng_below(rng, 257) / 32 - 4; /* edges of bins */
    if (u < 0.17)
        return u < 0.16 ? -4 : 4;
    return 8 * rng_unit(rng) - 4;
}

static void check_pool(struct rng *rng, enum model model, size_t n, int n_trials)
{
    static const double shares[] = {0, 0.02, 0.3, 0.8, 0.97};
    struct pool pool;
    pool_init(&pool, rng, model, n, 1);
    for (int trial = 0; trial < n_trials; trial++) {
        double theta = random_theta(rng);
        random_use(&pool, rng, shares[trial % 5]);
        uint32_t chosen = choose(&pool, theta);
        long double best;
        if (scan(&pool, theta, &best) == n)
            cr_assert_eq(chosen, UINT32_MAX);
        else
            check_choice(&pool, chosen, theta);
    }
    pool_free(&pool);
}

Test(select_fisher, is_a_scan_of_the_whole_pool)
{
    static const size_t sizes[] = {20, 64, 65, 200, 600};
    struct rng rng = rng_published(31, 1);
    for (int model = RASCH; model <= STEEP; model++)
        for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++)
            check_pool(&rng, (enum model)model, sizes[k], 500);
    check_pool(&rng, RASCH, 2000, 500);
    check_pool(&rng, FOUR, 2000, 500);
}

/* A whole test: the best items go one by one, as deep as the lists are. */
Test(select_fisher, as_the_best_are_used_up)
{
    struct rng rng = rng_published(32, 1);
    for (int model = RASCH; model <= STEEP; model++) {
        struct pool pool;
        pool_init(&pool, &rng, (enum model)model, 300, 1);
        for (int trial = 0; trial < 3; trial++) {
            double theta = random_theta(&rng);
            random_use(&pool, &rng, 0);
            for (int step = 0; step < 300; step++) {
                uint32_t chosen = choose(&pool, theta);
                check_choice(&pool, chosen, theta);
                pool.session->blocked[chosen >> 6] |= UINT64_C(1) << (chosen & 63);
                theta += 0.001;
            }
            cr_assert_eq(choose(&pool, theta), UINT32_MAX);
        }
        pool_free(&pool);
    }
}

/* Difficulties -1, -1, -1/2, 1/2, 1, 1: exact ties on both sides of 0. */
Test(select_fisher, ties_go_to_the_lower_index)
{
    static const double b[] = {1, -1, 0.5, -0.5, 1, -1};
    struct pool pool = {0};
    struct err err = {0};
    fixture_bank(&pool.bank, 6);
    for (size_t i = 0; i < 6; i++)
        pool.bank.items[i].b = b[i];
    fixture_scenario(&pool.scenario, "exam.min_items=1", "exam.max_items=6", "exam.pilot_items=0",
                     NULL);
    fixture_design(&pool.scenario, &pool.bank, &pool.design);
    cr_assert_eq(cat_workspace_init(&pool.design, 1, &pool.workspace, &err), ERR_OK);
    pool.session = pool.workspace.sessions;
    cat_session_begin(&pool.design, rng_published(1, 1), NULL, pool.session);
    static const uint32_t in_order[] = {2, 3, 0, 1, 4, 5}; /* -1/2, 1/2, -1, -1, 1, 1 */
    static const uint32_t in_bank[] = {3, 2, 1, 5, 0, 4};
    for (int step = 0; step < 6; step++) {
        uint32_t chosen = choose(&pool, 0);
        cr_assert_eq(chosen, in_order[step], "step %d: %u", step, chosen);
        cr_assert_eq(pool.design.order[chosen], in_bank[step]);
        pool.session->blocked[0] |= UINT64_C(1) << chosen;
    }
    pool_free(&pool);
}

/* ---- randomesque ---- */

/* How many free items are better than each, an equal one before it included. */
static void count_better(const struct pool *self, double theta, size_t *n_better)
{
    static long double values[200];
    const struct irt_item *items = self->design.items;
    size_t n = self->design.n_scored;
    for (size_t i = 0; i < n; i++)
        values[i] = information(&items[i], theta);
    for (size_t i = 0; i < n; i++) {
        n_better[i] = 0;
        for (size_t j = 0; j < n; j++) {
            bool before = j < i && are_equal(&items[j], &items[i]);
            n_better[i] += !is_used(self, j) && (before || values[j] > values[i] * (1 + 1e-14L));
        }
    }
}

static void check_randomesque(struct rng *rng, enum model model, size_t k, double share)
{
    enum { N = 4000 };
    static int n_chosen[200];
    static size_t n_better[200];
    struct pool pool;
    pool_init(&pool, rng, model, 200, (int)k);
    double theta = 4 * rng_unit(rng) - 2;
    random_use(&pool, rng, share);
    size_t n_free = 0, n_distinct = 0;
    for (size_t i = 0; i < 200; i++)
        n_free += !is_used(&pool, i);
    size_t most = n_free < k ? n_free : k;
    count_better(&pool, theta, n_better);
    memset(n_chosen, 0, sizeof n_chosen);
    for (int i = 0; i < N; i++) {
        uint32_t chosen = choose(&pool, theta);
        cr_assert(chosen < 200 && !is_used(&pool, chosen) && n_better[chosen] < k);
        n_chosen[chosen]++;
    }
    double mean = (double)N / (double)most, sd = sqrt(mean * (1 - 1 / (double)most));
    for (size_t i = 0; i < 200; i++)
        if (n_chosen[i] > 0) {
            n_distinct++;
            cr_assert_float_eq(n_chosen[i], mean, 5.5 * sd + 1e-9, "item %zu", i);
        }
    cr_assert_eq(n_distinct, most, "%zu of %zu", n_distinct, most);
    pool_free(&pool);
}

Test(select_fisher, randomesque_draws_among_exactly_the_k_best)
{
    static const size_t ks[] = {2, 5, 10, 100};
    struct rng rng = rng_published(33, 1);
    for (int model = RASCH; model <= FOUR; model++)
        for (size_t j = 0; j < sizeof ks / sizeof ks[0]; j++) {
            check_randomesque(&rng, (enum model)model, ks[j], 0);
            check_randomesque(&rng, (enum model)model, ks[j], 0.9);
        }
}
