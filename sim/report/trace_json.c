/* A journey as one JSON object. What the candidate is told stands in "report", what only the
 * simulation knows in "truth".
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/report/trace.h>

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *day(int32_t value)
{
    return value < 0 ? json_null() : json_integer(value);
}

static json_t *deficits(const double values[PERSON_N_BUCKETS])
{
    json_t *out = json_object();
    for (int k = 0; k < PERSON_N_BUCKETS; k++)
        json_object_set_new(out, person_bucket_names[k], number(values[k]));
    return out;
}

static json_t *event_object(const struct report_trace *self, const struct pathway_event *event)
{
    char date[11];
    json_t *out = json_object();
    pathway_day_text(self->log->course_day + (int64_t)event->day, date);
    json_object_set_new(out, "day", number(event->day));
    json_object_set_new(out, "date", json_string(date));
    json_object_set_new(out, "event", json_string(pathway_event_names[event->kind]));
    if (event->kind == PATHWAY_EVENT_SAT || event->kind == PATHWAY_EVENT_RESULT)
        json_object_set_new(out, "attempt", json_integer(event->attempt));
    if (event->until > event->day)
        json_object_set_new(out, "until_day", number(event->until));
    if (event->kind >= PATHWAY_EVENT_STUDIED && event->kind <= PATHWAY_EVENT_RETRAINED) {
        json_object_set_new(out, "deficits_before", deficits(event->before));
        json_object_set_new(out, "deficits_after", deficits(event->after));
        json_object_set_new(out, "deficits_without", deficits(event->idle));
    }
    return out;
}

static json_t *misses_of(const struct pathway_sitting *sitting)
{
    json_t *out = json_object();
    for (int k = 0; k < PERSON_N_BUCKETS; k++)
        json_object_set_new(out, person_bucket_names[k], json_integer(sitting->misses[k]));
    return out;
}

/* The score report: a number and the error log for those who fail alone. */
static json_t *score_report(const struct pathway_sitting *sitting)
{
    json_t *out = json_object();
    json_object_set_new(out, "passed", json_boolean(sitting->passed));
    json_object_set_new(out, "score",
                        sitting->passed ? json_null()
                                        : json_integer((json_int_t)floor(sitting->score + 0.5)));
    json_object_set_new(out, "misses", sitting->passed ? json_null() : misses_of(sitting));
    return out;
}

static json_t *truth_of(const struct pathway_sitting *sitting)
{
    json_t *out = json_object();
    json_object_set_new(out, "theta", number(sitting->theta));
    json_object_set_new(out, "se", number(sitting->se));
    json_object_set_new(out, "score", number(sitting->score));
    json_object_set_new(out, "misses", misses_of(sitting));
    json_object_set_new(out, "proficiency", number(sitting->proficiency));
    json_object_set_new(out, "is_competent", json_boolean(sitting->is_competent));
    return out;
}

static json_t *sitting_object(const struct report_trace *self, uint32_t k)
{
    const struct pathway_sitting *sitting = &self->sittings[k];
    json_t *out = json_object();
    json_object_set_new(out, "attempt", json_integer(k + 1));
    json_object_set_new(out, "day", day(sitting->day));
    json_object_set_new(out, "result_day", day(sitting->result_day));
    if (self->design->cat) {
        json_object_set_new(out, "n_items", json_integer(sitting->n_seen));
        json_object_set_new(out, "n_scored", json_integer(sitting->n_scored));
        json_object_set_new(out, "minutes", number((double)sitting->minutes));
        json_object_set_new(out, "stop_reason", json_string(cat_stop_names[sitting->stop]));
    }
    json_object_set_new(out, "report", score_report(sitting));
    json_object_set_new(out, "truth", truth_of(sitting));
    return out;
}

static void set_outcome(const struct report_trace *self, json_t *out)
{
    const struct pathway_outcome *outcome = self->outcome;
    json_object_set_new(out, "outcome", json_string(pathway_end_names[outcome->end]));
    json_object_set_new(out, "certified_day", day(outcome->certified_day));
    json_object_set_new(out, "licensed_day", day(outcome->licensed_day));
    json_object_set_new(out, "held_by",
                        outcome->held_by < PATHWAY_N_GATES
                            ? json_string(pathway_gate_names[outcome->held_by])
                            : json_null());
    json_object_set_new(out, "situation",
                        json_string(report_situation_names[report_trace_situation(self)]));
    json_object_set_new(out, "next", json_string(report_trace_advice(self)));
}

enum err_code report_trace_json(const struct report_trace *self, FILE *out, struct err *err)
{
    enum { MOST = 4096 };
    const struct pathway_event *events[MOST];
    const struct scenario *s = self->design->scenario;
    json_t *root = json_object(), *listed = json_array(), *sittings = json_array();
    size_t n = report_trace_events(self, events, MOST);
    json_object_set_new(root, "candidate", json_integer((json_int_t)self->candidate));
    json_object_set_new(root, "seed", json_integer(s->engine_seed));
    json_object_set_new(root, "group", json_string(s->groups[self->outcome->group].name));
    for (size_t i = 0; i < n; i++)
        json_array_append_new(listed, event_object(self, events[i]));
    json_object_set_new(root, "events", listed);
    for (uint32_t k = 0; k < self->outcome->n_sittings; k++)
        json_array_append_new(sittings, sitting_object(self, k));
    json_object_set_new(root, "sittings", sittings);
    if (root)
        set_outcome(self, root);
    char *text = json_dumps(root, JSON_INDENT(1));
    bool is_whole = text && listed && sittings && json_array_size(listed) == n &&
                    json_array_size(sittings) == self->outcome->n_sittings;
    if (!is_whole)
        err_set(err, ERR_MEMORY, "no memory for the journey");
    else if (fprintf(out, "%s\n", text) < 0)
        err_set(err, ERR_IO, "cannot write the journey: %s", strerror(errno));
    free(text);
    json_decref(root);
    return err->code;
}
