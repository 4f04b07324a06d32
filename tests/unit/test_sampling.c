/* Sampling schemes. Witnesses: the recurrence of Sobol' points with the primitive polynomials and
 * initial numbers of Joe & Kuo (2008); the counts that a (t, m, s)-net in base 2 has in elementary
 * intervals, which nested scrambling keeps (Owen 1995); proportional strata; uniform marginals by
 * chi-square; independence between blocks.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/dist.h>
#include <retake/person/population.h>

#include "fixture.h"

enum { N_BLOCKS = 400 };

#define EVERY_DEFICIT                                                                              \
    "deficits: {knowledge: 0.3, sequence: 0.1, scope: 0.2, reading: 0.1, pacing: 0.1}\n"

static void design_init(const char *sampling, const char *rest, struct scenario *scenario,
                        struct person_design *design)
{
    char text[1024];
    struct err err = {0};
    snprintf(text, sizeof text, "bank: none.csv\nengine: {sampling: %s, seed: 5}\n%s", sampling,
             rest);
    fixture_yaml(scenario, text);
    cr_assert_eq(person_design_init(scenario, design, &err), ERR_OK);
}

static void design_free(struct scenario *scenario, struct person_design *design)
{
    person_design_free(design);
    config_scenario_free(scenario);
}

/* The uniform behind a normal ability with mean 0 and standard deviation 1. */
static double unit_of(const struct person_design *design, uint64_t candidate)
{
    struct person person;
    person_draw(design, candidate, &person);
    return dist_normal_cdf(person.theta);
}

/* The uniform behind a lognormal deficit. */
static double unit_of_deficit(const struct scenario *s, const struct person *person, int k)
{
    const double mean[] = {s->deficits_knowledge, s->deficits_sequence, s->deficits_scope,
                           s->deficits_reading, s->deficits_pacing};
    double variance = log(1 + s->deficits_cv * s->deficits_cv);
    return dist_normal_cdf((log(person->initial[k] / mean[k]) + variance / 2) / sqrt(variance));
}

#define NORMAL                                                                                     \
    "population: {groups: {all: {theta_mean: 0, theta_sd: 1, speed_sd: 1, theta_speed_corr: "      \
    "0}}}\n"

static void check_strata(const char *sampling)
{
    struct scenario scenario;
    struct person_design design;
    design_init(sampling, NORMAL, &scenario, &design);
    for (uint64_t block = 0; block < 20; block++) {
        int seen[PERSON_BLOCK] = {0};
        for (uint64_t i = 0; i < PERSON_BLOCK; i++)
            seen[(int)(unit_of(&design, block * PERSON_BLOCK + i) * (double)PERSON_BLOCK)]++;
        for (int k = 0; k < PERSON_BLOCK; k++)
            cr_assert_eq(seen[k], 1, "%s: block %d, stratum %d: %d", sampling, (int)block, k,
                         seen[k]);
    }
    design_free(&scenario, &design);
}

Test(sampling, one_ability_in_each_stratum)
{
    check_strata("stratified");
    check_strata("sobol");
}

/* Position by position, over blocks: chi-square of 16 cells has 15 degrees of freedom; the limit of
 * 60 has a probability of 2e-7. */
Test(sampling, each_position_is_uniform_and_independent_over_blocks)
{
    struct scenario scenario;
    struct person_design design;
    design_init("sobol", NORMAL EVERY_DEFICIT, &scenario, &design);
    for (uint64_t i = 0; i < PERSON_BLOCK; i += 17) {
        double seen[4][16] = {{0}}, product = 0, before = 0.5;
        for (uint64_t block = 0; block < N_BLOCKS; block++) {
            struct person person;
            person_draw(&design, block * PERSON_BLOCK + i, &person);
            double u = dist_normal_cdf(person.theta);
            seen[0][(int)(16 * u)]++;
            seen[1][(int)(16 * (256 * u - floor(256 * u)))]++;
            seen[2][(int)(16 * unit_of_deficit(&scenario, &person, PERSON_SCOPE))]++;
            seen[3][(int)(16 * dist_normal_cdf(person.speed))]++;
            product += (u - 0.5) * (before - 0.5);
            before = u;
        }
        for (int k = 0; k < 4; k++) {
            double chi = 0, mean = (double)N_BLOCKS / 16.0;
            for (int c = 0; c < 16; c++)
                chi += (seen[k][c] - mean) * (seen[k][c] - mean) / mean;
            cr_expect(chi < 60, "position %d, number %d: chi-square %.1f", (int)i, k, chi);
        }
        double z = product * 12 / sqrt(N_BLOCKS); /* the variance of a uniform is 1/12 */
        cr_expect(fabs(z) < 5, "position %d: lag-1 correlation, z = %.1f", (int)i, z);
    }
    design_free(&scenario, &design);
}

