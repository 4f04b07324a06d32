/* Decimal numbers. The grammar is checked here, so that strtod never sees hex, inf, nan or blanks;
 * counts are accumulated digit by digit, so that they are exact up to INT64_MAX.
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* strtod_l */
#include <retake/config/number.h>

#include <locale.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_EXPONENT = 1000000000 };

/* A number as it is written: whole.fraction * 10^exponent. */
struct decimal {
    bool negative;
    const char *whole, *fraction;
    size_t n_whole, n_fraction;
    int64_t exponent;
};

static size_t count_digits(const char *text)
{
    size_t n = 0;
    while (text[n] >= '0' && text[n] <= '9')
        n++;
    return n;
}

static bool skip_sign(const char **text)
{
    bool negative = **text == '-';
    if (**text == '-' || **text == '+')
        ++*text;
    return negative;
}

/* e [+-] digits, clamped to +-MAX_EXPONENT; false when the digits are missing. */
static bool scan_exponent(const char **text, int64_t *exponent)
{
    if (**text != 'e' && **text != 'E')
        return true;
    ++*text;
    bool negative = skip_sign(text);
    size_t n = count_digits(*text);
    for (size_t i = 0; i < n; i++)
        if (*exponent < MAX_EXPONENT)
            *exponent = *exponent * 10 + ((*text)[i] - '0');
    if (negative)
        *exponent = -*exponent;
    *text += n;
    return n > 0;
}

static bool scan_decimal(const char *text, struct decimal *out)
{
    *out = (struct decimal){.negative = skip_sign(&text), .whole = text};
    out->n_whole = count_digits(text);
    text += out->n_whole;
    if (*text == '.') {
        out->fraction = ++text;
        out->n_fraction = count_digits(text);
        text += out->n_fraction;
    }
    if (out->n_whole + out->n_fraction == 0)
        return false;
    return scan_exponent(&text, &out->exponent) && *text == '\0';
}

static double read_double(const char *text)
{
    locale_t plain =
        newlocale(LC_ALL_MASK, "C", (locale_t)0); /* a constant in glibc: never fails */
    double value = plain ? strtod_l(text, NULL, plain) : strtod(text, NULL);
    if (plain)
        freelocale(plain);
    return value;
}

enum number_result config_number_real(const char *text, double *out)
{
    struct decimal decimal;
    if (!scan_decimal(text, &decimal))
        return NUMBER_MALFORMED;
    double value = read_double(text);
    if (!isfinite(value))
        return NUMBER_TOO_LARGE;
    *out = value == 0 ? 0 : value;
    return NUMBER_OK;
}

static int digit_at(const struct decimal *self, size_t i)
{
    return (i < self->n_whole ? self->whole[i] : self->fraction[i - self->n_whole]) - '0';
}

static bool append_digit(int64_t *value, int digit)
{
    return !__builtin_mul_overflow(*value, 10, value) &&
           !__builtin_add_overflow(*value, digit, value);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The digits without a _ between two of them. @return false where the text is too long */
static bool close_digits(const char *text, char *out, size_t n_out)
{
    size_t n = 0;
    for (size_t i = 0; text[i] && n < n_out; i++)
        if (text[i] != '_' || i == 0 || !is_digit(text[i - 1]) || !is_digit(text[i + 1]))
            out[n++] = text[i];
    if (n < n_out)
        out[n] = '\0';
    return n < n_out;
}

enum number_result config_number_count(const char *text, int64_t *out)
{
    struct decimal decimal;
    char closed[64];
    bool has_gaps = strchr(text, '_') != NULL;
    if (has_gaps && !close_digits(text, closed, sizeof closed))
        return NUMBER_MALFORMED;
    if (!scan_decimal(has_gaps ? closed : text, &decimal))
        return NUMBER_MALFORMED;
    int64_t n_digits = (int64_t)(decimal.n_whole + decimal.n_fraction), value = 0;
    int64_t point = (int64_t)decimal.n_whole + decimal.exponent;
    for (int64_t i = point > 0 ? point : 0; i < n_digits; i++)
        if (digit_at(&decimal, (size_t)i) != 0)
            return NUMBER_FRACTION;
    for (int64_t i = 0; i < point && (i < n_digits || value != 0); i++)
        if (!append_digit(&value, i < n_digits ? digit_at(&decimal, (size_t)i) : 0))
            return NUMBER_TOO_LARGE;
    *out = decimal.negative ? -value : value;
    return NUMBER_OK;
}

/* Whatever the locale writes between the digits becomes one point. */
static void normalise_point(char *text)
{
    char *to = text;
    for (const char *from = text; *from; from++) {
        bool digit = (*from >= '0' && *from <= '9') || *from == '-' || *from == '+' || *from == 'e';
        if (digit)
            *to++ = *from;
        else if (to == text || to[-1] != '.')
            *to++ = '.';
    }
    *to = '\0';
}

void config_number_format(double value, char *text, size_t n_text)
{
    char buffer[48];
    if (!isfinite(value)) {
        snprintf(text, n_text, "%s", isnan(value) ? "nan" : value > 0 ? "inf" : "-inf");
        return;
    }
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(buffer, sizeof buffer, "%.*g", precision, value);
        normalise_point(buffer);
        if (read_double(buffer) == value)
            break;
    }
    snprintf(text, n_text, "%s", buffer);
}
