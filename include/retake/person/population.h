/* Who the candidates are: groups, ability, speed and the five deficits.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_PERSON_POPULATION_H
#define RETAKE_PERSON_POPULATION_H

#include <retake/config/scenario.h>
#include <retake/irt/bank.h>

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

/** Candidates that engine.sampling spreads together: number c belongs to block c / PERSON_BLOCK. */
enum { PERSON_BLOCK = 256 };

/** Content domains over which a knowledge deficit can be spread. */
enum { PERSON_MAX_DOMAINS = 64 };

/** What an examinee who runs out of time does: answers faster, by at most a factor. */
struct person_pacing {
    double limit_s;      /* of the test; INFINITY = untimed */
    double n_items;      /* that the test may have */
    double most_speedup; /* 1 = nobody rushes */
    double after_s;      /* when the examinee begins to watch the clock */
    double loss, guess;  /* pacing.rush_loss, pacing.guess */
};

/** The parameters of a population and of what happens between attempts, built once, then const. */
struct person_design {
    size_t n_groups;
    const struct scenario_group *groups; /* [n_groups], the scenario's */
    const double *share;                 /* [n_groups]: cumulative weights, the last is 1 */
    uint64_t seed;
    int sampling;                           /* engine.sampling */
    const struct person_ability *abilities; /* [n_groups] */
    const struct person_roster *roster;     /* population.candidates_file, or NULL */
    double deficit_mean[PERSON_N_BUCKETS], deficit_cv;
    bool is_gamma;              /* deficits.distribution */
    double deficit_correlation; /* of normal scores */
    double p_misread;
    size_t n_domains;           /* 0: knowledge is not spread over domains */
    const double *domain_share; /* [n_domains] of the blueprint; they sum to 1 */
    double domain_spread;
    struct person_pacing pacing;
    double p_none, p_broad;    /* the rest of the waits is targeted */
    uint32_t targeted_buckets; /* 1 or 2 */
    bool keeps_plan;           /* one kind of study for all waits of a candidate */
    double repair_per_day;     /* study.hours_per_day * study.repair_per_hour, one bucket */
    double repair_power, repair_rate[PERSON_N_BUCKETS]; /* multiplies repair_per_day */
    double decay_per_day;                               /* log 2 / half-life */
    const struct person_by_day *by_day;                 /* the same in tables; may be NULL */
    double course_gain;
    double refresher_repairs;
    double competent_theta;
    char digest[33]; /* XXH3-128 of candidates_file, hex; "" without one */
    struct arena arena;
};

/** @return ERR_OK; ERR_INPUT: one clear line about a file; ERR_MEMORY. person_design_free it, even
 * after failure. The scenario must live on. */
enum err_code person_design_init(const struct scenario *scenario, struct person_design *self,
                                 struct err *err);

/**
 * Meet the bank: its content domains, over which deficits.domain_spread spreads knowledge. The
 * blueprint is exam.content.domains where its targets sum to 1, else the bank's scored items.
 * @return ERR_OK; ERR_INPUT: more than PERSON_MAX_DOMAINS domains; ERR_MEMORY
 */
enum err_code person_design_meet_bank(const struct scenario *scenario, const struct irt_bank *bank,
                                      struct person_design *self, struct err *err);
/**
 * How the order of population.candidates_file goes with ability: the variance of the means of
 * blocks of PERSON_BLOCK rows over what it would be in a random order, of which 1 is the
 * expectation. Standard errors come from such blocks, so much above 1 they are too large. 1 without
 * a file and where it has fewer than two blocks.
 * @param n_blocks  whole blocks of the file
 */
double person_order_effect(const struct person_design *self, size_t *n_blocks);

void person_design_free(struct person_design *self);

/** From now on candidate n has ability theta[n mod n_thetas], no deficits, and a speed drawn as in
 * the first group. theta is copied. @return ERR_OK; ERR_MEMORY */
enum err_code person_design_fix(struct person_design *self, const double *theta, size_t n_thetas,
                                struct err *err);

/** One candidate on a day of their life. Day 0 is the end of the course. */
struct person {
    uint64_t candidate;
    uint32_t group;
    double theta, speed;               /* at the end of the course, before deficits */
    double initial[PERSON_N_BUCKETS];  /* deficits at the end of the course */
    double repaired[PERSON_N_BUCKETS]; /* of these, closed by study and refresher as of day */
    double day;                        /* to which repaired has been brought forward */
    double renewed_day;                /* end of the course or of the last refresher */
    double domain[PERSON_MAX_DOMAINS]; /* [n_domains] knowledge deficit there, as a multiple; last,
                                        * so that what is not used need not be touched */
};

/** Draw candidate number `candidate` of the population, as on day 0, or take the one of the file.
 */
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

/** What decides between no, broad and targeted study after an attempt: uniform on (0, 1). */
double person_plan(const struct person_design *design, const struct person *self, uint32_t attempt);

/** Whether misses bear on what is then studied. */
bool person_plan_heeds_misses(const struct person_design *design, double plan);

/**
 * Study from self->day to day. What is studied is decided by the plan and by the logged misses,
 * never by the true deficits.
 * @param misses  [PERSON_N_BUCKETS] of the error log of the failed attempt
 */
void person_study(const struct person_design *design, struct person *self, double plan,
                  const uint32_t *misses, double day);

/** A refresher course that ends on a day: closes a fraction of each deficit, renews what the course
 * gave. */
void person_refresh(const struct person_design *design, struct person *self, double day);

#endif
