/* The indices of accuracy and consistency that need no simulation of candidates, at every cut:
 * Rudner's, Lee's, and Livingston & Lewis's for a fixed form.
 *
 * The distribution of ability is that of proficiency at the first sittings, in bins; a deficit that
 * items demand without being part of proficiency (reading) is in the simulation only. Rudner's
 * index takes the mean and the standard deviation of estimates given ability from the sittings at
 * given ability, hence at the operational cut. Lee's is about summed scores of a form. An adaptive
 * test has none: it is represented by the most informative test of exam.max_items scored items at
 * the cut that content rules and enemies allow (cat_best_test).
 * SPDX-License-Identifier: Apache-2.0 */
#include "cut_rates.h"

#include <retake/base/real.h>
#include <retake/cat/adequacy.h>
#include <retake/irt/classification.h>

#include <math.h>
#include <string.h>

static const double least_se = 1e-6;

/* What the indices come to, over cuts; accuracy over cuts and thresholds. */
struct indices {
    double *accuracy, *consistency, *kappa;
};

struct form {
    size_t n;
    const struct irt_item **items;         /* [n] */
    struct irt_scores scores, under_prior; /* at the nodes of ability, of the prior */
    struct arena arena;
};

struct indexer {
    struct cut_study *study;
    struct irt_nodes nodes, prior; /* prior: the estimator's grid */
    bool has_prior;                /* the estimate is taken for a posterior mean */
    double *mean, *se;             /* [nodes.n] of estimates */
};

static struct indices indices_new(struct cut_study *study)
{
    size_t n = study->grid.n_cuts;
    return (struct indices){study_cut_alloc(study, n * study->grid.n_competence, sizeof(double)),
                            study_cut_alloc(study, n, sizeof(double)),
                            study_cut_alloc(study, n, sizeof(double))};
}

/* ---- distributions of ability ---- */

/* Of a trial any distribution will do, for nobody has sat yet. */
static void init_nodes(struct indexer *self, bool is_trial)
{
    struct cut_study *study = self->study;
    const struct tally_bins *bins = &study->grid.ability;
    double *theta = study_cut_alloc(study, bins->n, sizeof *theta);
    double *weight = study_cut_alloc(study, bins->n, sizeof *weight);
    for (size_t k = 0; k < bins->n && !study->err->code; k++) {
        theta[k] = bins->low + ((double)k + 0.5) * bins->width;
        weight[k] = is_trial ? 1 : (double)study->counts.ability[k];
    }
    self->nodes = (struct irt_nodes){bins->n, theta, weight};
    const struct irt_grid *points = &study->base.cat.grid;
    self->prior = (struct irt_nodes){points->n_points, points->theta, points->prior};
}

static void init_estimates(struct indexer *self)
{
    struct cut_study *study = self->study;
    const struct cut_grid *grid = &study->grid;
    const struct tally_bins *bins = &grid->ability;
    const double *theta = self->nodes.theta;
    self->mean = study_cut_alloc(study, bins->n, sizeof *self->mean);
    self->se = study_cut_alloc(study, bins->n, sizeof *self->se);
    for (size_t k = 0; k < bins->n && !study->err->code; k++) {
        self->mean[k] = theta[k] + study_cut_interpolate(grid->point_theta, study->mean,
                                                         grid->n_points, theta[k]);
        self->se[k] = real_max(least_se, study_cut_interpolate(grid->point_theta, study->sem,
                                                               grid->n_points, theta[k]));
    }
}

static void init(struct cut_study *study, bool is_trial, struct indexer *self)
{
    const struct scenario *s = study->scenario;
    const char *rule = s->exam_estimate_rule;
    *self = (struct indexer){.study = study};
    self->has_prior = (strcmp(rule, "eap") == 0 || strcmp(rule, "map") == 0) &&
                      s->exam_estimate_prior < 2; /* not Jeffreys' */
    init_nodes(self, is_trial);
}

static void take(struct indexer *self, size_t cut, size_t competence,
                 const struct irt_classification *found, struct indices *out)
{
    out->accuracy[cut * self->study->grid.n_competence + competence] = found->accuracy;
    out->consistency[cut] = found->consistency;
    out->kappa[cut] = found->kappa;
}

