/* Exposure control on a pool of 300 2PL items, tests of 20 items, first sittings.
 *
 * A calibrated rule keeps the true rate of every item at or under the target r. The observed rate
 * of one item over N independent sittings then exceeds r + z sqrt(r (1 - r)/N) with probability at
 * most 1 - Phi(z); z is set for 1 in 1,000 over all items (Bonferroni). Without control the first
 * item is the same for everyone. Published order of the greatest exposure: fisher above
 * progressive, proportional and a-stratified (Barrada et al. 2008; Chang & Ying 1999).
 * SPDX-License-Identifier: Apache-2.0 */
#include "stat_run.h"

#include "stat_size.h"

#include <retake/base/dist.h>
#include <retake/base/file.h>
#include <retake/study/pool.h>

enum { N_ITEMS = 300, LENGTH = 20 };

struct rates {
    double greatest, overlap, never; /* overlap: share of items that two candidates share */
};

static void write_bank(char path[256])
{
    struct study_pool pool = study_pool_emr();
    struct err err = {0};
    char *csv = NULL;
    size_t n_bytes = 0;
    pool.model = STUDY_2PL;
    pool.n_items = N_ITEMS;
    pool.n_pilots = 0;
    stat_bank_at_cut(1, path);
    cr_assert_eq(study_pool_csv(&pool, &csv, &n_bytes, &err), ERR_OK);
    cr_assert_eq(file_write(path, csv, n_bytes, &err), ERR_OK, "%s", err.detail);
    free(csv);
}

/* E[shared items]/length = sum rate^2 / sum rate (Chen, Ankenmann & Spray 2003). */
static struct rates look(const struct dataset *data)
{
    const struct dataset_var *rate = dataset_var(data, "item_exposure_rate");
    struct rates out = {0};
    double sum = 0, squares = 0;
    for (size_t i = 0; i < N_ITEMS; i++) {
        out.greatest = fmax(out.greatest, rate->real[i]);
        out.never += rate->real[i] == 0 ? 1.0 / (double)N_ITEMS : 0;
        sum += rate->real[i];
        squares += rate->real[i] * rate->real[i];
    }
    out.overlap = squares / sum;
    return out;
}

static struct rates run(const char *name, int n_candidates, const char *exam)
{
    char bank[256], text[2048];
    struct dataset data;
    write_bank(bank);
    snprintf(text, sizeof text,
             "engine: {candidates: %d, seed: 31}\nbank: %s\n"
             "exam:\n  min_items: %d\n  max_items: %d\n  pilot_items: 0\n  time_limit_min: none\n"
             "  stop: {rule: fixed}\n%s"
             "policy: {max_attempts: 1}\n" STAT_PATHWAY,
             n_candidates, bank, LENGTH, LENGTH, exam);
    stat_run(text, &data);
    struct rates out = look(&data);
    const struct dataset_var *p = dataset_var(&data, "item_exposure_parameter");
    printf("%-28s greatest %.4f  overlap %.3f  never met %.3f%s\n", name, out.greatest, out.overlap,
           out.never, p ? "  (controlled)" : "");
    cr_expect_eq(p != NULL, strstr(exam, "exposure") != NULL, "parameters are in the results");
    dataset_free(&data);
    unlink(bank);
    return out;
}

/* ---- the calibrated rules ---- */

static int n_sittings(void)
{
    return stat_size(50000, 200000);
}

/* @param n  sittings */
static void expect_under(struct rates rates, double target, double n)
{
    double z = dist_normal_quantile(1 - 0.001 / (double)N_ITEMS);
    double limit = target + z * sqrt(target * (1 - target) / n);
    cr_expect_leq(rates.greatest, limit, "greatest %.4f, limit %.4f", rates.greatest, limit);
    cr_expect_gt(rates.greatest, 0.93 * target, "far below the target: %.4f", rates.greatest);
}

Test(exposure_rates, sympson_hetter_keeps_the_target, .timeout = 600)
{
    cr_expect_eq(run("fisher", 20000, "").greatest, 1, "nothing to control");
    expect_under(
        run("sympson_hetter .2", n_sittings(), "  exposure: {rule: sympson_hetter, target: 0.2}\n"),
        0.2, n_sittings());
}

/* On average an item is met by 20 of 300 = .067 of the candidates. */
Test(exposure_rates, sympson_hetter_near_the_least_target, .timeout = 600)
{
    expect_under(
        run("sympson_hetter .1", n_sittings(), "  exposure: {rule: sympson_hetter, target: 0.1}\n"),
        0.1, n_sittings());
}

Test(exposure_rates, eligibility_keeps_the_target, .timeout = 600)
{
    expect_under(
        run("eligibility .2", n_sittings(), "  exposure: {rule: eligibility, target: 0.2}\n"), 0.2,
        n_sittings());
}

Test(exposure_rates, restricted_progressive_keeps_the_target, .timeout = 600)
{
    struct rates free = run("progressive", 5000, "  select: {rule: progressive}\n");
    cr_expect_gt(free.greatest, 0.25, "nothing to control");
    expect_under(run("restricted progressive .2", 50000,
                     "  select: {rule: progressive}\n"
                     "  exposure: {rule: eligibility, target: 0.2, candidates: 5000}\n"),
                 0.2, 50000);
}

Test(exposure_rates, sympson_hetter_with_content_and_randomesque, .timeout = 600)
{
    expect_under(
        run("with Kingsbury-Zara .2", n_sittings(),
            "  select: {randomesque: 3}\n"
            "  exposure: {rule: sympson_hetter, target: 0.2}\n"
            "  content:\n    rule: kingsbury_zara\n    domains:\n"
            "      scene: {target: 0.2}\n      primary_assessment: {target: 0.4}\n"
            "      secondary_assessment: {target: 0.05}\n"
            "      treatment_transport: {target: 0.25}\n      operations: {target: 0.1}\n"),
        0.2, n_sittings());
}

/* ---- selection rules that spread exposure by themselves ---- */

#define RANDOM_START "  start: {rule: random}\n"

/* The first item is drawn, since under each of these rules but progressive and proportional it
 * would be the same for everyone. */
Test(exposure_rates, rules_that_spread_exposure, .timeout = 600)
{
    struct rates plain = run("fisher, the same start", 10000, "");
    struct rates fisher = run("fisher", 10000, RANDOM_START);
    struct rates five = run("randomesque 5", 10000, RANDOM_START "  select: {randomesque: 5}\n");
    struct rates spread[] = {
        run("a_stratified", 10000, RANDOM_START "  select: {rule: a_stratified}\n"),
        run("progressive", 10000, RANDOM_START "  select: {rule: progressive}\n"),
        run("proportional", 10000, RANDOM_START "  select: {rule: proportional}\n"),
    };
    struct rates random = run("random", 10000, "  select: {rule: random}\n");
    cr_expect_lt(five.greatest, fisher.greatest);
    cr_expect_lt(five.overlap, fisher.overlap);
    for (size_t k = 0; k < 3; k++) {
        cr_expect_lt(spread[k].greatest, five.greatest, "rule %zu", k);
        cr_expect_lt(spread[k].overlap, five.overlap, "rule %zu", k);
        cr_expect_lt(spread[k].never, plain.never, "rule %zu", k);
        cr_expect_gt(spread[k].overlap, random.overlap, "rule %zu", k);
    }
    double even = (double)LENGTH / (double)N_ITEMS, error = sqrt(even * (1 - even) / 10000);
    cr_expect_lt(random.greatest, even + 5 * error);
}
