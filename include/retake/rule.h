/* What a rule of the examiner sees and what it implements. Self-contained, so that a rule can be
 * written outside the tree: docs/recipes/rules-from-outside-the-tree.md.
 * The information barrier: a rule sees answers and times, never true ability. Every function here
 * is pure and called by several threads at once: what it returns depends on its arguments alone, so
 * that results do not depend on threads. It cannot fail; it keeps no pointer that it was given.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_RULE_H
#define RETAKE_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Of this header. A set of rules made with another one is refused. */
#define RULE_VERSION 1

/** A scored item of the pool. P(theta) = c + (d - c)/(1 + exp(-a (theta - b))) when steps is NULL;
 * else steps[] holds the thresholds b_1 .. b_(n_categories - 1) and b is their mean. a includes
 * exam.scaling_constant. */
struct rule_item {
    double a, b, c, d;     /* [1/logit], [logit], 1, 1 */
    const double *steps;   /* [n_categories - 1] [logit]; NULL: logistic */
    uint32_t bank_row;     /* from 0, in the bank's order */
    uint16_t domain;       /* from 0, in the bank's order of appearance */
    uint8_t n_categories;  /* 2 or more */
    uint8_t is_cumulative; /* graded response model, else (generalised) partial credit */
};

/** The exam, the same for every session. */
struct rule_exam {
    double cut_theta;              /* passing point [logit] */
    double z;                      /* normal quantile of exam.stop.level, e.g. 1.96 */
    bool tie_passes;               /* an estimate exactly at the cut passes */
    uint32_t min_items, max_items; /* scored items */
    double stop_se;                /* exam.stop.se [logit] */
    double stop_information;       /* exam.stop.information [1/logit^2] */
    double stop_delta;             /* exam.stop.delta [logit] */
    double log_lower, log_upper;   /* Wald's bounds: ln(beta/(1 - alpha)), ln((1 - beta)/alpha) */
    bool curtails;                 /* exam.stop.curtail */
    size_t n_items;                /* scored items in the pool */
    const struct rule_item *items; /* [n_items], by rising b; linear form: as the bank */
};

/** Estimates this near the cut tie with it [logit]: they are known to about 1e-12, and a tie in the
 * reals must not be decided by the noise of the last digits. */
#define RULE_TIE 1e-9

/** The decision on an estimate. */
static inline bool rule_passes(const struct rule_exam *exam, double theta)
{
    double distance = theta - exam->cut_theta;
    return distance > RULE_TIE || (exam->tie_passes && distance >= -RULE_TIE);
}

/** What costs time to know, and is only there for rules that say so in .needs; else it is 0. */
enum {
    RULE_NEEDS_RATIO = 1,             /* log_ratio, least_ratio, greatest_ratio */
    RULE_NEEDS_GENERALIZED_RATIO = 2, /* log_generalized_ratio */
    RULE_NEEDS_INFORMATION_LEFT = 4,  /* information_left */
    RULE_NEEDS_ALL = 7
};

/** A session as the examiner knows it. */
struct rule_session {
    double theta, se;                   /* the estimate after the last scored answer [logit];
                                           before the first exam.start.theta and INFINITY */
    double elapsed_s;                   /* time used by answered items [s]; 0 when untimed */
    uint32_t n_scored;                  /* scored items answered */
    uint32_t n_seen;                    /* items answered, pilots included */
    uint32_t n_above_cut;               /* the latest estimates that lay above the cut, in a row */
    double log_ratio;                   /* ln L(cut + delta)/L(cut - delta) of the scored answers */
    double least_ratio, greatest_ratio; /* what log_ratio can still become by max_items */
    double log_generalized_ratio; /* ln of sup L over theta >= cut + delta / sup L over theta <= cut
                                     - delta */
    double information_left;      /* of the most informative item left, at theta [1/logit^2] */
    const uint32_t *items;        /* [n_scored]: scored items answered, in order: exam->items[] */
    const uint8_t *answers;       /* [n_scored]: categories from 0; 1 right, 0 wrong */
};

/** exam.stop.curtail: no answers to the items left can change the sign of log_ratio (Finkelman
 * 2008). Where they could bring it to 0, a tie, the test goes on; RULE_TIE is beyond the noise of
 * the sums. */
static inline bool rule_curtails(const struct rule_exam *exam, const struct rule_session *session)
{
    return exam->curtails &&
           (session->least_ratio > RULE_TIE || session->greatest_ratio < -RULE_TIE);
}

/* Each kind of rule begins with its name (letters, digits, _ and -), one line for retake params,
 * the keys that it reads separated by blanks (or NULL), and RULE_NEEDS_.... */

/** A stop rule: asked after every scored answer from exam.min_items on. The maximum and the time
 * limit are not its job. */
struct rule_stop {
    const char *name, *doc, *parameters;
    unsigned needs;
    bool (*step)(const struct rule_exam *exam, const struct rule_session *session);
};

/** A selection rule: the item with the greatest value is next (of equals, the easier one). */
struct rule_select {
    const char *name, *doc, *parameters;
    unsigned needs;
    /**
     * Value the items that may come next.
     * @param theta   where to select: the estimate, or exam.start.theta for the first item [logit]
     * @param items   [n], rising: indices into exam->items[]; n >= 1
     * @param values  [n]: values[k] of item items[k]; NaN counts as -INFINITY
     */
    void (*values)(const struct rule_exam *exam, const struct rule_session *session, double theta,
                   const uint32_t *items, size_t n, double *values);
};

/** An exposure rule: the item that selection chose is shown with this probability, else it is set
 * aside until nothing else is left, and selection chooses again. retake draws. */
struct rule_exposure {
    const char *name, *doc, *parameters;
    unsigned needs;
    double (*p_shown)(const struct rule_exam *exam, const struct rule_session *session,
                      uint32_t item);
};

/** How a session that ran out of time is decided; it may have no scored answer. */
struct rule_out_of_time {
    const char *name, *doc, *parameters;
    unsigned needs;
    bool (*passes)(const struct rule_exam *exam, const struct rule_session *session);
};

/** Rules from outside the tree: arrays that end with NULL, or NULL for none, of RULE_MAX each at
 * most. A name that retake or another rule of the kind has is refused. The set and all that it
 * points to must live as long as the scenario or handle that it is given to. */
struct rule_set {
    unsigned version; /* RULE_VERSION */
    const struct rule_stop *const *stops;
    const struct rule_select *const *selects;
    const struct rule_exposure *const *exposures;
    const struct rule_out_of_time *const *outs_of_time;
};

#define RULE_MAX 32

#endif
