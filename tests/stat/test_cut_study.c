/* The cut study against closed forms.
 *
 * Normal error of measurement (V7): theta ~ N(0, 1), se 1/3. With c a cut, t a threshold, X the
 * estimate and Y that of a second sitting, (theta, X) and (X, Y) are bivariate normal with
 * correlations sqrt(.9) and .9, so that accuracy and consistency are orthant probabilities; they
 * are integrated here over theta. Loss and its minimum follow from the same integrals. Limits are
 * stat_limit standard errors, of the file itself where a statistic is no proportion of independent
 * candidates; that those are right shows in the proportions.
 *
 * A Rasch form decided by ML passes whoever reaches a summed score, so that Lee's index is exact
 * but for the bins of ability (.02 logit, terms of 1e-4). SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/cut.h>

#include "stat_run.h"

static const double sem = 1.0 / 3;                                  /* sqrt(.1/.9) */
static const double cut = -0.5244005127080407 / 0.9486832980505138; /* Phi^-1(.7), sqrt(.9) */

static void study(const char *text, struct store_result *out)
{
    struct err err = {0};
    struct scenario scenario;
    struct engine_options options = {0};
    bool good = config_scenario_parse("stat.yaml", text, strlen(text), &scenario, &err) == ERR_OK &&
                study_cut_run(&scenario, &options, "test", out, &err) == ERR_OK;
    cr_assert(good, "%s\n%s", err.detail, text);
    config_scenario_free(&scenario);
}

static size_t nearest(const struct store_result *self, const char *dim_name, double x)
{
    const struct dataset_dim *dim = dataset_dim(&self->dataset, dim_name);
    size_t best = 0;
    cr_assert(dim, "%s", dim_name);
    for (size_t k = 1; k < dim->n; k++)
        if (fabs(dim->real[k] - x) < fabs(dim->real[best] - x))
            best = k;
    cr_assert_float_eq(dim->real[best], x, 1e-6, "%s has no %g", dim_name, x);
    return best;
}

/* Value at the indices of its dimensions. */
static double at(const struct store_result *self, const char *name, const size_t *index)
{
    const struct dataset_var *var = dataset_var(&self->dataset, name);
    size_t i = 0;
    cr_assert(var && var->real, "%s", name);
    for (size_t k = 0; k < var->n_dims; k++)
        i = i * self->dataset.dims[var->dim[k]].n + index[k];
    return var->real[i];
}

#define AT(self, name, ...) at(self, name, (const size_t[]){__VA_ARGS__, 0})

static void expect_near(const char *what, double observed, double exact, double error)
{
    double z = (observed - exact) / error;
    printf("%-44s %.6f, exact %.6f, z %+.2f\n", what, observed, exact, z);
    cr_expect(fabs(z) < stat_limit, "%s: %.6f, exact %.6f, z = %.2f", what, observed, exact, z);
}

/* The statistic and its own standard error. */
#define EXPECT(self, name, exact, ...)                                                             \
    expect_near(name, AT(self, name, __VA_ARGS__), exact, AT(self, name "_mcse", __VA_ARGS__))

/* ---- normal error ---- */

static double phi(double z)
{
    return exp(-0.5 * z * z) / sqrt(2 * acos(-1));
}

static double cdf(double z)
{
    return 0.5 * erfc(-z / sqrt(2));
}

/* Sum over theta ~ N(0, 1) in [low, high] of f(P(pass | theta)), Simpson's rule. */
static double integral(double low, double high, double c, double (*f)(double))
{
    enum { N = 4000 };
    double sum = 0, h = (high - low) / (double)N;
    for (int k = 0; k <= N; k++) {
        double theta = low + k * h, weight = k == 0 || k == N ? 1 : k % 2 ? 4 : 2;
        sum += weight * phi(theta) * f(cdf((theta - c) / sem));
    }
    return sum * h / 3;
}

