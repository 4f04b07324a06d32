/* The most informative test that an exam allows, and the information a stop rule asks for.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/cat/adequacy.h>

#include "fixture.h"

/* Items at b = 0, 0.1, 0.2, ...: at theta 0 information falls with the number. */
static void ladder(struct irt_bank *bank, size_t n)
{
    fixture_bank(bank, n);
    for (size_t i = 0; i < n; i++)
        bank->items[i].b = 0.1 * (double)i;
}

static double rasch_information(double distance)
{
    double p = 1 / (1 + exp(-distance));
    return p * (1 - p);
}

/* ---- the best test ---- */

Test(adequacy, the_nearest_items)
{
    struct scenario s;
    struct irt_bank bank;
    struct cat_design design;
    struct cat_ranked best[20];
    double expected = 0;
    ladder(&bank, 20);
    fixture_pilots(&bank, 4); /* the farthest */
    fixture_scenario(&s, "exam.min_items=2", "exam.max_items=5", "exam.pilot_items=0", NULL);
    fixture_design(&s, &bank, &design);
    cr_assert_eq(cat_best_test(&design, 1, best), 5); /* b = .8 .. 1.2 */
    for (int k = -2; k <= 2; k++)
        expected += rasch_information(0.1 * k);
    cr_assert_float_eq(cat_best_information(&design, 1, best), expected, 1e-12);
    cr_assert_eq(best[0].item, 10);
    cr_assert_eq(cat_best_test(&design, 9, best), 5);
    cr_assert_eq(best[0].item, 15, "pilots do not count");
    cat_design_free(&design);
    irt_bank_free(&bank);
    config_scenario_free(&s);
}

/* One of each pair of enemies. */
Test(adequacy, enemies)
{
    struct scenario s;
    struct irt_bank bank;
    struct cat_design design;
    struct cat_ranked best[10];
    ladder(&bank, 10);
    for (size_t i = 0; i < 10; i++)
        bank.items[i].enemy = (uint16_t)(i / 2 + 1);
    bank.n_enemies = 5;
    fixture_scenario(&s, "exam.min_items=2", "exam.max_items=3", "exam.pilot_items=0", NULL);
    fixture_design(&s, &bank, &design);
    cr_assert_eq(cat_best_test(&design, 0, best), 3);
    for (uint32_t k = 0; k < 3; k++)
        cr_assert_eq(best[k].item, 2 * k);
    cat_design_free(&design);
    irt_bank_free(&bank);
    config_scenario_free(&s);
}

static void two_domains(struct irt_bank *bank, size_t n)
{
    static const char *const domains[] = {"near", "far"};
    ladder(bank, n);
    bank->n_domains = 2;
    bank->domains = domains;
    for (size_t i = n / 2; i < n; i++)
        bank->items[i].domain = 1;
}

static void check_domains(const char *first, const char *second, size_t n_far)
{
    struct scenario s;
    struct irt_bank bank;
    struct cat_design design;
    struct cat_ranked best[20];
    size_t count = 0;
    two_domains(&bank, 20);
    fixture_scenario(&s, "exam.min_items=6", "exam.max_items=8", "exam.pilot_items=0", NULL);
    fixture_set(&s, first);
    if (second)
        fixture_set(&s, second);
    fixture_design(&s, &bank, &design);
    cr_assert_eq(cat_best_test(&design, 0, best), 8);
    for (int k = 0; k < 8; k++)
        count += design.items[best[k].item].domain == 1;
    cr_assert_eq(count, n_far, "%s: %zu", first, count);
    cat_design_free(&design);
    irt_bank_free(&bank);
    config_scenario_free(&s);
}

Test(adequacy, domains)
{
    check_domains("title=no limits", NULL, 0);
    check_domains("exam.content.domains.far.min_items=3", NULL, 3);
    check_domains("exam.content.domains.near.max_items=6", NULL, 2);
}

Test(adequacy, targets)
{
    struct scenario s;
    struct irt_bank bank;
    struct cat_design design;
    struct cat_ranked best[20];
    size_t count = 0;
    two_domains(&bank, 20);
    fixture_scenario(&s, "exam.min_items=6", "exam.max_items=8", "exam.pilot_items=0",
                     "exam.content.rule=kingsbury_zara", "exam.content.domains.near.target=0.5",
                     "exam.content.domains.far.target=0.5", NULL);
    fixture_design(&s, &bank, &design);
    cr_assert_eq(cat_best_test(&design, 0, best), 8);
    for (int k = 0; k < 8; k++)
        count += design.items[best[k].item].domain == 1;
    cr_assert_eq(count, 4);
    cat_design_free(&design);
    irt_bank_free(&bank);
    config_scenario_free(&s);
}

