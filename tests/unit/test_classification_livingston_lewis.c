/* Livingston & Lewis against closed forms (integer shapes make every integral a sum), the R package
 * betafunctions, and Lee's index where both must agree. SPDX-License-Identifier: Apache-2.0 */
#include <retake/irt/classification.h>

#include "fixture.h"

/* ---- closed forms for a two-parameter beta on [0, 1] ---- */

static long double log_choose(int n, int k)
{
    return lgammal(n + 1) - lgammal(k + 1) - lgammal(n - k + 1);
}

static long double log_beta(long double a, long double b)
{
    return lgammal(a) + lgammal(b) - lgammal(a + b);
}

/* I_x(a, b) for whole a and b: P(at least a of a + b - 1). */
static long double beta_cdf(long double x, int a, int b)
{
    long double sum = 0;
    for (int k = a; k < a + b; k++)
        sum += expl(log_choose(a + b - 1, k) + k * logl(x) + (a + b - 1 - k) * log1pl(-x));
    return sum;
}

/* The joint distribution of true category (threshold c) and X >= least, and of two X. */
static struct irt_classification closed(int n, int a, int b, int least, long double c)
{
    long double pass = 0, true_pass = 0, both = 0;
    for (int x = least; x <= n; x++) {
        long double p = expl(log_choose(n, x) + log_beta(a + x, b + n - x) - log_beta(a, b));
        pass += p;
        true_pass += p * (1 - beta_cdf(c, a + x, b + n - x));
        for (int y = least; y <= n; y++)
            both += expl(log_choose(n, x) + log_choose(n, y) +
                         log_beta(a + x + y, b + 2 * n - x - y) - log_beta(a, b));
    }
    long double able = 1 - beta_cdf(c, a, b), agree = 1 - 2 * pass + 2 * both;
    long double chance = pass * pass + (1 - pass) * (1 - pass);
    return (struct irt_classification){.accuracy = (double)(1 - pass - able + 2 * true_pass),
                                       .false_positive = (double)(pass - true_pass),
                                       .false_negative = (double)(able - true_pass),
                                       .consistency = (double)agree,
                                       .kappa = (double)((agree - chance) / (1 - chance)),
                                       .p_top = (double)pass,
                                       .p_true_top = (double)able};
}

static void check_closed(int n, int a, int b, int least, double c)
{
    struct irt_true_scores scores = {
        .n = (uint32_t)n, .alpha = a, .beta = b, .low = 0, .high = 1, .n_moments = 2};
    struct irt_classification out, expected = closed(n, a, b, least, (long double)c);
    struct err err = {0};
    double cut = (double)least / n;
    cr_assert_eq(irt_livingston_lewis(&scores, &cut, &c, 1, &out, &err), ERR_OK, "%s", err.detail);
    cr_assert_float_eq(out.accuracy, expected.accuracy, 1e-11, "n %d a %d b %d: %.15g %.15g", n, a,
                       b, out.accuracy, expected.accuracy);
    cr_assert_float_eq(out.false_positive, expected.false_positive, 1e-11);
    cr_assert_float_eq(out.false_negative, expected.false_negative, 1e-11);
    cr_assert_float_eq(out.consistency, expected.consistency, 1e-11);
    if (least > 0)
        cr_assert_float_eq(out.kappa, expected.kappa, 1e-9);
    else
        cr_assert(isnan(out.kappa));
    cr_assert_float_eq(out.p_top, expected.p_top, 1e-11);
    cr_assert_float_eq(out.p_true_top, expected.p_true_top, 1e-11);
}

Test(classification_livingston_lewis, closed_forms)
{
    check_closed(10, 3, 2, 6, 0.6);
    check_closed(40, 8, 3, 28, 0.65);
    check_closed(100, 1, 1, 70, 0.7);
    check_closed(250, 60, 40, 150, 0.55);
    check_closed(60, 2, 5, 0, 0.3);  /* everybody passes */
    check_closed(60, 2, 5, 60, 0.9); /* hardly anybody */
}

/* ---- the R package betafunctions 1.9.0 (CC0), LL.CA of these parameters ---- */