static double pass(double p)
{
    return p;
}

static double fail(double p)
{
    return 1 - p;
}

static double alike(double p)
{
    return p * p + (1 - p) * (1 - p);
}

static const double far = 9;

static double loss_of(double ratio, double c, double t)
{
    return ratio * integral(-far, t, c, pass) + integral(t, far, c, fail);
}

/* Golden section. */
static double least_loss(double ratio, double t)
{
    double low = t - 2, high = t + 2, g = 0.5 * (sqrt(5) - 1);
    while (high - low > 1e-6) {
        double a = high - g * (high - low), b = low + g * (high - low);
        if (loss_of(ratio, a, t) < loss_of(ratio, b, t))
            high = b;
        else
            low = a;
    }
    return 0.5 * (low + high);
}

static void normal_study(struct store_result *out)
{
    char text[2048];
    snprintf(text, sizeof text,
             "engine: {candidates: 60000, seed: 77}\n"
             "exam: {form: normal, sem: %.17g, cut_theta: %.17g, time_limit_min: none}\n"
             "population:\n"
             "  competent_theta: %.17g\n"
             "  groups: {all: {theta_mean: 0, theta_sd: 1}}\n"
             "policy: {wait_days: 15, attempts_per_cycle: 6, max_cycles: 1, window_days: 3650,\n"
             "  horizon_days: 3650}\n"
             "validate: {cut_from: 850, cut_to: 1050, cut_step: 10, competence_step: 0.2,\n"
             "  cost_ratio: [1, 2], sittings: 2000, score_step: 50, panel_se: 20}\n" STAT_PATHWAY,
             sem, cut, cut);
    study(text, out);
}

static double theta_of(double score)
{
    return cut + (score - 950) / 200;
}

static void check_cut(const struct store_result *self, double score)
{
    double c = theta_of(score), p = integral(-far, far, c, pass);
    double consistency = integral(-far, far, c, alike), chance = p * p + (1 - p) * (1 - p);
    size_t k = nearest(self, "cut", score);
    printf("cut %g\n", score);
    EXPECT(self, "pass_rate", p, k, 0);
    EXPECT(self, "consistency", consistency, k);
    EXPECT(self, "kappa", (consistency - chance) / (1 - chance), k);
    for (double shift = -0.4; shift < 0.41; shift += 0.4) {
        double t = cut + shift, below = integral(-far, t, c, fail);
        double above = integral(t, far, c, pass);
        size_t j = nearest(self, "competence", t);
        EXPECT(self, "accuracy", below + above, k, j);
        EXPECT(self, "false_pass_rate", 1 - below / cdf(t), k, j, 0);
        EXPECT(self, "false_fail_rate", 1 - above / cdf(-t), k, j, 0);
        EXPECT(self, "loss", loss_of(2, c, t), k, j, 1, 0);
        cr_expect_float_eq(AT(self, "rudner_accuracy", k, j), below + above, 3e-3);
    }
    cr_expect_float_eq(AT(self, "rudner_consistency", k), consistency, 5e-3);
}

/* The figures of V7 at the operational cut. */
static void check_retakes(const struct store_result *self)
{
    static const struct {
        size_t attempts;
        double false_pass, false_fail;
    } exact[] = {{1, 0.136161595689, 0.069463065852},
                 {2, 0.230020387739, 0.019907219727},
                 {3, 0.297090314332, 0.007044720234},
                 {6, 0.414692424180, 0.000474016645}};
    size_t k = nearest(self, "cut", 950), j = nearest(self, "competence", cut);
    for (size_t i = 0; i < sizeof exact / sizeof *exact; i++) {
        EXPECT(self, "false_pass_rate", exact[i].false_pass, k, j, exact[i].attempts - 1);
        EXPECT(self, "false_fail_rate", exact[i].false_fail, k, j, exact[i].attempts - 1);
    }
}

