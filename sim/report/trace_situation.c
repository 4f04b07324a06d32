/* What a journey means to the candidate: the four situations of a result and what to do next in
 * each, what mends each bucket.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/report/trace.h>

const char *const report_situation_names[REPORT_N_SITUATIONS] = {
    "passed and complete", "passed, a requirement remains", "did not pass",
    "account or status issue"};

const char *const report_trace_fixes[PERSON_N_BUCKETS] = {
    "content review", "priority-ladder drills", "can/cannot list", "slow stem reading",
    "timed practice"};

enum report_situation report_trace_situation(const struct report_trace *self)
{
    const struct pathway_outcome *outcome = self->outcome;
    if (outcome->end <= PATHWAY_AWAITING_GATE)
        return outcome->held_by == PATHWAY_N_GATES ? REPORT_PASSED_COMPLETE : REPORT_PASSED_REMAINS;
    if (outcome->end == PATHWAY_WINDOW_EXPIRED || outcome->end == PATHWAY_NEVER_TESTED)
        return REPORT_STATUS_ISSUE;
    return REPORT_NOT_PASSED;
}

static const char *advice_on_gate(enum pathway_gate gate)
{
    static const char *const advice[PATHWAY_N_GATES] = {
        [PATHWAY_GATE_RESULT] = "Nothing to do: the result posts after the last day observed.",
        [PATHWAY_GATE_SKILLS] =
            "Complete the psychomotor skills check; the pass of the exam stands, "
            "and shows once the check is complete.",
        [PATHWAY_GATE_LICENSURE] =
            "Apply to the state for the licence, and ask what it still needs; "
            "certification alone does not allow to work there."};
    return advice[gate];
}

const char *report_trace_advice(const struct report_trace *self)
{
    const struct pathway_outcome *outcome = self->outcome;
    bool needs_licence = self->design->scenario->gates_licensure_required;
    switch (outcome->end) {
    case PATHWAY_LICENSED:
    case PATHWAY_CERTIFIED_ONLY:
    case PATHWAY_AWAITING_GATE:
        if (outcome->held_by != PATHWAY_N_GATES)
            return advice_on_gate(outcome->held_by);
        return needs_licence ? "Nothing: certified and licensed; mind the date of renewal."
                             : "Nothing: certified, and no licence is required here.";
    case PATHWAY_WITHDREW:
        return outcome->is_window_open
                   ? "The candidate left. The window is still open: attempts are left."
                   : "The candidate left, and the window has closed since: a whole new course.";
    case PATHWAY_ATTEMPTS_EXHAUSTED:
        return "All attempts of this policy are used up: ask the exam body what it allows.";
    case PATHWAY_WINDOW_EXPIRED:
        return outcome->is_window_open
                   ? "The observation ended before the next sitting; the window is still open."
                   : "The education is no longer valid: a whole new course renews it.";
    case PATHWAY_NEVER_TESTED:
    case PATHWAY_N_ENDS:
        break;
    }
    return "No sitting took place: ask the program director for the verification of the course, "
           "and "
           "the exam body for the status of the application.";
}

size_t report_trace_events(const struct report_trace *self, const struct pathway_event **out,
                           size_t n)
{
    size_t n_kept = 0;
    for (size_t i = 0; i < self->log->n && n_kept < n; i++) {
        const struct pathway_event *event = &self->log->events[i];
        if (event->day > self->design->scenario->policy_horizon_days)
            continue;
        size_t at = n_kept++;
        for (; at > 0 && out[at - 1]->day > event->day; at--)
            out[at] = out[at - 1];
        out[at] = event;
    }
    return n_kept;
}

void report_trace_most_missed(const struct pathway_sitting *sitting, int most[2])
{
    for (int i = 0; i < 2; i++) {
        most[i] = PERSON_N_BUCKETS;
        for (int k = 0; k < PERSON_N_BUCKETS; k++)
            if (sitting->misses[k] > 0 && !(i == 1 && k == most[0]) &&
                (most[i] == PERSON_N_BUCKETS || sitting->misses[k] > sitting->misses[most[i]]))
                most[i] = k;
    }
}

bool report_trace_is_repaired(const struct pathway_event *event, int bucket)
{
    return event->idle[bucket] - event->after[bucket] > 1e-9;
}
