/* Sobol' points: low-discrepancy sequences in base 2 with the direction numbers of Joe and Kuo
 * (2008), "Constructing Sobol' sequences with better two-dimensional projections", SIAM J. Sci.
 * Comput. 30, 2635-2654 (their set new-joe-kuo-6).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_BASE_SOBOL_H
#define RETAKE_BASE_SOBOL_H

#include <stddef.h>
#include <stdint.h>

enum { SOBOL_MAX_DIMS = 40 };

/** Coordinate `dim` (from 0) of point `index` (from 0, in the order of the binary index, not of the
 * Gray code) as a fraction of 2^32. */
uint32_t sobol_bits(uint32_t index, size_t dim);

#endif
