/* The summary: figures in their places, nothing where variables are absent, JSON that round-trips.
 * SPDX-License-Identifier: Apache-2.0 */
#include "result_example.h"
#include "summary_parts.h"

#include <retake/report/summary.h>

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const struct store_provenance nothing = {0};

/* The caller frees the text. */
static char *text_of(const struct dataset *dataset, const struct store_provenance *provenance)
{
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    struct err err = {0};
    cr_assert(out);
    cr_assert_eq(report_summary_text(dataset, provenance, out, &err), ERR_OK);
    fclose(out);
    return text;
}

static json_t *json_of(const struct dataset *dataset)
{
    char *text = NULL;
    size_t n = 0;
    struct err err = {0};
    FILE *out = open_memstream(&text, &n);
    cr_assert(out);
    report_summary_json(dataset, &example_provenance, out, &err);
    fclose(out);
    cr_assert_eq(err.code, ERR_OK, "%s", err.detail);
    json_error_t error;
    json_t *json = json_loads(text, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &error);
    cr_assert(json, "%s", error.text);
    free(text);
    return json;
}

static void example(struct dataset *dataset, size_t n_groups)
{
    struct err err = {0};
    example_dataset(dataset, n_groups, &err);
    cr_assert_eq(err.code, ERR_OK, "%s", err.detail);
}

static void expect_line(const char *text, const char *line)
{
    cr_expect(strstr(text, line), "no line '%s' in\n%s", line, text);
}

Test(summary, shows_the_figures)
{
    static const char *const lines[] = {
        "EMR, three attempts, 15 days\nretake 0.1.0, seed 20261123\n",
        "━━ all: 100,000 candidates ━━",
        "  Attempted                        96,000  100.00 %  ██████████████████████████████\n",
        "  First attempt                    66,000   68.75 %  ████████████████████▋\n",
        "  Within 3                         77,000   80.21 %",
        "  Within 6                         77,000   80.21 %",
        "  Failed all                           12    0.01 %\n",
        "  Eligible for retest                  12    0.01 %\n",
        "  Lapsed                               12    0.01 %\n",
        "        2         20,000          8,000    40.00 ± 0.20    77.08 ± 0.20",
        "  3                                10,000   10.00 %",
        "  certified only                    6,000    6.00 %",
        "  certified                        77,000   77.00 %",
        /* 770 in each bin of 7.5 days: 12 bins and a day of the next to the end of day 90 */
        "  by day 90                         9,343    9.34 %",
        "10 % by day 74, 25 % by day 187, 50 % by day 374, 75 % by day 562, 90 % by day 674\n",
        "  fees [USD]                   11,088,000       110.88\n"};
    struct dataset dataset;
    example(&dataset, 1);
    char *text = text_of(&dataset, &example_provenance);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        expect_line(text, lines[i]);
    cr_expect_null(strstr(text, "urban"));
    free(text);
    dataset_free(&dataset);
}

Test(summary, shows_each_group_after_all_of_them)
{
    struct dataset dataset;
    example(&dataset, 3);
    char *text = text_of(&dataset, &nothing);
    const char *all = strstr(text, "━━ all: 100,000"), *urban = strstr(text, "━━ urban: 100,000");
    const char *rural = strstr(text, "━━ rural: ");
    cr_assert(all && urban && rural);
    cr_expect(all < urban && urban < rural);
    cr_expect(strstr(rural, "  Attempted                        32,000  100.00 %"));
    cr_expect_eq(text[0], '\n', "there is no provenance, so no head");
    free(text);
    dataset_free(&dataset);
}

