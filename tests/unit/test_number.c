/* Numbers: the grammar, exact counts, the shortest text, independence of the locale.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/config/number.h>

#include <criterion/criterion.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <string.h>

static const char *const malformed[] = {
    "",    " ",     "x",    "1x",    "x1",   "1 ",  " 1",   ".",   "-",   "+",        "+-1",
    "--1", "1.2.3", "1e",   "1e+",   "e5",   ".e5", "0x10", "1p3", "1,5", ".nan",     "nan",
    "inf", ".inf",  "-inf", "1e5.0", "1e5 ", "１",  "1\n",  "0b1", "1d0", "infinity",
};

Test(number, malformed_texts_are_no_numbers)
{
    double real = 7;
    int64_t count = 7;
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        cr_expect_eq(config_number_real(malformed[i], &real), NUMBER_MALFORMED, "'%s'",
                     malformed[i]);
        cr_expect_eq(config_number_count(malformed[i], &count), NUMBER_MALFORMED, "'%s'",
                     malformed[i]);
    }
    cr_expect(real == 7 && count == 7);
}

/* As programmers write large counts; a count alone, and only between two digits. */
Test(number, counts_have_gaps_between_digits)
{
    static const char *const wrong[] = {"_1", "1_", "1__0", "1_e3", "1e_3", "-_1", "1_.0"};
    double real = 7;
    int64_t count = 0;
    cr_expect_eq(config_number_count("1_234_567", &count), NUMBER_OK);
    cr_expect_eq(count, 1234567);
    cr_expect_eq(config_number_count("2_5e1_0", &count), NUMBER_OK);
    cr_expect_eq(count, 250000000000);
    cr_expect_eq(config_number_real("1_000", &real), NUMBER_MALFORMED);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        cr_expect_eq(config_number_count(wrong[i], &count), NUMBER_MALFORMED, "'%s'", wrong[i]);
}

Test(number, reals)
{
    static const struct {
        const char *text;
        double value;
    } rows[] = {
        {"0", 0},       {"15", 15},        {"-4", -4},       {"+4", 4},
        {"1.5", 1.5},   {".5", 0.5},       {"5.", 5},        {"1e6", 1e6},
        {"1E-3", 1e-3}, {"-2.5e+2", -250}, {"007", 7},       {"1e-999", 0},
        {"0.1", 0.1},   {"-0", 0},         {"1e308", 1e308}, {"0e999999999999999999999", 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double value = NAN;
        cr_expect_eq(config_number_real(rows[i].text, &value), NUMBER_OK, "%s", rows[i].text);
        cr_expect(value == rows[i].value && !signbit(value) == !signbit(rows[i].value), "%s",
                  rows[i].text);
    }
}

Test(number, a_real_that_overflows_is_too_large)
{
    double value;
    cr_expect_eq(config_number_real("1e309", &value), NUMBER_TOO_LARGE);
    cr_expect_eq(config_number_real("-1e999999999999999999", &value), NUMBER_TOO_LARGE);
}

Test(number, counts_are_exact)
{
    static const struct {
        const char *text;
        int64_t value;
    } rows[] = {{"0", 0},
                {"1000000", 1000000},
                {"1e6", 1000000},
                {"1.0", 1},
                {"2.50e1", 25},
                {"1200e-2", 12},
                {"-3", -3},
                {"9223372036854775807", INT64_MAX},
                {"9.223372036854775807e18", INT64_MAX},
                {"9007199254740993", 9007199254740993},
                {"0e999999999999", 0},
                {"0.000e-5", 0},
                {"0000000000000000000000000000012", 12}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t value = -1;
        cr_expect_eq(config_number_count(rows[i].text, &value), NUMBER_OK, "%s", rows[i].text);
        cr_expect_eq(value, rows[i].value, "%s", rows[i].text);
    }
}

Test(number, fractions_and_large_numbers_are_no_counts)
{
    static const char *const fractions[] = {"1.5",  "1e-1", ".5", "12.000001", "1e-999999999999",
                                            "15e-1"};
    static const char *const large[] = {"9223372036854775808", "1e19", "-1e30",
                                        "1e999999999999999"};
    int64_t value;
    for (size_t i = 0; i < sizeof fractions / sizeof *fractions; i++)
        cr_expect_eq(config_number_count(fractions[i], &value), NUMBER_FRACTION, "%s",
                     fractions[i]);
    for (size_t i = 0; i < sizeof large / sizeof *large; i++)
        cr_expect_eq(config_number_count(large[i], &value), NUMBER_TOO_LARGE, "%s", large[i]);
}

Test(number, the_text_is_the_shortest_that_reads_back)
{
    static const struct {
        double value;
        const char *text;
    } rows[] = {{0.1, "0.1"},
                {1.0 / 3, "0.3333333333333333"},
                {15, "15"},
                {1e9, "1000000000"},
                {0.1 + 0.2, "0.30000000000000004"},
                {-4, "-4"},
                {1e300, "1e+300"},
                {INFINITY, "inf"},
                {-INFINITY, "-inf"},
                {NAN, "nan"},
                {0.999999, "0.999999"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[32];
        config_number_format(rows[i].value, text, sizeof text);
        cr_expect_str_eq(text, rows[i].text);
    }
}

Test(number, texts_read_back_as_the_same_double)
{
    uint64_t state = 1;
    for (int i = 0; i < 20000; i++) {
        double value, again = NAN;
        char text[32];
        state = state * 6364136223846793005u + 1442695040888963407u;
        memcpy(&value, &state, sizeof value);
        if (!isfinite(value))
            continue;
        config_number_format(value, text, sizeof text);
        cr_assert_eq(config_number_real(text, &again), NUMBER_OK, "%s", text);
        cr_assert_eq(again, value, "%s", text);
    }
}

Test(number, the_locale_does_not_matter)
{
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "ps_AF"};
    double value = 0;
    char text[32];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!setlocale(LC_ALL, names[i]))
            continue;
        cr_expect_eq(config_number_real("1.5", &value), NUMBER_OK);
        cr_expect_eq(value, 1.5);
        config_number_format(2.25, text, sizeof text);
        cr_expect_str_eq(text, "2.25");
    }
    setlocale(LC_ALL, "C");
}
