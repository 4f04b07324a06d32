/* Small dense linear algebra: Cholesky factors; singular values by one-sided Jacobi rotations
 * (Hestenes 1958), which are accurate also for the small ones.
 * SPDX-License-Identifier: Apache-2.0 */
#include "linear.h"

#include <retake/base/real.h>

#include <math.h>

bool study_linear_cholesky(size_t n, double a[LINEAR_ROWS][LINEAR_ROWS])
{
    for (size_t j = 0; j < n; j++)
        for (size_t i = j; i < n; i++) {
            double sum = a[i][j];
            for (size_t k = 0; k < j; k++)
                sum -= a[i][k] * a[j][k];
            if (i == j && !(sum > 0))
                return false;
            a[i][j] = i == j ? sqrt(sum) : sum / a[j][j];
        }
    return true;
}

void study_linear_forward(size_t n, double l[LINEAR_ROWS][LINEAR_ROWS], double *b)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < i; k++)
            b[i] -= l[i][k] * b[k];
        b[i] /= l[i][i];
    }
}

static void turn(double *x, double *y, double cosine, double sine)
{
    double old = *x;
    *x = cosine * old - sine * *y;
    *y = sine * old + cosine * *y;
}

/* Make two columns orthogonal; how far from it they were. */
static double rotate(size_t m, size_t n, size_t p, size_t q, struct linear_svd *self)
{
    double pp = 0, qq = 0, pq = 0;
    for (size_t i = 0; i < m; i++) {
        pp += self->us[i][p] * self->us[i][p];
        qq += self->us[i][q] * self->us[i][q];
        pq += self->us[i][p] * self->us[i][q];
    }
    double off = fabs(pq) / (sqrt(pp * qq) + 1e-300);
    if (off < 1e-14 || pq == 0)
        return 0;
    double zeta = (qq - pp) / (2 * pq);
    double t = (zeta < 0 ? -1 : 1) / (fabs(zeta) + sqrt(1 + zeta * zeta));
    double cosine = 1 / sqrt(1 + t * t), sine = cosine * t;
    for (size_t i = 0; i < m; i++)
        turn(&self->us[i][p], &self->us[i][q], cosine, sine);
    for (size_t i = 0; i < n; i++)
        turn(&self->v[i][p], &self->v[i][q], cosine, sine);
    return off;
}

static void swap(double *x, double *y)
{
    double old = *x;
    *x = *y;
    *y = old;
}

static void sort_falling(size_t m, size_t n, struct linear_svd *self)
{
    for (size_t p = 0; p < n; p++)
        for (size_t q = p + 1; q < n; q++) {
            if (self->s[q] <= self->s[p])
                continue;
            swap(&self->s[p], &self->s[q]);
            for (size_t i = 0; i < m; i++)
                swap(&self->us[i][p], &self->us[i][q]);
            for (size_t i = 0; i < n; i++)
                swap(&self->v[i][p], &self->v[i][q]);
        }
}

void study_linear_svd(size_t m, size_t n, struct linear_svd *self)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            self->v[i][j] = i == j;
    double most = 1;
    for (int sweep = 0; sweep < 60 && most > 0; sweep++) {
        most = 0;
        for (size_t p = 0; p < n; p++)
            for (size_t q = p + 1; q < n; q++)
                most = real_max(most, rotate(m, n, p, q, self));
    }
    for (size_t k = 0; k < n; k++) {
        double sum = 0;
        for (size_t i = 0; i < m; i++)
            sum += self->us[i][k] * self->us[i][k];
        self->s[k] = sqrt(sum);
    }
    sort_falling(m, n, self);
}