Test(summary, counts_whole_days)
{
    static const char *const all[] = {"all"};
    static const double days[] = {0.5, 1.5, 2.5, 3.5}, bounds[] = {0, 1, 1, 2, 2, 3, 3, 4};
    static const int64_t n[] = {0, 0, 6, 4};
    struct err err = {0};
    struct dataset dataset = {0};
    dataset_add_dim(
        &dataset, &(struct dataset_dim){.name = "group", .n = 1, .type = DATASET_TEXT, .text = all},
        &err);
    dataset_add_dim(&dataset,
                    &(struct dataset_dim){.name = "day_bin",
                                          .n = 4,
                                          .type = DATASET_REAL,
                                          .real = days,
                                          .bounds = bounds,
                                          .unit = "day"},
                    &err);
    dataset_add_var(&dataset,
                    &(struct dataset_var){.name = "n_days_to_certification",
                                          .type = DATASET_COUNT,
                                          .n_dims = 2,
                                          .dim = {0, 1},
                                          .n = 4,
                                          .count = n},
                    &err);
    cr_assert_eq(err.code, ERR_OK, "%s", err.detail);
    char *text = text_of(&dataset, &nothing);
    expect_line(text,
                "10 % by day 2, 25 % by day 2, 50 % by day 2, 75 % by day 3, 90 % by day 3\n");
    free(text);
    dataset_free(&dataset);
}

Test(summary, says_what_the_policy_rests_on)
{
    static const char scenario[] =
        "policy:  # assumed: all of it\n  wait_days: 30 # published (A): B\n  max_cycles: 1\n";
    static const struct store_attribute attributes[] = {{"policy.wait_days", NULL, 30},
                                                        {"policy.max_cycles", NULL, 1},
                                                        {"policy.attempts_per_cycle", NULL, 4},
                                                        {"policy.window_days", NULL, 730},
                                                        {"scenario", scenario, 0}};
    struct dataset empty = {0};
    char *text = text_of(&empty, &(struct store_provenance){5, attributes});
    cr_expect_str_eq(
        text, "Policy: Up to 4 attempts, at least 30 days apart. Sittings are allowed within 730 "
              "days of the course.\n"
              "It rests on: attempts per cycle [set here], cycles of attempts [set here: assumed], "
              "waiting time [set here: published], window after the course [rule]\n"
              "3 of 4 parameters are set here; retake summary --parameters lists them\n");
    free(text);
}

Test(summary, leaves_out_what_is_absent)
{
    struct dataset empty = {0};
    char *text = text_of(&empty, &nothing);
    cr_expect_str_eq(text, "");
    free(text);

    struct err err = {0};
    struct dataset dims = {0};
    example_dims(&dims, 1, &err);
    text = text_of(&dims, &nothing);
    cr_expect_str_eq(text, "\n━━ all ━━\n");
    free(text);

    /* Known names in unknown shapes, and no one who was certified. */
    static const double real = 5;
    static const int64_t zeros[256] = {0};
    dataset_add_var(
        &dims,
        &(struct dataset_var){.name = "n_attempted", .type = DATASET_REAL, .n = 1, .real = &real},
        &err);
    dataset_add_var(&dims,
                    &(struct dataset_var){.name = "n_passed",
                                          .type = DATASET_COUNT,
                                          .n_dims = 2,
                                          .dim = {1, 0},
                                          .n = EXAMPLE_ATTEMPTS,
                                          .count = zeros},
                    &err);
    dataset_add_var(&dims,
                    &(struct dataset_var){.name = "n_days_to_certification",
                                          .type = DATASET_COUNT,
                                          .n_dims = 2,
                                          .dim = {0, 4},
                                          .n = EXAMPLE_DAY_BINS,
                                          .count = zeros},
                    &err);
    cr_assert_eq(err.code, ERR_OK, "%s", err.detail);
    text = text_of(&dims, &nothing);
    cr_expect_null(strstr(text, "As published"));
    cr_expect(strstr(text, "  certified                             0       -"));
    cr_expect_null(strstr(text, "by day"));
    free(text);
    dataset_free(&dims);
}

