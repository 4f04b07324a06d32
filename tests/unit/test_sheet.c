/* Tables cell by cell: columns align by characters, Markdown holds the same cells.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sheet.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

static const struct report_column columns[] = {
    {"", 10, true}, {"share\nof all", 15, false}, {"", 0, true}};

/* The caller frees the text. */
static char *text_of(bool is_markdown)
{
    char *text = NULL;
    size_t n = 0;
    struct report_table table;
    FILE *out = open_memstream(&text, &n);
    cr_assert(out);
    const struct report_sheet sheet = {.out = out, .is_markdown = is_markdown};
    report_sheet_heading(&sheet, "all");
    report_table_begin(&table, &sheet, "Ends", columns, 3);
    report_table_cell(&table, "\u00e9t\u00e9|a");
    report_table_rate(&table, 0.5, 0.01);
    report_table_bar(&table, 0.05);
    report_table_cell(&table, "none");
    report_table_number(&table, NAN, 0, 2);
    report_table_bar(&table, 0);
    report_table_cell(&table, "lost");
    report_table_rest(&table, "failed: why");
    report_sheet_note(&sheet, "%d rows", 3);
    fclose(out);
    return text;
}

Test(sheet, aligns_by_characters)
{
    char *text = text_of(false);
    cr_expect_str_eq(text, "\n━━ all ━━\n"
                           "\n"
                           "                     share\n"
                           "Ends                of all\n"
                           "  \u00e9t\u00e9|a         50.0 ± 1.0  █▌\n"
                           "  none                   -\n"
                           "  lost      failed: why\n"
                           "  3 rows\n");
    free(text);
}

Test(sheet, writes_markdown)
{
    char *text = text_of(true);
    cr_expect_str_eq(text, "\n## all\n"
                           "\n### Ends\n"
                           "\n| | share of all | |\n"
                           "| --- | ---: | --- |\n"
                           "| \u00e9t\u00e9\\|a | 50.0 ± 1.0 | █▌ |\n"
                           "| none | - | |\n"
                           "| lost | failed: why | |\n"
                           "\n3 rows\n");
    free(text);
}

Test(sheet, forges_nothing)
{
    static const struct {
        const char *text, *plain, *marked;
    } rows[] = {{"a\n\u2501\u2501 all", "a?\u2501\u2501 all", "a?\u2501\u2501 all"},
                {"x|y\\|z", "x|y\\|z", "x\\|y\\\\\\|z"},
                {"<script>`a`", "<script>`a`", "\\<script>\\`a\\`"},
                {"![i](http://x) *b*", "![i](http://x) *b*", "![i]\\(http://x) \\*b\\*"},
                {"[r]: http://x [y][r]", "[r]: http://x [y][r]", "[r]\\: http://x [y]\\[r]"},
                {"\033[31m\u202Eq", "?[31m?q", "?[31m?q"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int is_markdown = 0; is_markdown < 2; is_markdown++) {
            char *text = NULL, expected[256];
            size_t n = 0;
            FILE *out = open_memstream(&text, &n);
            const char *shown = is_markdown ? rows[i].marked : rows[i].plain;
            struct report_table table;
            const struct report_sheet sheet = {.out = out, .is_markdown = is_markdown};
            const struct report_column column = {rows[i].text[0] == 'a' ? "h" : rows[i].text, 0,
                                                 true};
            report_sheet_title(&sheet, rows[i].text);
            report_sheet_line(&sheet, "%s", rows[i].text);
            report_table_begin(&table, &sheet, "", &column, 1);
            report_table_cell(&table, rows[i].text);
            fclose(out);
            const char *head = rows[i].text[0] == 'a' ? "h" : shown;
            snprintf(expected, sizeof expected,
                     is_markdown ? "# %s\n\n%s\n\n| %s |\n| --- |\n| %s |\n"
                                 : "%s\n%s\n\n%s\n  %s\n",
                     shown, shown, head, shown);
            cr_expect_str_eq(text, expected, "row %zu: %s", i, text);
            free(text);
        }
}
