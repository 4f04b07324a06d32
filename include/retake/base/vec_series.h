/* The polynomials of exp and log, for eight numbers or for one: the same operations in order, so
 * that both give the same bits (Taylor, and the series of 2 artanh s).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_BASE_VEC_SERIES_H
#define RETAKE_BASE_VEC_SERIES_H

#define VEC_EXP_SERIES(real, r, p)                                                                 \
    real p = r * (1.0 / 6227020800.0) + 1.0 / 479001600.0;                                         \
    p = p * r + 1.0 / 39916800.0;                                                                  \
    p = p * r + 1.0 / 3628800.0;                                                                   \
    p = p * r + 1.0 / 362880.0;                                                                    \
    p = p * r + 1.0 / 40320.0;                                                                     \
    p = p * r + 1.0 / 5040.0;                                                                      \
    p = p * r + 1.0 / 720.0;                                                                       \
    p = p * r + 1.0 / 120.0;                                                                       \
    p = p * r + 1.0 / 24.0;                                                                        \
    p = p * r + 1.0 / 6.0;                                                                         \
    p = p * r + 0.5;                                                                               \
    p = (p * r) * r + r + 1.0

#define VEC_LOG_SERIES(real, s, p)                                                                 \
    real z = s * s;                                                                                \
    real p = z * (2.0 / 23.0) + 2.0 / 21.0;                                                        \
    p = p * z + 2.0 / 19.0;                                                                        \
    p = p * z + 2.0 / 17.0;                                                                        \
    p = p * z + 2.0 / 15.0;                                                                        \
    p = p * z + 2.0 / 13.0;                                                                        \
    p = p * z + 2.0 / 11.0;                                                                        \
    p = p * z + 2.0 / 9.0;                                                                         \
    p = p * z + 2.0 / 7.0;                                                                         \
    p = p * z + 2.0 / 5.0;                                                                         \
    p = p * z + 2.0 / 3.0;                                                                         \
    p = p * z

#endif
