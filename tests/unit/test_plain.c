/* Text of others, made harmless: which code points are, and what printing leaves of the rest.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/plain.h>

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

Test(plain, code_points)
{
    static const struct {
        const char *text;
        uint32_t code_point;
    } rows[] = {{"a", 'a'},
                {"\x7F", 0x7F},
                {"\xC2\x80", 0x80},
                {"\xDF\xBF", 0x7FF},
                {"\xE0\xA0\x80", 0x800},
                {"\xEF\xBF\xBF", 0xFFFF},
                {"\xF0\x90\x80\x80", 0x10000},
                {"\xF4\x8F\xBF\xBF", 0x10FFFF}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t c = 0;
        cr_expect_eq(plain_decode(rows[i].text, strlen(rows[i].text), &c), strlen(rows[i].text));
        cr_expect_eq(c, rows[i].code_point);
    }
}

Test(plain, invalid_sequences)
{
    static const char *const texts[] = {"\x80",
                                        "\xC0\x80",
                                        "\xC1\xBF",
                                        "\xC2",
                                        "\xC2 ",
                                        "\xE0\x80\x80",
                                        "\xED\xA0\x80",
                                        "\xE2\x82",
                                        "\xF0\x80\x80\x80",
                                        "\xF4\x90\x80\x80",
                                        "\xF5\x80\x80\x80",
                                        "\xFF"};
    uint32_t c;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        cr_expect_eq(plain_decode(texts[i], strlen(texts[i]), &c), 0, "row %zu", i);
    cr_expect_eq(plain_decode("", 0, &c), 0);
}

/* Ranges that are not plain, from Unicode's tables: general category Cc; Zl and Zp; the property
 * Bidi_Control; the byte order mark. */
static const struct {
    uint32_t first, last;
} bad[] = {{0x00, 0x1F},     {0x7F, 0x9F},     {0x061C, 0x061C}, {0x200E, 0x200F},
           {0x2028, 0x2029}, {0x202A, 0x202E}, {0x2066, 0x2069}, {0xFEFF, 0xFEFF}};

Test(plain, every_code_point)
{
    size_t n_bad = 0, n_expected = 0;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        n_expected += bad[i].last - bad[i].first + 1;
        for (uint32_t c = bad[i].first; c <= bad[i].last; c++)
            cr_expect(!plain_is(c), "U+%04X", c);
    }
    for (uint32_t c = 0; c <= 0x10FFFF; c++)
        n_bad += !plain_is(c);
    cr_expect_eq(n_bad, n_expected, "%zu", n_bad);
}

Test(plain, made_in_place)
{
    static const char *const rows[][2] = {
        {"", ""},
        {"Pr\xC3\xBC"
         "fung \xE2\x82\xAC \xF0\x9F\x98\x80",
         "Pr\xC3\xBC"
         "fung \xE2\x82\xAC \xF0\x9F\x98\x80"},
        {"a\x1B[31mb\a\r\n\tc\x7F", "a?[31mb????c?"},
        {"\xC2\x9B"
         "31m",
         "?31m"}, /* CSI of C1 in UTF-8 */
        {"\x9B"
         "31m\xFF",
         "?31m?"},                            /* and as a byte */
        {"\xE2\x80\xAEgnp.exe", "?gnp.exe"},  /* right to left */
        {"\xE2\x81\xA6x\xE2\x81\xA9", "?x?"}, /* an isolate */
        {"\xE2\x82", "??"},                   /* cut short */
        {"\xC0\x9B", "??"},                   /* overlong ESC */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[64];
        strcpy(text, rows[i][0]);
        plain_make(text);
        cr_expect_str_eq(text, rows[i][1], "row %zu: %s", i, text);
    }
}

static char *printed_by(void (*print)(FILE *out))
{
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    cr_assert(out);
    print(out);
    fclose(out);
    return text;
}

static void print_mixed(FILE *out)
{
    plain_print(out, "\r%s:\n%d\033[K%s\n", "a\nb\1\2", 7, "\n\n\033[2J");
}

static void print_long(FILE *out)
{
    char *text = malloc(3 * PLAIN_BYTES);
    memset(text, 'x', 3 * PLAIN_BYTES - 1);
    text[3 * PLAIN_BYTES - 1] = '\0';
    plain_print(out, "%s", text);
    free(text);
}

static void write_lines(FILE *out)
{
    const char text[] = "id\ta\n\x1B[31m\xE2\x80\xAE\r\n\xC3\xA9\n";
    plain_write(text, strlen(text), out);
}

Test(plain, controls_of_the_format_stay_those_of_arguments_do_not)
{
    char *text = printed_by(print_mixed);
    cr_expect_str_eq(text, "\ra?b??:\n7\033[K???[2J\n");
    free(text);
    text = printed_by(print_long);
    cr_expect_eq(strlen(text), PLAIN_BYTES - 1);
    free(text);
    text = printed_by(write_lines);
    cr_expect_str_eq(text, "id\ta\n?[31m??\n\xC3\xA9\n");
    free(text);
}