Test(classification_livingston_lewis, betafunctions)
{
    static const struct {
        struct irt_true_scores scores;
        double cut, true_cut, accuracy, false_positive, false_negative, consistency, kappa;
    } rows[] = {{{.n = 100, .alpha = 5, .beta = 3, .low = .25, .high = .75},
                 .5,
                 .5,
                 .877494112600188,
                 .0679472476521732,
                 .0545586397476389,
                 .8289098258385387,
                 .5309373328531872},
                {{.n = 40, .alpha = 2.5, .beta = 1.4, .low = .1, .high = .95},
                 .7,
                 .7,
                 .891230493809312,
                 .0406792926247864,
                 .0680902135659012,
                 .850345981309376,
                 .699226747900554},
                {{.n = 40, .alpha = 2.5, .beta = 1.4, .low = .1, .high = .95},
                 .7,
                 .6,
                 .830811356990608,
                 .00788902384849389,
                 .161299619160898,
                 .850345981309376,
                 .699226747900554},
                {{.n = 20, .alpha = .6, .beta = .8, .low = 0, .high = 1},
                 .55,
                 .55,
                 .9315089655721183,
                 .0234354411175006,
                 .0450555933103812,
                 .905983020120106,
                 .803105155328357}};
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        struct irt_classification out;
        struct err err = {0};
        cr_assert_eq(
            irt_livingston_lewis(&rows[k].scores, &rows[k].cut, &rows[k].true_cut, 1, &out, &err),
            ERR_OK);
        /* R's integrate is asked for 1e-4 only; what it returns here is good to about 1e-6 */
        cr_assert_float_eq(out.accuracy, rows[k].accuracy, 3e-6, "row %zu: %.9f", k, out.accuracy);
        cr_assert_float_eq(out.false_positive + out.false_negative,
                           rows[k].false_positive + rows[k].false_negative, 3e-6);
        cr_assert_float_eq(out.consistency, rows[k].consistency, 3e-6);
        cr_assert_float_eq(out.kappa, rows[k].kappa, 1e-5);
    }
}

/* ---- fitting true scores ---- */

/* Moments of betafunctions' rbinom(1000, 100, rBeta.4P(1000, .25, .75, 5, 3)) after set.seed(1234),
 * and of another sample; expected parameters from its Beta.tp.fit with etl = ETL(mean, variance).
 */
static const struct irt_score_moments sample = {.mean = 56.041,
                                                .variance = 94.55131900000000655,
                                                .skewness = -0.26827566730775249,
                                                .kurtosis = 2.64402474379449082,
                                                .reliability = .7,
                                                .max = 100};
static const struct irt_score_moments flat = {.mean = 36.99199999999999733,
                                              .variance = 96.62393600000000049,
                                              .skewness = 0.20192379194576579,
                                              .kurtosis = 2.10378521831942411,
                                              .reliability = .85,
                                              .max = 60};

static void check_fit(const struct irt_score_moments *moments, uint32_t n_moments, double alpha,
                      double beta, double low, double high, double length)
{
    struct irt_true_scores out;
    struct err err = {0};
    cr_assert_eq(irt_true_scores_fit(moments, n_moments, &out, &err), ERR_OK, "%s", err.detail);
    cr_assert_eq(out.n_moments, n_moments);
    cr_assert_float_eq(out.alpha, alpha, 1e-7 * alpha, "alpha %.12g", out.alpha);
    cr_assert_float_eq(out.beta, beta, 1e-7 * beta, "beta %.12g", out.beta);
    cr_assert_float_eq(out.low, low, 1e-8);
    cr_assert_float_eq(out.high, high, 1e-8);
    cr_assert_float_eq(out.effective_length, length, 1e-10 * length);
    cr_assert_eq(out.n, (uint32_t)lround(length));
}

Test(classification_livingston_lewis, fit_as_betafunctions)
{
    check_fit(&sample, 4, 2.571136395038308, 1.484974588263819, 0.319699983832588,
              0.699433451979822, 84.515669058690392);
    check_fit(&flat, 4, 0.763196213970797, 1.162731870115903, 0.407213339201090, 0.935433013094252,
              53.056666373019610);
    check_fit(&flat, 2, 5.77256530138453, 3.59037582326598, 0, 1, 53.05666637301961);
}