static void add(struct indexer *self, const char *const names[3], const char *const texts[3],
                const struct indices *found)
{
    const double *const values[3] = {found->accuracy, found->consistency, found->kappa};
    for (int k = 0; k < 3; k++)
        study_cut_add(self->study,
                      &(struct cut_var){
                          .name = names[k], .unit = "1", .long_name = texts[k], .value = values[k]},
                      k == 0 ? CUT_DIMS("cut", "competence") : CUT_DIMS("cut"));
}

/* ---- Rudner ---- */

static void add_rudner(struct indexer *self)
{
    static const char *const names[] = {"rudner_accuracy", "rudner_consistency", "rudner_kappa"};
    static const char *const texts[] = {
        "Rudner's index of accuracy, from mean and standard deviation of estimates given ability",
        "Rudner's index of consistency", "kappa of Rudner's index"};
    struct cut_study *study = self->study;
    const struct cut_grid *grid = &study->grid;
    struct indices out = indices_new(study);
    struct irt_classification found;
    for (size_t c = 0; c < grid->n_cuts && !study->err->code; c++)
        for (size_t t = 0; t < grid->n_competence; t++)
            if (irt_rudner(&self->nodes, self->mean, self->se, &grid->cut_theta[c],
                           &grid->competence[t], 1, &found, study->err) == ERR_OK)
                take(self, c, t, &found, &out);
    add(self, names, texts, &out);
}

/* ---- Lee, and Livingston & Lewis ---- */

/* The form that stands for the test at a cut: the most informative one that the exam allows. */
static void choose_form(const struct indexer *self, double theta_cut, struct form *out)
{
    struct cut_study *study = self->study;
    const struct cat_design *cat = &study->base.cat;
    struct cat_ranked *best = arena_alloc(&out->arena, cat->n_scored * sizeof *best);
    out->items = arena_alloc(&out->arena, cat->n_scored * sizeof(struct irt_item *));
    if (!best || !out->items) {
        err_set(study->err, ERR_MEMORY, "no memory for the cut study");
        return;
    }
    out->n = cat_best_test(cat, theta_cut, best);
    for (size_t i = 0; i < out->n; i++)
        out->items[i] = &cat->items[best[i].item];
}

static void form_init(const struct indexer *self, double theta_cut, struct form *out)
{
    struct cut_study *study = self->study;
    *out = (struct form){.n = 0};
    choose_form(self, theta_cut, out);
    if (!study->err->code)
        irt_scores_init(out->items, out->n, &self->nodes, &out->arena, &out->scores, study->err);
    if (!study->err->code && self->has_prior)
        irt_scores_init(out->items, out->n, &self->prior, &out->arena, &out->under_prior,
                        study->err);
}

static size_t score_cut(const struct indexer *self, const struct form *form, double theta_cut)
{
    bool tie = self->study->scenario->exam_tie_passes;
    return self->has_prior ? irt_score_cut_eap(&form->under_prior, &self->prior, theta_cut, tie)
                           : irt_score_cut(form->items, form->n, theta_cut, tie);
}

static void lee_at(struct indexer *self, const struct form *form, size_t cut, struct indices *out)
{
    struct cut_study *study = self->study;
    const struct cut_grid *grid = &study->grid;
    struct irt_classification found;
    size_t x = score_cut(self, form, grid->cut_theta[cut]);
    for (size_t t = 0; t < grid->n_competence && !study->err->code; t++)
        if (irt_lee(&form->scores, &self->nodes, &x, &grid->competence[t], 1, &found, study->err) ==
            ERR_OK)
            take(self, cut, t, &found, out);
}

