/* Rows of microdata: which are kept, and that rounding to 32 bits never crosses a cut.
 * SPDX-License-Identifier: Apache-2.0 */
#include "policy.h"

#include <retake/engine/plan.h>
#include <retake/tally/micro_rows.h>

#include <math.h>

static void parse(const char *words, struct tally_micro_keep *out)
{
    struct err err = {0};
    *out = (struct tally_micro_keep){0};
    cr_assert_eq(tally_micro_keep_parse(words, out, &err), ERR_OK, "%s", err.detail);
}

Test(micro_rows, words_are_read_and_written)
{
    struct tally_micro_keep keep;
    char text[96];
    parse("every=100,failed,attempt>=2", &keep);
    cr_expect(keep.every == 100 && keep.only_failed && keep.from_attempt == 2);
    tally_micro_keep_format(&keep, text);
    cr_expect_str_eq(text, "attempt>=2,failed,every=100");
    tally_micro_keep_format(&(struct tally_micro_keep){.every = 1, .from_attempt = 1}, text);
    cr_expect_str_eq(text, "all");
}

Test(micro_rows, other_words_are_refused)
{
    static const char *const words[] = {"",
                                        "attempt>=0",
                                        "attempt>=201",
                                        "attempt>=x",
                                        "every=",
                                        "every=-3",
                                        "every=1x",
                                        "failed,",
                                        "fail",
                                        "failed2",
                                        "attempt>2",
                                        "every= 3",
                                        "every=99999999999999999999"};
    for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
        struct tally_micro_keep keep = {0};
        struct err err = {0};
        cr_expect_eq(tally_micro_keep_parse(words[k], &keep, &err), ERR_USAGE, "'%s'", words[k]);
    }
}

/* Column by name; NULL where the run has it not. */
static const void *column(const struct tally_micro_schema *schema,
                          const struct tally_micro_rows *rows, int table, const char *name)
{
    for (size_t k = 0; k < schema->tables[table].n_columns; k++)
        if (strcmp(schema->tables[table].columns[k].name, name) == 0)
            return rows->values[table][k];
    return NULL;
}

/* Two candidates: two sittings, and none. */
static void two_candidates(struct pathway_outcome outcomes[2], struct pathway_sitting sittings[2],
                           struct pathway_outcomes *out)
{
    outcomes[0] =
        (struct pathway_outcome){.n_sittings = 2, .certified_day = 30, .licensed_day = -1};
    outcomes[1] = (struct pathway_outcome){
        .end = PATHWAY_NEVER_TESTED, .first_sitting = 2, .certified_day = -1, .licensed_day = -1};
    sittings[0] = (struct pathway_sitting){.score = nextafter(950, 0), .theta = -1e-300};
    sittings[1] = (struct pathway_sitting){
        .score = 950, .theta = 0, .se = INFINITY, .proficiency = -0.1, .passed = true, .day = 17};
    *out = (struct pathway_outcomes){
        .n = 2, .outcomes = outcomes, .n_sittings = 2, .sittings = sittings};
}

static struct tally_micro_rows *rows_of(const char *words, struct tally_micro_schema *schema)
{
    struct pathway_outcome outcomes[2];
    struct pathway_sitting sittings[2];
    struct pathway_outcomes out;
    struct tally_micro_keep keep = {0};
    struct scenario scenario;
    struct engine_plan plan;
    struct err err = {0};
    if (words)
        parse(words, &keep);
    policy_scenario(POLICY_NORMAL, NULL, &scenario);
    cr_assert_eq(engine_plan_init(&scenario, &plan, &err), ERR_OK, "%s", err.detail);
    cr_assert_eq(tally_micro_schema_init(&plan.shape, &keep, schema, &err), ERR_OK);
    two_candidates(outcomes, sittings, &out);
    struct tally_micro_rows *rows = tally_micro_rows_of(schema, &out, 10);
    cr_assert(rows);
    engine_plan_free(&plan);
    config_scenario_free(&scenario);
    return rows;
}

Test(micro_rows, rounding_stays_below)
{
    struct tally_micro_schema schema;
    struct tally_micro_rows *rows = rows_of(NULL, &schema);
    const float *score = column(&schema, rows, 1, "score");
    const float *estimate = column(&schema, rows, 1, "theta_estimate");
    const float *theta = column(&schema, rows, 1, "theta");
    const float *se = column(&schema, rows, 1, "theta_se");
    cr_expect(score[0] < 950 && score[0] > 949.999F);
    cr_expect_eq(score[1], 950);
    cr_expect(estimate[0] < 0 && estimate[0] > -1e-40F);
    cr_expect_eq(estimate[1], 0);
    cr_expect((double)theta[1] <= -0.1 && (double)theta[1] > -0.1000001);
    cr_expect(isinf(se[1]));
    cr_expect_null(column(&schema, rows, 1, "n_scored"), "an exam without items has none");
    cr_expect_null(column(&schema, rows, 1, "minutes"));
    free(rows);
    tally_micro_schema_free(&schema);
}

static void expect_rows(const char *words, size_t n_candidates, size_t n_sittings)
{
    struct tally_micro_schema schema;
    struct tally_micro_rows *rows = rows_of(words, &schema);
    cr_expect(rows->first == 10 && rows->n_candidates == 2);
    cr_expect_eq(rows->n[0], n_candidates, "%s: %zu candidates", words, rows->n[0]);
    cr_expect_eq(rows->n[1], n_sittings, "%s: %zu sittings", words, rows->n[1]);
    free(rows);
    tally_micro_schema_free(&schema);
}

Test(micro_rows, filters)
{
    expect_rows(NULL, 2, 2);
    expect_rows("failed", 1, 1);
    expect_rows("attempt>=2", 1, 1);
    expect_rows("attempt>=2,failed", 0, 0);
    expect_rows("every=11", 1, 0); /* candidate 11, who never sat */
    expect_rows("every=10", 1, 2);
}