/* Joe & Kuo: degree, coefficients and initial numbers of dimensions 2 to 9. */
static const struct {
    unsigned s, a, m[5];
} joe_kuo[] = {
    {1, 0, {1}},          {2, 1, {1, 3}},        {3, 1, {1, 3, 1}},        {3, 2, {1, 1, 1}},
    {4, 1, {1, 1, 3, 3}}, {4, 4, {1, 3, 5, 13}}, {5, 2, {1, 1, 5, 5, 17}}, {5, 4, {1, 1, 5, 5, 5}}};

/* Eight digits of point i in a dimension (from 0). */
static unsigned sobol_point(unsigned dim, unsigned i)
{
    unsigned m[8], x = 0;
    for (unsigned k = 0; k < 8; k++) {
        m[k] = 1;
        if (dim == 0)
            continue;
        unsigned s = joe_kuo[dim - 1].s, a = joe_kuo[dim - 1].a;
        m[k] = k < s ? joe_kuo[dim - 1].m[k] : m[k - s] ^ m[k - s] << s;
        for (unsigned j = 1; k >= s && j < s; j++)
            m[k] ^= (a >> (s - 1 - j) & 1) * m[k - j] << j;
    }
    for (unsigned k = 0; k < 8; k++)
        x ^= (i >> k & 1) * m[k] << (7 - k);
    return x;
}

static unsigned common_digits(unsigned x, unsigned y)
{
    unsigned n = 0;
    while (n < 8 && x >> (7 - n) == y >> (7 - n))
        n++;
    return n;
}

/* Nested scrambling keeps how many leading digits two points share, in every dimension: a property
 * that no other generator matrix has by chance (255 pairs, five dimensions). */
Test(sampling, scrambled_points_share_the_digits_of_sobol_points)
{
    static const unsigned dim_of[PERSON_N_BUCKETS] = {1, 4, 5, 6, 7};
    struct scenario scenario;
    struct person_design design;
    design_init("sobol", NORMAL EVERY_DEFICIT, &scenario, &design);
    for (uint64_t block = 0; block < 5; block++) {
        struct person first, other;
        person_draw(&design, block * PERSON_BLOCK, &first);
        for (unsigned i = 1; i < PERSON_BLOCK; i++) {
            person_draw(&design, block * PERSON_BLOCK + i, &other);
            for (int k = 0; k < PERSON_N_BUCKETS; k++) {
                unsigned x = (unsigned)(256 * unit_of_deficit(&scenario, &first, k));
                unsigned y = (unsigned)(256 * unit_of_deficit(&scenario, &other, k));
                unsigned z = sobol_point(dim_of[k], 0) ^ sobol_point(dim_of[k], i);
                cr_assert_eq(common_digits(x, y), common_digits(z, 0), "bucket %d, point %u", k, i);
            }
            unsigned x = (unsigned)(256 * dist_normal_cdf(first.theta));
            unsigned y = (unsigned)(256 * dist_normal_cdf(other.theta));
            cr_assert_eq(common_digits(x, y), common_digits(sobol_point(0, i), 0), "point %u", i);
            x = (unsigned)(256 * dist_normal_cdf(first.speed));
            y = (unsigned)(256 * dist_normal_cdf(other.speed));
            cr_assert_eq(common_digits(x, y), common_digits(sobol_point(8, i), 0), "point %u", i);
        }
    }
    design_free(&scenario, &design);
}

/* The first two dimensions are a (0, 8, 2)-net: each of the 256 elementary intervals of every shape
 * holds one point. */
