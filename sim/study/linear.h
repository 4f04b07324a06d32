/* Small dense linear algebra, in fixed memory.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_LINEAR_H
#define RETAKE_STUDY_LINEAR_H

#include <stdbool.h>
#include <stddef.h>

enum { LINEAR_ROWS = 64, LINEAR_COLUMNS = 12 };

/** Replace a symmetric matrix by its lower Cholesky factor. false: not positive definite. */
bool study_linear_cholesky(size_t n, double a[LINEAR_ROWS][LINEAR_ROWS]);

/** Solve L y = b in place, L lower triangular. */
void study_linear_forward(size_t n, double l[LINEAR_ROWS][LINEAR_ROWS], double *b);

/** A = U S V', singular values s falling. The columns of a become those of U S. */
struct linear_svd {
    double us[LINEAR_ROWS][LINEAR_COLUMNS];
    double v[LINEAR_COLUMNS][LINEAR_COLUMNS];
    double s[LINEAR_COLUMNS];
};

/** Decompose the m by n matrix in us. */
void study_linear_svd(size_t m, size_t n, struct linear_svd *self);

#endif
