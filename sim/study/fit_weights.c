/* What a residual weighs. Cumulative rates of one cohort are nested, so that their errors go
 * together: of p within j attempts and q within k > j, p <= q, of the same n candidates,
 *
 *     cov = p (1 - q)/n,   corr = sqrt(p (1 - q)/((1 - p) q))
 *
 * (both are sums over the same candidates). Published rates are taken as of one cohort where their
 * group and n are equal; simulated ones always are. Other targets count as independent.
 * SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fit.h"

/* Keeps a correlation matrix of equal rates positive definite. */
static const double shrink = 0.999;

double study_target_attempt(const struct study_target *self, char group[ADDRESS_WORD_BYTES])
{
    struct tally_address address;
    struct err err = {0};
    if (tally_address_parse(self->statistic, &address, NULL, &err) != ERR_OK ||
        strcmp(address.variable, "cumulative_pass_rate") != 0)
        return 0;
    const char *label = tally_address_label(&address, "group");
    const char *attempt = tally_address_label(&address, "attempt");
    strcpy(group, label ? label : "all");
    return attempt ? strtod(attempt, NULL) : 1;
}

static double nested_correlation(const struct study_target *a, const struct study_target *b)
{
    char group_a[ADDRESS_WORD_BYTES], group_b[ADDRESS_WORD_BYTES];
    double i = study_target_attempt(a, group_a), j = study_target_attempt(b, group_b);
    if (i == 0 || j == 0 || i == j || strcmp(group_a, group_b) != 0)
        return 0;
    double p = i < j ? a->value : b->value, q = i < j ? b->value : a->value;
    if (!(p > 0 && p <= q && q < 1))
        return 0;
    return shrink * sqrt(p * (1 - q) / ((1 - p) * q));
}

double study_fit_covariance(const struct fit *self, const double *mcse, size_t i, size_t j)
{
    const struct study_target *t = self->self->targets;
    double covariance = self->correlation[i][j] * t[i].se * t[j].se;
    if (mcse)
        covariance += self->nested[i][j] * mcse[i] * mcse[j];
    return covariance;
}

static void factorise(struct fit *self, const double *mcse)
{
    for (size_t i = 0; i < self->n_rows; i++)
        for (size_t j = 0; j < self->n_rows; j++)
            self->factor[i][j] = study_fit_covariance(self, mcse, self->rows[i], self->rows[j]);
    if (study_linear_cholesky(self->n_rows, self->factor))
        return;
    for (size_t i = 0; i < self->n_rows; i++)
        for (size_t j = 0; j < self->n_rows; j++)
            self->factor[i][j] =
                i == j ? sqrt(study_fit_covariance(self, mcse, self->rows[i], self->rows[i])) : 0;
}

void study_fit_weigh(struct fit *self)
{
    const struct study_target *t = self->self->targets;
    for (size_t i = 0; i < self->self->n_targets; i++)
        for (size_t j = 0; j < self->self->n_targets; j++) {
            bool one_sample = t[i].n > 0 && t[i].n == t[j].n;
            self->nested[i][j] = i == j ? 1 : nested_correlation(&t[i], &t[j]);
            self->correlation[i][j] = i == j || one_sample ? self->nested[i][j] : 0;
        }
    factorise(self, NULL);
}

void study_fit_weigh_simulated(struct fit *self, const double *mcse)
{
    factorise(self, mcse);
}

double study_fit_residuals(const struct fit *self, const double *value, double *out)
{
    double l[LINEAR_ROWS][LINEAR_ROWS], sum = 0;
    memcpy(l, self->factor, sizeof l);
    for (size_t i = 0; i < self->n_rows; i++) {
        out[i] = value[self->rows[i]] - self->self->targets[self->rows[i]].value;
        if (isnan(out[i])) /* nobody came that far: as bad as it gets, and still a number */
            out[i] = 1e3 * self->self->targets[self->rows[i]].se;
    }
    study_linear_forward(self->n_rows, l, out);
    for (size_t i = 0; i < self->n_rows; i++)
        sum += out[i] * out[i];
    return sum;
}
