/* Who the candidates are: moments of the draws within limits from sampling theory (5 SD), shares of
 * groups, and the same people under every policy.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/person/population.h>

#include "fixture.h"

enum { N = 100000 };

static const char scenario_text[] =
    "bank: none.csv\n"
    "population:\n"
    "  competent_theta: 0.25\n"
    "  groups:\n"
    "    a: {weight: 3, theta_mean: 0.5, theta_sd: 0.8, speed_mean: 0.1, speed_sd: 0.2,\n"
    "        theta_speed_corr: 0.28}\n"
    "    b: {weight: 0, theta_mean: 9}\n"
    "    c: {weight: 1, theta_mean: -1, theta_sd: 1.5, speed_sd: 0.4, theta_speed_corr: -0.6}\n"
    "deficits: {knowledge: 0.3, sequence: 0.1, scope: 0.2, reading: 0, pacing: 0.1, cv: 0.7}\n";

struct sample {
    struct scenario scenario;
    struct person_design design;
    struct person *people; /* [N] */
};

static void sample_init(struct sample *self)
{
    struct err err = {0};
    fixture_yaml(&self->scenario, scenario_text);
    cr_assert_eq(person_design_init(&self->scenario, &self->design, &err), ERR_OK);
    self->people = malloc(N * sizeof *self->people);
    cr_assert(self->people);
    for (uint64_t i = 0; i < N; i++)
        person_draw(&self->design, i, &self->people[i]);
}

static void sample_free(struct sample *self)
{
    free(self->people);
    person_design_free(&self->design);
    config_scenario_free(&self->scenario);
}

/* Moments of two columns. */
struct moments {
    double n, mean[2], sd[2], correlation;
};

static struct moments moments(double (*xy)[2], size_t n)
{
    double s[2] = {0}, ss[2] = {0}, cross = 0;
    for (size_t i = 0; i < n; i++)
        for (int k = 0; k < 2; k++)
            s[k] += xy[i][k] / (double)n;
    for (size_t i = 0; i < n; i++) {
        for (int k = 0; k < 2; k++)
            ss[k] += (xy[i][k] - s[k]) * (xy[i][k] - s[k]) / (double)n;
        cross += (xy[i][0] - s[0]) * (xy[i][1] - s[1]) / (double)n;
    }
    return (struct moments){
        (double)n, {s[0], s[1]}, {sqrt(ss[0]), sqrt(ss[1])}, cross / sqrt(ss[0] * ss[1])};
}

/* For normal columns: SD of a mean sd/sqrt(n), of an SD sd/sqrt(2n), of r (1 - r^2)/sqrt(n). */
static void check_normal(const struct moments *m, int k, double mean, double sd)
{
    cr_assert_float_eq(m->mean[k], mean, 5 * sd / sqrt(m->n), "mean %g", m->mean[k]);
    cr_assert_float_eq(m->sd[k], sd, 5 * sd / sqrt(2 * m->n), "SD %g", m->sd[k]);
}

static void check_correlation(const struct moments *m, double r)
{
    cr_assert_float_eq(m->correlation, r, 5 * (1 - r * r) / sqrt(m->n), "r %g", m->correlation);
}

static void check_group(const struct sample *sample, uint32_t g, double share)
{
    const struct scenario_group *group = &sample->scenario.groups[g];
    double(*xy)[2] = malloc(N * sizeof *xy);
    size_t n = 0;
    for (size_t i = 0; i < N; i++)
        if (sample->people[i].group == g) {
            xy[n][0] = sample->people[i].theta;
            xy[n++][1] = sample->people[i].speed;
        }
    cr_assert_float_eq((double)n / (double)N, share, 5 * sqrt(share * (1 - share) / (double)N));
    struct moments m = moments(xy, n);
    if (n > 0) {
        check_normal(&m, 0, group->theta_mean, group->theta_sd);
        check_normal(&m, 1, group->speed_mean, group->speed_sd);
        check_correlation(&m, group->theta_speed_corr);
    }
    free(xy);
}

Test(population, groups_ability_and_speed)
{
    struct sample sample;
    sample_init(&sample);
    check_group(&sample, 0, 0.75);
    check_group(&sample, 1, 0);
    check_group(&sample, 2, 0.25);
    sample_free(&sample);
}

