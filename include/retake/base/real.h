/* The lesser and the greater of two real numbers, as fmin and fmax of the C library but for one
 * thing: of 0 and -0 the first is taken, where processors and libraries differ. A NaN gives way to
 * a number.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_BASE_REAL_H
#define RETAKE_BASE_REAL_H

static inline double real_min(double a, double b)
{
    return a <= b || b != b ? a : b;
}

static inline double real_max(double a, double b)
{
    return a >= b || b != b ? a : b;
}

#endif
