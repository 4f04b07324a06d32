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
    const struct report_sheet sheet = {out, is_markdown};
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
                           "  \u00e9t\u00e9|a       50.00 ± 1.00  █▌\n"
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
                           "| \u00e9t\u00e9\\|a | 50.00 ± 1.00 | █▌ |\n"
                           "| none | - | |\n"
                           "| lost | failed: why | |\n"
                           "\n3 rows\n");
    free(text);
}
