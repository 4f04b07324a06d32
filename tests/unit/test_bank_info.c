/* Tables about a bank: figures worked by hand.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/report/bank_info.h>

#include "fixture.h"

/* The caller frees the text. */
static char *text_of(const char *csv, double cut)
{
    struct irt_bank bank = {0};
    struct err err = {0};
    char *text = NULL;
    size_t n;
    cr_assert_eq(irt_bank_parse("bank.csv", csv, strlen(csv), &bank, &err), ERR_OK, "%s",
                 err.detail);
    FILE *out = open_memstream(&text, &n);
    cr_assert(out);
    cr_expect_eq(report_bank_info(&bank, cut, 10, out, &err), ERR_OK);
    fclose(out);
    irt_bank_free(&bank);
    return text;
}

static void expect(const char *text, const char *part)
{
    cr_expect(strstr(text, part), "no '%s' in\n%s", part, text);
}

Test(bank_info, counts_and_quantiles)
{
    char *text = text_of("id,b,domain,pilot\nA,-1,x,0\nB,0,x,0\nC,2,y,0\nD,9,y,1\nE,9,y,1\n", 0);
    expect(text, "bank.csv: 5 items, 3 scored, 2 pilots\n");
    expect(text, "\n  x                                   2    66.7 %        0\n");
    expect(text, "\n  y                                   1    33.3 %        2\n");
    expect(text, "\n  b                   -1.000    -1.000");
    expect(text, "     0.000     2.000     2.000     2.000\n");
    free(text);
}

/* Two items at the cut have an information of 1/4 each: SE = 1/sqrt(1/2). */
Test(bank_info, information_at_the_cut)
{
    char *text = text_of("id,b\nA,0.5\nB,0.5\n", 0.5);
    expect(text,
           "at the cut, theta 0.500: information 0.5 in all; the best 60 items 0.50 (SE 1.414)");
    free(text);
}
