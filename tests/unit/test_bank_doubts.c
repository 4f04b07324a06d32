/* Doubts about banks: all of them, each with its place, and none about a sound bank.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/irt/bank.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void find_doubts(const char *text, struct irt_doubts *doubts)
{
    struct err err = {0};
    cr_assert_eq(irt_bank_doubts("bank.csv", text, strlen(text), doubts, &err), ERR_OK, "%s",
                 err.detail);
}

struct expected {
    size_t line, column;
    bool is_error;
    const char *word;
};

static void check_doubts(const char *text, const struct expected *expected, size_t n)
{
    struct irt_doubts doubts;
    size_t n_errors = 0;
    find_doubts(text, &doubts);
    for (size_t i = 0; i < doubts.n && i < n; i++) {
        const struct irt_doubt *doubt = &doubts.list[i];
        char place[64];
        snprintf(place, sizeof place, "bank.csv:%zu:%zu: ", expected[i].line, expected[i].column);
        cr_expect(doubt->line == expected[i].line && doubt->column == expected[i].column &&
                      doubt->is_error == expected[i].is_error &&
                      strncmp(doubt->text, place, strlen(place)) == 0 &&
                      strstr(doubt->text, expected[i].word) && !strchr(doubt->text, '\n'),
                  "doubt %zu: %s", i, doubt->text);
        n_errors += expected[i].is_error;
    }
    cr_assert_eq(doubts.n, n);
    cr_assert_eq(doubts.n_errors, n_errors);
    irt_doubts_free(&doubts);
}

Test(bank_doubts, every_item_is_explained)
{
    static const char text[] = "id,model,a,b,c,d,b1,b2,enemy\n"
                               "q1,2PL,-1,0,0,1,,,\n"
                               "q2,3PL,1.1,7,0.6,1,,,e1\n"
                               "q3,4PL,0.1,1,0.5,0.4,,,\n"
                               "q4,grm,1,,,,1,0,\n"
                               "q5,gpcm,1,,,,1,0,\n"
                               "q6,gpcm,1,,,,1,0,\n"
                               "q7,2PL,1,zz,0.2,1,,,\n"
                               "q7,5PL,5,0,0,1,,,\n"
                               "q8,grm,1,,,,1,1.05,e2\n"
                               "q9,grm,1,,,,-1,8,e2\n";
    static const struct expected expected[] = {{2, 8, true, "is negative"},
                                               {3, 12, false, "difficulty 7"},
                                               {3, 14, false, "one half"},
                                               {3, 22, false, "'e1'"},
                                               {4, 8, false, "0.1"},
                                               {4, 14, true, "below d"},
                                               {4, 18, false, "asymptote"},
                                               {5, 15, true, "rise"},
                                               {6, 16, false, "category 1"},
                                               {7, 1, false, "'q5'"},
                                               {7, 16, false, "category 1"},
                                               {8, 10, true, "zz"},
                                               {8, 13, true, "2PL"},
                                               {9, 1, true, "repeated"},
                                               {9, 4, true, "5PL"},
                                               {9, 8, false, "steeper"},
                                               {10, 15, false, "hardly ever"},
                                               {11, 16, false, "threshold 8"}};
    check_doubts(text, expected, sizeof expected / sizeof expected[0]);
}

Test(bank_doubts, times_and_pilots)
{
    static const struct expected times[] = {{2, 5, false, "time"}, {3, 5, true, "range"}};
    static const struct expected pilots[] = {{1, 6, false, "no item is scored"}};
    check_doubts("id,b,time_intensity\nx,0,9\ny,1,-30\n", times, 2);
    check_doubts("id,b,pilot\nx,0,1\n", pilots, 1);
}

Test(bank_doubts, thin_domains_once_each)
{
    char text[1024];
    size_t n = (size_t)sprintf(text, "id,b,domain\n");
    for (int i = 0; i < 14; i++) {
        const char *domain = i < 10 ? "full" : "thin";
        n += (size_t)sprintf(text + n, "q%02d,%d,%s\n", i, i / 5, domain);
    }
    n += (size_t)sprintf(text + n, "q20,0,full\n");
    static const struct expected four[] = {{12, 7, false, "'thin' has 4 scored items"}};
    check_doubts(text, four, 1);
}

/* Rasch items may share a difficulty; others may not share everything. */
Test(bank_doubts, twins)
{
    static const struct expected expected[] = {{4, 1, false, "'x'"}, {5, 1, false, "'x'"}};
    check_doubts("id,b\nx,0\ny,0\n", NULL, 0);
    check_doubts("id,a,b\nx,1.5,0\nw,1.5,1\ny,1.5,0\nz,1.5,0\n", expected, 2);
}

Test(bank_doubts, a_table_that_cannot_be_read_is_an_error)
{
    static const char *const texts[] = {"", "id,b\n", "id,b\nx\n", "id,foo\nx,1\n"};
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
        struct irt_doubts doubts;
        struct err err = {0};
        cr_expect_eq(irt_bank_doubts("bank.csv", texts[k], strlen(texts[k]), &doubts, &err),
                     ERR_INPUT);
        irt_doubts_free(&doubts);
    }
}

/* What parse refuses has an error, and what it takes has none. */
Test(bank_doubts, errors_are_what_parse_refuses)
{
    static const char *const cells[] = {"1", "0", "-1", "7", "zz", "", "0.5", "101"};
    enum { N = sizeof cells / sizeof cells[0] };
    for (size_t a = 0; a < N; a++)
        for (size_t b = 0; b < N; b++)
            for (size_t c = 0; c < N; c++) {
                char text[128];
                struct irt_bank bank;
                struct irt_doubts doubts;
                struct err err = {0};
                snprintf(text, sizeof text, "id,a,b,c\nx,%s,%s,%s\n", cells[a], cells[b], cells[c]);
                enum err_code code = irt_bank_parse("bank.csv", text, strlen(text), &bank, &err);
                find_doubts(text, &doubts);
                cr_expect_eq(code != ERR_OK, doubts.n_errors > 0, "%s", text);
                irt_bank_free(&bank);
                irt_doubts_free(&doubts);
            }
}
