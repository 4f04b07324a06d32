/* Rudner's indices against irtQ's published output (V3), closed forms and limits.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/dist.h>
#include <retake/irt/classification.h>

#include "fixture.h"

/* ---- V3: the example of irtQ's cac_rud: nodes -4(.25)4, weights of N(0, 1) ---- */

static const double v3_se[33] = {
    1.62211, 1.36489, 1.14721, .96425, .81198, .68689, .58569, .50491, .44085, .39005, .35013,
    .31987,  .29826,  .28365,  .27421, .26905, .26836, .27237, .28058, .29187, .30514, .32005,
    .33783,  .36118,  .39282,  .43421, .48545, .54618, .61615, .69566, .78544, .88663, 1.00056};

static void v3_nodes(double theta[33], double weight[33])
{
    for (int q = 0; q < 33; q++) {
        theta[q] = -4 + 0.25 * q;
        weight[q] = exp(-0.5 * theta[q] * theta[q]);
    }
}

Test(classification_rudner, v3)
{
    double theta[33], weight[33], cuts[] = {-2, -.5, .8};
    struct irt_nodes nodes = {33, theta, weight};
    struct irt_classification out;
    struct err err = {0};
    v3_nodes(theta, weight);
    cr_assert_eq(irt_rudner(&nodes, NULL, v3_se, cuts, NULL, 3, &out, &err), ERR_OK);
    cr_assert_float_eq(out.accuracy, .83159357, 1e-4, "accuracy %.8f", out.accuracy);
    cr_assert_float_eq(out.consistency, .77149697, 1e-4, "consistency %.8f", out.consistency);
    cr_assert_float_eq(out.accuracy + out.false_positive + out.false_negative, 1, 1e-14);
}

/* ---- one cut ---- */

/* A fine normal distribution. */
enum { N_FINE = 4001 };

static void fine_nodes(double *theta, double *weight, double *se, double each_se)
{
    for (int q = 0; q < N_FINE; q++) {
        theta[q] = -8 + 16.0 * (q + 0.5) / (double)N_FINE; /* no node is at 0 */
        weight[q] = exp(-0.5 * theta[q] * theta[q]);
        se[q] = each_se;
    }
}

/* theta ~ N(0,1), error N(0, s^2), cut and true threshold 0: the orthant probability of a normal
 * pair with correlation r = 1/sqrt(1 + s^2) is 1/4 + asin(r)/(2 pi), so accuracy is
 * 1/2 + asin(r)/pi; two estimates correlate r^2. Chance is 1/2. */
Test(classification_rudner, orthants)
{
    static double theta[N_FINE], weight[N_FINE], se[N_FINE];
    struct irt_nodes nodes = {N_FINE, theta, weight};
    struct irt_classification out;
    struct err err = {0};
    double cut = 0, s = 0.4, r = 1 / sqrt(1 + s * s);
    fine_nodes(theta, weight, se, s);
    cr_assert_eq(irt_rudner(&nodes, NULL, se, &cut, NULL, 1, &out, &err), ERR_OK);
    cr_assert_float_eq(out.accuracy, 0.5 + asin(r) / M_PI, 1e-5); /* 4001 nodes, a jump */
    cr_assert_float_eq(out.consistency, 0.5 + asin(r * r) / M_PI, 1e-10);
    cr_assert_float_eq(out.kappa, 2 * out.consistency - 1, 1e-10);
    cr_assert_float_eq(out.p_top, 0.5, 1e-12);
    cr_assert_float_eq(out.p_true_top, 0.5, 1e-3);
}

/* A true threshold that is not the cut: joint shares by a double sum over both. */
Test(classification_rudner, true_threshold_differs)
{
    static double theta[N_FINE], weight[N_FINE], se[N_FINE];
    struct irt_nodes nodes = {N_FINE, theta, weight};
    struct irt_classification out;
    struct err err = {0};
    double cut = 0.3, threshold = -0.2, total = 0, pass = 0, above = 0, below = 0, able = 0;
    fine_nodes(theta, weight, se, 0.35);
    for (int q = 0; q < N_FINE; q++) {
        double p = 0.5 * erfc((cut - theta[q]) / 0.35 / sqrt(2));
        total += weight[q];
        pass += weight[q] * p;
        above += theta[q] < threshold ? weight[q] * p : 0;
        below += theta[q] < threshold ? 0 : weight[q] * (1 - p);
        able += theta[q] < threshold ? 0 : weight[q];
    }
    cr_assert_eq(irt_rudner(&nodes, NULL, se, &cut, &threshold, 1, &out, &err), ERR_OK);
    cr_assert_float_eq(out.p_top, pass / total, 1e-12);
    cr_assert_float_eq(out.false_positive, above / total, 1e-12);
    cr_assert_float_eq(out.false_negative, below / total, 1e-12);
    cr_assert_float_eq(out.accuracy, 1 - (above + below) / total, 1e-12);
    cr_assert_float_eq(out.p_true_top, able / total, 1e-12);
    cr_assert_gt(out.false_negative, out.false_positive);
}

