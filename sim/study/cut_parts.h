/* The parts of a cut study.
 *
 * Every policy, a cut or a change to the exam, is simulated on the same candidates, and once more
 * for first sittings that are independent of the first ones (the keys of their draws differ). What
 * is counted are integers by unit, a number of whole blocks of candidates; standard errors are
 * those of the ratio estimator over units, or of the jackknife over them where a statistic is no
 * ratio.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_STUDY_CUT_PARTS_H
#define RETAKE_SIM_STUDY_CUT_PARTS_H

#include <retake/store/result.h>
#include <retake/study/cut.h>

#include <assert.h>

#include "cut_count.h"

enum { CUT_MAX_CHANGES = 5, CUT_NAME_BYTES = 96, CUT_KEY_OFFSET = 1000 };

static_assert((int)CUT_KEY_OFFSET > (int)PATHWAY_MAX_ATTEMPTS, "keys of retakes are not met");

/* An exam to compare. */
struct cut_policy {
    char name[CUT_NAME_BYTES]; /* of a change; "" of a cut */
    uint32_t n_form;           /* items of a linear form that a second stage follows; 0 = none */
    struct scenario scenario, twin_scenario; /* copies; texts and lists are the original's */
    struct irt_bank bank;                    /* the original's, or one whose items are changed */
    struct engine_plan exam;                 /* bank and cat of its own */
    struct engine_plan plan, twin;           /* borrow exam; twin: first sittings once more */
};

/* What takes time, in this order. */
enum cut_stage { CUT_STAGE_VISITS, CUT_STAGE_LOSS, CUT_STAGE_INDEX, CUT_STAGE_BANK, CUT_N_STAGES };

struct cut_work {
    double seconds[CUT_N_STAGES], total_s; /* by a trial; on the threads at hand */
    double prepare_s;                      /* measured */
};

/* The context of a stage's progress. */
struct cut_work_watch {
    struct cut_study *study;
    enum cut_stage stage;
};

struct cut_losses;

struct cut_study {
    struct scenario *scenario;
    const struct engine_options *options;
    struct engine_plan base; /* the scenario as it is */
    struct cut_grid grid;
    size_t n_policies, n_changes; /* policies: the cuts, then the changes but the first */
    struct cut_policy *policies;  /* [n_policies] */
    struct engine_visit *visits;  /* [n_policies + 1]: of the policies, then of given abilities */
    struct cut_work work;
    struct cut_losses *losses;
    struct cut_counts counts;
    struct cut_given given;
    bool is_fixed;            /* one form for everybody */
    enum cat_decides decides; /* what exam.stop.rule does about the cut */
    double *sem, *mean; /* [n_points] of estimates, smoothed by nothing: study_cut_given_add */
    struct store_result *out;
    struct arena arena;
    struct err *err;
};

/* Zeroed memory of the study; NULL and an error when there is none. */
void *study_cut_alloc(struct cut_study *self, size_t n, size_t n_bytes);

/* cut_grid.c */
enum err_code study_cut_grid_init(struct cut_study *self); /* before there is a plan */
void study_cut_grid_meet(struct cut_study *self);          /* the plan */
/* Linear interpolation in rising x; beyond its ends the values there. */
double study_cut_interpolate(const double *x, const double *y, size_t n, double at);

/* cut_policy.c, cut_change.c */
enum err_code study_cut_policies_init(struct cut_study *self);
void study_cut_policies_free(struct cut_study *self);
enum err_code study_cut_policy_init(struct cut_study *self, struct cut_policy *policy);
/* The changes that this exam allows, as policies that are not initialised; how many. */
size_t study_cut_changes_list(struct cut_study *self, struct cut_policy *out);

/* cut_work.c */
/* After everything else that is prepared. */
enum err_code study_cut_work_init(struct cut_study *self);
void study_cut_work_estimate(const struct cut_study *self, struct study_cut_estimate *out);
/* A share of a stage is done. @return ERR_OK; ERR_INTERRUPTED */
enum err_code study_cut_work_tell(struct cut_study *self, enum cut_stage stage, double share);
/* The same as engine_options.progress of a stage that the engine runs; no error. */
void study_cut_work_options(struct cut_study *self, enum cut_stage stage,
                            struct cut_work_watch *watch, struct engine_options *out);
/* Seconds of the bootstrap, of Lee's index at all cuts. */
double study_cut_loss_try(struct cut_study *self);
double study_cut_index_try(struct cut_study *self);

/* cut_count.c */
enum err_code study_cut_counts_init(struct cut_study *self);
void study_cut_counts_take(struct cut_study *self, size_t policy,
                           const struct pathway_outcomes *first,
                           const struct pathway_outcomes *second);
void study_cut_counts_fold(struct cut_study *self);
/* Whether a test ended, not by a rule that decides, with the interval still holding the cut. */
bool study_cut_is_undecided(const struct cut_study *self, double cut_theta,
                            const struct pathway_sitting *sitting);

static inline const int64_t *cut_cells(const struct cut_study *self, size_t policy, size_t unit)
{
    return self->counts.cells + (policy * self->counts.n_units + unit) * self->counts.n_cells;
}

/* What each part adds to the result. */
void study_cut_decisions_add(struct cut_study *self);
void study_cut_loss_add(struct cut_study *self);
/* Whether the cuts reach far enough. */
enum err_code study_cut_panel_check(struct cut_study *self);
void study_cut_panel_add(struct cut_study *self);
void study_cut_bands_add(struct cut_study *self);
void study_cut_change_add(struct cut_study *self);
enum err_code study_cut_given_init(struct cut_study *self);
void study_cut_given_free(struct cut_study *self);
void study_cut_given_take(struct cut_study *self, const struct pathway_outcomes *outcomes);
void study_cut_given_add(struct cut_study *self);
/* After study_cut_given_add. */
void study_cut_index_add(struct cut_study *self);

#endif
