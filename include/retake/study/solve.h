/* Finding: the value of one parameter at which a statistic reaches a target (docs/solve.md).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_SOLVE_H
#define RETAKE_STUDY_SOLVE_H

#include <retake/engine/run.h>

enum { STUDY_SOLVE_MOST_SCANNED = 9 };

/** What counts as reached when the parameter is a whole number and passes the target by. */
enum study_relation { STUDY_NEAREST, STUDY_AT_MOST, STUDY_AT_LEAST }; /* "=", "<=", ">=" */

struct study_solve_point {
    double x, value, mcse; /* of the statistic; mcse 0: it has no error, or the limits serve */
    double low, high; /* 95 % limits of a rate of none or all (tally/rate_interval.h), or 0, 0 */
};

/** The question. Texts are the caller's. */
struct study_question {
    char key[256];
    double low, high;
    bool is_whole;
    char statistic[256]; /* its address */
    enum study_relation relation;
    double target;
};

/** The answer. */
struct study_solution {
    double value;
    double low, high; /* 95 % interval of it */
    double slope;     /* d statistic/d value, on common random numbers; NAN of a whole number */
    struct study_solve_point reached;      /* by candidates that had no part in the search */
    struct study_solve_point below, above; /* last looked at on either side of the target */
    size_t n_scanned;
    struct study_solve_point scan[STUDY_SOLVE_MOST_SCANNED]; /* across the range, coarse */
    bool is_monotone;                                        /* as far as the scan can tell */
    size_t n_crossings;
    bool is_exact;
    size_t n_evaluations;
    uint64_t n_candidates, seed;
};

struct study_solve_options {
    uint64_t n_candidates; /* of the last evaluations; the scan takes a sixteenth of them */
    uint64_t seed;
    int n_threads;
    void (*progress)(const struct study_solve_point *, void *context); /* may be NULL */
    void *context;
    const volatile sig_atomic_t *stop; /* may be NULL */
};

/** Read "KEY=LOW:HIGH" and "ADDRESS=VALUE" (or <=, >=). @return ERR_OK; ERR_USAGE; ERR_RANGE */
enum err_code study_question_read(const char *free, const char *target, struct study_question *self,
                                  struct err *err);

/**
 * Answer. The scenario keeps the value that was found.
 * @return ERR_OK; ERR_INPUT: no such statistic, or the target is not between the ends of the range;
 *         what a run returns
 */
enum err_code study_solve(struct scenario *scenario, const struct study_question *question,
                          const struct study_solve_options *options, struct study_solution *self,
                          struct err *err);

#endif
