/* Banks in the layouts of other programs, mixed banks, and what a written bank gives back.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/irt/bank.h>
#include <retake/report/bank_csv.h>

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void read_bank(const char *text, struct irt_bank *bank)
{
    struct err err = {0};
    cr_assert_eq(irt_bank_parse("bank.csv", text, strlen(text), bank, &err), ERR_OK, "%s",
                 err.detail);
}

/* Thresholds end with NAN. */
struct expected {
    enum irt_model model;
    double a, b, c, d, steps[5];
};

static void check_item(const struct irt_item *item, const struct expected *expected)
{
    size_t n = 0;
    cr_assert_eq(item->model, expected->model);
    cr_assert_float_eq(item->a, expected->a, 1e-15);
    cr_assert_float_eq(item->b, expected->b, 1e-15, "b %.17g", item->b);
    cr_assert_eq(item->c, expected->c);
    cr_assert_eq(item->d, expected->d);
    if (item->model == IRT_LOGISTIC) {
        cr_assert_null(item->steps);
        cr_assert_eq(item->n_categories, 2);
        return;
    }
    for (; !isnan(expected->steps[n]); n++)
        cr_assert_float_eq(item->steps[n], expected->steps[n], 1e-15, "step %zu: %.17g", n,
                           item->steps[n]);
    cr_assert_eq(item->n_categories, n + 1);
}

static void check_bank(const char *text, const struct expected *expected, size_t n,
                       const char *first_id)
{
    struct irt_bank bank;
    read_bank(text, &bank);
    cr_assert_eq(bank.n_items, n);
    cr_assert_str_eq(bank.ids[0], first_id);
    for (size_t i = 0; i < n; i++)
        check_item(&bank.items[i], &expected[i]);
    irt_bank_free(&bank);
}

Test(bank_layout, plain_with_every_model)
{
    static const char text[] = "id,model,a,b,c,d,b1,b2,b3\n"
                               "q1,4pl,1.5,0.5,0.2,0.9,,,\n"
                               "q2,PCM,1,,,,-1,0.25,0\n"
                               "q3,gpcm,0.75,,,,-1,1,\n"
                               "q4,grm,2,NA,0,1,-1,0,2.5\n"
                               "q5,rasch,,1,,,,,\n";
    static const struct expected expected[] = {{IRT_LOGISTIC, 1.5, 0.5, 0.2, 0.9, {0}},
                                               {IRT_GPCM, 1, -0.25, 0, 1, {-1, 0.25, 0, NAN}},
                                               {IRT_GPCM, 0.75, 0, 0, 1, {-1, 1, NAN}},
                                               {IRT_GRM, 2, 0.5, 0, 1, {-1, 0, 2.5, NAN}},
                                               {IRT_LOGISTIC, 1, 1, 0, 1, {0}}};
    check_bank(text, expected, 5, "q1");
}

Test(bank_layout, catr)
{
    static const struct expected expected[] = {{IRT_LOGISTIC, 1.5, 0.5, 0.2, 0.9, {0}},
                                               {IRT_LOGISTIC, 1, -1, 0, 1, {0}}};
    static const struct expected graded[] = {{IRT_GRM, 1.5, 0, 0, 1, {-1, 1, NAN}},
                                             {IRT_GRM, 1, -1, 0, 1, {-1, NAN}}};
    static const struct expected partial[] = {{IRT_GPCM, 1, 0.25, 0, 1, {1, -0.5, NAN}}};
    check_bank("a,b,c,d\n1.5,0.5,0.2,0.9\n1,-1,0,1\n", expected, 2, "1");
    check_bank("\"\",\"a\",\"b\",\"c\",\"d\",\"Group\"\n\"x\",1.5,0.5,0.2,0.9,\"A\"\n\"y\",1,-1,0,"
               "1,\"B\"\n",
               expected, 2, "x");
    check_bank("alphaj,betaj1,betaj2\n1.5,-1,1\n1,-1,NA\n", graded, 2, "1");
    check_bank("deltaj1,deltaj2\n1,-0.5\n", partial, 1, "1");
}

Test(bank_layout, catr_groups_are_domains)
{
    struct irt_bank bank;
    read_bank("a,b,c,d,group\n1,0,0,1,x\n1,1,0,1,y\n1,2,0,1,x\n", &bank);
    cr_assert_eq(bank.n_domains, 2);
    cr_assert_str_eq(bank.domains[bank.items[1].domain], "y");
    cr_assert_eq(bank.items[2].domain, 0);
    irt_bank_free(&bank);
}

