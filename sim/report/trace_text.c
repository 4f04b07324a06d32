/* A journey on the terminal: a line for each event, dated; what follows it is indented below.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/plain.h>
#include <retake/base/stream.h>
#include <retake/base/wording.h>
#include <retake/report/trace.h>

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "sheet.h"

enum { INDENT = 22 };

static const char *const buckets[PERSON_N_BUCKETS] = {"domain knowledge", "sequence", "scope",
                                                      "reading", "pacing"};

struct page {
    const struct report_trace *trace;
    const struct scenario *scenario;
    FILE *out;
};

static void date_of(const struct page *self, double day, char text[11])
{
    pathway_day_text(self->trace->log->course_day + (int64_t)day, text);
}

/* Begin the line of an event. */
static void begin(const struct page *self, double day)
{
    char date[11];
    date_of(self, day, date);
    plain_print(self->out, "%s  day %4.0f  ", date, day);
}

static void __attribute__((format(printf, 2, 3)))
below(const struct page *self, const char *format, ...)
{
    va_list arguments;
    plain_print(self->out, "%*s", INDENT, "");
    va_start(arguments, format);
    plain_vprint(self->out, format, arguments);
    va_end(arguments);
}

static const struct pathway_sitting *sitting_of(const struct page *self,
                                                const struct pathway_event *event)
{
    return &self->trace->sittings[event->attempt - 1];
}

static const char *const ends[CAT_N_STOPS] = {
    [CAT_STOP_RULE] = "the stop rule ended it",
    [CAT_STOP_MAXIMUM] = "the maximum was reached",
    [CAT_STOP_TIME] = "time ran out",
    [CAT_STOP_NO_ITEM] = "no item was left",
};

static const char *end_of(const struct page *self, const struct pathway_sitting *sitting)
{
    bool is_decided = sitting->stop == CAT_STOP_RULE &&
                      cat_design_decides(self->trace->design->cat) == CAT_DECIDES_ALL;
    return is_decided ? "the decision was clear" : ends[sitting->stop];
}

static void print_sitting(const struct page *self, const struct pathway_event *event)
{
    const struct pathway_sitting *sitting = sitting_of(self, event);
    fprintf(self->out, "Attempt %u.", event->attempt);
    if (self->trace->design->cat)
        plain_print(self->out, " %s, %u of them scored; %s.",
                    wording_count(sitting->n_seen, "item").text, sitting->n_scored,
                    end_of(self, sitting));
    if (sitting->minutes > 0)
        plain_print(self->out, " %s.",
                    wording_count((uint64_t)llround((double)sitting->minutes), "minute").text);
    fputc('\n', self->out);
}

static void print_log(const struct page *self, const struct pathway_sitting *sitting)
{
    int most[2];
    report_trace_most_missed(sitting, most);
    if (most[0] == PERSON_N_BUCKETS)
        return;
    below(self, "Missed:");
    for (int k = 0; k < PERSON_N_BUCKETS; k++)
        plain_print(self->out, "%s %s %u", k ? "," : "", buckets[k], sitting->misses[k]);
    fputs(".\n", self->out);
    below(self, "To mend: %s (%s)", buckets[most[0]], report_trace_fixes[most[0]]);
    if (most[1] != PERSON_N_BUCKETS)
        plain_print(self->out, ", %s (%s)", buckets[most[1]], report_trace_fixes[most[1]]);
    fputs("; the same broad review again repeats the result.\n", self->out);
}

/* What a failed attempt leaves to do. */
static void print_next(const struct page *self, const struct pathway_event *event)
{
    const struct scenario *s = self->scenario;
    uint32_t k = event->attempt;
    char from[11];
    bool is_cycle_over = k % s->policy_attempts_per_cycle == 0;
    int64_t n_cycles = k / s->policy_attempts_per_cycle;
    if (k >= s->policy_max_attempts || (is_cycle_over && n_cycles >= s->policy_max_cycles))
        return;
    if (is_cycle_over) {
        double required = config_list_at(&s->policy_after_cycle, (size_t)n_cycles - 1);
        below(self, "Next: %s, then the next attempt.\n",
              required == (double)PATHWAY_COURSE ? "a whole new course" : "the refresher course");
        return;
    }
    date_of(self, ceil(sitting_of(self, event)->day + config_list_at(&s->policy_wait_days, k - 1)),
            from);
    below(self, "Next: attempt %u, not before %s.\n", k + 1, from);
}

/* Only those who fail see a number. */
static void print_result(const struct page *self, const struct pathway_event *event)
{
    const struct scenario *s = self->scenario;
    const struct pathway_sitting *sitting = sitting_of(self, event);
    if (sitting->passed) {
        fprintf(
            self->out,
            "Result of attempt %u: passed. It shows once all other requirements are complete.\n",
            event->attempt);
        return;
    }
    double score = floor(sitting->score + 0.5);
    fprintf(self->out,
            "Result of attempt %u: not passed. Score %.0f on a scale of %.12g to %.12g; ",
            event->attempt, score, s->exam_scale_min, s->exam_scale_max);
    double raise =
        event->attempt < 2 ? 0 : config_list_at(&s->policy_retake_cut_raise, event->attempt - 2);
    fprintf(self->out, "%.12g passes.\n", s->exam_scale_cut + raise * s->exam_scale_per_logit);
    print_log(self, sitting);
    print_next(self, event);
}