Test(sampling, ability_and_knowledge_fill_the_square)
{
    struct scenario scenario;
    struct person_design design;
    design_init("sobol", NORMAL EVERY_DEFICIT, &scenario, &design);
    for (int digits = 0; digits <= 8; digits++) {
        int seen[PERSON_BLOCK] = {0};
        for (uint64_t i = 0; i < PERSON_BLOCK; i++) {
            struct person person;
            person_draw(&design, 7 * PERSON_BLOCK + i, &person);
            int x = (int)(dist_normal_cdf(person.theta) * (1 << digits));
            int y =
                (int)(unit_of_deficit(&scenario, &person, PERSON_KNOWLEDGE) * (1 << (8 - digits)));
            seen[x << (8 - digits) | y]++;
        }
        for (int k = 0; k < PERSON_BLOCK; k++)
            cr_assert_eq(seen[k], 1, "%d digits, interval %d: %d", digits, k, seen[k]);
    }
    design_free(&scenario, &design);
}

/* Weights 3, 0 and 1; the last group is a mixture with 25 % far above. */
Test(sampling, groups_and_components_have_their_share_of_each_block)
{
    struct scenario scenario;
    struct person_design design;
    design_init("stratified",
                "population:\n"
                "  groups:\n"
                "    a: {weight: 3, theta_mean: 0, theta_sd: 1}\n"
                "    b: {weight: 0, theta_mean: 9}\n"
                "    c: {weight: 1, theta_mean: 0, theta_sd: 1, theta_shape: mixture,\n"
                "        theta_mixture: {share: 0.25, offset: 100,\n"
                "        sd: 1}}\n",
                &scenario, &design);
    for (uint64_t block = 0; block < 20; block++) {
        int n[3] = {0}, n_far = 0, strata[192] = {0};
        for (uint64_t i = 0; i < PERSON_BLOCK; i++) {
            struct person person;
            person_draw(&design, block * PERSON_BLOCK + i, &person);
            n[person.group]++;
            n_far += person.group == 2 && person.theta > 1;
            if (person.group == 0)
                strata[(int)(192 * dist_normal_cdf(person.theta))]++;
        }
        cr_assert(n[0] == 192 && n[1] == 0 && n[2] == 64 && n_far == 16, "%d %d %d, %d far", n[0],
                  n[1], n[2], n_far);
        for (int k = 0; k < 192; k++)
            cr_assert_eq(strata[k], 1, "stratum %d of group a: %d", k, strata[k]);
    }
    design_free(&scenario, &design);
}

/* Moments of every shape: the standard error under stratification is smaller than that of random
 * sampling, so 5 of the latter are a safe limit. */
Test(sampling, every_shape_keeps_its_moments)
{
    static const char *const shapes[] = {
        "normal", "skew_normal, theta_skew: 4",
        "mixture, theta_mixture: {share: 0.3, offset: 2, sd: 0.5}"};
    for (int way = 0; way < 2; way++)
        for (size_t k = 0; k < sizeof shapes / sizeof shapes[0]; k++) {
            struct scenario scenario;
            struct person_design design;
            char text[512];
            double n = 200.0 * (double)PERSON_BLOCK, sum = 0, square = 0;
            snprintf(text, sizeof text,
                     "population: {groups: {all: {theta_mean: 0.5, theta_sd: 2, theta_shape: "
                     "%s}}}\n",
                     shapes[k]);
            design_init(way == 0 ? "stratified" : "sobol", text, &scenario, &design);
            for (uint64_t c = 0; c < (uint64_t)n; c++) {
                struct person person;
                person_draw(&design, c, &person);
                sum += person.theta;
                square += (person.theta - 0.5) * (person.theta - 0.5);
            }
            cr_expect_float_eq(sum / n, 0.5, 5 * 2 / sqrt(n), "%s: mean %g", shapes[k], sum / n);
            cr_expect_float_eq(sqrt(square / n), 2, 5 * 2 / sqrt(n), "%s: SD %g", shapes[k],
                               sqrt(square / n));
            design_free(&scenario, &design);
        }
}

Test(sampling, an_unknown_scheme_is_refused)
{
    struct scenario scenario;
    struct err err = {0};
    const char *text = "engine: {sampling: stratfied}\n";
    cr_assert_neq(config_scenario_parse("s.yaml", text, strlen(text), &scenario, &err), ERR_OK);
    cr_expect(strstr(err.detail, "stratified"), "%s", err.detail);
    config_scenario_free(&scenario);
}