/* What cannot be had (the moments are those of no beta) is NaN. */
static void livingston_lewis_at(struct indexer *self, const struct form *form,
                                const struct irt_true_scores *fit, size_t cut, struct indices *out)
{
    struct err none = {0};
    struct irt_classification found = {
        .accuracy = (double)NAN, .consistency = (double)NAN, .kappa = (double)NAN};
    size_t x = score_cut(self, form, self->study->grid.cut_theta[cut]);
    double share = (double)x / (double)(form->scores.n_scores - 1);
    if (!fit || irt_livingston_lewis(fit, &share, NULL, 1, &found, &none) != ERR_OK)
        found = (struct irt_classification){
            .accuracy = (double)NAN, .consistency = (double)NAN, .kappa = (double)NAN};
    err_clear(&none);
    out->accuracy[cut] = found.accuracy;
    out->consistency[cut] = found.consistency;
    out->kappa[cut] = found.kappa;
}

static void add_livingston_lewis(struct indexer *self, const struct form *form)
{
    static const char *const names[] = {"livingston_lewis_accuracy", "livingston_lewis_consistency",
                                        "livingston_lewis_kappa"};
    static const char *const texts[] = {
        "Livingston & Lewis's index of accuracy: observed and true share of the score at the cut",
        "Livingston & Lewis's index of consistency", "kappa of Livingston & Lewis's index"};
    struct cut_study *study = self->study;
    struct err none = {0};
    struct irt_score_moments moments;
    struct irt_true_scores fit;
    struct indices out = indices_new(study);
    if (study->err->code)
        return;
    irt_score_moments(&form->scores, &self->nodes, &moments);
    bool is_fit = irt_true_scores_fit(&moments, 4, &fit, &none) == ERR_OK;
    err_clear(&none);
    for (size_t c = 0; c < study->grid.n_cuts; c++)
        livingston_lewis_at(self, form, is_fit ? &fit : NULL, c, &out);
    const double *const values[3] = {out.accuracy, out.consistency, out.kappa};
    for (int k = 0; k < 3; k++)
        study_cut_add(study,
                      &(struct cut_var){
                          .name = names[k], .unit = "1", .long_name = texts[k], .value = values[k]},
                      CUT_DIMS("cut"));
}

static void add_lee(struct indexer *self)
{
    static const char *const names[] = {"lee_accuracy", "lee_consistency", "lee_kappa"};
    static const char *const of_form[] = {"Lee's index of accuracy, summed scores of the form",
                                          "Lee's index of consistency", "kappa of Lee's index"};
    static const char *const of_best[] = {
        ("Lee's index of accuracy, summed scores of the best exam.max_items items at the cut that "
         "the content rules allow"),
        "Lee's index of consistency of that form", "kappa of Lee's index of that form"};
    struct cut_study *study = self->study;
    struct indices out = indices_new(study);
    struct form form = {.n = 0};
    for (size_t c = 0; c < study->grid.n_cuts && !study->err->code; c++) {
        if (c == 0 || !study->is_fixed) {
            arena_free(&form.arena);
            form_init(self, study->grid.cut_theta[c], &form);
        }
        if (!study->err->code)
            lee_at(self, &form, c, &out);
        if (!study->err->code)
            study_cut_work_tell(study, CUT_STAGE_INDEX,
                                (double)(c + 1) / (double)study->grid.n_cuts);
    }
    add(self, names, study->is_fixed ? of_form : of_best, &out);
    if (study->is_fixed && !study->err->code)
        add_livingston_lewis(self, &form);
    arena_free(&form.arena);
}

double study_cut_index_try(struct cut_study *self)
{
    struct indexer indexer;
    struct form form;
    double began = engine_thread_time_s();
    size_t n_forms = self->is_fixed ? 1 : self->grid.n_cuts;
    if (self->err->code || self->scenario->exam_form == CONFIG_FORM_NORMAL)
        return 0;
    init(self, true, &indexer);
    if (self->err->code)
        return 0;
    form_init(&indexer, self->scenario->exam_cut_theta, &form);
    arena_free(&form.arena);
    return (double)n_forms * (engine_thread_time_s() - began);
}

void study_cut_index_add(struct cut_study *self)
{
    struct indexer indexer;
    init(self, false, &indexer);
    init_estimates(&indexer);
    if (self->err->code)
        return;
    add_rudner(&indexer);
    if (self->scenario->exam_form != CONFIG_FORM_NORMAL)
        add_lee(&indexer);
}
