/* Livingston & Lewis (1995), Journal of Educational Measurement 32, 179-197: accuracy and
 * consistency from the distribution of true proportion scores t and binomial errors,
 *
 *     p_k(t) = P(k-th category | t) by X ~ Binomial(n, t)
 *
 * integrated over t = low + (high - low) u, u ~ Beta(alpha, beta). The integral is cut at the true
 * thresholds, where the integrand jumps; over each piece it is taken by the tanh-sinh rule
 * (Takahasi & Mori 1974), which bears the poles of the density at its ends:
 *
 *     u = from + (to - from) s,  s = 1/(1 + exp(-pi sinh y)),  ds = pi cosh(y) s (1 - s) dy
 *
 * summed over y with steps that are halved until nothing changes.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/dist.h>
#include <retake/base/real.h>
#include <retake/base/wording.h>

#include <math.h>

#include "placement.h"

struct integral {
    const struct irt_true_scores *true_scores;
    uint32_t least[IRT_MAX_CUTS]; /* score of the n items from which on the category is reached */
    double bounds[IRT_MAX_CUTS + 2]; /* of the true categories, as u */
    double log_beta;
    struct irt_placement placement;
};

/* The category probabilities at a true proportion score. */
static void probabilities(const struct integral *self, double t, double *p)
{
    size_t n_cuts = self->placement.n_categories - 1;
    double at_least = 1;
    for (size_t k = 0; k < n_cuts; k++) {
        double next = dist_binomial_upper(self->least[k], self->true_scores->n, t);
        p[k] = at_least - next;
        at_least = next;
    }
    p[n_cuts] = at_least;
}

/* ln s and ln(1 - s) of s = 1/(1 + exp(-x)). */
static double log_share(double x)
{
    return x > 0 ? -vec_log1(1 + vec_exp1(-x)) : x - vec_log1(1 + vec_exp1(x));
}

/* A point of the rule in true category k. */
static void add_point(struct integral *self, size_t k, double y, double step)
{
    const struct irt_true_scores *true_scores = self->true_scores;
    double from = self->bounds[k], to = self->bounds[k + 1], p[IRT_MAX_CUTS + 1];
    double e = vec_exp1(y), x = 1.5707963267948966 * (e - 1 / e); /* pi sinh y */
    double slope = 1.5707963267948966 * (e + 1 / e);              /* pi cosh y */
    double log_s = log_share(x), log_t = log_share(-x);
    double u = from + (to - from) * vec_exp1(log_s);
    double v = 1 - to + (to - from) * vec_exp1(log_t);
    double log_u = from > 0 ? vec_log1(u) : vec_log1(to) + log_s;
    double log_v = to < 1 ? vec_log1(v) : vec_log1(1 - from) + log_t;
    double log_density =
        (true_scores->alpha - 1) * log_u + (true_scores->beta - 1) * log_v - self->log_beta;
    double weight = step * slope * (to - from) * vec_exp1(log_density + log_s + log_t);
    probabilities(self, true_scores->low + (true_scores->high - true_scores->low) * u, p);
    irt_placement_add(&self->placement, weight, k, p);
}

static void integrate(struct integral *self, double step)
{
    const double farthest = 6.1; /* exp(pi sinh 6.1) is the greatest that vec_exp can do */
    const int n = (int)(farthest / step);
    self->placement = (struct irt_placement){.n_categories = self->placement.n_categories};
    for (size_t k = 0; k < self->placement.n_categories; k++)
        for (int j = -n; j <= n && self->bounds[k + 1] > self->bounds[k]; j++)
            add_point(self, k, j * step, step);
}

static double change(const struct irt_classification *a, const struct irt_classification *b)
{
    return real_max(
        real_max(fabs(a->accuracy - b->accuracy), fabs(a->consistency - b->consistency)),
        fabs(a->p_top - b->p_top));
}

static void prepare(struct integral *self, const double *cuts, const double *thresholds,
                    size_t n_cuts)
{
    const struct irt_true_scores *true_scores = self->true_scores;
    double width = true_scores->high - true_scores->low, n = true_scores->n;
    self->log_beta = dist_log_beta(true_scores->alpha, true_scores->beta);
    self->placement.n_categories = n_cuts + 1;
    for (size_t k = 0; k < n_cuts; k++) {
        double u = (thresholds[k] - true_scores->low) / width;
        self->least[k] = (uint32_t)real_min(real_max(floor(cuts[k] * n + 0.5), 0), n + 1);
        self->bounds[k + 1] = real_min(real_max(u, 0), 1);
    }
    self->bounds[n_cuts + 1] = 1;
}

enum err_code irt_livingston_lewis(const struct irt_true_scores *self, const double *cuts,
                                   const double *true_cuts, size_t n_cuts,
                                   struct irt_classification *out, struct err *err)
{
    const double converged = 1e-12, finest = 1.0 / 512;
    struct integral integral = {.true_scores = self};
    struct irt_classification before;
    const double *thresholds = true_cuts ? true_cuts : cuts;
    if (irt_cuts_check(cuts, n_cuts, err) != ERR_OK ||
        irt_cuts_check(thresholds, n_cuts, err) != ERR_OK)
        return err->code;
    if (!(self->alpha > 0 && self->beta > 0 && self->high > self->low && self->n > 0))
        return err_set(err, ERR_RANGE, "alpha %g, beta %g from %g to %g, %s", self->alpha,
                       self->beta, self->low, self->high, wording_count(self->n, "item").text);
    prepare(&integral, cuts, thresholds, n_cuts);
    integrate(&integral, 1.0 / 16);
    irt_placement_finish(&integral.placement, out);
    for (double step = 1.0 / 32; step >= finest; step /= 2) {
        before = *out;
        integrate(&integral, step);
        irt_placement_finish(&integral.placement, out);
        if (change(&before, out) < converged)
            break;
    }
    return ERR_OK;
}
