/* Accuracy and consistency of decisions, computed rather than simulated: Rudner's indices for
 * estimates of ability, Lee's for summed scores, Livingston & Lewis's from the moments of scores.
 * Formulas, assumptions and sources: docs/classification.md.
 *
 * A cut k divides what is below it from what is at it or above it; n cuts, rising, make n + 1
 * categories. Who truly belongs where is decided by true_cuts, which need not equal the cuts.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_IRT_CLASSIFICATION_H
#define RETAKE_IRT_CLASSIFICATION_H

#include <retake/irt/model.h>

enum { IRT_MAX_CUTS = 15 };

/** Shares of all candidates. With one cut "above" is "passes where failing were right". */
struct irt_classification {
    double accuracy;       /* P(placed in the true category) */
    double false_positive; /* P(placed above it), joint, not given the true category */
    double false_negative; /* P(placed below it) */
    double consistency;    /* P(two independent tests place alike) */
    double kappa;          /* (consistency - chance)/(1 - chance); NaN where chance is 1 */
    double p_top;          /* P(placed in the highest category): with one cut, the pass rate */
    double p_true_top;     /* P(the true category is the highest): with one cut, the competent */
};

/** A distribution of ability as points. A node is wholly on one side of a true threshold (at it:
 * above), so choose them fine: accuracy is off by up to half the weight of a node there. */
struct irt_nodes {
    size_t n;
    const double *theta;  /* [n] logit, any order */
    const double *weight; /* [n] >= 0, e.g. a density; need not sum to 1 */
};

/**
 * Rudner (2001, 2005): an estimate at theta is normal with the standard error there.
 * @param mean  [n] expected estimate at the nodes (an EAP shrinks); NULL = theta, as Rudner
 * @param se    [n] > 0
 * @param cuts  [n_cuts] rising; true_cuts [n_cuts] rising, or NULL = cuts
 * @return ERR_OK; ERR_RANGE: no nodes, no weight, cuts that do not rise, se <= 0, > IRT_MAX_CUTS
 */
enum err_code irt_rudner(const struct irt_nodes *nodes, const double *mean, const double *se,
                         const double *cuts, const double *true_cuts, size_t n_cuts,
                         struct irt_classification *out, struct err *err);

/** Greatest summed score: a right answer counts 1, a category of a polytomous item its number. */
size_t irt_max_score(const struct irt_item *const *items, size_t n_items);

/** Expected summed score at theta: the test characteristic curve. */
double irt_expected_score(const struct irt_item *const *items, size_t n_items, double theta);

/** P(summed score | theta) of a form at the nodes, by Lord & Wingersky (1984), polytomous items by
 * Hanson (1994): made once, used for any number of cuts. */
struct irt_scores {
    size_t n_scores;  /* irt_max_score + 1 */
    double *p;        /* [nodes->n][n_scores] */
    double *expected; /* [nodes->n] */
};

/** @return ERR_OK; ERR_RANGE: no nodes, no weight, no items; ERR_MEMORY. Arrays are the arena's. */
enum err_code irt_scores_init(const struct irt_item *const *items, size_t n_items,
                              const struct irt_nodes *nodes, struct arena *arena,
                              struct irt_scores *out, struct err *err);

/**
 * Lee (2010).
 * @param cuts       [n_cuts] rising: the least score of the category above; n_scores = nobody's
 * @param true_cuts  [n_cuts] rising, of theta; NULL = expected score against cuts, as Lee
 * @return ERR_OK; ERR_RANGE as irt_rudner, a cut beyond n_scores
 */
enum err_code irt_lee(const struct irt_scores *scores, const struct irt_nodes *nodes,
                      const size_t *cuts, const double *true_cuts, size_t n_cuts,
                      struct irt_classification *out, struct err *err);

/** The least score that an estimate-based cut amounts to: the estimate is taken to lie where the
 * expected score is the score, which ML does exactly in a Rasch form.
 * @return 0 .. irt_max_score + 1, the last: no score passes */
size_t irt_score_cut(const struct irt_item *const *items, size_t n_items, double theta_cut,
                     bool tie_passes);

/** The same where the estimate is the posterior mean given the score; prior over the nodes. Exact
 * for EAP in a Rasch form. */
size_t irt_score_cut_eap(const struct irt_scores *scores, const struct irt_nodes *prior,
                         double theta_cut, bool tie_passes);

/** Moments of summed scores over the nodes, as data would have them without error. */
struct irt_score_moments {
    double mean, variance, skewness, kurtosis; /* kurtosis: 3 for a normal distribution */
    double reliability;                        /* variance of expected scores / variance */
    double min, max;                           /* least and greatest possible score */
};

void irt_score_moments(const struct irt_scores *scores, const struct irt_nodes *nodes,
                       struct irt_score_moments *out);

/** Livingston & Lewis (1995): true proportion scores are low + (high - low) Beta(alpha, beta), and
 * a test amounts to n independent, equally difficult items. */
struct irt_true_scores {
    double effective_length; /* before rounding */
    uint32_t n;              /* rounded, at least 1 */
    double alpha, beta, low, high;
    uint32_t n_moments; /* that the distribution has in common with the scores: 4, 3 or 2 */
};

/**
 * @param n_moments  4: four-parameter beta, falling back to 3 and 2 as Hanson (1991); or 2
 * @return ERR_OK; ERR_RANGE: moments that no scores with that reliability can have
 */
enum err_code irt_true_scores_fit(const struct irt_score_moments *moments, uint32_t n_moments,
                                  struct irt_true_scores *out, struct err *err);

/**
 * A score of the n items passes from n cut on, rounded to the nearest whole score.
 * @param cuts       [n_cuts] rising, as shares of the score range, (cut - min)/(max - min)
 * @param true_cuts  [n_cuts] rising, true proportion scores; NULL = cuts
 * @return ERR_OK; ERR_RANGE
 */
enum err_code irt_livingston_lewis(const struct irt_true_scores *self, const double *cuts,
                                   const double *true_cuts, size_t n_cuts,
                                   struct irt_classification *out, struct err *err);

#endif