/* The exact moments of a beta-binomial give its parameters back, and its true variance. */
static struct irt_score_moments compound(int n, double a, double b, double low, double high)
{
    long double raw[5] = {1, 0, 0, 0, 0}, mass = 1, t = 0, u[5];
    struct irt_score_moments out = {.max = n};
    /* raw moments of t = low + w u by the binomial theorem, of X by Stirling numbers */
    u[0] = 1;
    for (int k = 1; k < 5; k++)
        u[k] = u[k - 1] * ((long double)a + k - 1) / ((long double)(a + b) + k - 1);
    long double of_t[5] = {0}, w = (long double)high - (long double)low;
    static const int choose[5][5] = {{1}, {1, 1}, {1, 2, 1}, {1, 3, 3, 1}, {1, 4, 6, 4, 1}};
    static const int stirling[5][5] = {{1}, {0, 1}, {0, 1, 1}, {0, 1, 3, 1}, {0, 1, 7, 6, 1}};
    for (int k = 0; k < 5; k++)
        for (int j = 0; j <= k; j++)
            of_t[k] += choose[k][j] * powl((long double)low, k - j) * powl(w, j) * u[j];
    for (int k = 1; k < 5; k++) {
        mass = 1;
        for (int j = 1; j <= k; j++) {
            mass *= n - j + 1;
            raw[k] += stirling[k][j] * mass * of_t[j];
        }
    }
    t = raw[1];
    long double variance = raw[2] - t * t;
    out.mean = (double)t;
    out.variance = (double)variance;
    out.skewness =
        (double)((raw[3] - 3 * t * raw[2] + 2 * t * t * t) / (variance * sqrtl(variance)));
    out.kurtosis = (double)((raw[4] - 4 * t * raw[3] + 6 * t * t * raw[2] - 3 * t * t * t * t) /
                            (variance * variance));
    out.reliability = (double)((of_t[2] - of_t[1] * of_t[1]) * n * n / variance);
    return out;
}

Test(classification_livingston_lewis, fit_finds_the_parameters_again)
{
    struct irt_score_moments moments = compound(60, 3, 2, 0.2, 0.9);
    check_fit(&moments, 4, 3, 2, 0.2, 0.9, 60);
    moments = compound(45, 0.7, 1.6, 0.05, 0.95);
    check_fit(&moments, 4, 0.7, 1.6, 0.05, 0.95, 45);
    moments = compound(45, 4, 2, 0, 1);
    check_fit(&moments, 2, 4, 2, 0, 1, 45);
    moments.min = -45; /* shares of the range from -45 to 45 */
    struct irt_true_scores out;
    struct err err = {0};
    cr_assert_eq(irt_true_scores_fit(&moments, 2, &out, &err), ERR_OK);
    double share = out.alpha / (out.alpha + out.beta);
    cr_assert_float_eq(share, (moments.mean + 45) / 90, 1e-12);
}

/* What a fit says of mean, variance and skewness of the true scores. */
static void moments_of(const struct irt_true_scores *s, double *mean, double *variance,
                       double *skewness)
{
    double a = s->alpha, b = s->beta, sum = a + b, width = s->high - s->low;
    *mean = s->low + width * a / sum;
    *variance = width * width * a * b / (sum * sum * (sum + 1));
    *skewness = 2 * (b - a) * sqrt(sum + 1) / ((sum + 2) * sqrt(a * b));
}

/* A kurtosis that would need a bound outside [0, 1]: three moments are kept, and the
 * bound goes to the edge. */
Test(classification_livingston_lewis, three_moments)
{
    struct irt_score_moments moments = compound(60, 3, 2, 0.02, 0.98), plain;
    struct irt_true_scores out, same;
    struct err err = {0};
    double mean, variance, skewness, expected_mean, expected_variance, expected_skewness;
    cr_assert_eq(irt_true_scores_fit(&moments, 4, &same, &err), ERR_OK);
    cr_assert_eq(same.n_moments, 4);
    plain = moments;
    plain.kurtosis += 0.06;
    cr_assert_eq(irt_true_scores_fit(&plain, 4, &out, &err), ERR_OK);
    cr_assert_eq(out.n_moments, 3, "%u moments, %g to %g", out.n_moments, out.low, out.high);
    moments_of(&out, &mean, &variance, &skewness);
    moments_of(&same, &expected_mean, &expected_variance, &expected_skewness);
    cr_assert_float_eq(mean, expected_mean, 1e-9);
    cr_assert_float_eq(variance, expected_variance, 1e-9);
    cr_assert_float_eq(skewness, expected_skewness, 1e-6);
    cr_assert(out.low < 1e-6 || out.high > 1 - 1e-6, "an edge is reached: %g, %g", out.low,
              out.high);
    cr_assert(out.low >= 0 && out.high <= 1);
}

