/* Journeys: the whole pathway of a candidate, from the end of the course to one outcome.
 *
 * journeys(design, candidates, K, workspace) -> outcomes is the whole simulation: it advances K
 * candidates as lanes, so that their sessions interleave. K = 1 gives the same results.
 *
 * Days count from the end of the course (day 0).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_PATHWAY_JOURNEY_H
#define RETAKE_PATHWAY_JOURNEY_H

#include <retake/cat/session.h>
#include <retake/pathway/calendar.h>
#include <retake/person/response.h>

/** Where a candidate ends; each in exactly one. */
enum pathway_end {
    PATHWAY_LICENSED,
    PATHWAY_CERTIFIED_ONLY, /* certified; no licence, by the horizon or at all */
    PATHWAY_AWAITING_GATE,  /* passed the exam; a gate not closed by the horizon */
    PATHWAY_WITHDREW,       /* left after a failure, or did not complete the refresher */
    PATHWAY_ATTEMPTS_EXHAUSTED,
    PATHWAY_WINDOW_EXPIRED, /* the window or the horizon ended before the next attempt */
    PATHWAY_NEVER_TESTED,
    PATHWAY_N_ENDS
};

/** The gate that holds up a candidate who passed, on the horizon day. */
enum pathway_gate {
    PATHWAY_GATE_RESULT,    /* the result had not posted: awaiting_gate */
    PATHWAY_GATE_SKILLS,    /* the skills check: awaiting_gate */
    PATHWAY_GATE_LICENSURE, /* a licence that is required: certified_only */
    PATHWAY_N_GATES         /* none */
};

extern const char *const pathway_gate_names[PATHWAY_N_GATES];

/** What policy.after_cycle requires, in the order of its words. */
enum pathway_repair { PATHWAY_REFRESHER, PATHWAY_COURSE };

extern const char *const pathway_end_names[PATHWAY_N_ENDS];

/** Attempts that a policy may allow at most: tables have this many rows. */
enum { PATHWAY_MAX_ATTEMPTS = 200 };

struct pathway_library;

/** The rules of a pathway, built once, then shared const. */
struct pathway_design {
    const struct scenario *scenario; /* policy.*, leave.*, gates.*; must live on */
    const struct person_design *person;
    const struct cat_design *cat;          /* NULL with exam.form: normal */
    const struct pathway_library *library; /* sittings are drawn from it; NULL: simulated */
    struct person_design retrained; /* person, but what closes is what a whole new course closes */
    struct pathway_calendar calendar;
    uint32_t max_attempts; /* that the policy and the horizon leave room for */
    uint32_t key_offset;   /* of sittings; 0 in a run, another one: independent of those */
    bool counts_misses;    /* false: misses matter to those who study by them alone */
    double leave_logit;    /* of leave.after_fail */
    double p_leaves;       /* where nothing else bears on it; NaN: something does */
    struct arena arena;
};

/** @return ERR_OK; ERR_INPUT when the policy allows more than PATHWAY_MAX_ATTEMPTS attempts, or the
 * file of holidays is malformed; ERR_MEMORY. pathway_design_free it, even after failure. */
enum err_code pathway_design_init(const struct scenario *scenario,
                                  const struct person_design *person, const struct cat_design *cat,
                                  struct pathway_design *self, struct err *err);

void pathway_design_free(struct pathway_design *self);

/** One sitting. */
struct pathway_sitting {
    double proficiency; /* ability on the day less knowledge, sequence and scope deficits [logit] */
    double theta, se;   /* the estimate */
    double score;       /* on the report scale, clamped, not rounded */
    float minutes;
    int32_t day, result_day;
    uint16_t n_scored, n_seen;
    uint32_t
        first_item; /* in outcomes.items: n_seen items of the bank, the top bit = seen before */
    uint16_t misses[PERSON_N_BUCKETS];
    uint16_t n_rushed;  /* answers given in a hurry */
    bool misses_limits; /* of exam.content.constraints or of domains beside them, though not for
                           want of time */
    uint8_t stop;       /* enum cat_stop */
    bool is_competent, passed;
};

enum { PATHWAY_SEEN_BEFORE = 1 << 30 };

struct pathway_outcome {
    uint32_t group;
    int32_t course_day;    /* on which the course ended, since 1970-01-01 */
    double ability, speed; /* at the end of the course, without deficits */
    enum pathway_end end;
    uint32_t n_sittings, first_sitting; /* in outcomes.sittings, in order of attempts */
    uint32_t n_refreshers; /* and whole new courses: what followed each of the first cycles */
    uint32_t n_forfeited;  /* authorisations that ran out */
    enum pathway_gate held_by;
    int32_t certified_day; /* -1 when not certified by the horizon */
    int32_t licensed_day;  /* -1 when not licensed by the horizon */
    bool is_window_open;   /* on the horizon day */
};

/** What journeys yields for n candidates in order. */
struct pathway_outcomes {
    uint64_t first; /* candidate */
    size_t n;
    uint32_t
        n_before; /* sittings of each that were counted before; of them only the last is here */
    struct pathway_outcome *outcomes; /* [capacity] */
    size_t n_sittings, n_items;
    struct pathway_sitting *sittings;
    uint32_t *items;
};

struct pathway_workspace;

/** Memory for calls of up to n_candidates with n_lanes lanes. NULL when memory is out. */
struct pathway_workspace *pathway_workspace_new(const struct pathway_design *design, size_t n_lanes,
                                                size_t n_candidates);
void pathway_workspace_free(struct pathway_workspace *self);

/**
 * Simulate candidates first .. first + n - 1.
 * @return outcomes, owned by the workspace, valid until its next use
 */
const struct pathway_outcomes *pathway_journeys(const struct pathway_design *design, uint64_t first,
                                                size_t n, struct pathway_workspace *workspace);

#endif