/* The 95 % interval is some four standard errors wide; the limit is stat_limit of them. */
static void check_least(const struct store_result *self)
{
    for (size_t r = 0; r < 2; r++) {
        size_t j = nearest(self, "competence", cut);
        double low = AT(self, "loss_minimising_cut_low", j, r, 0);
        double high = AT(self, "loss_minimising_cut_high", j, r, 0);
        double exact = 950 + 200 * (least_loss((double)r + 1, cut) - cut);
        cr_expect(high > low && high - low < 20, "%g %g", low, high);
        expect_near("loss_minimising_cut", AT(self, "loss_minimising_cut", j, r, 0), exact,
                    (high - low) / (2 * 1.96));
    }
}

/* Mean and spread of the pass rate over a normal cut: with X - c normal, the mean is that of an
 * error of measurement widened by the panel's; the spread by quadrature. */
static void check_panel(const struct store_result *self)
{
    size_t k = nearest(self, "panel_se", 20);
    double se = 20.0 / 200, mean = cdf(-cut / sqrt(1 + sem * sem + se * se)), squares = 0;
    for (int i = -400; i <= 400; i++) {
        double z = i / 100.0, rate = cdf(-(cut + se * z) / sqrt(1 + sem * sem));
        squares += 0.01 * phi(z) * (rate - mean) * (rate - mean);
    }
    EXPECT(self, "panel_pass_rate", mean, k, 0);
    cr_expect_float_eq(AT(self, "panel_pass_rate_sd", k, 0), sqrt(squares),
                       stat_limit * AT(self, "panel_pass_rate_mcse", k, 0));
    double low = cdf(-(cut + 1.959964 * se) / sqrt(1 + sem * sem));
    expect_near("panel_pass_rate_low", AT(self, "panel_pass_rate_low", k, 0), low,
                2 * AT(self, "panel_pass_rate_mcse", k, 0));
    size_t none = nearest(self, "panel_se", 0), operational = nearest(self, "cut", 950);
    cr_expect_float_eq(AT(self, "panel_pass_rate", none, 2),
                       AT(self, "cumulative_pass_rate", operational, 2), 1e-12);
}

/* Given theta: the error is that of the exam; 2000 sittings at each point. */
static void check_given(const struct store_result *self)
{
    for (double score = 850; score <= 1050; score += 50) {
        size_t k = nearest(self, "score_point", score);
        double p = cdf((theta_of(score) - cut) / sem);
        EXPECT(self, "conditional_sem", sem, k);
        EXPECT(self, "conditional_bias", 0, k);
        EXPECT(self, "conditional_sem_score", 200 * sem, k);
        stat_expect_proportion("p_pass", AT(self, "p_pass", k), p, 2000);
        EXPECT(self, "p_pass_within", 1 - pow(1 - p, 3), k, 2);
    }
}

/* Given a score: theta is normal with mean .9 X and variance .1. */
static double competent_given(double low, double high)
{
    double sum = 0, weight = 0, sd = sqrt(1 + sem * sem);
    for (int i = 0; i < 1000; i++) {
        double x = theta_of(low + (high - low) * (i + 0.5) / 1000);
        weight += phi(x / sd);
        sum += phi(x / sd) * cdf((0.9 * x - cut) / sqrt(0.1));
    }
    return sum / weight;
}

static void check_bands(const struct store_result *self)
{
    size_t j = nearest(self, "competence", cut);
    for (double low = 850; low < 1050; low += 50) {
        size_t k = nearest(self, "score_band", low + 12.5);
        double p = competent_given(low, low + 25);
        EXPECT(self, "p_competent_given_band", p, k, j);
        EXPECT(self, "p_decision_right_given_band", low < 950 ? 1 - p : p, k, j);
    }
}

