/* Small dense linear algebra against its own definitions.
 * SPDX-License-Identifier: Apache-2.0 */
#include "linear.h"

#include <criterion/criterion.h>
#include <math.h>

Test(linear, cholesky_solves)
{
    static double a[LINEAR_ROWS][LINEAR_ROWS] = {{4, 2, 2}, {2, 5, 3}, {2, 3, 6}};
    double b[3] = {8, 14, 15};
    cr_assert(study_linear_cholesky(3, a));
    cr_expect_float_eq(a[0][0], 2, 1e-15);
    cr_expect_float_eq(a[1][1], 2, 1e-15);
    cr_expect_float_eq(a[2][2], 2, 1e-15);
    study_linear_forward(3, a, b);
    cr_expect_float_eq(b[0], 4, 1e-15);
    cr_expect_float_eq(b[1], 5, 1e-15);
    cr_expect_float_eq(b[2], 3, 1e-15);
}

Test(linear, what_is_not_positive_definite_is_refused)
{
    static double a[LINEAR_ROWS][LINEAR_ROWS] = {{1, 2}, {2, 1}};
    cr_expect_not(study_linear_cholesky(2, a));
}

/* A, and A again from its parts. */
static void check_parts(size_t m, size_t n, double a[4][3], const struct linear_svd *svd)
{
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++) {
            double sum = 0;
            for (size_t k = 0; k < n; k++)
                sum += svd->us[i][k] * svd->v[j][k];
            cr_expect_float_eq(sum, a[i][j], 1e-13);
        }
    for (size_t p = 0; p < n; p++)
        for (size_t q = 0; q < n; q++) {
            double us = 0, v = 0;
            for (size_t i = 0; i < m; i++)
                us += svd->us[i][p] * svd->us[i][q];
            for (size_t i = 0; i < n; i++)
                v += svd->v[i][p] * svd->v[i][q];
            cr_expect_float_eq(us, p == q ? svd->s[p] * svd->s[p] : 0, 1e-12);
            cr_expect_float_eq(v, p == q, 1e-13);
        }
}

static void decompose(size_t m, size_t n, double a[4][3], struct linear_svd *out)
{
    *out = (struct linear_svd){.s = {0}};
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++)
            out->us[i][j] = a[i][j];
    study_linear_svd(m, n, out);
    check_parts(m, n, a, out);
}

Test(linear, singular_values)
{
    double tall[4][3] = {{1, 2, 3}, {4, 5, 6}, {7, 8, 10}, {1, -1, 1}};
    double diagonal[4][3] = {{3, 0, 0}, {0, -5, 0}, {0, 0, 1}};
    struct linear_svd svd;
    decompose(4, 3, tall, &svd);
    cr_expect(svd.s[0] > svd.s[1] && svd.s[1] > svd.s[2] && svd.s[2] > 0);
    decompose(3, 3, diagonal, &svd);
    cr_expect_float_eq(svd.s[0], 5, 1e-14);
    cr_expect_float_eq(svd.s[1], 3, 1e-14);
    cr_expect_float_eq(svd.s[2], 1, 1e-14);
}

Test(linear, fewer_rows_than_columns_leave_a_direction_open)
{
    double wide[4][3] = {{1, 2, 3}, {1, 1, 1}};
    struct linear_svd svd;
    decompose(2, 3, wide, &svd);
    cr_expect_gt(svd.s[1], 0.1);
    cr_expect_lt(svd.s[2], 1e-14);
    /* x + 2 y + 3 z = 0 and x + y + z = 0 */
    cr_expect_float_eq(fabs(svd.v[1][2]), 2 * fabs(svd.v[0][2]), 1e-13);
}
