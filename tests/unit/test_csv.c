/* CSV: cells with their places, and everything that is refused.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/config/csv.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static enum err_code parse(const char *text, struct arena *arena, struct csv_table *table,
                           struct err *err)
{
    return config_csv_parse("a.csv", text, strlen(text), arena, table, err);
}

static void parse_good(const char *text, struct arena *arena, struct csv_table *table)
{
    struct err err = {0};
    cr_assert_eq(parse(text, arena, table, &err), ERR_OK, "%s", err.detail);
}

Test(csv, cells_and_places)
{
    struct arena arena = {0};
    struct csv_table t;
    parse_good("\xEF\xBB\xBFid, a ,\"b \"\"x\"\"\"\r\n\r\n  one two ,\"1,5\n2\" , \n \t\nx,,y",
               &arena, &t);
    cr_assert(t.n_columns == 3 && t.n_rows == 2);
    cr_expect_str_eq(t.path, "a.csv");
    cr_expect_str_eq(t.header[1].text, "a");
    cr_expect_str_eq(t.header[2].text, "b \"x\"");
    cr_expect_str_eq(config_csv_cell(&t, 0, 0)->text, "one two");
    cr_expect_str_eq(config_csv_cell(&t, 0, 1)->text, "1,5\n2");
    cr_expect_str_eq(config_csv_cell(&t, 0, 2)->text, "");
    cr_expect_str_eq(config_csv_cell(&t, 1, 1)->text, "");
    cr_expect_str_eq(config_csv_cell(&t, 1, 2)->text, "y");
    cr_expect(t.header[1].line == 1 && t.header[1].column == 5);
    cr_expect(config_csv_cell(&t, 0, 0)->line == 3 && config_csv_cell(&t, 0, 0)->column == 3);
    cr_expect(config_csv_cell(&t, 0, 1)->line == 3 && config_csv_cell(&t, 0, 1)->column == 12);
    cr_expect(config_csv_cell(&t, 1, 0)->line == 6 && config_csv_cell(&t, 1, 2)->column == 4);
    arena_free(&arena);
}

Test(csv, quotes_hold_line_ends_blanks_and_quotes)
{
    struct arena arena = {0};
    struct csv_table t;
    parse_good("h\n\"a\"\"\r\n\"\"\r\n b\"\n\"\"\n\"\"\"\"\n", &arena, &t);
    cr_assert_eq(t.n_rows, 3);
    cr_expect_str_eq(config_csv_cell(&t, 0, 0)->text, "a\"\r\n\"\r\n b");
    cr_expect_str_eq(config_csv_cell(&t, 1, 0)->text, "");
    cr_expect_str_eq(config_csv_cell(&t, 2, 0)->text, "\"");
    cr_expect_eq(config_csv_cell(&t, 1, 0)->line, 5);
    arena_free(&arena);
}

Test(csv, line_ends)
{
    static const char *const texts[] = {"a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n3,4", "a,b\r1,2\r3,4\r",
                                        "\n\na,b\n\n1,2\n\n\n3,4\n\n  "};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct arena arena = {0};
        struct csv_table t;
        parse_good(texts[i], &arena, &t);
        cr_expect(t.n_columns == 2 && t.n_rows == 2, "text %zu", i);
        cr_expect_str_eq(config_csv_cell(&t, 1, 1)->text, "4");
        arena_free(&arena);
    }
}

Test(csv, a_header_without_rows_is_a_table)
{
    struct arena arena = {0};
    struct csv_table t;
    parse_good("a,b", &arena, &t);
    cr_expect(t.n_columns == 2 && t.n_rows == 0);
    arena_free(&arena);
}

Test(csv, columns_by_name)
{
    struct arena arena = {0};
    struct csv_table t;
    parse_good("id,a,b\n", &arena, &t);
    cr_expect(config_csv_column(&t, "b") == 2 && config_csv_column(&t, "B") == 3);
    arena_free(&arena);
}

#define TEXT(literal) literal, sizeof literal - 1
#define NO_UTF8                                                                                    \
    "not UTF-8; save it as CSV UTF-8, or iconv -f WINDOWS-1252 -t UTF-8 where that is what it is"

/* clang-format off */
static const struct { const char *text; size_t n_bytes; const char *detail; } refused[] = {
    {TEXT(""), "a.csv:1:1: no header"},
    {TEXT(" \n\t\r\n"), "a.csv:1:1: no header"},
    {TEXT("a,\n"), "a.csv:1:3: a column without a name"},
    {TEXT("a, \"\" ,b\n"), "a.csv:1:4: a column without a name"},
    {TEXT("id,a,b,a\n"), "a.csv:1:8: a second column of the same name"},
    {TEXT("a,b\n1\n"), "a.csv:2:1: a row of 1 cell, where the header has 2"},
    {TEXT("a,b,c\n1,2\n"), "a.csv:2:3: a row of 2 cells, where the header has 3"},
    {TEXT("a,b\n1,2\n1, 2, 3,4\n"), "a.csv:3:7: a row of 4 cells, where the header has 2"},
    {TEXT("a,b\n1,2\n,,\n"), "a.csv:3:3: a row of 3 cells, where the header has 2"},
    {TEXT("a,b\n1,\"2\n"), "a.csv:2:3: a quote that is not closed"},
    {TEXT("\""), "a.csv:1:1: a quote that is not closed"},
    {TEXT("a\n\"b\"\"\n"), "a.csv:2:1: a quote that is not closed"},
    {TEXT("a,b\n\"1\" x,2\n"), "a.csv:2:5: text after a closing quote"},
    {TEXT("a,b\n\"1\nz\"x,2\n"), "a.csv:3:3: text after a closing quote"},
    {TEXT("a,b\n1\"2\",2\n"), "a.csv:2:2: a quote within a cell that does not start with one"},
    {TEXT("a,b\n1,\0002\n"), "a.csv:2:3: a NUL byte"},
    {TEXT("a,b\n1,\xFF\n"), "a.csv:2:3: " NO_UTF8},
    {TEXT("a,b\n1,\xFF\0\n"), "a.csv:2:3: " NO_UTF8},
    {TEXT("a,b\r\n1,\xC3\xA9\xC3"), "a.csv:2:5: " NO_UTF8},
    {TEXT("\xFF\xFE" "a\0,\0b\0\n\0"),
     "a.csv:1:1: not UTF-8 but UTF-16; save it as CSV UTF-8, or iconv -f UTF-16 -t UTF-8"},
};
/* clang-format on */

