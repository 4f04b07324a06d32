/* Shapes of ability: moments and the correlation with speed within 5 standard errors, which are
 * taken from the sample's own fourth moments where the shape is not normal.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/person/population.h>

#include "fixture.h"
#include "policy.h"

enum { N = 100000 };

struct pair {
    double theta, speed;
};

static struct pair *draw(const char *groups)
{
    char text[1024];
    struct scenario scenario;
    struct person_design design;
    struct err err = {0};
    struct pair *out = malloc(N * sizeof *out);
    snprintf(text, sizeof text, "exam: {form: normal}\npopulation: {groups: {all: {%s}}}\n",
             groups);
    fixture_yaml(&scenario, text);
    cr_assert_eq(person_design_init(&scenario, &design, &err), ERR_OK, "%s", err.detail);
    for (uint64_t i = 0; i < N; i++) {
        struct person person;
        person_draw(&design, i, &person);
        out[i] = (struct pair){person.theta, person.speed};
    }
    person_design_free(&design);
    config_scenario_free(&scenario);
    return out;
}

/* A mean of f over the sample against its expectation, by the sample's own standard error. */
static void expect_mean(const struct pair *sample, double (*f)(struct pair), double wanted,
                        const char *what)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < N; i++) {
        sum += f(sample[i]) / (double)N;
        squares += f(sample[i]) * f(sample[i]) / (double)N;
    }
    double error = sqrt((squares - sum * sum) / (double)N);
    cr_expect(fabs(sum - wanted) <= 5 * error + 1e-12, "%s: %g, not %g (error %g)", what, sum,
              wanted, error);
}

/* Standardised by theta_mean 0.5, theta_sd 0.8, speed_mean 0.1, speed_sd 0.2. */
static double x(struct pair p)
{
    return (p.theta - 0.5) / 0.8;
}
static double y(struct pair p)
{
    return (p.speed - 0.1) / 0.2;
}
static double xx(struct pair p)
{
    return x(p) * x(p);
}
static double yy(struct pair p)
{
    return y(p) * y(p);
}
static double xy(struct pair p)
{
    return x(p) * y(p);
}
static double xxx(struct pair p)
{
    return x(p) * x(p) * x(p);
}

#define COMMON "theta_mean: 0.5, theta_sd: 0.8, speed_mean: 0.1, speed_sd: 0.2, theta_speed_corr: "

static struct pair *expect_standard(const char *groups, double correlation)
{
    struct pair *sample = draw(groups);
    expect_mean(sample, x, 0, "mean");
    expect_mean(sample, xx, 1, "variance");
    expect_mean(sample, y, 0, "mean speed");
    expect_mean(sample, yy, 1, "variance of speed");
    expect_mean(sample, xy, correlation, "correlation with speed");
    return sample;
}

Test(ability, normal)
{
    struct pair *sample = expect_standard(COMMON "0.28", 0.28);
    expect_mean(sample, xxx, 0, "skewness");
    free(sample);
}

/* Azzalini (1985): skewness (4 - pi)/2 (delta sqrt(2/pi))^3 / (1 - 2 delta^2/pi)^(3/2). */
static void check_skew(double alpha)
{
    char groups[256];
    double delta = alpha / sqrt(1 + alpha * alpha), m = delta * sqrt(2 / M_PI);
    snprintf(groups, sizeof groups, COMMON "0.6, theta_shape: skew_normal, theta_skew: %g", alpha);
    struct pair *sample = expect_standard(groups, 0.6);
    expect_mean(sample, xxx, (4 - M_PI) / 2 * pow(m, 3) / pow(1 - m * m, 1.5), "skewness");
    free(sample);
}

Test(ability, skew_normal)
{
    check_skew(4);
    check_skew(-4);
    check_skew(1000);
    check_skew(0);
}

/* Third central moment of a mixture: sum w (m^3 + 3 m s^2), m from the common mean. */
Test(ability, mixture)
{
    double w = 0.3, offset = -2, sd = 0.5, mean = w * offset;
    double variance = 1 - w + w * sd * sd + w * (1 - w) * offset * offset;
    double m1 = -mean, m2 = offset - mean;
    double third = (1 - w) * (m1 * m1 * m1 + 3 * m1) + w * (m2 * m2 * m2 + 3 * m2 * sd * sd);
    struct pair *sample = expect_standard(
        COMMON "-0.4, theta_shape: mixture, theta_mixture: {share: 0.3, offset: -2, sd: 0.5}",
        -0.4);
    expect_mean(sample, xxx, third / pow(variance, 1.5), "skewness");
    free(sample);
}

