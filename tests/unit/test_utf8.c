/* UTF-8: what is valid; texts for messages.
 * SPDX-License-Identifier: Apache-2.0 */
#include "utf8.h"

#include <criterion/criterion.h>
#include <string.h>

Test(utf8, code_points)
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
        cr_expect_eq(config_utf8_decode(rows[i].text, strlen(rows[i].text), &c),
                     strlen(rows[i].text));
        cr_expect_eq(c, rows[i].code_point);
    }
}

Test(utf8, invalid_sequences)
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
        cr_expect_eq(config_utf8_decode(texts[i], strlen(texts[i]), &c), 0, "row %zu", i);
    cr_expect_eq(config_utf8_decode("", 0, &c), 0);
    cr_expect_eq(config_utf8_valid("ab\xFFzz", 5), 2);
    cr_expect_eq(config_utf8_valid("caf\xC3\xA9", 5), 5);
}

Test(utf8, a_message_stays_one_printable_line)
{
    char text[16];
    config_utf8_printable("a\nb\x1B[31m\xFF", text, sizeof text);
    cr_expect_str_eq(text, "a?b?[31m?");
    config_utf8_printable("0123456789abcde", text, sizeof text);
    cr_expect_str_eq(text, "0123456789abcde");
    config_utf8_printable("0123456789abcdef", text, sizeof text);
    cr_expect_str_eq(text, "0123456789ab...");
    config_utf8_printable("0123456789a\xC3\xA9xyz", text, sizeof text);
    cr_expect_str_eq(text, "0123456789a...");
    cr_expect_str_eq(config_utf8_quote("x").text, "'x'");
    cr_expect_str_eq(config_utf8_quote("a\xE2\x80\xA8").text, "'a?'");
}