Test(summary, json_has_a_key_for_everything)
{
    struct dataset dataset;
    example(&dataset, 2);
    json_t *json = json_of(&dataset);
    for (size_t i = 0; i < dataset.n_vars; i++)
        cr_expect(json_object_get(json, dataset.vars[i].name), "%s", dataset.vars[i].name);
    for (size_t i = 0; i < dataset.n_dims; i++)
        cr_expect_eq(json_array_size(json_object_get(json, dataset.dims[i].name)),
                     dataset.dims[i].n);
    const json_t *bounds = json_object_get(json, "day_bin_bounds");
    cr_expect_eq(json_array_size(bounds), EXAMPLE_DAY_BINS);
    cr_expect_eq(json_real_value(json_array_get(json_array_get(bounds, 1), 0)), 7.5);
    const json_t *attributes = json_object_get(json, "attributes");
    cr_expect_str_eq(json_string_value(json_object_get(attributes, "title")),
                     "EMR, three attempts, 15 days");
    cr_expect_eq(json_number_value(json_object_get(attributes, "policy.wait_days")), 15);
    cr_expect_eq(json_real_value(json_object_get(json, "scalar")), 0.001);
    json_decref(json);
    dataset_free(&dataset);
}

Test(summary, json_numbers_round_trip)
{
    struct dataset dataset;
    example(&dataset, 2);
    json_t *json = json_of(&dataset);
    const struct dataset_var *rate = dataset_var(&dataset, "item_exposure_rate");
    const json_t *values = json_object_get(json, "item_exposure_rate");
    for (size_t i = 0; i < rate->n; i++) {
        const json_t *value = json_array_get(values, i);
        if (isnan(rate->real[i]))
            cr_assert(json_is_null(value));
        else
            cr_assert(json_real_value(value) == rate->real[i] &&
                          signbit(json_real_value(value)) == signbit(rate->real[i]),
                      "value %zu", i);
    }
    const struct dataset_var *decision = dataset_var(&dataset, "n_decision");
    const json_t *cell = json_object_get(json, "n_decision");
    for (size_t i = 0; i < 4; i++)
        cell = json_array_get(cell, 1);
    cr_expect_eq(json_integer_value(cell), decision->count[((1 * 3 + 1) * 2 + 1) * 2 + 1]);
    json_decref(json);
    dataset_free(&dataset);
}

Test(summary, json_tells_that_it_cannot_write)
{
    struct dataset dataset;
    struct err err = {0};
    example(&dataset, 1);
    char room[16];
    FILE *full = fmemopen(room, sizeof room, "w");
    cr_assert(full);
    report_summary_json(&dataset, &nothing, full, &err);
    fclose(full);
    cr_expect_eq(err.code, ERR_IO);
    cr_expect(strstr(err.detail, "cannot write the JSON: "), "%s", err.detail);
    dataset_free(&dataset);
}

struct shown {
    double value;
    const char *text;
};

static void expect_shown(void (*format)(double, char *), const struct shown *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char text[REPORT_TEXT_BYTES];
        format(cases[i].value, text);
        cr_expect_str_eq(text, cases[i].text);
    }
}

Test(summary, formats_numbers)
{
    static const struct shown wholes[] = {{0, "0"},           {999, "999"},
                                          {1000, "1,000"},    {-1234567, "-1,234,567"},
                                          {1e6, "1,000,000"}, {999999.6, "1,000,000"},
                                          {NAN, "-"},         {INFINITY, "-"}};
    static const struct shown percents[] = {
        {1, " 100.00 %"}, {0.00004, "   0.00 %"}, {NAN, "      -  "}};
    expect_shown(report_whole, wholes, sizeof wholes / sizeof *wholes);
    expect_shown(report_percent, percents, sizeof percents / sizeof *percents);
    char text[REPORT_TEXT_BYTES];
    report_rate(0.5, 0.01, text);
    cr_expect_str_eq(text, "50.0 ± 1.0");
    report_rate(0.5, NAN, text);
    cr_expect_str_eq(text, "   50.00       ");
    report_rate(NAN, 0.5, text);
    cr_expect_str_eq(text, "       -       ");
}
