/* One candidate's dated journey, as a person would read it, and as JSON.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_REPORT_TRACE_H
#define RETAKE_REPORT_TRACE_H

#include <retake/pathway/event.h>

#include <stdio.h>

struct report_trace {
    const struct pathway_design *design;
    uint64_t candidate;
    const struct pathway_outcome *outcome;
    const struct pathway_sitting *sittings; /* [outcome->n_sittings] */
    const struct pathway_log *log;
};

/** The four situations of a result, as the text of the pathway tells them apart. */
enum report_situation {
    REPORT_PASSED_COMPLETE,
    REPORT_PASSED_REMAINS, /* a requirement remains */
    REPORT_NOT_PASSED,
    REPORT_STATUS_ISSUE, /* of the account or the status: no sitting is possible */
    REPORT_N_SITUATIONS
};

extern const char *const report_situation_names[REPORT_N_SITUATIONS];

enum report_situation report_trace_situation(const struct report_trace *self);

/** What to do next in the situation in which the journey ended. */
const char *report_trace_advice(const struct report_trace *self);

/** The events within the horizon, by day; at most n of them into out[n]. @return how many */
size_t report_trace_events(const struct report_trace *self, const struct pathway_event **out,
                           size_t n);

/** The first and the second of the buckets with the most misses; PERSON_N_BUCKETS where nothing was
 * missed. */
void report_trace_most_missed(const struct pathway_sitting *sitting, int most[2]);

/** What mends a bucket, e.g. "content review". */
extern const char *const report_trace_fixes[PERSON_N_BUCKETS];

/** Whether study or a course closed part of a deficit. */
bool report_trace_is_repaired(const struct pathway_event *event, int bucket);

/** Print the journey; the caller checks ferror(out). @return ERR_OK; ERR_MEMORY */
enum err_code report_trace_text(const struct report_trace *self, FILE *out, struct err *err);

/** Print one JSON object. @return ERR_OK; ERR_IO; ERR_MEMORY */
enum err_code report_trace_json(const struct report_trace *self, FILE *out, struct err *err);

#endif