/* Logs of lognormals are normal: s^2 = log(1 + cv^2), mean log(m) - s^2/2. All are independent. */
Test(population, deficits)
{
    static const int buckets[] = {PERSON_KNOWLEDGE, PERSON_SEQUENCE, PERSON_SCOPE, PERSON_PACING};
    struct sample sample;
    sample_init(&sample);
    double s2 = log(1 + 0.49), total = 0;
    double(*xy)[2] = malloc(N * sizeof *xy);
    for (int k = 0; k < 4; k++)
        for (int j = 0; j < 5; j++) {
            for (size_t i = 0; i < N; i++) {
                const struct person *p = &sample.people[i];
                xy[i][0] = log(p->initial[buckets[k]]);
                xy[i][1] = j < 4 ? log(p->initial[buckets[j]]) : p->theta;
                total += p->initial[PERSON_READING];
            }
            struct moments m = moments(xy, N);
            check_normal(&m, 0, log(sample.design.deficit_mean[buckets[k]]) - s2 / 2, sqrt(s2));
            if (j != k)
                check_correlation(&m, 0);
        }
    cr_assert_eq(total, 0, "a mean of 0 is no deficit at all");
    free(xy);
    sample_free(&sample);
}

Test(population, nothing_is_repaired_or_forgotten_on_day_0)
{
    struct sample sample;
    sample_init(&sample);
    const struct person *p = &sample.people[17];
    cr_assert_eq(p->candidate, 17);
    cr_assert(p->day == 0 && p->renewed_day == 0);
    struct person_state state;
    person_state(&sample.design, p, &state);
    cr_assert_eq(state.ability, p->theta);
    for (int k = 0; k < PERSON_N_BUCKETS; k++)
        cr_assert(p->repaired[k] == 0 && state.deficit[k] == p->initial[k]);
    cr_assert_eq(state.speed, p->speed - p->initial[PERSON_PACING]);
    sample_free(&sample);
}

/* Common random numbers: another mean moves everyone by the same amount. */
Test(population, the_same_people_under_every_policy)
{
    struct sample sample;
    struct person_design other;
    struct err err = {0};
    sample_init(&sample);
    fixture_set(&sample.scenario, "policy.wait_days=30");
    fixture_set(&sample.scenario, "population.groups.a.theta_mean=0.75");
    fixture_set(&sample.scenario, "study.half_life_days=10");
    cr_assert_eq(person_design_init(&sample.scenario, &other, &err), ERR_OK);
    for (uint64_t i = 0; i < 1000; i++) {
        struct person person;
        const struct person *before = &sample.people[i];
        person_draw(&other, i, &person);
        cr_assert_eq(person.group, before->group);
        cr_assert_eq(person.speed, before->speed);
        double shift = person.group == 0 ? 0.25 : 0;
        cr_assert_float_eq(person.theta, before->theta + shift, 1e-14);
        cr_assert_eq(memcmp(person.initial, before->initial, sizeof person.initial), 0);
    }
    person_design_free(&other);
    sample_free(&sample);
}

Test(population, competence_is_reached_at_the_threshold)
{
    struct person_design design = {.competent_theta = 0.25, .decay_per_day = 0.01};
    struct person person = {.theta = 1, .initial = {0.25, 0.25, 0.25, 7, 7}};
    struct person_state state;
    person_state(&design, &person, &state);
    cr_assert_eq(state.proficiency, 0.25);
    cr_assert(state.is_competent, "reading and pacing are no matter of competence");
    person.theta = 0.999;
    person_state(&design, &person, &state);
    cr_assert_not(state.is_competent);
}

/* ---- deficits: gamma, correlated, spread over domains, more of them in one group ---- */

static void people(const char *text, const struct irt_bank *bank, struct sample *out)
{
    struct err err = {0};
    fixture_yaml(&out->scenario, text);
    cr_assert_eq(person_design_init(&out->scenario, &out->design, &err), ERR_OK);
    if (bank)
        cr_assert_eq(person_design_meet_bank(&out->scenario, bank, &out->design, &err), ERR_OK);
    out->people = malloc(N * sizeof *out->people);
    for (uint64_t i = 0; i < N; i++)
        person_draw(&out->design, i, &out->people[i]);
}

/* Gamma with mean m and coefficient of variation v: log-free check by mean, variance and third
 * central moment 2 m^3 v^4; errors from the moments of the sample. */
Test(population, gamma_deficits)
{
    struct sample s;
    people("deficits: {knowledge: 0.5, cv: 1.5, distribution: gamma, correlation: 0.4, scope: 1}\n",
           NULL, &s);
    for (int power = 1; power <= 3; power++) {
        double sum = 0, squares = 0, wanted[] = {0, 0.5625, 2 * 0.125 * 5.0625};
        for (size_t i = 0; i < N; i++) {
            double x = s.people[i].initial[PERSON_KNOWLEDGE] - 0.5, y = x;
            for (int k = 1; k < power; k++)
                y *= x;
            sum += y / (double)N;
            squares += y * y / (double)N;
        }
        double error = sqrt((squares - sum * sum) / (double)N);
        cr_expect_float_eq(sum, wanted[power - 1], 5 * error, "moment %d: %g, not %g", power, sum,
                           wanted[power - 1]);
    }
    sample_free(&s);
}

