/* Response functions against the written formulas in long double, tails included.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/rng.h>
#include <retake/irt/model.h>

#include "fixture.h"

struct exact {
    long double p, q, dp, information;
};

/* Without subtraction where it would cancel: 1 - s = 1/(1 + exp(z)). */
static struct exact exact_curve(const struct irt_item *item, double theta)
{
    long double a = (long double)item->a, c = (long double)item->c, d = (long double)item->d;
    long double z = a * ((long double)theta - (long double)item->b);
    long double s = 1 / (1 + expl(-z)), t = 1 / (1 + expl(z));
    struct exact e = {.p = c + (d - c) * s, .q = (1 - d) + (d - c) * t, .dp = a * (d - c) * s * t};
    e.information = e.dp * e.dp / (e.p * e.q);
    return e;
}

/* z itself is rounded, relative 2^-52, so exp(z) is known to |z| 2^-52. */
static void check_close(double value, long double exact, double z, const char *what)
{
    double limit = 4.5e-16 * (8 + 4 * fabs(z));
    cr_assert_leq((double)fabsl((long double)value - exact), limit * (double)fabsl(exact),
                  "%s at z = %g: %.17g, not %.17Lg", what, z, value, exact);
}

static void check_item(const struct irt_item *item, double theta)
{
    struct exact exact = exact_curve(item, theta);
    struct irt_curve8 curve = irt_curve8(vec_all(item->a), vec_all(item->b), vec_all(item->c),
                                         vec_all(item->d), vec_all(theta));
    double z = item->a * (theta - item->b), far = fabs(theta) + fabs(item->b);
    double scale = fmax(fabs(z), item->a * far); /* theta - b is rounded relative to both */
    check_close(irt_p(item, theta), exact.p, scale, "P");
    check_close(curve.q[3], exact.q, scale, "Q");
    check_close(curve.dp[5], exact.dp, scale, "P'");
    check_close(irt_information(item, theta), exact.information, scale, "I");
    cr_assert_eq(curve.p[0], irt_p(item, theta));
}

static const double asymptotes[][2] = {{0, 1}, {0.2, 1}, {0, 0.95}, {0.25, 0.9}};

Test(model, curves_against_formulas)
{
    struct rng rng = rng_published(21, 1);
    for (int i = 0; i < 20000; i++) {
        const double *cd = asymptotes[i % 4];
        struct irt_item item = {
            .a = 0.2 + 2.5 * rng_unit(&rng), .b = 8 * rng_unit(&rng) - 4, .c = cd[0], .d = cd[1]};
        check_item(&item, 12 * rng_unit(&rng) - 6);
    }
}

Test(model, tails_stay_positive)
{
    for (int model = 0; model < 4; model++)
        for (int z = -340; z <= 340; z += 4) {
            struct irt_item item = {.a = 1, .c = asymptotes[model][0], .d = asymptotes[model][1]};
            check_item(&item, z);
            cr_assert_gt(irt_information(&item, z), 0, "model %d, z %d", model, z);
        }
}

/* Rasch: I = P Q, at most 1/4, at b. */
Test(model, rasch_information_is_pq)
{
    struct irt_item item = {.a = 1, .b = 0.7, .d = 1};
    cr_assert_eq(irt_information(&item, 0.7), 0.25);
    cr_assert_eq(irt_p(&item, 0.7), 0.5);
    for (int i = -50; i <= 50; i++) {
        double p = irt_p(&item, i / 10.0);
        cr_assert_float_eq(irt_information(&item, i / 10.0), p * (1 - p), 3e-16);
    }
}

/* catR's Pi() and Ii() for items of a published run (static_item_functions.csv). */
Test(model, oracle_values)
{
    static const struct {
        double b, theta, p, information;
    } rows[] = {{-2.2233205429999998, -4, 0.14471363834758907, 0.12377160122379224},
                {0.093082282000000002, -4, 0.016413808939749426, 0.016144395815838829}};
    for (size_t k = 0; k < 2; k++) {
        struct irt_item item = {.a = 1, .b = rows[k].b, .d = 1};
        cr_assert_float_eq(irt_p(&item, rows[k].theta), rows[k].p, 1e-16);
        cr_assert_float_eq(irt_information(&item, rows[k].theta), rows[k].information, 1e-16);
    }
}

Test(model, bank_information_leaves_pilots_out)
{
    struct irt_bank bank;
    fixture_bank(&bank, 10);
    for (size_t i = 0; i < 10; i++)
        bank.items[i].b = (double)i / 5 - 1;
    fixture_pilots(&bank, 4);
    long double total = 0;
    for (size_t i = 0; i < 6; i++)
        total += exact_curve(&bank.items[i], 0.3).information;
    cr_assert_float_eq(irt_bank_information(&bank, 0.3), (double)total, 1e-14);
    irt_bank_free(&bank);
}
