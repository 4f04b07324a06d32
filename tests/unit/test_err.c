/* Errors: the list, the first error stays, exit statuses.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/err.h>

#include <criterion/criterion.h>
#include <string.h>

Test(err, every_code_has_a_text_and_its_exit_status)
{
    static const struct {
        enum err_code code;
        int status;
    } rows[] = {{ERR_OK, 0},     {ERR_MEMORY, 1},   {ERR_INTERNAL, 1},     {ERR_USAGE, 2},
                {ERR_INPUT, 65}, {ERR_RANGE, 65},   {ERR_DAMAGED, 65},     {ERR_HOSTILE, 65},
                {ERR_IO, 74},    {ERR_STOPPED, 75}, {ERR_INTERRUPTED, 130}};
    cr_assert_eq(sizeof rows / sizeof *rows, ERR_N_CODES);
    for (size_t i = 0; i < ERR_N_CODES; i++) {
        cr_expect_eq(err_exit_status(rows[i].code), rows[i].status, "%s", err_text(rows[i].code));
        cr_expect_gt(strlen(err_text(rows[i].code)), 0);
    }
}

Test(err, a_code_outside_the_list_is_a_failure)
{
    cr_expect_eq(err_exit_status(ERR_N_CODES), 1);
    cr_expect_str_eq(err_text(ERR_N_CODES), "unknown error");
}

Test(err, set_formats_and_returns_the_code)
{
    struct err err = {0};
    cr_expect_eq(err_set(&err, ERR_RANGE, "%s: %d", "wait_days", 4000), ERR_RANGE);
    cr_expect_eq(err.code, ERR_RANGE);
    cr_expect_str_eq(err.detail, "wait_days: 4000");
}

Test(err, the_first_error_stays_until_it_is_cleared)
{
    struct err err = {0};
    err_set(&err, ERR_INPUT, "first");
    cr_expect_eq(err_set(&err, ERR_IO, "second"), ERR_INPUT);
    cr_expect_str_eq(err.detail, "first");
    err_clear(&err);
    cr_expect_eq(err.code, ERR_OK);
    cr_expect_str_eq(err.detail, "");
    cr_expect_eq(err_set(&err, ERR_IO, "second"), ERR_IO);
}

Test(err, a_long_detail_is_cut)
{
    struct err err = {0};
    char text[3000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    err_set(&err, ERR_INPUT, "%s", text);
    cr_expect_eq(strlen(err.detail), sizeof err.detail - 1);
}

Test(err, a_detail_is_one_line_that_moves_no_cursor)
{
    struct err err = {0};
    err_set(&err, ERR_INPUT, "column '%s'", "a\033[2J\n\tb\x7F\xC3\xA4");
    cr_expect_str_eq(err.detail, "column 'a?[2J??b?\xC3\xA4'");
}