/* Moments that no beta distribution with four or three of them has: two are left. */
Test(classification_livingston_lewis, two_moments)
{
    struct irt_score_moments odd = sample, few = flat;
    struct irt_true_scores out;
    struct err err = {0};
    odd.skewness = 3;
    cr_assert_eq(irt_true_scores_fit(&odd, 4, &out, &err), ERR_OK);
    cr_assert_eq(out.n_moments, 2);
    double mean, variance, skewness;
    moments_of(&out, &mean, &variance, &skewness);
    cr_assert_float_eq(mean, 0.56041, 1e-12);
    cr_assert_float_eq(variance, 0.7 * 94.551319 / 1e4, 1e-12);
    few.mean = 30; /* m(1 - m) = 1/4, n = (1/4 - r v)/(v (1 - r)) = 2: no fourth factorial moment */
    few.variance = 0.25 / 1.5 * 3600;
    few.reliability = 0.5;
    cr_assert_eq(irt_true_scores_fit(&few, 4, &out, &err), ERR_OK);
    cr_assert_float_eq(out.effective_length, 2, 1e-12);
    cr_assert_eq(out.n_moments, 2);
}

/* ---- any number of cuts, and what has no error ---- */

/* Three categories against two: merging the upper two gives the one-cut indices. */
Test(classification_livingston_lewis, cuts_nest)
{
    struct irt_true_scores scores = {.n = 50, .alpha = 4, .beta = 2, .low = .1, .high = .95};
    struct irt_classification one, two;
    struct err err = {0};
    double cuts[] = {.5, .8}, lowest[] = {.5, 5};
    cr_assert_eq(irt_livingston_lewis(&scores, cuts, NULL, 1, &one, &err), ERR_OK);
    cr_assert_eq(irt_livingston_lewis(&scores, cuts, NULL, 2, &two, &err), ERR_OK);
    cr_assert_lt(two.accuracy, one.accuracy);
    cr_assert_float_eq(two.accuracy + two.false_positive + two.false_negative, 1, 1e-12);
    cr_assert_eq(irt_livingston_lewis(&scores, lowest, NULL, 2, &two, &err), ERR_OK);
    cr_assert_float_eq(two.accuracy, one.accuracy, 1e-11); /* the second cut is out of reach */
    cr_assert_float_eq(two.consistency, one.consistency, 1e-11);
    cr_assert_eq(two.p_top, 0);
}

/* ---- errors ---- */

static enum err_code fit(double mean, double variance, double reliability)
{
    struct irt_score_moments moments = {
        .mean = mean, .variance = variance, .kurtosis = 3, .reliability = reliability, .max = 10};
    struct irt_true_scores out;
    struct err err = {0};
    return irt_true_scores_fit(&moments, 4, &out, &err);
}

Test(classification_livingston_lewis, errors)
{
    struct irt_true_scores good = {.n = 50, .alpha = 4, .beta = 2, .low = 0, .high = 1};
    struct irt_true_scores bad = {.n = 50, .alpha = 0, .beta = 2, .low = 0, .high = 1};
    struct irt_classification out;
    struct err err = {0};
    double falling[] = {.6, .5}, cut = .5, rising[] = {.5, .6};
    cr_assert_eq(fit(6, 4, .8), ERR_OK);
    cr_assert_eq(fit(6, 0, .8), ERR_RANGE);
    cr_assert_eq(fit(10, 4, .8), ERR_RANGE);
    cr_assert_eq(fit(6, 4, 0), ERR_RANGE);
    cr_assert_eq(fit(6, 4, 1), ERR_RANGE);
    cr_assert_eq(fit(6, 30, .9), ERR_RANGE); /* more than scores of 0 and 10 alone would have */
    cr_assert_eq(irt_livingston_lewis(&good, falling, NULL, 2, &out, &err), ERR_RANGE);
    err_clear(&err);
    cr_assert_eq(irt_livingston_lewis(&good, rising, falling, 2, &out, &err), ERR_RANGE);
    err_clear(&err);
    cr_assert_eq(irt_livingston_lewis(&good, &cut, NULL, 0, &out, &err), ERR_RANGE);
    err_clear(&err);
    cr_assert_eq(irt_livingston_lewis(&bad, &cut, NULL, 1, &out, &err), ERR_RANGE);
}
