/* Item banks: what a good file gives, and one clear line with its place for each bad cell.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/irt/bank.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum err_code parse(const char *text, struct irt_bank *bank, struct err *err)
{
    return irt_bank_parse("bank.csv", text, strlen(text), bank, err);
}

Test(bank, full_table)
{
    static const char text[] =
        "id,model,a,b,c,d,domain,enemy,pilot,time_intensity,time_discrimination,demand_sequence,"
        "demand_scope,demand_reading\n"
        "q1,rasch,1,-0.5,0,1,airway,,0,3.5,2,0.25,0.5,1\n"
        "q2,4PL,1.5,0.75,0.2,0.9,trauma,e7,1,4,4,0,0,0\n"
        "q3,2pl,0.5,2,0,1,airway,e7,0,-1,0.5,1,1,1\n";
    struct irt_bank bank;
    struct err err = {0};
    cr_assert_eq(parse(text, &bank, &err), ERR_OK, "%s", err.detail);
    cr_assert_eq(bank.n_items, 3);
    cr_assert_eq(bank.n_pilots, 1);
    cr_assert_eq(bank.n_domains, 2);
    cr_assert_str_eq(bank.ids[1], "q2");
    cr_assert_str_eq(bank.domains[0], "airway");
    cr_assert_str_eq(bank.domains[bank.items[1].domain], "trauma");
    cr_assert_eq(bank.items[2].domain, 0);
    cr_assert_str_eq(bank.enemies[0], "");
    cr_assert_str_eq(bank.enemies[2], "e7");
    const struct irt_item *q2 = &bank.items[1];
    cr_assert(q2->a == 1.5 && q2->b == 0.75 && q2->c == 0.2 && q2->d == 0.9 && q2->is_pilot);
    cr_assert(q2->time_intensity == 4 && q2->time_sd == 0.25);
    cr_assert(bank.items[0].demand[0] == 0.25f && bank.items[0].demand[1] == 0.5f &&
              bank.items[0].demand[2] == 1);
    cr_assert_eq(bank.items[2].time_sd, 2);
    irt_bank_free(&bank);
}

Test(bank, missing_columns_take_defaults)
{
    struct irt_bank bank;
    struct err err = {0};
    cr_assert_eq(parse("b,id\n1.25,x\r\n\n-3,y\n", &bank, &err), ERR_OK, "%s", err.detail);
    cr_assert_eq(bank.n_items, 2);
    const struct irt_item *item = &bank.items[0];
    cr_assert(item->a == 1 && item->b == 1.25 && item->c == 0 && item->d == 1);
    cr_assert(item->time_intensity == 3.6 && item->time_sd == 0.5 && !item->is_pilot);
    for (int k = 0; k < IRT_N_DEMANDS; k++)
        cr_assert_eq(item->demand[k], 1);
    cr_assert_eq(bank.n_domains, 1);
    cr_assert_str_eq(bank.domains[0], "all");
    irt_bank_free(&bank);
}

/* The place that a message must begin with, and a word that it must contain. */
struct bad {
    const char *text, *place, *word;
};

