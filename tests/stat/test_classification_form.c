/* Lee's index of a fixed form against simulated sittings: pass rate, false pass and false fail of
 * first sittings, and consistency. Who fails sits once more, nothing learnt, so the share of all
 * who pass the second time is E p(1 - p), and consistency = 1 - 2 E p(1 - p). Decisions are taken
 * on EAP and ML estimates; irt_score_cut_eap and irt_score_cut say which summed score that amounts
 * to.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/irt/classification.h>

#include "stat_run.h"

enum { N_CANDIDATES = 100000, N_ITEMS = 40, N_NODES = 4001, N_GRID = 33 };

static const double theta_mean = 0.3, theta_sd = 0.8, cut = 0.9, competent = 0.7;

/* Difficulties from -2 to 2, out of order. */
static double difficulty(int i)
{
    return -2 + 4.0 * ((i * 17) % N_ITEMS) / (N_ITEMS - 1);
}

static void write_bank(char path[256])
{
    stat_bank_at_cut(1, path);
    FILE *file = fopen(path, "w");
    cr_assert(file);
    fputs("id,b\n", file);
    for (int i = 0; i < N_ITEMS; i++)
        fprintf(file, "I%d,%.17g\n", i, difficulty(i));
    cr_assert(fclose(file) == 0);
}

static void run(const char *rule, struct dataset *out)
{
    char bank[256], text[2048];
    write_bank(bank);
    snprintf(text, sizeof text,
             "engine: {candidates: %d, seed: 11}\n"
             "bank: %s\n"
             "exam:\n"
             "  form: linear\n"
             "  min_items: %d\n"
             "  max_items: %d\n"
             "  pilot_items: 0\n"
             "  time_limit_min: none\n"
             "  estimate: {rule: %s}\n"
             "  cut_theta: %.17g\n"
             "population:\n"
             "  competent_theta: %.17g\n"
             "  groups: {all: {theta_mean: %.17g, theta_sd: %.17g}}\n"
             "policy: {wait_days: 15, attempts_per_cycle: 2, max_cycles: 1, window_days: 3650,\n"
             "  horizon_days: 3650}\n" STAT_PATHWAY,
             N_CANDIDATES, bank, N_ITEMS, N_ITEMS, rule, cut, competent, theta_mean, theta_sd);
    stat_run(text, out);
    unlink(bank);
}

/* Nodes 7 standard deviations about the mean; the threshold of competence lies midway between two,
 * so that the jump there costs terms of the order of their distance squared only. */
static void population(double *theta, double *weight)
{
    double step = 14 * theta_sd / (N_NODES - 1);
    double shift = fmod(competent - (theta_mean - 7 * theta_sd), step) - 0.5 * step;
    for (int q = 0; q < N_NODES; q++) {
        theta[q] = theta_mean - 7 * theta_sd + shift + q * step;
        double z = (theta[q] - theta_mean) / theta_sd;
        weight[q] = exp(-0.5 * z * z);
    }
}

/* The score cut under the estimator's prior N(0, 1) on its grid. */
static size_t eap_cut(const struct irt_item *const *form)
{
    double theta[N_GRID], weight[N_GRID];
    struct irt_nodes prior = {N_GRID, theta, weight};
    struct arena arena = {0};
    struct irt_scores scores;
    struct err err = {0};
    for (int q = 0; q < N_GRID; q++) {
        theta[q] = -4 + 0.25 * q;
        weight[q] = (q == 0 || q == N_GRID - 1 ? 0.5 : 1) * exp(-0.5 * theta[q] * theta[q]);
    }
    cr_assert_eq(irt_scores_init(form, N_ITEMS, &prior, &arena, &scores, &err), ERR_OK);
    size_t score = irt_score_cut_eap(&scores, &prior, cut, true);
    arena_free(&arena);
    return score;
}

static size_t check(const char *rule)
{
    static double theta[N_NODES], weight[N_NODES];
    struct irt_item items[N_ITEMS];
    const struct irt_item *form[N_ITEMS];
    struct irt_nodes nodes = {N_NODES, theta, weight};
    struct arena arena = {0};
    struct irt_scores scores;
    struct irt_classification lee;
    struct dataset data;
    struct err err = {0};
    for (int i = 0; i < N_ITEMS; i++) {
        items[i] = (struct irt_item){.a = 1, .b = difficulty(i), .d = 1};
        form[i] = &items[i];
    }
    population(theta, weight);
    size_t score =
        strcmp(rule, "eap") == 0 ? eap_cut(form) : irt_score_cut(form, N_ITEMS, cut, true);
    cr_assert_eq(irt_scores_init(form, N_ITEMS, &nodes, &arena, &scores, &err), ERR_OK);
    cr_assert_eq(irt_lee(&scores, &nodes, &score, &competent, 1, &lee, &err), ERR_OK);
    printf("%s: %zu of %d items\n", rule, score, N_ITEMS);
    run(rule, &data);
    double n = N_CANDIDATES, able = lee.p_true_top;
    stat_expect_proportion("passed", stat_real(&data, "pass_rate", 1), lee.p_top, n);
    stat_expect_proportion("false pass", stat_real(&data, "false_pass_rate", 1),
                           lee.false_positive / (1 - able), n * (1 - able));
    stat_expect_proportion("false fail", stat_real(&data, "false_fail_rate", 1),
                           lee.false_negative / able, n * able);
    double unlike = stat_real(&data, "cumulative_pass_rate", 2) - stat_real(&data, "pass_rate", 1);
    stat_expect_proportion("second sitting otherwise", unlike, (1 - lee.consistency) / 2, n);
    dataset_free(&data);
    arena_free(&arena);
    return score;
}

/* An EAP is drawn to the prior's mean 0, below the cut: it takes a higher score. */
Test(classification_form, estimates_and_scores)
{
    size_t eap = check("eap"), ml = check("ml");
    cr_expect_gt(eap, ml);
}
