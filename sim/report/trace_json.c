/* A journey as one JSON object. What the candidate is told stands in "report", what only the
 * simulation knows in "truth".
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/report/trace.h>

#include <math.h>

#include "json_out.h"

static void set_day(struct report_json *json, json_t *object, const char *name, int32_t value)
{
    report_json_set(json, object, name, value < 0 ? json_null() : report_json_count(json, value));
}

static json_t *deficits_json(struct report_json *json, const double values[PERSON_N_BUCKETS])
{
    json_t *out = report_json_object(json);
    for (int k = 0; k < PERSON_N_BUCKETS; k++)
        report_json_set_number(json, out, person_bucket_names[k], values[k]);
    return out;
}

static json_t *event_json(struct report_json *json, const struct report_trace *self,
                          const struct pathway_event *event)
{
    char date[11];
    json_t *out = report_json_object(json);
    pathway_day_text(self->log->course_day + (int64_t)event->day, date);
    report_json_set_number(json, out, "day", event->day);
    report_json_set_text(json, out, "date", date);
    report_json_set_text(json, out, "event", pathway_event_names[event->kind]);
    if (event->kind == PATHWAY_EVENT_SAT || event->kind == PATHWAY_EVENT_RESULT)
        report_json_set_count(json, out, "attempt", event->attempt);
    if (event->until > event->day)
        report_json_set_number(json, out, "until_day", event->until);
    if (event->kind >= PATHWAY_EVENT_STUDIED && event->kind <= PATHWAY_EVENT_RETRAINED) {
        report_json_set(json, out, "deficits_before", deficits_json(json, event->before));
        report_json_set(json, out, "deficits_after", deficits_json(json, event->after));
        report_json_set(json, out, "deficits_without", deficits_json(json, event->idle));
    }
    return out;
}

static json_t *misses_json(struct report_json *json, const struct pathway_sitting *sitting)
{
    json_t *out = report_json_object(json);
    for (int k = 0; k < PERSON_N_BUCKETS; k++)
        report_json_set_count(json, out, person_bucket_names[k], sitting->misses[k]);
    return out;
}

/* The score report: a number and the error log for those who fail alone. */
static json_t *score_report_json(struct report_json *json, const struct pathway_sitting *sitting)
{
    json_t *out = report_json_object(json);
    int64_t score = (int64_t)floor(sitting->score + 0.5);
    report_json_set_flag(json, out, "passed", sitting->passed);
    report_json_set(json, out, "score",
                    sitting->passed ? json_null() : report_json_count(json, score));
    report_json_set(json, out, "misses",
                    sitting->passed ? json_null() : misses_json(json, sitting));
    return out;
}

static json_t *truth_json(struct report_json *json, const struct pathway_sitting *sitting)
{
    json_t *out = report_json_object(json);
    report_json_set_number(json, out, "theta", sitting->theta);
    report_json_set_number(json, out, "se", sitting->se);
    report_json_set_number(json, out, "score", sitting->score);
    report_json_set(json, out, "misses", misses_json(json, sitting));
    report_json_set_number(json, out, "proficiency", sitting->proficiency);
    report_json_set_flag(json, out, "is_competent", sitting->is_competent);
    return out;
}

static json_t *sitting_json(struct report_json *json, const struct report_trace *self, uint32_t k)
{
    const struct pathway_sitting *sitting = &self->sittings[k];
    json_t *out = report_json_object(json);
    report_json_set_count(json, out, "attempt", k + 1);
    set_day(json, out, "day", sitting->day);
    set_day(json, out, "result_day", sitting->result_day);
    if (self->design->cat) {
        report_json_set_count(json, out, "n_items", sitting->n_seen);
        report_json_set_count(json, out, "n_scored", sitting->n_scored);
        report_json_set_number(json, out, "minutes", (double)sitting->minutes);
        report_json_set_text(json, out, "stop_reason", cat_stop_names[sitting->stop]);
    }
    report_json_set(json, out, "report", score_report_json(json, sitting));
    report_json_set(json, out, "truth", truth_json(json, sitting));
    return out;
}

static void set_outcome(struct report_json *json, const struct report_trace *self, json_t *out)
{
    const struct pathway_outcome *outcome = self->outcome;
    bool is_held = outcome->held_by < PATHWAY_N_GATES;
    report_json_set_text(json, out, "outcome", pathway_end_names[outcome->end]);
    set_day(json, out, "certified_day", outcome->certified_day);
    set_day(json, out, "licensed_day", outcome->licensed_day);
    report_json_set_text(json, out, "held_by",
                         is_held ? pathway_gate_names[outcome->held_by] : NULL);
    report_json_set_text(json, out, "situation",
                         report_situation_names[report_trace_situation(self)]);
    report_json_set_text(json, out, "next", report_trace_advice(self));
}

static json_t *trace_json(struct report_json *json, const struct report_trace *self)
{
    enum { MOST = 4096 };
    const struct pathway_event *events[MOST];
    const struct scenario *s = self->design->scenario;
    json_t *out = report_json_object(json), *listed = report_json_array(json);
    json_t *sittings = report_json_array(json);
    size_t n = report_trace_events(self, events, MOST);
    report_json_set_count(json, out, "candidate", (int64_t)self->candidate);
    report_json_set_count(json, out, "seed", s->engine_seed);
    report_json_set_text(json, out, "group", s->groups[self->outcome->group].name);
    for (size_t i = 0; i < n; i++)
        report_json_append(json, listed, event_json(json, self, events[i]));
    report_json_set(json, out, "events", listed);
    for (uint32_t k = 0; k < self->outcome->n_sittings; k++)
        report_json_append(json, sittings, sitting_json(json, self, k));
    report_json_set(json, out, "sittings", sittings);
    set_outcome(json, self, out);
    return out;
}

enum err_code report_trace_json(const struct report_trace *self, FILE *out, struct err *err)
{
    struct report_json json = {0};
    return report_json_print(&json, trace_json(&json, self), JSON_INDENT(1), out, err);
}