Test(cut_study, normal_error, .timeout = 300)
{
    struct store_result result;
    normal_study(&result);
    check_cut(&result, 850);
    check_cut(&result, 950);
    check_cut(&result, 1020);
    check_retakes(&result);
    check_least(&result);
    check_panel(&result);
    check_given(&result);
    check_bands(&result);
    cr_expect_null(dataset_var(&result.dataset, "change_accuracy"));
    store_result_free(&result);
}

/* ---- items ---- */

/* V8 and V6: the confidence rule by dynamic programming (test_v6.c, test_v8.c). */
Test(cut_study, confidence_rule, .timeout = 300)
{
    struct store_result result;
    char bank[256], text[2048];
    stat_bank_at_cut(110, bank);
    snprintf(text, sizeof text,
             "engine: {candidates: 10000, seed: 8}\n"
             "bank: %s\n"
             "exam:\n"
             "  min_items: 60\n"
             "  max_items: 80\n"
             "  pilot_items: 0\n"
             "  time_limit_min: none\n"
             "  select: {rule: random}\n"
             "  estimate: {rule: ml}\n"
             "  stop: {rule: confidence, level: 0.95}\n"
             "  cut_theta: 0\n"
             "  scale: {min: 800, max: 1100}\n"
             "population:\n"
             "  competent_theta: 0\n"
             "  groups: {all: {theta_mean: 0.411, theta_sd: 0.8}}\n"
             "policy: {wait_days: 15, attempts_per_cycle: 6, max_cycles: 1, window_days: 3650,\n"
             "  horizon_days: 3650}\n"
             "validate: {cut_from: 930, cut_to: 970, cut_step: 20, panel_se: 4, score_step: 50,\n"
             "  competence_step: 0.2, sittings: 2000}\n" STAT_PATHWAY,
             bank);
    study(text, &result);
    unlink(bank);
    static const double false_pass[] = {0.131053250007, 0.217895336886, 0.278192967917};
    static const double p_pass[] = {0.017032713912, 0.156668895108, 0.544461162580, 0.891005005551,
                                    0.990455864250};
    static const double length[] = {68.052742985422, 75.391446609374, 78.413058710828,
                                    75.391446609374, 68.052742985422};
    size_t k = nearest(&result, "cut", 950), j = nearest(&result, "competence", 0);
    for (size_t a = 0; a < 3; a++)
        EXPECT(&result, "false_pass_rate", false_pass[a], k, j, a);
    EXPECT(&result, "false_pass_rate", 0.381101385725, k, j, 5);
    EXPECT(&result, "session_length_mean", 67.174251505864, k);
    for (size_t i = 0; i < 5; i++) {
        size_t point = nearest(&result, "score_point", 850 + 50 * (double)i);
        stat_expect_proportion("p_pass", AT(&result, "p_pass", point), p_pass[i], 2000);
        EXPECT(&result, "session_length_mean_given_theta", length[i], point);
    }
    store_result_free(&result);
}

/* Rasch items from -2 to 2, ML: a summed score decides. Changes that cannot be had, and one that is
 * bound to help. */