/* Logs of lognormals are the normal scores of the copula. */
Test(population, deficits_are_correlated_by_a_copula)
{
    struct sample s;
    double s2 = log(1 + 0.25);
    people("deficits: {knowledge: 0.5, sequence: 1, scope: 0.2, reading: 0.3, pacing: 0.1, cv: 0.5,"
           " correlation: 0.45}\n",
           NULL, &s);
    double(*xy)[2] = malloc(N * sizeof *xy);
    for (int k = 0; k < PERSON_N_BUCKETS; k++)
        for (int j = 0; j < k; j++) {
            for (size_t i = 0; i < N; i++) {
                xy[i][0] = log(s.people[i].initial[k]);
                xy[i][1] = log(s.people[i].initial[j]);
            }
            struct moments m = moments(xy, N);
            check_normal(&m, 0, log(s.design.deficit_mean[k]) - s2 / 2, sqrt(s2));
            check_correlation(&m, 0.45);
        }
    free(xy);
    sample_free(&s);
}

Test(population, a_correlation_of_one_makes_deficits_proportional)
{
    struct sample s;
    people("deficits: {knowledge: 0.5, pacing: 0.1, correlation: 1}\n", NULL, &s);
    for (size_t i = 0; i < N; i++)
        cr_assert_float_eq(s.people[i].initial[PERSON_KNOWLEDGE],
                           5 * s.people[i].initial[PERSON_PACING],
                           1e-12 * s.people[i].initial[PERSON_KNOWLEDGE]);
    sample_free(&s);
}

Test(population, a_group_may_have_more_deficits)
{
    struct sample s;
    people("population: {groups: {a: {deficits: 2}, b: {deficits: 0}}}\n"
           "deficits: {knowledge: 0.5, cv: 0}\n",
           NULL, &s);
    for (size_t i = 0; i < N; i++)
        cr_assert_eq(s.people[i].initial[PERSON_KNOWLEDGE], s.people[i].group == 0 ? 1 : 0);
    sample_free(&s);
}

/* Four items of domain 0, one of domain 1, a pilot of domain 2: shares .8, .2 and 0. */
static void three_domains(struct irt_bank *bank)
{
    static const char *const names[] = {"airway", "trauma", "operations"};
    fixture_bank(bank, 6);
    fixture_pilots(bank, 1);
    bank->n_domains = 3;
    bank->domains = names;
    bank->items[4].domain = 1;
    bank->items[5].domain = 2;
}

static void check_domains(const char *text, const double *share)
{
    struct irt_bank bank;
    struct sample s;
    three_domains(&bank);
    people(text, &bank, &s);
    double squares = 0;
    cr_assert_eq(s.design.n_domains, 3);
    for (size_t i = 0; i < N; i++) {
        const double *x = s.people[i].domain;
        double mean = share[0] * x[0] + share[1] * x[1] + share[2] * x[2];
        cr_assert_float_eq(mean, 1, 1e-14, "the mean over the blueprint is the knowledge deficit");
        squares += (log(x[0]) - log(x[1])) * (log(x[0]) - log(x[1])) / (double)N;
    }
    double wanted = 2 * log(1 + 0.36); /* of the difference of two logs */
    cr_expect_float_eq(squares, wanted, 5 * wanted * sqrt(2.0 / (double)N), "%g, not %g", squares,
                       wanted);
    sample_free(&s);
    irt_bank_free(&bank);
}

Test(population, knowledge_is_spread_over_the_domains_of_the_blueprint)
{
    check_domains("deficits: {knowledge: 0.5, domain_spread: 0.6}\n",
                  (const double[]){0.8, 0.2, 0});
    check_domains("deficits: {knowledge: 0.5, domain_spread: 0.6}\n"
                  "exam: {content: {domains: {trauma: {target: 0.7}, airway: {target: 0.3}}}}\n",
                  (const double[]){0.3, 0.7, 0});
}

Test(population, too_many_domains)
{
    struct irt_bank bank;
    struct sample s;
    struct err err = {0};
    three_domains(&bank);
    bank.n_domains = PERSON_MAX_DOMAINS + 1;
    fixture_yaml(&s.scenario, "deficits: {domain_spread: 0.6}\n");
    cr_assert_eq(person_design_init(&s.scenario, &s.design, &err), ERR_OK);
    cr_expect_eq(person_design_meet_bank(&s.scenario, &bank, &s.design, &err), ERR_INPUT);
    cr_expect_str_eq(err.detail, "fixture.yaml:1:27: deficits.domain_spread: the bank has 65 "
                                 "domains; knowledge is spread over at most 64");
    s.people = NULL;
    sample_free(&s);
    irt_bank_free(&bank);
}
