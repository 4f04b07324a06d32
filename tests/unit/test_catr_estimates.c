/* catR's numbers: functions of 20 items, and estimates of 120 patterns of four models by every
 * method and prior of catR, on several grids and ranges.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pattern.h"

enum { N_BANKS = 4, N_METHODS = 5 };

static const char *const bank_names[N_BANKS] = {"R1", "T1", "U1", "F1"};
static const char *const method_names[N_METHODS] = {"EAP", "BM", "ML", "WL", "ROB"};

struct oracle {
    struct arena arena;
    struct csv_table patterns, estimates;
    struct irt_bank banks[N_BANKS];
};

static void oracle_init(struct oracle *self)
{
    *self = (struct oracle){0};
    fixture_table("tests/oracle/catR/patterns.csv", &self->arena, &self->patterns);
    fixture_table("tests/oracle/catR/estimates.csv", &self->arena, &self->estimates);
    for (size_t k = 0; k < N_BANKS; k++)
        fixture_oracle_bank(bank_names[k], &self->banks[k]);
}

static void oracle_free(struct oracle *self)
{
    for (size_t k = 0; k < N_BANKS; k++)
        irt_bank_free(&self->banks[k]);
    arena_free(&self->arena);
}

/* Pattern number p (from 1): "5;12;9" and "011"; D multiplies a. */
static void oracle_pattern(const struct oracle *self, size_t p, double scale, struct pattern *out)
{
    const char *bank = fixture_text(&self->patterns, p - 1, "bank");
    const char *items = fixture_text(&self->patterns, p - 1, "items");
    const char *answers = fixture_text(&self->patterns, p - 1, "resp");
    size_t k = 0;
    while (strcmp(bank_names[k], bank) != 0)
        k++;
    *out = (struct pattern){0};
    for (size_t i = 0; answers[i]; i++) {
        char *end;
        unsigned long number = strtoul(items, &end, 10);
        struct irt_item item = self->banks[k].items[number - 1];
        items = end + 1;
        item.a *= scale;
        pattern_add(out, &item, answers[i] == '1');
    }
}

static struct irt_estimator oracle_estimator(const struct csv_table *t, size_t row)
{
    const char *method = fixture_text(t, row, "method"), *prior = fixture_text(t, row, "prior");
    double p1 = fixture_real(t, row, "p1"), p2 = fixture_real(t, row, "p2");
    struct irt_estimator self = {.prior_mean = p1,
                                 .prior_sd = p2,
                                 .prior_min = p1,
                                 .prior_max = p2,
                                 .theta_min = fixture_real(t, row, "lo"),
                                 .theta_max = fixture_real(t, row, "hi"),
                                 .points = (size_t)fixture_real(t, row, "points"),
                                 .tuning = 1};
    int k = 0;
    while (strcmp(method_names[k], method) != 0)
        k++;
    self.method = (enum irt_method)k;
    self.prior = prior[0] == 'n'   ? IRT_PRIOR_NORMAL
                 : prior[0] == 'u' ? IRT_PRIOR_UNIFORM
                                   : IRT_PRIOR_JEFFREYS;
    return self;
}

struct agreement {
    int n, n_theta, n_se, n_new, n_new_all;
    double worst_theta, worst_se;
};

/* catR 3.17 evaluates the derivative of Warm's term J/(2I) with D = 1 whatever D is: so do we,
 * here, to compare the rest. sqrt(I)/|I - r'| is solved for r' at D = 1. */
static double asymptotic_error(const struct oracle *oracle, size_t row,
                               const struct irt_estimator *estimator, double theta)
{
    struct irt_estimator new_type = *estimator;
    struct pattern pattern;
    size_t number = (size_t)fixture_real(&oracle->estimates, row, "pattern");
    double scale = fixture_real(&oracle->estimates, row, "D");
    new_type.se = IRT_SE_ASYMPTOTIC;
    oracle_pattern(oracle, number, scale, &pattern);
    struct irt_answers answers = pattern_answers(&pattern);
    double se = irt_standard_error(&new_type, &answers, theta);
    double information = irt_answers_information(&answers, theta);
    if (estimator->method != IRT_WL || scale == 1)
        return se;
    oracle_pattern(oracle, number, 1, &pattern);
    double plain = irt_answers_information(&answers, theta);
    double slope = plain - sqrt(plain) / irt_standard_error(&new_type, &answers, theta);
    return sqrt(information) / fabs(information - slope);
}