static const struct bad bad_banks[] = {
    {"", "bank.csv:1", "header"},
    {"id,b\n", "bank.csv:1:1", "at least one item"},
    {"b,a\n1,1\n", "bank.csv:1:1", "id"},
    {"id,b,difficulty\nx,1,1\n", "bank.csv:1:6", "difficulty"},
    {"id,b,domian\nx,1,1\n", "bank.csv:1:6", "domain"},
    {"id,b,b\nx,1,1\n", "bank.csv:1:6", "b"},
    {"id,b\nx,1\ny,\n", "bank.csv:3:3", "b"},
    {"id,b\nx,1\ny,2z\n", "bank.csv:3:3", "b"},
    {"id,b\nx,nan\n", "bank.csv:2:3", "b"},
    {"id,b\nx,inf\n", "bank.csv:2:3", "b"},
    {"id,b\nx,0x1\n", "bank.csv:2:3", "b"},
    {"id,b\nx,1e999\n", "bank.csv:2:3", "b"},
    {"id,b\nx,101\n", "bank.csv:2:3", "range"},
    {"id,a,b\nx,0,1\n", "bank.csv:2:3", "above 0"},
    {"id,a,b\nx,-1,1\n", "bank.csv:2:3", "negative"},
    {"id,b,c\nx,0,1.5\n", "bank.csv:2:5", "range"},
    {"id,b,c\nx,0,-0.1\n", "bank.csv:2:5", "range"},
    {"id,b,c,d\nx,0,0.5,0.5\n", "bank.csv:2:5", "below"},
    {"id,b,d\nx,0,0\n", "bank.csv:2:5", "below"},
    {"id,b,c\nx,0,1\n", "bank.csv:2:5", "below"},
    {"id,b,pilot\nx,0,0.5\n", "bank.csv:2:5", "0 or 1"},
    {"id,b,pilot\nx,0,2\n", "bank.csv:2:5", "pilot"},
    {"id,b,pilot\nx,0,yes\n", "bank.csv:2:5", "pilot"},
    {"id,b,domain\nx,0,\n", "bank.csv:2:5", "empty"},
    {"id,b,time_discrimination\nx,0,0\n", "bank.csv:2:5", "range"},
    {"id,b,demand_scope\nx,0,1.01\n", "bank.csv:2:5", "range"},
    {"id,model,b\nx,5PL,0\n", "bank.csv:2:3", "5PL"},
    {"id,model,b\nx,,0\n", "bank.csv:2:3", "model"},
    {"id,model,b\nx,gpcm,0\n", "bank.csv:2:8", "thresholds"},
    {"id,model,a,b\nx,rasch,1.2,0\n", "bank.csv:2:9", "rasch"},
    {"id,model,b,c\nx,2PL,0,0.2\n", "bank.csv:2:9", "2PL"},
    {"id,model,b,d\nx,3PL,0,0.9\n", "bank.csv:2:9", "3PL"},
    {"id,b\n,1\n", "bank.csv:2:1", "id"},
    {"id,b\nx,1\ny,2\nx,3\n", "bank.csv:4:1", "x"},
    {"id,b\nx\n", "bank.csv:2", ""},
    {"id,b\nx,1,2\n", "bank.csv:2", ""},
    {"id,b\n\"x,1\n", "bank.csv:2", "quote"},
    {"id,b\n\xff\xfe,1\n", "bank.csv:2", "UTF-8"},
    {"id,\nx,1\n", "bank.csv:1:4", ""},
};

Test(bank, each_bad_cell_is_one_line_with_its_place)
{
    for (size_t k = 0; k < sizeof bad_banks / sizeof bad_banks[0]; k++) {
        const struct bad *bad = &bad_banks[k];
        struct irt_bank bank;
        struct err err = {0};
        cr_expect_eq(parse(bad->text, &bank, &err), ERR_INPUT, "case %zu", k);
        cr_expect(strncmp(err.detail, bad->place, strlen(bad->place)) == 0 &&
                      strstr(err.detail, bad->word) && !strchr(err.detail, '\n'),
                  "case %zu: '%s', wanted '%s ... %s'", k, err.detail, bad->place, bad->word);
        irt_bank_free(&bank);
    }
}

/* 20,000 items: ids are compared by a table, not pairwise; the last repeats the first. */
Test(bank, long_bank, .timeout = 20)
{
    enum { N = 20000 };
    char *text = malloc(N * 16 + 64);
    size_t n = (size_t)sprintf(text, "id,b\n");
    for (int i = 0; i < N; i++)
        n += (size_t)sprintf(text + n, "item%d,%d\n", i, i % 7 - 3);
    struct irt_bank bank;
    struct err err = {0};
    cr_assert_eq(irt_bank_parse("bank.csv", text, n, &bank, &err), ERR_OK, "%s", err.detail);
    cr_assert_eq(bank.n_items, N);
    cr_assert_eq(bank.items[N - 1].b, (N - 1) % 7 - 3);
    irt_bank_free(&bank);
    n += (size_t)sprintf(text + n, "item0,1\n");
    cr_assert_eq(irt_bank_parse("bank.csv", text, n, &bank, &err), ERR_INPUT);
    cr_assert_eq(strncmp(err.detail, "bank.csv:20002:1: ", 18), 0, "%s", err.detail);
    irt_bank_free(&bank);
    free(text);
}
