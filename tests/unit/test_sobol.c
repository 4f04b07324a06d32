/* Sobol' points against the published ones, and against what makes them: each coordinate of the
 * first 2^k points has one value in each of 2^k equal slices.
 * SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include <retake/base/sobol.h>

#include <string.h>

/* Bratley and Fox (1988), ACM TOMS 14, 88-100, begin so, in Gray code; here in binary order. */
Test(sobol, first_points_of_three_dimensions)
{
    static const double points[8][3] = {{0, 0, 0},          {.5, .5, .5},       {.25, .75, .75},
                                        {.75, .25, .25},    {.125, .625, .375}, {.625, .125, .875},
                                        {.375, .375, .625}, {.875, .875, .125}};
    for (uint32_t i = 0; i < 8; i++)
        for (size_t d = 0; d < 3; d++)
            cr_assert_float_eq(sobol_bits(i, d) * 0x1p-32, points[i][d], 0, "%u %zu: %g", i, d,
                               sobol_bits(i, d) * 0x1p-32);
}

Test(sobol, every_dimension_is_stratified)
{
    enum { N = 1024 };
    for (size_t d = 0; d < SOBOL_MAX_DIMS; d++) {
        unsigned char seen[N];
        memset(seen, 0, sizeof seen);
        for (uint32_t i = 0; i < N; i++)
            seen[sobol_bits(i, d) >> 22]++;
        for (size_t k = 0; k < N; k++)
            cr_assert_eq(seen[k], 1, "dimension %zu, slice %zu", d, k);
    }
}