static void compare(const struct oracle *oracle, size_t row, struct agreement *out)
{
    const struct csv_table *t = &oracle->estimates;
    struct irt_estimator estimator = oracle_estimator(t, row);
    struct pattern pattern;
    oracle_pattern(oracle, (size_t)fixture_real(t, row, "pattern"), fixture_real(t, row, "D"),
                   &pattern);
    struct irt_estimate mine = pattern_estimate(&pattern, &estimator);
    double theta = fixture_real(t, row, "theta"), se = fixture_real(t, row, "sem");
    double off = fabs(mine.theta - theta), se_off = fabs(mine.se / se - 1);
    bool is_same = off < 1e-7;
    if (!is_same || se_off > 1e-7)
        cr_log_warn("row %zu: %s %.12g, not %.12g; se %.12g, not %.12g", row + 2,
                    fixture_text(t, row, "method"), mine.theta, theta, mine.se, se);
    out->n++;
    out->n_theta += is_same;
    out->n_se += se_off < 1e-7;
    out->worst_theta = fmax(out->worst_theta, off);
    out->worst_se = fmax(out->worst_se, se_off);
    if (fixture_text(t, row, "sem_new")[0] == 'N')
        return;
    double asymptotic = asymptotic_error(oracle, row, &estimator, theta);
    out->n_new_all++;
    out->n_new += fabs(asymptotic / fixture_real(t, row, "sem_new") - 1) < 1e-7;
}

Test(catr_estimates, every_method_and_prior)
{
    struct oracle oracle;
    struct agreement agreements[N_METHODS] = {{0}};
    oracle_init(&oracle);
    for (size_t row = 0; row < oracle.estimates.n_rows; row++)
        compare(&oracle, row, &agreements[oracle_estimator(&oracle.estimates, row).method]);
    int n = 0;
    for (size_t k = 0; k < N_METHODS; k++) {
        const struct agreement *a = &agreements[k];
        cr_log_info("%s: theta of %d of %d estimates of catR (worst %.2g), SE of %d (worst "
                    "%.2g), asymptotic SE of %d of %d",
                    method_names[k], a->n_theta, a->n, a->worst_theta, a->n_se, a->worst_se,
                    a->n_new, a->n_new_all);
        cr_expect_eq(a->n_theta, a->n, "%s", method_names[k]);
        cr_expect_eq(a->n_se, a->n, "%s", method_names[k]);
        cr_expect_eq(a->n_new, a->n_new_all, "%s", method_names[k]);
        n += a->n;
    }
    cr_assert_eq(n, 3600);
    oracle_free(&oracle);
}

/* ---- item functions ---- */

static int near_relative(double mine, double theirs, const char *what, size_t row)
{
    bool is_near = fabs(mine - theirs) <= 1e-9 * (1 + fabs(theirs));
    cr_expect(is_near, "row %zu: %s %.15g, not %.15g", row + 2, what, mine, theirs);
    return is_near;
}

Test(catr_estimates, item_functions)
{
    struct arena arena = {0};
    struct csv_table items, t;
    int n = 0;
    fixture_table("tests/oracle/catR/items.csv", &arena, &items);
    fixture_table("tests/oracle/catR/item_functions.csv", &arena, &t);
    for (size_t row = 0; row < t.n_rows; row++) {
        size_t k = (size_t)fixture_real(&t, row, "item") - 1;
        double theta = fixture_real(&t, row, "theta");
        struct irt_item item = {
            .a = fixture_real(&items, k, "a") * fixture_real(&t, row, "D"),
            .b = fixture_real(&items, k, "b"),
            .c = fixture_real(&items, k, "c"),
            .d = fixture_real(&items, k, "d"),
        };
        struct irt_category8 categories[2];
        struct irt_functions mine = irt_item_functions(&item, theta);
        irt_categories8(&item, vec_all(theta), categories);
        n += near_relative(categories[1].p[0], fixture_real(&t, row, "P"), "P", row);
        n += near_relative(categories[1].dp[0], fixture_real(&t, row, "dP"), "dP", row);
        n += near_relative(categories[1].d2p[0], fixture_real(&t, row, "d2P"), "d2P", row);
        n += near_relative(mine.information, fixture_real(&t, row, "I"), "I", row);
        n += near_relative(mine.d_information, fixture_real(&t, row, "dI"), "dI", row);
        n += near_relative(mine.d2_information, fixture_real(&t, row, "d2I"), "d2I", row);
        n += near_relative(mine.j, fixture_real(&t, row, "J"), "J", row);
        n += near_relative(mine.d_j, fixture_real(&t, row, "dJ"), "dJ", row);
        n += near_relative(irt_observed_information(&item, theta, 0),
                           fixture_real(&t, row, "OI_x0"), "OI_x0", row);
        n += near_relative(irt_observed_information(&item, theta, 1),
                           fixture_real(&t, row, "OI_x1"), "OI_x1", row);
    }
    cr_log_info("%d of %zu values of item functions of catR", n, 10 * t.n_rows);
    cr_assert_eq(n, 10 * (int)t.n_rows);
    arena_free(&arena);
}