/* A linear form is what it is. */
Test(adequacy, linear_form)
{
    struct scenario s;
    struct irt_bank bank;
    struct cat_design design;
    struct cat_ranked best[10];
    double expected = 0;
    ladder(&bank, 10);
    fixture_scenario(&s, "exam.form=linear", "exam.min_items=2", "exam.max_items=3",
                     "exam.pilot_items=0", NULL);
    fixture_design(&s, &bank, &design);
    for (int k = 0; k < 3; k++)
        expected += rasch_information(0.9 - 0.1 * k);
    cr_assert_float_eq(cat_best_information(&design, 0.9, best), expected, 1e-12);
    cr_assert(isnan(cat_information_needed(&design, 1)));
    cat_design_free(&design);
    irt_bank_free(&bank);
    config_scenario_free(&s);
}

/* ---- what stop rules ask for ---- */

static double needed(const char *rule, double theta)
{
    struct scenario s;
    struct irt_bank bank;
    struct cat_design design;
    char set[128];
    snprintf(set, sizeof set, "exam.stop.rule=%s", rule);
    fixture_bank(&bank, 5);
    fixture_scenario(&s, "exam.min_items=2", "exam.max_items=5", "exam.pilot_items=0",
                     "exam.cut_theta=0.5", "exam.stop.level=0.95", "exam.stop.se=0.4",
                     "exam.stop.delta=0.3", "exam.stop.alpha=0.05", "exam.stop.beta=0.1", set,
                     NULL);
    fixture_design(&s, &bank, &design);
    double out = cat_information_needed(&design, theta);
    cat_design_free(&design);
    irt_bank_free(&bank);
    config_scenario_free(&s);
    return out;
}

Test(adequacy, stop_rules)
{
    const double z = 1.959963984540054, upper = log(0.9 / 0.05), lower = log(0.95 / 0.1);
    cr_assert_float_eq(needed("confidence", 1), z * z / 0.25, 1e-9);
    cr_assert_float_eq(needed("confidence", -0.5), z * z, 1e-9);
    cr_assert(isinf(needed("confidence", 0.5)));
    cr_assert_float_eq(needed("se", 3), 6.25, 1e-12);
    cr_assert_float_eq(needed("sprt", 1), upper / (2 * 0.3 * 0.5), 1e-9);
    cr_assert_float_eq(needed("sprt", 0), lower / (2 * 0.3 * 0.5), 1e-9);
    cr_assert_float_eq(needed("glr", 0.6), upper / (2 * 0.3 * 0.1), 1e-9); /* inside the region */
    cr_assert_float_eq(needed("glr", 2.5), 2 * upper / (2.3 * 2.3), 1e-9); /* beyond it */
    cr_assert(isnan(needed("fixed", 1)));
    cr_assert(isnan(needed("information", 1)));
    cr_assert_float_eq(needed("any(confidence, se)", 0.6), 6.25, 1e-9);
    cr_assert_float_eq(needed("any(confidence, se)", 3), z * z / 6.25, 1e-9);
    cr_assert_float_eq(needed("all(confidence, se, information)", 3), 6.25, 1e-9);
    cr_assert_float_eq(needed("any(information, all(confidence, se))", 1), z * z / 0.25, 1e-9);
}

/* The approximation against the ratio itself: n items at the cut with the share p right that puts
 * the estimate at theta have ln L(delta)/L(-delta) = n (2 p - 1) delta, and Wald's bound is reached
 * at the information asked for, but for terms of the order theta^2. */
Test(adequacy, sprt_near_the_cut)
{
    const double theta = 0.1, delta = 0.3, p = 1 / (1 + exp(-theta)), upper = log(0.9 / 0.05);
    double n = upper / ((2 * p - 1) * delta);
    double asked = needed("sprt", 0.5 + theta);
    cr_assert_float_eq(n * p * (1 - p), asked, theta * theta * asked);
}
