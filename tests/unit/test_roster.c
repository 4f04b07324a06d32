/* Candidates from a file: taken as they are, in turn; the rest drawn; every malformed file refused.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/person/population.h>

#include "fixture.h"
#include "policy.h"

static const char scenario_text[] =
    "population:\n"
    "  groups: {urban: {theta_mean: 0.5, theta_sd: 0.8}, rural: {theta_speed_corr: 1}}\n"
    "deficits: {knowledge: 0.3, reading: 0.2}\n";

struct crowd {
    char path[256];
    struct scenario scenario;
    struct person_design design;
    struct err err;
};

static enum err_code crowd_init(struct crowd *self, const char *scenario, const char *file)
{
    char set[300];
    *self = (struct crowd){0};
    policy_file(file, self->path);
    fixture_yaml(&self->scenario, scenario);
    snprintf(set, sizeof set, "population.candidates_file=%s", self->path);
    fixture_set(&self->scenario, set);
    return person_design_init(&self->scenario, &self->design, &self->err);
}

static void crowd_free(struct crowd *self)
{
    person_design_free(&self->design);
    config_scenario_free(&self->scenario);
    unlink(self->path);
}

Test(roster, candidates_are_taken_in_turn)
{
    struct crowd crowd;
    cr_assert_eq(crowd_init(&crowd, scenario_text,
                            "id,group,theta,speed,knowledge,pacing\n"
                            "a,rural,-1.5,0.25,0.1,0.05\nb,urban,2,-0.5,0,0.5\n"),
                 ERR_OK, "%s", crowd.err.detail);
    for (uint64_t i = 0; i < 20; i++) {
        struct person person;
        bool first = i % 2 == 0;
        person_draw(&crowd.design, i, &person);
        cr_expect_eq(person.candidate, i, "fresh luck for each repetition");
        cr_expect_eq(person.group, first ? 1 : 0);
        cr_expect_eq(person.theta, first ? -1.5 : 2);
        cr_expect_eq(person.speed, first ? 0.25 : -0.5);
        cr_expect_eq(person.initial[PERSON_KNOWLEDGE], first ? 0.1 : 0);
        cr_expect_eq(person.initial[PERSON_PACING], first ? 0.05 : 0.5);
        cr_expect_eq(person.initial[PERSON_SEQUENCE], 0);
        cr_expect_gt(person.initial[PERSON_READING], 0, "drawn");
    }
    crowd_free(&crowd);
}

/* With a correlation of 1, speed = speed_sd (theta - theta_mean)/theta_sd. */
Test(roster, speed_is_drawn_given_ability)
{
    struct crowd crowd;
    struct person person;
    cr_assert_eq(crowd_init(&crowd, scenario_text, "id,group,theta\na,rural,-1.5\n"), ERR_OK);
    person_draw(&crowd.design, 7, &person);
    cr_expect_float_eq(person.speed, -1.5 * 0.18, 1e-15);
    crowd_free(&crowd);
}

Test(roster, one_group_needs_no_column)
{
    struct crowd crowd;
    struct person person;
    cr_assert_eq(crowd_init(&crowd, "exam: {form: normal}\n", "id,theta\na,1\nb,2\nc,3\n"), ERR_OK);
    person_draw(&crowd.design, 5, &person);
    cr_expect(person.theta == 3 && person.group == 0);
    crowd_free(&crowd);
}

static void expect_refused(const char *file, const char *wanted)
{
    struct crowd crowd;
    char full[600];
    cr_expect_eq(crowd_init(&crowd, scenario_text, file), ERR_INPUT, "%s", file);
    snprintf(full, sizeof full, "%s:%s", crowd.path, wanted);
    cr_expect_str_eq(crowd.err.detail, full);
    crowd_free(&crowd);
}

Test(roster, malformed_files)
{
    expect_refused("id,theta,group\n", "1:1: a file of candidates needs at least one row");
    expect_refused("id,theta\na,1\n", "1:1: a file of candidates needs a column 'group'");
    expect_refused("theta,group\n1,urban\n", "1:1: a file of candidates needs a column 'id'");
    expect_refused("id,theta,group,sped\na,1,urban,0\n",
                   "1:16: unknown column 'sped'; did you mean 'speed'?");
    expect_refused("id,theta,group\na,1,urban\nb,2,urban\na,3,rural\nb,1,rural\n",
                   "4:1: column id: repeated id 'a'");
    expect_refused("id,theta,group\n,1,urban\n", "2:1: column id: empty id");
    expect_refused("id,theta,group\na,inf,urban\n",
                   "2:3: column theta: expected a number, not 'inf'");
    expect_refused("id,theta,group\na,1,urban\nb,-20.5,urban\n",
                   "3:3: column theta: -20.5 is out of range (-20 to 20)");
    expect_refused("id,theta,group\na,1,ruarl\n", "2:5: column group: no group of "
                                                  "population.groups is named 'ruarl'; did you "
                                                  "mean 'rural'?");
    expect_refused("id,theta,group,pacing\na,1,rural,11\n",
                   "2:11: column pacing: 11 is out of range (0 to 10)");
    expect_refused("id,theta,group,pacing\na,1,rural,-0.1\n",
                   "2:11: column pacing: -0.1 is out of range (0 to 10)");
}

Test(roster, a_file_that_is_not_there)
{
    struct scenario scenario;
    struct person_design design;
    struct err err = {0};
    fixture_yaml(&scenario, "population: {candidates_file: no_such.csv}\n");
    cr_expect_eq(person_design_init(&scenario, &design, &err), ERR_INPUT);
    cr_expect(strstr(err.detail, "fixture.yaml:1:31: population.candidates_file: ") == err.detail,
              "%s", err.detail);
    person_design_free(&design);
    config_scenario_free(&scenario);
}

/* 1,024 abilities 0, 1, ... in order: the means of the four blocks are 256 apart, variance 256^2
 * 5/3; the rows have n (n + 1)/12. Dealt out in turn, the means differ by 1 at most. */
Test(roster, an_order_by_ability_is_seen)
{
    for (int dealt = 0; dealt < 2; dealt++) {
        struct crowd crowd;
        char *text = malloc(64 * 1024);
        size_t n = (size_t)sprintf(text, "id,theta\n"), n_blocks = 0;
        for (int i = 0; i < 1024; i++) {
            int value = dealt ? i % 256 * 4 + i / 256 : i;
            n += (size_t)sprintf(text + n, "c%d,%.4f\n", i, value / 128.0 - 4);
        }
        cr_assert_eq(crowd_init(&crowd, "title: order\n", text), ERR_OK, "%s", crowd.err.detail);
        double effect = person_order_effect(&crowd.design, &n_blocks);
        cr_expect_eq(n_blocks, 4);
        double means = dealt ? 5.0 / 3 : 256.0 * 256 * 5 / 3;
        cr_expect_float_eq(effect, means * 256 / (1024.0 * 1025 / 12), 0.01, "%g", effect);
        crowd_free(&crowd);
        free(text);
    }
}
