/* The tables of a bank's adequacy: numbers of a dataset made by hand stand where they belong.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/report/bank_adequacy.h>

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double points[] = {900, 950}, edges[] = {-0.5, 0, 0, 0.5}, middles[] = {-0.25, 0.25};
static const char *const domains[] = {"scene", "transport"}, *const items[] = {"A", "B", "C"};

static void add_dims(struct dataset *out)
{
    const struct dataset_dim dims[] = {
        {.name = "score_point", .n = 2, .type = DATASET_REAL, .real = points, .unit = "points"},
        {.name = "domain", .n = 2, .type = DATASET_TEXT, .text = domains, .unit = ""},
        {.name = "difficulty_bin",
         .n = 2,
         .type = DATASET_REAL,
         .real = middles,
         .bounds = edges,
         .unit = "logit"},
        {.name = "item", .n = 3, .type = DATASET_TEXT, .text = items, .unit = ""}};
    struct err err = {0};
    for (int k = 0; k < 4; k++) {
        struct dataset_dim dim = dims[k];
        dim.long_name = dim.name;
        cr_assert_eq(dataset_add_dim(out, &dim, &err), ERR_OK, "%s", err.detail);
    }
}

static void add_real(struct dataset *out, const char *name, const double *real, size_t n_dims,
                     size_t dim)
{
    struct err err = {0};
    struct dataset_var var = {.name = name,
                              .type = DATASET_REAL,
                              .n_dims = n_dims,
                              .dim = {dim, dim + 1},
                              .real = real,
                              .n = n_dims == 0   ? 1
                                   : n_dims == 2 ? 4
                                                 : out->dims[dim].n,
                              .unit = "1",
                              .long_name = name};
    cr_assert_eq(dataset_add_var(out, &var, &err), ERR_OK, "%s", err.detail);
}

static void add_bins(struct dataset *out, const char *name, const int64_t *count)
{
    struct err err = {0};
    struct dataset_var var = {.name = name,
                              .type = DATASET_COUNT,
                              .n_dims = 2,
                              .dim = {1, 2},
                              .count = count,
                              .n = 4,
                              .unit = "1",
                              .long_name = name};
    cr_assert_eq(dataset_add_var(out, &var, &err), ERR_OK, "%s", err.detail);
}

/* The caller frees the text. */
static char *text_of(const struct dataset *dataset)
{
    char *text = NULL;
    size_t n;
    FILE *out = open_memstream(&text, &n);
    cr_assert(out);
    struct err err = {0};
    cr_expect_eq(report_bank_adequacy(dataset, out, &err), ERR_OK);
    fclose(out);
    return text;
}

static void expect(const char *text, const char *part)
{
    cr_expect(strstr(text, part), "no '%s' in\n%s", part, text);
}

Test(bank_adequacy_text, all_tables)
{
    static const double best[] = {16, 25}, needed[] = {10, INFINITY}, below = 912.34,
                        above = 987.65, used[] = {1, 2, 3, 4}, rate[] = {0.1, 0.9, 0.5},
                        again[] = {0, 0.25, 0.5}, a_year[] = {100, 9000, 5000}, overlap = 0.42,
                        met = 3.25;
    static const int64_t n[] = {1, 2, 3, 40}, wanted[] = {4, 8, 12, 16}, missing[] = {3, 6, 9, 0},
                         over[] = {1, 1, 0, 0};
    struct dataset dataset = {0};
    add_dims(&dataset);
    add_real(&dataset, "bank_information_best", best, 1, 0);
    add_real(&dataset, "bank_information_needed", needed, 1, 0);
    add_real(&dataset, "bank_undecidable_below", &below, 0, 0);
    add_real(&dataset, "bank_undecidable_above", &above, 0, 0);
    add_bins(&dataset, "bank_n_items", n);
    add_real(&dataset, "bank_items_used_mean", used, 2, 1);
    add_bins(&dataset, "bank_n_needed", wanted);
    add_bins(&dataset, "bank_n_short", missing);
    add_bins(&dataset, "bank_n_overexposed", over);
    add_real(&dataset, "item_exposure_rate", rate, 1, 3);
    add_real(&dataset, "item_seen_again_rate", again, 1, 3);
    add_real(&dataset, "item_exposures_a_year", a_year, 1, 3);
    add_real(&dataset, "bank_overlap_rate", &overlap, 0, 0);
    add_real(&dataset, "bank_seen_again_mean", &met, 0, 0);
    char *text = text_of(&dataset);
    expect(text, "   900        16.00        10.00      0.250             ");
    expect(
        text,
        "   950        25.00       no end      0.200 undecided   ██████████████████████████████\n");
    expect(text, "decides scores up to 912.3 and from 987.6 on");
    expect(text, "scene                      all                   3         3.00       12        9"
                 "            2\n");
    expect(text, "-0.5 to 0             1         1.00        4        3            1\n");
    expect(text, "transport                  all                  43         7.00       28        9"
                 "            0\n");
    cr_expect(!strstr(text, "40         4.00"), "a difficulty without items short:\n%s", text);
    const char *b = strstr(text, "  B "), *c = strstr(text, "  C "), *a = strstr(text, "  A ");
    cr_assert(a && b && c && b < c && c < a, "by falling exposure:\n%s", text);
    expect(text, "90.00 %          9,000            25.00 %\n");
    expect(text, "have 42.0 % of their scored items in common; a retaker meets 3.2 scored items");
    free(text);
    dataset_free(&dataset);
}

/* Without statistics of a run the pool alone is described; without anything nothing. */
Test(bank_adequacy_text, what_is_absent_is_left_out)
{
    static const double best[] = {16, 25}, needed[] = {NAN, NAN};
    static const int64_t n[] = {1, 2, 3, 40};
    struct dataset dataset = {0};
    char *text = text_of(&dataset);
    cr_expect_str_eq(text, "");
    free(text);
    add_dims(&dataset);
    add_real(&dataset, "bank_information_best", best, 1, 0);
    add_real(&dataset, "bank_information_needed", needed, 1, 0);
    add_bins(&dataset, "bank_n_items", n);
    text = text_of(&dataset);
    expect(text, "transport                  all                  43\n");
    cr_expect(!strstr(text, "undecided"));
    cr_expect(!strstr(text, "nan"));
    free(text);
    dataset_free(&dataset);
}

static char *about_the_cut(double below, double above)
{
    struct dataset dataset = {0};
    add_dims(&dataset);
    add_real(&dataset, "bank_undecidable_below", &below, 0, 0);
    add_real(&dataset, "bank_undecidable_above", &above, 0, 0);
    char *text = text_of(&dataset);
    dataset_free(&dataset);
    return text;
}

Test(bank_adequacy_text, about_the_cut)
{
    char *every = about_the_cut(950, 950), *none = about_the_cut(NAN, NAN);
    char *low = about_the_cut(900, NAN), *high = about_the_cut(NAN, 1000);
    expect(low, "decides scores up to 900.0 only\n");
    expect(high, "decides scores from 1000.0 on only\n");
    free(low);
    free(high);
    expect(every, "decides every score: it has the information that the stop rule asks for\n");
    expect(none, "decides no score: it never has the information that the stop rule asks for\n");
    free(every);
    free(none);
}
