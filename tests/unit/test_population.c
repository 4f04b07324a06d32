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
    cr_assert_float_eq((double)n / N, share, 5 * sqrt(share * (1 - share) / N));
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
