/* A sitting as probabilities, for the exact solver.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_STUDY_EXACT_SITTING_H
#define RETAKE_SIM_STUDY_EXACT_SITTING_H

#include <retake/engine/plan.h>
#include <retake/pathway/timeline.h>

enum { EXACT_TABLE_POINTS = 2048 };

/** Where a test can end: after n scored answers, `right` of them right. */
struct exact_end {
    uint32_t n, right;
    enum cat_stop stop;
    bool passes; /* the cut of a first attempt */
    double theta, score;
};

/** A sitting as probabilities. With exam.form: normal there are no ends. */
struct exact_sitting {
    const struct engine_plan *plan;
    bool is_normal;
    bool is_alike;            /* every answer has the same chance: ends are weighed by paths */
    size_t n_ends, n_vectors; /* 8 n_vectors >= n_ends */
    struct exact_end *ends;   /* [n_ends] */
    double *log_paths;        /* [8 n_vectors]: ln of the number of ways to get there */
    double *right, *wrong;    /* [8 n_vectors] */
    struct exact_table {
        double years;
        double values[EXACT_TABLE_POINTS];
    } * tables; /* [max_attempts] of exam.form: normal where leaving is by score */
    struct arena arena;
};

enum err_code study_exact_sitting_init(const struct engine_plan *plan, struct exact_sitting *self,
                                       struct err *err);
void study_exact_sitting_free(struct exact_sitting *self);

/** One attempt: what has to be known of it besides theta. */
struct exact_attempt {
    uint32_t attempt; /* from 1 */
    const struct pathway_step *step;
    double raise; /* of the cut */
    double stay;  /* P(does not leave | fails), where the score does not matter */
    bool by_score;
    double *table;             /* [EXACT_TABLE_POINTS]: of stay by ability; NAN = not known yet */
    const double *pass;        /* [8 n_vectors] 1 where an end passes */
    const double *stay_by_end; /* [8 n_vectors] P(fails and does not leave | end) */
};

/** The cut of a raised passing point with exam.form: normal, the tie included or not. */
double study_exact_cut(const struct scenario *s, double raise);

/** What an examinee of theta 0 brings to an exam.form: normal. */
double study_exact_normal_shift(const struct pathway_step *step);

/** Gauss-Legendre quadrature on [0, 1]. */
enum { STUDY_GAUSS_POINTS = 16 };
extern const struct study_gauss {
    double at, weight;
} study_gauss[STUDY_GAUSS_POINTS];

/** P(each end | theta) of an attempt: [8 n_vectors]. */
void study_exact_ends(const struct exact_sitting *self, const struct pathway_step *step,
                      double theta, double *p);

/** P(pass) and P(fail and not leave). @param p  of the ends; not read with exam.form: normal */
void study_exact_decide(const struct exact_sitting *self, const struct exact_attempt *attempt,
                        double theta, const double *p, double *pass, double *stay);

#endif
