/* A journey worked by hand, as its log, its page and its JSON tell it: 0 is Monday 2026-01-05.
 * Attempts on days 10 and 25 fail, a new course from day 29 to 59, a pass on day 59, Thursday
 * 2026-03-05, posted on Monday, day 63; the licence ten days later.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/report/trace.h>

#include <jansson.h>

#include "travel.h"

static const char *const sets[] = {"population.groups.all.theta_mean=0.5",
                                   "deficits.knowledge=0.75",
                                   "deficits.cv=0",
                                   "policy.attempts_per_cycle=2",
                                   "policy.max_cycles=2",
                                   "policy.after_cycle=course",
                                   "policy.course.days=30",
                                   "policy.course.p_completed=1",
                                   "policy.course.repairs=0.5",
                                   NULL};

struct fixture {
    struct travel travel;
    struct pathway_event events[64];
    struct pathway_log log;
    struct report_trace trace;
    char *text;
    size_t n_text;
};

static void set_up(struct fixture *self, const char *const *assignments)
{
    travel_init(&self->travel, assignments, 1);
    self->log = (struct pathway_log){.events = self->events, .capacity = 64};
    self->trace = (struct report_trace){.design = &self->travel.pathway, .log = &self->log};
    struct pathway_outcome without = self->travel.outcomes->outcomes[0];
    pathway_workspace_log(self->travel.workspace, &self->log);
    const struct pathway_outcomes *all =
        pathway_journeys(&self->travel.pathway, 0, 1, self->travel.workspace);
    self->trace.outcome = &all->outcomes[0];
    self->trace.sittings = all->sittings;
    cr_assert(all->outcomes[0].end == without.end &&
              all->outcomes[0].n_sittings == without.n_sittings &&
              all->outcomes[0].certified_day == without.certified_day);
    self->text = NULL;
}

static void print(struct fixture *self, bool json)
{
    struct err err = {0};
    free(self->text);
    FILE *out = open_memstream(&self->text, &self->n_text);
    cr_assert(out);
    if (json)
        cr_assert_eq(report_trace_json(&self->trace, out, &err), ERR_OK);
    else
        cr_assert_eq(report_trace_text(&self->trace, out, &err), ERR_OK);
    fclose(out);
}

static void tear_down(struct fixture *self)
{
    free(self->text);
    travel_free(&self->travel);
}

Test(trace, events_of_a_journey_worked_by_hand)
{
    static const struct {
        enum pathway_event_kind kind;
        double day, until;
    } expected[] = {{PATHWAY_EVENT_COURSE_ENDED, 0, 0}, {PATHWAY_EVENT_VERIFIED, 7, 7},
                    {PATHWAY_EVENT_SAT, 10, 10},        {PATHWAY_EVENT_SKILLS_PASSED, 14, 14},
                    {PATHWAY_EVENT_RESULT, 14, 14},     {PATHWAY_EVENT_STUDIED, 14, 25},
                    {PATHWAY_EVENT_SAT, 25, 25},        {PATHWAY_EVENT_RESULT, 29, 29},
                    {PATHWAY_EVENT_RETRAINED, 29, 59},  {PATHWAY_EVENT_STUDIED, 59, 59},
                    {PATHWAY_EVENT_SAT, 59, 59},        {PATHWAY_EVENT_RESULT, 63, 63},
                    {PATHWAY_EVENT_CERTIFIED, 63, 63},  {PATHWAY_EVENT_LICENSED, 73, 73}};
    enum { N = sizeof expected / sizeof *expected };
    struct fixture fixture;
    const struct pathway_event *events[64];
    set_up(&fixture, sets);
    cr_assert_eq(report_trace_events(&fixture.trace, events, 64), N);
    for (size_t i = 0; i < N; i++)
        cr_expect(events[i]->kind == expected[i].kind && events[i]->day == expected[i].day &&
                      events[i]->until == expected[i].until,
                  "%zu: %s on %g until %g", i, pathway_event_names[events[i]->kind], events[i]->day,
                  events[i]->until);
    cr_expect_float_eq(events[8]->before[PERSON_KNOWLEDGE], 0.75, 1e-12);
    cr_expect_float_eq(events[8]->idle[PERSON_KNOWLEDGE], 0.75, 1e-12);
    cr_expect_float_eq(events[8]->after[PERSON_KNOWLEDGE], 0.375, 1e-12);
    cr_expect_eq(report_trace_situation(&fixture.trace), REPORT_PASSED_COMPLETE);
    tear_down(&fixture);
}

Test(trace, only_a_failing_candidate_sees_a_number)
{
    struct fixture fixture;
    set_up(&fixture, sets);
    print(&fixture, false);
    cr_expect(strstr(fixture.text, "2026-01-19  day   14  Result of attempt 1: not passed. Score "
                                   "900 on a scale of 100 to 1500; 950 passes."),
              "%s", fixture.text);
    cr_expect(strstr(fixture.text, "2026-02-03  day   29  A whole new course until 2026-03-05: "
                                   "deficit of domain knowledge 0.75 -> 0.38."),
              "%s", fixture.text);
    cr_expect(strstr(fixture.text, "2026-03-09  day   63  Result of attempt 3: passed."), "%s",
              fixture.text);
    cr_expect(strstr(fixture.text, "passed and complete"), "%s", fixture.text);
    cr_expect(strstr(fixture.text, "Next: attempt 2, not before 2026-01-30."), "%s", fixture.text);
    cr_expect(strstr(fixture.text, "Next: a whole new course"), "%s", fixture.text);
    cr_expect_null(strstr(fixture.text, "975"));
    tear_down(&fixture);
}

Test(trace, json)
{
    struct fixture fixture;
    json_error_t error;
    set_up(&fixture, sets);
    print(&fixture, true);
    json_t *root = json_loads(fixture.text, 0, &error);
    cr_assert(root, "%s", error.text);
    cr_expect_str_eq(json_string_value(json_object_get(root, "outcome")), "licensed");
    cr_expect_eq(json_integer_value(json_object_get(root, "licensed_day")), 73);
    json_t *sittings = json_object_get(root, "sittings");
    cr_assert_eq(json_array_size(sittings), 3);
    json_t *first = json_object_get(json_array_get(sittings, 0), "report");
    json_t *last = json_object_get(json_array_get(sittings, 2), "report");
    cr_expect_eq(json_integer_value(json_object_get(first, "score")), 900);
    cr_expect(json_is_null(json_object_get(last, "score")));
    cr_expect_eq(json_array_size(json_object_get(root, "events")), 14);
    json_decref(root);
    tear_down(&fixture);
}

/* The four situations of a result. */
Test(trace, situations)
{
    static const struct {
        const char *sets[4];
        enum report_situation situation;
        const char *advice;
    } rows[] = {
        {{PASSES}, REPORT_PASSED_COMPLETE, "licensed"},
        {{PASSES, "gates.licensure.required=false"}, REPORT_PASSED_COMPLETE, "no licence"},
        {{PASSES, "gates.skills.probability=0"}, REPORT_PASSED_REMAINS, "psychomotor"},
        {{PASSES, "gates.licensure.probability=0"}, REPORT_PASSED_REMAINS, "state"},
        {{PASSES, "policy.horizon_days=13"}, REPORT_PASSED_REMAINS, "result posts"},
        {{"policy.max_attempts=1"}, REPORT_NOT_PASSED, "used up"},
        {{"leave.after_fail=1"}, REPORT_NOT_PASSED, "window has closed"},
        {{"leave.after_fail=1", "policy.horizon_days=400"}, REPORT_NOT_PASSED, "still open"},
        {{"policy.window_days=20"}, REPORT_STATUS_ISSUE, "new course"},
        {{"gates.verification.probability=0"}, REPORT_STATUS_ISSUE, "program director"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fixture fixture;
        set_up(&fixture, rows[i].sets);
        cr_expect_eq(report_trace_situation(&fixture.trace), rows[i].situation, "row %zu", i);
        print(&fixture, false);
        cr_expect(strstr(fixture.text, rows[i].advice), "row %zu: %s", i, fixture.text);
        tear_down(&fixture);
    }
}

Test(trace, buckets_that_cost_most)
{
    const struct pathway_sitting some = {.misses = {3, 7, 0, 7, 1}}, none = {.n_seen = 0};
    int most[2];
    report_trace_most_missed(&some, most);
    cr_expect(most[0] == PERSON_SEQUENCE && most[1] == PERSON_READING);
    report_trace_most_missed(&none, most);
    cr_expect(most[0] == PERSON_N_BUCKETS && most[1] == PERSON_N_BUCKETS);
}