Test(cut_study, rasch_form, .timeout = 300)
{
    enum { N_ITEMS = 40 };
    struct store_result result;
    char bank[256], text[2048];
    stat_bank_at_cut(1, bank);
    FILE *file = fopen(bank, "w");
    cr_assert(file);
    fputs("id,b\n", file);
    for (int i = 0; i < N_ITEMS; i++)
        fprintf(file, "I%d,%.17g\n", i, -2 + 4.0 * ((i * 17) % N_ITEMS) / (N_ITEMS - 1));
    cr_assert(fclose(file) == 0);
    snprintf(text, sizeof text,
             "engine: {candidates: 30000, seed: 5}\n"
             "bank: %s\n"
             "exam:\n"
             "  form: linear\n"
             "  min_items: %d\n"
             "  max_items: %d\n"
             "  pilot_items: 0\n"
             "  time_limit_min: none\n"
             "  estimate: {rule: ml}\n"
             "  cut_theta: 0.4\n"
             "  scale: {min: 600, max: 1300}\n"
             "population:\n"
             "  competent_theta: 0.3\n"
             "  groups: {all: {theta_mean: 0.3, theta_sd: 0.8}}\n"
             "policy: {wait_days: 15, attempts_per_cycle: 1, max_cycles: 1, window_days: 3650,\n"
             "  horizon_days: 3650}\n"
             "validate: {cut_from: 910, cut_to: 990, cut_step: 20, panel_se: 0, score_step: 25,\n"
             "  competence_step: 0.2, sittings: 2000}\n" STAT_PATHWAY,
             bank, N_ITEMS, N_ITEMS);
    study(text, &result);
    unlink(bank);
    for (size_t k = 0; k < 5; k++) {
        for (size_t j = 0; j < 5; j++)
            EXPECT(&result, "accuracy", AT(&result, "lee_accuracy", k, j), k, j);
        EXPECT(&result, "consistency", AT(&result, "lee_consistency", k), k);
        EXPECT(&result, "kappa", AT(&result, "lee_kappa", k), k);
        /* a normal error in place of discrete scores: within half a score of 40 */
        cr_expect_float_eq(AT(&result, "rudner_consistency", k), AT(&result, "lee_consistency", k),
                           0.03);
    }
    cr_expect_null(dataset_var(&result.dataset, "panel_pass_rate"));
    const struct dataset_dim *change = dataset_dim(&result.dataset, "change");
    cr_assert(change && change->n >= 3);
    cr_expect_str_eq(change->text[1], "20 more items");
    cr_expect(AT(&result, "change_consistency_difference", 1) >
              stat_limit * AT(&result, "change_consistency_difference_mcse", 1));
    store_result_free(&result);
}

/* 60 items at the cut, then up to 20 copies of them while the interval holds the cut: the exam of
 * V6 and V8, whichever form the 60 items are. */
static void check_stage(const char *form)
{
    struct store_result result;
    char bank[256], text[2048];
    stat_bank_at_cut(60, bank);
    snprintf(text, sizeof text,
             "engine: {candidates: 8000, seed: 9}\n"
             "bank: %s\n"
             "exam:\n"
             "  form: %s\n"
             "  min_items: 60\n"
             "  max_items: 60\n"
             "  pilot_items: 0\n"
             "  time_limit_min: none\n"
             "  estimate: {rule: ml}\n"
             "  stop: {rule: fixed, level: 0.95}\n"
             "  cut_theta: 0\n"
             "  scale: {min: 900, max: 1000}\n"
             "population:\n"
             "  competent_theta: 0\n"
             "  groups: {all: {theta_mean: 0.411, theta_sd: 0.8}}\n"
             "policy: {wait_days: 15, attempts_per_cycle: 6, max_cycles: 1, window_days: 3650,\n"
             "  horizon_days: 3650}\n"
             "validate: {cut_from: 950, cut_to: 950, panel_se: 0, score_step: 50, sittings: 100,\n"
             "  more_items: 0, stage_items: 20, bank_gain: 1}\n" STAT_PATHWAY,
             bank, form);
    study(text, &result);
    unlink(bank);
    const struct dataset_dim *change = dataset_dim(&result.dataset, "change");
    cr_assert(change && change->n >= 2);
    cr_expect_str_eq(change->text[1], "up to 20 more items for the undecided");
    EXPECT(&result, "change_session_length_mean", 67.174251505864, 1);
    EXPECT(&result, "change_false_pass_rate", 0.381101385725, 1);
    EXPECT(&result, "change_cumulative_pass_rate", 0.811880617075, 1);
    cr_expect_float_eq(AT(&result, "change_session_length_mean", 0), 60, 1e-12);
    store_result_free(&result);
}

Test(cut_study, second_stage, .timeout = 300)
{
    check_stage("linear");
    check_stage("cat");
}
