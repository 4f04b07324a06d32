/* Eight doubles at a time, and exp, log and the normal quantile whose bits are the same on every
 * processor: only +, -, *, / and sqrt (each correctly rounded), never contracted, in one
 * fixed order. The compiler maps a vec8 to whatever registers the target has.
 *
 * exp: x = k ln 2 + r, |r| <= ln 2 / 2, and the Taylor series of exp(r) to r^13 (remainder 4e-18).
 * log: x = 2^e m, sqrt(1/2) <= m < sqrt(2), and 2 artanh(s), s = (m - 1)/(m + 1), to s^23 (4e-19).
 * Both within 2 units in the last place (tests/unit/test_vec.c).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_BASE_VEC_H
#define RETAKE_BASE_VEC_H

#include <retake/base/vec_series.h>

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

enum { VEC_LANES = 8 };

typedef double vec8 __attribute__((vector_size(64)));
typedef int64_t vec8i __attribute__((vector_size(64)));
typedef double vec4 __attribute__((vector_size(32)));
typedef int64_t vec4i __attribute__((vector_size(32)));
typedef double vec2 __attribute__((vector_size(16)));

/** A function built for three levels of x86-64 and chosen when the program starts. */
#if defined(RETAKE_NO_CLONES) || defined(__clang__) || !defined(__x86_64__)
#define VEC_CLONES
#else
#define VEC_CLONES                                                                                 \
    __attribute__((target_clones("default", "arch=x86-64-v2", "arch=x86-64-v3", "arch=x86-64-v4")))
#endif

#define VEC_INLINE static inline __attribute__((always_inline))

VEC_INLINE vec8 vec_all(double x)
{
    return (vec8){x, x, x, x, x, x, x, x};
}

/** mask lanes (all ones or zero) choose yes or no. */
VEC_INLINE vec8 vec_choose(vec8i mask, vec8 yes, vec8 no)
{
    return (vec8)((mask & (vec8i)yes) | (~mask & (vec8i)no));
}

VEC_INLINE vec4 vec_low(vec8 x)
{
    return __builtin_shufflevector(x, x, 0, 1, 2, 3);
}

VEC_INLINE vec4 vec_high(vec8 x)
{
    return __builtin_shufflevector(x, x, 4, 5, 6, 7);
}

/** x < y, lane by lane: all ones or zero. By halves, because GCC 12 takes a comparison of 64 bytes
 * apart, lane after lane, where the processor has registers of that width. */
VEC_INLINE vec8i vec_less(vec8 x, vec8 y)
{
    vec4i low = (vec4i)(vec_low(x) < vec_low(y)), high = (vec4i)(vec_high(x) < vec_high(y));
    return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7);
}

/** Whether some lane is not zero. */
VEC_INLINE bool vec_any(vec8i mask)
{
    vec4i four = __builtin_shufflevector(mask, mask, 0, 1, 2, 3) |
                 __builtin_shufflevector(mask, mask, 4, 5, 6, 7);
    return ((four[0] | four[1]) | (four[2] | four[3])) != 0;
}

VEC_INLINE vec8 vec_clamp(vec8 x, double low, double high)
{
    x = vec_choose(vec_less(x, vec_all(low)), vec_all(low), x);
    return vec_choose(vec_less(vec_all(high), x), vec_all(high), x);
}

VEC_INLINE vec8 vec_sqrt(vec8 x)
{
    for (int i = 0; i < VEC_LANES; i++)
        x[i] = __builtin_sqrt(x[i]);
    return x;
}

/** Sum of the lanes, always in this order: ((0+4) + (2+6)) + ((1+5) + (3+7)). */
VEC_INLINE double vec_sum(vec8 x)
{
    vec4 four = vec_low(x) + vec_high(x);
    vec2 two =
        __builtin_shufflevector(four, four, 0, 1) + __builtin_shufflevector(four, four, 2, 3);
    return two[0] + two[1];
}

/** exp(x); x is clamped to [-708, 708]. */
VEC_INLINE vec8 vec_exp(vec8 x)
{
    const double shift = 0x1.8p52;
    x = vec_clamp(x, -708.0, 708.0);
    vec8 t = x * 0x1.71547652b82fep0 + shift;
    vec8 k = t - shift;
    vec8 r = (x - k * 0x1.62e42fefap-1) - k * 0x1.cf79abc9e3b39p-40;
    VEC_EXP_SERIES(vec8, r, p);
    return (vec8)((vec8i)p + ((vec8i)t << 52));
}

/** log(x) of positive normal numbers. */
VEC_INLINE vec8 vec_log(vec8 x)
{
    const double shift = 0x1.8p52;
    vec8i bits = (vec8i)x;
    vec8i e = (bits - INT64_C(0x3fe6a09e667f3bcd)) >> 52;
    vec8 m = (vec8)(bits - (e << 52));
    vec8 exponent = (vec8)(e + (vec8i)vec_all(shift)) - shift;
    vec8 f = m - 1.0;
    vec8 s = f / (f + 2.0);
    VEC_LOG_SERIES(vec8, s, p);
    return exponent * 0x1.62e42fefap-1 + (2.0 * s + (s * p + exponent * 0x1.cf79abc9e3b39p-40));
}

union vec_word {
    double real;
    uint64_t bits;
};

/** One number at a time: the same bits as a lane of the vector. */
static inline double vec_exp1(double x)
{
    const double shift = 0x1.8p52;
    x = x < -708.0 ? -708.0 : x;
    x = x > 708.0 ? 708.0 : x;
    double t = x * 0x1.71547652b82fep0 + shift, k = t - shift;
    double r = (x - k * 0x1.62e42fefap-1) - k * 0x1.cf79abc9e3b39p-40;
    VEC_EXP_SERIES(double, r, p);
    union vec_word scale = {t}, word = {p};
    return (union vec_word){.bits = word.bits + (scale.bits << 52)}.real;
}
static inline double vec_log1(double x)
{
    union vec_word word = {x};
    int64_t e = (int64_t)(word.bits - UINT64_C(0x3fe6a09e667f3bcd)) >> 52;
    word.bits -= (uint64_t)e << 52;
    double exponent = (double)e, f = word.real - 1.0, s = f / (f + 2.0);
    VEC_LOG_SERIES(double, s, p);
    return exponent * 0x1.62e42fefap-1 + (2.0 * s + (s * p + exponent * 0x1.cf79abc9e3b39p-40));
}

#endif