/* b = -d/a1; graded b_k = -d_k/a1; partial credit b_k = (d_(k-1) - d_k)/a1. */
Test(bank_layout, mirt)
{
    static const char text[] = "\"\",\"a1\",\"d\",\"g\",\"u\",\"d1\",\"d2\",\"ak0\",\"ak1\","
                               "\"ak2\",\"d0\"\n"
                               "\"Item.1\",2,1,0.2,1,NA,NA,NA,NA,NA,NA\n"
                               "\"Item.2\",2,NA,NA,NA,3,-1,NA,NA,NA,NA\n"
                               "\"Item.3\",0.5,NA,NA,NA,1,0.5,0,1,2,0\n";
    static const struct expected expected[] = {{IRT_LOGISTIC, 2, -0.5, 0.2, 1, {0}},
                                               {IRT_GRM, 2, -0.5, 0, 1, {-1.5, 0.5, NAN}},
                                               {IRT_GPCM, 0.5, -0.5, 0, 1, {-2, 1, NAN}}};
    static const struct expected irt[] = {{IRT_LOGISTIC, 2, -0.5, 0.2, 1, {0}}};
    check_bank(text, expected, 3, "Item.1");
    check_bank("a,b,g,u\n2,-0.5,0.2,1\n", irt, 1, "1");
    check_bank("item,a1,d,g,u\nx,2,1,0.2,1\n", irt, 1, "x");
}

Test(bank_layout, testdesign)
{
    static const char text[] = "ID,MODEL,PAR1,PAR2,PAR3,PAR4\n"
                               "x1,1PL,0.5,,,\n"
                               "x2,2PL,1.5,0.5,NA,NA\n"
                               "x3,3PL,1.5,0.5,0.2,\n"
                               "x4,PC,-1,0,1,\n"
                               "x5,GPC,0.75,-1,0,1\n"
                               "x6,GR,1.25,-1,1,\n";
    static const struct expected expected[] = {
        {IRT_LOGISTIC, 1, 0.5, 0, 1, {0}},          {IRT_LOGISTIC, 1.5, 0.5, 0, 1, {0}},
        {IRT_LOGISTIC, 1.5, 0.5, 0.2, 1, {0}},      {IRT_GPCM, 1, 0, 0, 1, {-1, 0, 1, NAN}},
        {IRT_GPCM, 0.75, 0, 0, 1, {-1, 0, 1, NAN}}, {IRT_GRM, 1.25, 0, 0, 1, {-1, 1, NAN}}};
    check_bank(text, expected, 6, "x1");
}

Test(bank_layout, enemies_are_numbered)
{
    struct irt_bank bank;
    read_bank("id,b,enemy\nx,0,\ny,1,p\nz,2,q\nw,3,p\n", &bank);
    cr_assert_eq(bank.n_enemies, 2);
    cr_assert(bank.items[0].enemy == 0 && bank.items[1].enemy == 1 && bank.items[2].enemy == 2 &&
              bank.items[3].enemy == 1);
    cr_assert_str_eq(bank.enemies[0], "");
    cr_assert_str_eq(bank.enemies[2], "q");
    irt_bank_free(&bank);
}

