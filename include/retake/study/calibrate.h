/* Calibration: the values of free parameters under which a scenario reproduces published figures,
 * with their uncertainty, and what the figures cannot tell.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_CALIBRATE_H
#define RETAKE_STUDY_CALIBRATE_H

#include <retake/engine/run.h>

enum { STUDY_MAX_FREE = 12, STUDY_MAX_TARGETS = 64, STUDY_MAX_WARNINGS = 64 };

/** A parameter to be fitted, and what came of it. */
struct study_free {
    const char *key;
    double low, high, start;
    bool has_start;
    int decimals;        /* to which it is fitted: a step is at most 1e-4 of the range */
    double estimate, se; /* se in the same unit: infinite where the targets leave it open */
    bool is_identified;  /* the targets tell more than the bounds: se < (high - low)/sqrt(12) */
    int at_bound;        /* -1 low, +1 high, 0 neither */
};

/** A published figure, and what came of it. */
struct study_target {
    const char *statistic; /* its address (retake/tally/address.h) */
    size_t line;           /* of the file */
    double value, se;      /* published; a tolerance counts as a standard error */
    double n;              /* behind a rate; 0 = not published */
    bool is_predicted;     /* held out of the fit: role = predict */
    double fitted, mcse;   /* by a run with candidates of its own */
    double z;              /* (fitted - value) over the standard error of that difference */
};

struct study_calibration {
    size_t n_free, n_targets, n_warnings, n_evaluations;
    struct study_free free[STUDY_MAX_FREE];
    struct study_target targets[STUDY_MAX_TARGETS];
    const char *warnings[STUDY_MAX_WARNINGS];           /* one line each */
    double correlation[STUDY_MAX_FREE][STUDY_MAX_FREE]; /* of the estimates */
    double chi_square;                                  /* of the fitted targets */
    int n_degrees;         /* fitted targets less free parameters; may be negative */
    uint64_t n_candidates; /* of the last evaluations */
    uint64_t seed;
    const char *targets_path;
    struct arena arena; /* owns every pointer above */
};

/** Where a search stands. */
struct study_calibrate_progress {
    size_t n_evaluations;
    double chi_square;  /* the least so far */
    const char *values; /* "key=value key=value" that gave it */
};

struct study_calibrate_options {
    uint64_t n_candidates; /* of the last evaluations; the search takes a part of them */
    uint64_t seed;
    int n_threads;
    /** Called after each improvement. May be NULL. */
    void (*progress)(const struct study_calibrate_progress *, void *context);
    void *context;
    const volatile sig_atomic_t *stop; /* may be NULL */
};

/** Add "key=low:high[:start]". @return ERR_OK; ERR_USAGE */
enum err_code study_free_add(const char *text, struct study_calibration *self, struct err *err);

/** Add the rows of a CSV: key, low, high and, where wanted, start. @return ERR_OK; ERR_INPUT */
enum err_code study_free_read(const char *path, struct study_calibration *self, struct err *err);

/** Add the rows of a CSV: statistic, value, and se, n or tolerance; group and role where wanted.
 * @return ERR_OK; ERR_INPUT with file:line:column */
enum err_code study_targets_read(const char *path, struct study_calibration *self, struct err *err);

/**
 * Fit. The scenario keeps the fitted values.
 * @return ERR_OK; ERR_INPUT for a target that the scenario has not; what a run returns
 */
enum err_code study_calibrate(struct scenario *scenario,
                              const struct study_calibrate_options *options,
                              struct study_calibration *self, struct err *err);

void study_calibration_free(struct study_calibration *self);

#endif
