/* UTF-8: what is valid; texts for messages.
 * SPDX-License-Identifier: Apache-2.0 */
#include "utf8.h"

#include <criterion/criterion.h>
#include <string.h>

Test(utf8, the_first_byte_that_is_none)
{
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