static const struct {
    const char *text, *place, *word;
} bad[] = {
    {"id,b1,b2\nx,0,1\n", "bank.csv:2:3", "model"},
    {"id,model,b1,b2\nx,grm,1,0\n", "bank.csv:2:9", "rise"},
    {"id,model,b1,b2\nx,grm,1,1\n", "bank.csv:2:9", "rise"},
    {"id,model,b1,b2\nx,gpcm,,1\n", "bank.csv:2:8", "b1"},
    {"id,model,b1,b3\nx,gpcm,1,1\n", "bank.csv:1:13", "missing"},
    {"id,model,b1\nx,gpcm,NA\n", "bank.csv:2:3", "thresholds"},
    {"id,model,b1\nx,gpcm,200\n", "bank.csv:2:8", "range"},
    {"id,model,b,b1\nx,2pl,0,1\n", "bank.csv:2:9", "no thresholds"},
    {"id,model,b,b1\nx,grm,0,1\n", "bank.csv:2:7", "thresholds"},
    {"id,model,a,b1\nx,pcm,1.2,1\n", "bank.csv:2:7", "pcm"},
    {"id,model,c,b1\nx,grm,0.2,1\n", "bank.csv:2:7", "grm"},
    {"id,model,b,b16\nx,2pl,0,1\n", "bank.csv:1:12", "b16"},
    {"a1,a2,d\n1,1,0\n", "bank.csv:1:4", "dimension"},
    {"a1,d,g,u\n0,1,0,1\n", "bank.csv:2:1", "above 0"},
    {"a1,d,g,u\n1,NA,0,1\n", "bank.csv:2:3", "number"},
    {"a1,d1\n1,NA\n", "bank.csv:2:1", "difficulty"},
    {"a1,d1,d2,ak0,ak1,ak2,d0\n1,1,0,0,2,1,0\n", "bank.csv:2:9", "score"},
    {"a1,d,id,item\n1,0,x,y\n", "bank.csv:1:9", "same"},
    {"ID,MODEL,PAR1,PAR2\nx,1PL,1,2\n", "bank.csv:2:9", "too many"},
    {"ID,MODEL,PAR1,PAR2\nx,3PZ,1,2\n", "bank.csv:2:3", "3PZ"},
    {"ID,PAR1,PAR2\nx,1,2\n", "bank.csv:1:1", "MODEL"},
    {"ID,MODEL,PAR1,PAR2\nx,GR,1,\n", "bank.csv:2:3", "thresholds"},
    {"alphaj,betaj1\n-1,1\n", "bank.csv:2:1", "negative"},
};

Test(bank_layout, each_bad_cell_is_one_line_with_its_place)
{
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        struct irt_bank bank;
        struct err err = {0};
        cr_expect_eq(irt_bank_parse("bank.csv", bad[k].text, strlen(bad[k].text), &bank, &err),
                     ERR_INPUT, "case %zu", k);
        cr_expect(strncmp(err.detail, bad[k].place, strlen(bad[k].place)) == 0 &&
                      strstr(err.detail, bad[k].word) && !strchr(err.detail, '\n'),
                  "case %zu: '%s', wanted '%s ... %s'", k, err.detail, bad[k].place, bad[k].word);
        irt_bank_free(&bank);
    }
}

/* Written and read again, a bank is the same to the last bit. */
Test(bank_layout, written_bank_reads_the_same)
{
    static const char text[] =
        "id,model,a,b,c,d,b1,b2,b3,domain,enemy,pilot,time_intensity,time_discrimination,"
        "demand_reading\n"
        "\"q,1\",4pl,1.23456789012345678,0.1,0.2,0.9,,,,\"say \"\"so\"\"\",e,0,3.3,1.9,0.3\n"
        "q2,grm,2,,,,-0.1,0,2.7,y,,1,3.1,2.5,0.7\n"
        "q3,gpcm,0.7,,,,1.1,0.3,,y,e,0,3.1,2.5,1\n"
        "q4,rasch,1,0.333333333333333333,,,,,,y,,0,4,2,0\n";
    struct irt_bank bank, again;
    struct err err = {0};
    char *out;
    size_t n_bytes;
    read_bank(text, &bank);
    cr_assert_eq(report_bank_csv(&bank, &out, &n_bytes, &err), ERR_OK);
    read_bank(out, &again);
    for (size_t i = 0; i < 4; i++) {
        const struct irt_item *x = &bank.items[i], *y = &again.items[i];
        cr_assert(x->a == y->a && x->b == y->b && x->c == y->c && x->d == y->d);
        cr_assert(x->model == y->model && x->n_categories == y->n_categories);
        cr_assert(x->time_intensity == y->time_intensity && x->is_pilot == y->is_pilot);
        cr_assert_float_eq(x->time_sd, y->time_sd, 1e-16);
        cr_assert(x->domain == y->domain && x->enemy == y->enemy);
        cr_assert_arr_eq(x->demand, y->demand, sizeof x->demand);
        for (size_t k = 0; x->steps && k + 1u < x->n_categories; k++)
            cr_assert_eq(x->steps[k], y->steps[k]);
        cr_assert_str_eq(bank.ids[i], again.ids[i]);
    }
    cr_assert_str_eq(again.domains[0], "say \"so\"");
    free(out);
    irt_bank_free(&bank);
    irt_bank_free(&again);
}