/* What study or a course did to the deficits. */
static void print_change(const struct page *self, const struct pathway_event *event,
                         const char *what)
{
    char until[11];
    int n = 0;
    date_of(self, event->until, until);
    for (int k = 0; k < PERSON_N_BUCKETS; k++)
        n += report_trace_is_repaired(event, k);
    if (n == 0 && event->kind == PATHWAY_EVENT_STUDIED) {
        plain_print(self->out, "Waited until %s, without study that shows.\n", until);
        return;
    }
    plain_print(self->out, "%s until %s", what, until);
    for (int k = 0, i = 0; k < PERSON_N_BUCKETS; k++)
        if (report_trace_is_repaired(event, k))
            plain_print(self->out, "%s %s %.2f -> %.2f", i++ ? "," : ": deficit of", buckets[k],
                        event->before[k], event->after[k]);
    fputs(".\n", self->out);
}

static void print_authorization(const struct page *self, const struct pathway_event *event)
{
    char until[11];
    fputs("Authorised to test", self->out);
    if (isfinite(event->until)) {
        date_of(self, event->until - 1, until);
        plain_print(self->out, " until %s", until);
    }
    fputs(".\n", self->out);
}

static void print_course(const struct page *self)
{
    char until[11];
    date_of(self, self->scenario->policy_window_days - 1, until);
    plain_print(self->out, "The course is complete; sittings are allowed until %s.\n", until);
}

static const char *const sentences[PATHWAY_N_EVENTS] = {
    [PATHWAY_EVENT_VERIFIED] = "The program director verified the course.",
    [PATHWAY_EVENT_NEVER_VERIFIED] = "The program director never verified the course.",
    [PATHWAY_EVENT_FORFEITED] = "The authorisation ran out before the sitting and is forfeited.",
    [PATHWAY_EVENT_LEFT] = "Left for good.",
    [PATHWAY_EVENT_DROPPED_OUT] = "Did not complete what is required after these attempts.",
    [PATHWAY_EVENT_EXHAUSTED] = "No attempt is left.",
    [PATHWAY_EVENT_WINDOW_CLOSED] = "The next sitting would be now: too late.",
    [PATHWAY_EVENT_SKILLS_FAILED] = "Failed a try of the psychomotor skills check.",
    [PATHWAY_EVENT_SKILLS_PASSED] = "Passed the psychomotor skills check.",
    [PATHWAY_EVENT_SKILLS_NEVER] = "The psychomotor skills check will never be passed.",
    [PATHWAY_EVENT_CERTIFIED] = "Certified: everything the exam body requires is complete.",
    [PATHWAY_EVENT_LICENSED] = "The state granted the licence.",
    [PATHWAY_EVENT_LICENCE_REFUSED] = "The state did not grant the licence.",
};

static void print_event(const struct page *self, const struct pathway_event *event)
{
    begin(self, event->day);
    if (event->kind == PATHWAY_EVENT_COURSE_ENDED)
        print_course(self);
    else if (event->kind == PATHWAY_EVENT_AUTHORIZED)
        print_authorization(self, event);
    else if (event->kind == PATHWAY_EVENT_SAT)
        print_sitting(self, event);
    else if (event->kind == PATHWAY_EVENT_RESULT)
        print_result(self, event);
    else if (event->kind == PATHWAY_EVENT_STUDIED)
        print_change(self, event, "Studied");
    else if (event->kind == PATHWAY_EVENT_REFRESHED)
        print_change(self, event, "Refresher course");
    else if (event->kind == PATHWAY_EVENT_RETRAINED)
        print_change(self, event, "A whole new course");
    else
        plain_print(self->out, "%s\n", sentences[event->kind]);
}

static void print_events(const struct page *self)
{
    enum { MOST = 4096 };
    const struct pathway_event *events[MOST];
    size_t n = report_trace_events(self->trace, events, MOST);
    for (size_t i = 0; i < n; i++)
        print_event(self, events[i]);
}

static void put_page(const struct page *self, const char *text, const struct report_sheet *sheet)
{
    const struct report_trace *trace = self->trace;
    char end[32];
    if (self->scenario->title[0])
        report_sheet_title(sheet, self->scenario->title);
    report_sheet_line(
        sheet, "Candidate %llu, group %s, seed %lld", (unsigned long long)trace->candidate,
        self->scenario->groups[trace->outcome->group].name, (long long)self->scenario->engine_seed);
    report_sheet_text(sheet, "\n", 0);
    report_sheet_text(sheet, text, INDENT);
    snprintf(end, sizeof end, "%s", pathway_end_names[trace->outcome->end]);
    for (char *c = end; *c; c++)
        if (*c == '_')
            *c = ' ';
    report_sheet_paragraph(sheet, "Outcome: %s. Result situation: %s.", end,
                           report_situation_names[report_trace_situation(trace)]);
    report_sheet_line(sheet, "Next: %s", report_trace_advice(trace));
}

enum err_code report_trace_text(const struct report_trace *self, FILE *out, struct err *err)
{
    char *text = NULL;
    size_t n = 0;
    struct report_sheet sheet;
    struct page page = {self, self->design->scenario, stream_to_memory(&text, &n)};
    if (page.out)
        print_events(&page);
    if (!page.out || fclose(page.out) != 0) {
        free(text);
        return err_set(err, ERR_MEMORY, "no memory for a journey");
    }
    report_sheet_open(&sheet, out);
    put_page(&page, text, &sheet);
    free(text);
    return report_sheet_close(&sheet, err);
}