/* An estimate that shrinks by r and has error r s about it decides as one with error s at cut/r. */
Test(classification_rudner, shrunken_estimates)
{
    static double theta[N_FINE], weight[N_FINE], se[N_FINE], mean[N_FINE];
    struct irt_nodes nodes = {N_FINE, theta, weight};
    struct irt_classification shrunk, plain;
    struct err err = {0};
    double r = 0.8, cut = 0.4, moved = cut / r;
    fine_nodes(theta, weight, se, 0.3);
    cr_assert_eq(irt_rudner(&nodes, NULL, se, &moved, &cut, 1, &plain, &err), ERR_OK);
    for (int q = 0; q < N_FINE; q++) {
        mean[q] = r * theta[q];
        se[q] *= r;
    }
    cr_assert_eq(irt_rudner(&nodes, mean, se, &cut, NULL, 1, &shrunk, &err), ERR_OK);
    cr_assert_float_eq(shrunk.accuracy, plain.accuracy, 1e-12);
    cr_assert_float_eq(shrunk.consistency, plain.consistency, 1e-12);
}

/* Who is at the cut is above it; without error everything is right. */
Test(classification_rudner, limits)
{
    double theta[] = {-1, 0, 1}, weight[] = {1, 2, 1}, se[] = {1e-6, 1e-6, 1e-6}, cut = 0.5;
    struct irt_nodes nodes = {3, theta, weight};
    struct irt_classification out;
    struct err err = {0};
    cr_assert_eq(irt_rudner(&nodes, NULL, se, &cut, NULL, 1, &out, &err), ERR_OK);
    cr_assert_eq(out.accuracy, 1);
    cr_assert_eq(out.consistency, 1);
    cr_assert_eq(out.kappa, 1);
    cr_assert_eq(out.p_top, 0.25);
    cut = 0;
    cr_assert_eq(irt_rudner(&nodes, NULL, se, &cut, NULL, 1, &out, &err), ERR_OK);
    cr_assert_eq(out.p_true_top, 0.75);
    cr_assert_eq(out.false_negative, 0.25); /* half of those at the cut */
    cut = 9;
    cr_assert_eq(irt_rudner(&nodes, NULL, se, &cut, NULL, 1, &out, &err), ERR_OK);
    cr_assert(isnan(out.kappa), "nobody passes: chance is 1");
}

/* ---- errors ---- */

static enum err_code refused(double theta0, double weight0, double se0, const double *cuts,
                             size_t n_cuts)
{
    double theta[] = {theta0, 1}, weight[] = {weight0, 0}, se[] = {se0, 1};
    struct irt_nodes nodes = {2, theta, weight};
    struct irt_classification out;
    struct err err = {0};
    return irt_rudner(&nodes, NULL, se, cuts, NULL, n_cuts, &out, &err);
}

Test(classification_rudner, errors)
{
    double cuts[IRT_MAX_CUTS + 1] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    double equal[] = {0, 0}, no_cut = NAN;
    struct irt_nodes none = {0, NULL, NULL};
    struct irt_classification out;
    struct err err = {0};
    cr_assert_eq(refused(0, 1, 1, cuts, IRT_MAX_CUTS), ERR_OK);
    cr_assert_eq(refused(0, 1, 1, cuts, IRT_MAX_CUTS + 1), ERR_RANGE);
    cr_assert_eq(refused(0, 1, 1, cuts, 0), ERR_RANGE);
    cr_assert_eq(refused(0, 1, 1, equal, 2), ERR_RANGE);
    cr_assert_eq(refused(0, 1, 1, &no_cut, 1), ERR_RANGE);
    cr_assert_eq(refused(0, 1, 0, cuts, 1), ERR_RANGE);
    cr_assert_eq(refused(0, 1, INFINITY, cuts, 1), ERR_RANGE);
    cr_assert_eq(refused(0, -1, 1, cuts, 1), ERR_RANGE);
    cr_assert_eq(refused(0, 0, 1, cuts, 1), ERR_RANGE);
    cr_assert_eq(refused(NAN, 1, 1, cuts, 1), ERR_RANGE);
    cr_assert_eq(irt_rudner(&none, NULL, NULL, cuts, NULL, 1, &out, &err), ERR_RANGE);
}
