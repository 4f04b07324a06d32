/* Who the candidates are: groups, ability, speed and the five deficits.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_PERSON_POPULATION_H
#define RETAKE_PERSON_POPULATION_H

#include <retake/config/scenario.h>

#include <stddef.h>
#include <stdint.h>

/** The five buckets of misses, each with its own fix. */
enum person_bucket {
    PERSON_KNOWLEDGE, /* domain knowledge; content review */
    PERSON_SEQUENCE,  /* priority-ladder drills */
    PERSON_SCOPE,     /* can/cannot list */
    PERSON_READING,   /* slow stem reading */
    PERSON_PACING,    /* timed practice */
    PERSON_N_BUCKETS
};

extern const char *const person_bucket_names[PERSON_N_BUCKETS];

/** The parameters of a population and of what happens between attempts, built once, then const. */
struct person_design {
    size_t n_groups;
    const struct scenario_group *groups; /* [n_groups], the scenario's */
    const double *share;                 /* [n_groups]: cumulative weights, the last is 1 */
    uint64_t seed;
    double deficit_mean[PERSON_N_BUCKETS], deficit_cv;
    double p_none, p_broad; /* the rest of the waits is targeted */
    double repair_per_day;  /* study.hours_per_day * study.repair_per_hour, one bucket */
    double decay_per_day;   /* log 2 / half-life */
    double course_gain;
    double refresher_repairs;
    double competent_theta;
    struct arena arena;
};

/** @return ERR_OK; ERR_MEMORY. person_design_free it, even after failure. The scenario must live
 * on. */
enum err_code person_design_init(const struct scenario *scenario, struct person_design *self,
                                 struct err *err);
void person_design_free(struct person_design *self);

/** One candidate on a day of their life. Day 0 is the end of the course. */
struct person {
    uint64_t candidate;
    uint32_t group;
    double theta, speed;               /* at the end of the course, before deficits */
    double initial[PERSON_N_BUCKETS];  /* deficits at the end of the course */
    double repaired[PERSON_N_BUCKETS]; /* of these, closed by study and refresher as of day */
    double day;                        /* to which repaired has been brought forward */
    double renewed_day;                /* end of the course or of the last refresher */
};

/** Draw candidate number `candidate` of the population, as on day 0. */
void person_draw(const struct person_design *design, uint64_t candidate, struct person *out);

/** Forgetting up to a day: repairs decay with the half-life. day must not lie before self->day. */
void person_advance(const struct person_design *design, struct person *self, double day);

/** What the candidate has on self->day. */
struct person_state {
    double ability;                   /* theta less what was forgotten of the course [logit] */
    double deficit[PERSON_N_BUCKETS]; /* open deficits */
    double speed;                     /* less the pacing deficit: what log times show */
    bool is_competent;  /* ability less knowledge, sequence and scope deficits reaches the threshold
                         */
    double proficiency; /* that difference [logit] */
};
void person_state(const struct person_design *design, const struct person *self,
                  struct person_state *out);

/**
 * Study from self->day to day. What is studied is decided by the candidate's draw for this attempt
 * and by the logged misses, never by the true deficits.
 * @param misses  [PERSON_N_BUCKETS] of the error log of the failed attempt
 */
void person_study(const struct person_design *design, struct person *self, uint32_t attempt,
                  const uint32_t *misses, double day);

/** A refresher course that ends on a day: closes a fraction of each deficit, renews what the course
 * gave. */
void person_refresh(const struct person_design *design, struct person *self, double day);

#endif