static void expect_refused(size_t row)
{
    struct arena arena = {0};
    struct csv_table t;
    struct err err = {0};
    cr_expect_eq(
        config_csv_parse("a.csv", refused[row].text, refused[row].n_bytes, &arena, &t, &err),
        ERR_INPUT);
    cr_expect_str_eq(err.detail, refused[row].detail);
    arena_free(&arena);
}

Test(csv, refusals)
{
    for (size_t row = 0; row < sizeof refused / sizeof *refused; row++)
        expect_refused(row);
}

Test(csv, numbers)
{
    struct arena arena = {0};
    struct csv_table t;
    double value = 0;
    parse_good("a\n1.5\n \"-2e-3\" \n+3\n", &arena, &t);
    static const double expected[] = {1.5, -2e-3, 3};
    for (size_t row = 0; row < 3; row++) {
        struct err err = {0};
        cr_expect_eq(config_csv_real(&t, row, 0, &value, &err), ERR_OK, "%s", err.detail);
        cr_expect_eq(value, expected[row]);
    }
    arena_free(&arena);
}

Test(csv, what_is_no_number_is_placed)
{
    static const char *const cells[][2] = {{"1x", "expected a number, not '1x'"},
                                           {"", "expected a number, not an empty cell"},
                                           {"inf", "expected a number, not 'inf'"},
                                           {"nan", "expected a number, not 'nan'"},
                                           {"0x1p3", "expected a number, not '0x1p3'"},
                                           {"NA", "expected a number, not 'NA'"},
                                           {"1e400", "expected a finite number, not '1e400'"},
                                           {"1 2", "expected a number, not '1 2'"}};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        struct arena arena = {0};
        struct csv_table t;
        struct err err = {0};
        char text[64], expected[128];
        double value = 7;
        snprintf(text, sizeof text, "id,a\nx, %s\n", cells[i][0]);
        snprintf(expected, sizeof expected, "a.csv:2:4: column a: %s", cells[i][1]);
        parse_good(text, &arena, &t);
        t.is_recognised = true;
        cr_expect_eq(config_csv_real(&t, 0, 1, &value, &err), ERR_INPUT);
        cr_expect_str_eq(err.detail, expected);
        cr_expect_eq(value, 7);
        arena_free(&arena);
    }
}

Test(csv, errors_name_place_and_column)
{
    struct arena arena = {0};
    struct csv_table t;
    struct err err = {0};
    parse_good("id,\"de\nmand\"\nx,9\n", &arena, &t);
    cr_expect_eq(config_csv_error(&t, 0, 1, &err, "%d is too much", 9), ERR_INPUT);
    cr_expect_str_eq(err.detail, "a.csv:3:3: not what is expected here");
    err_clear(&err);
    cr_expect_eq(config_csv_recognise(&t, false, "a bank", &err), ERR_INPUT);
    cr_expect_str_eq(err.detail, "a.csv:1:1: not a bank: its header has no column of one");
    err_clear(&err);
    cr_expect_eq(config_csv_recognise(&t, true, "a bank", &err), ERR_OK);
    cr_expect_eq(config_csv_error(&t, 0, 1, &err, "%d is too much", 9), ERR_INPUT);
    cr_expect_str_eq(err.detail, "a.csv:3:3: column de?mand: 9 is too much");
    err_clear(&err);
    config_csv_error(&t, CSV_HEADER, 0, &err, "unknown");
    cr_expect_str_eq(err.detail, "a.csv:1:1: column id: unknown");
    arena_free(&arena);
}

Test(csv, what_a_spreadsheet_would_compute_is_quoted_and_read_back)
{
    static const char *const rows[][2] = {
        {"=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""},
        {"@SUM(1)", "'@SUM(1)"},
        {"+1", "'+1"},
        {"-2+3", "'-2+3"},
        {"\t=1", "\"'\t=1\""},
        {"\r=1", "\"'\r=1\""},
        {"a=1", "a=1"},
        {"'a", "'a"},
        {"'", "'"},
        {"EMR-1", "EMR-1"},
        {"", ""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = NULL;
        size_t n = 0;
        struct arena arena = {0};
        struct csv_table table;
        FILE *out = open_memstream(&text, &n);
        config_csv_print(rows[i][0], out);
        fflush(out);
        cr_expect_str_eq(text, rows[i][1], "row %zu: %s", i, text);
        fputs(",x\n1,2\n",
              out); /* read as a name of a column, which an id is in a matrix of answers */
        fclose(out);
        parse_good(text, &arena, &table);
        cr_expect_str_eq(table.header[0].text, rows[i][0], "row %zu: %s", i, table.header[0].text);
        arena_free(&arena);
        free(text);
    }
}