Test(ability, a_mixture_of_one_point_has_no_spread)
{
    struct pair *sample =
        draw(COMMON "1, theta_shape: mixture, theta_mixture: {share: 1, offset: 3, sd: 0}");
    for (size_t i = 0; i < N; i++)
        cr_assert_eq(sample[i].theta, 0.5);
    free(sample);
}

/* Values 0 (weight 1), 1 (2) and 4 (1): mean 1.5, variance 2.25; theta = 0.5 + 0.8 value. */
Test(ability, empirical)
{
    char path[256], groups[512];
    policy_file("theta,weight\n0,1\n1,2\n4,1\n", path);
    snprintf(groups, sizeof groups, COMMON "0.5, theta_shape: empirical, theta_file: %s", path);
    struct pair *sample = draw(groups);
    const double values[] = {0, 1, 4};
    size_t n[3] = {0};
    for (size_t i = 0; i < N; i++) {
        double value = (sample[i].theta - 0.5) / 0.8;
        size_t k = value < 0.5 ? 0 : value < 2 ? 1 : 2;
        cr_assert_float_eq(value, values[k], 1e-14);
        n[k]++;
        sample[i].theta = 0.5 + 0.8 * (value - 1.5) / 1.5; /* standardised */
    }
    for (size_t k = 0; k < 3; k++) {
        double p = k == 1 ? 0.5 : 0.25;
        cr_expect_float_eq((double)n[k], (double)N * p, 5 * sqrt((double)N * p * (1 - p)),
                           "value %zu", k);
    }
    expect_mean(sample, xy, 0.5, "correlation with speed");
    expect_mean(sample, yy, 1, "variance of speed");
    free(sample);
    unlink(path);
}

/* ---- what a file of abilities may not be ---- */

static void expect_refused(const char *content, const char *wanted)
{
    char path[256], line[512], full[600];
    struct scenario scenario;
    struct person_design design;
    struct err err = {0};
    policy_file(content, path);
    fixture_scenario(&scenario, "population.groups.all.theta_shape=empirical", NULL);
    snprintf(line, sizeof line, "population.groups.all.theta_file=%s", path);
    fixture_set(&scenario, line);
    cr_expect_eq(person_design_init(&scenario, &design, &err), ERR_INPUT, "%s", content);
    snprintf(full, sizeof full, "%s:%s", path, wanted);
    cr_expect_str_eq(err.detail, full);
    person_design_free(&design);
    config_scenario_free(&scenario);
    unlink(path);
}

Test(ability, malformed_files)
{
    expect_refused("theta\n", "1:1: a file of abilities needs at least one row");
    expect_refused("weight\n1\n", "1:1: a file of abilities needs a column 'theta'");
    expect_refused("theta,wieght\n1,1\n", "1:7: unknown column 'wieght'; did you mean 'weight'?");
    expect_refused("theta\nnan\n", "2:1: column theta: expected a number, not 'nan'");
    expect_refused("theta\n21\n", "2:1: column theta: 21 is out of range (-20 to 20)");
    expect_refused("theta,weight\n1,-1\n", "2:3: column weight: -1 is out of range (0 to 1e+09)");
    expect_refused("theta,weight\n1,0\n2,0\n",
                   "1:7: column weight: the weights sum to 0, must be positive");
}

Test(ability, a_file_that_is_not_named_or_not_there)
{
    struct scenario scenario;
    struct person_design design;
    struct err err = {0};
    fixture_yaml(&scenario, "population: {groups: {a: {theta_shape: empirical}}}\n");
    cr_expect_eq(person_design_init(&scenario, &design, &err), ERR_INPUT);
    cr_expect_str_eq(err.detail, "fixture.yaml:1:40: population.groups.a.theta_shape: empirical "
                                 "needs theta_file, a CSV file with a column theta");
    person_design_free(&design);
    err_clear(&err);
    fixture_set(&scenario, "population.groups.a.theta_file=no_such.csv");
    cr_expect_eq(person_design_init(&scenario, &design, &err), ERR_INPUT);
    cr_expect(strstr(err.detail, "--set population.groups.a.theta_file=no_such.csv: ") ==
                      err.detail &&
                  strstr(err.detail, "no_such.csv"),
              "%s", err.detail);
    person_design_free(&design);
    config_scenario_free(&scenario);
}
