/* Content that no test can meet is refused, with the place and the key.
 * SPDX-License-Identifier: Apache-2.0 */
#include "policy.h"

#include <retake/irt/model.h>
#include <retake/study/pool.h>

/* Eight scored items of domain a, four of b, and a pilot of b. */
static const char bank_csv[] =
    "id,b,domain,pilot\n1,0,a,0\n2,0,a,0\n3,0,a,0\n4,0,a,0\n5,0,a,0\n6,0,a,0\n7,0,a,0\n8,0,a,0\n"
    "9,0,b,0\n10,0,b,0\n11,0,b,0\n12,0,b,0\n13,0,b,1\n";

struct refusal {
    char exam[160], says[128]; /* what follows on line 2 of the scenario; "" = accepted */
};

static void expect_feasibility(const struct refusal *row)
{
    char bank[256], text[512];
    struct scenario scenario;
    struct engine_plan plan;
    struct err err = {0};
    policy_file(bank_csv, bank);
    snprintf(text, sizeof text,
             "title: content\nexam: {min_items: 6, max_items: 10, pilot_items: 0, %s}\n",
             row->exam);
    policy_scenario(text, bank, &scenario);
    enum err_code code = engine_plan_init(&scenario, &plan, &err);
    if (row->says[0] == '\0') {
        cr_expect_eq(code, ERR_OK, "%s: %s", row->exam, err.detail);
    } else {
        cr_expect(code == ERR_INPUT || code == ERR_RANGE, "%s", row->exam);
        cr_expect(strstr(err.detail, row->says), "%s: wanted %s", err.detail, row->says);
    }
    engine_plan_free(&plan);
    config_scenario_free(&scenario);
    unlink(bank);
}

Test(content, feasibility)
{
    static const struct refusal rows[] = {
        {"content: {rule: kingsbury_zara, domains: {a: {target: 0.6}, b: {target: 0.4}}}", ""},
        {"content: {rule: kingsbury_zara, domains: {a: {target: 0.5}, b: {target: 0.5}}}",
         ":2:125: exam.content.domains.b.target: 5 items of 10 are wanted, but "},
        {"content: {rule: modified_multinomial, domains: {a: {target: 0.5}, b: {target: 0.5}}}",
         "exam.content.domains.b.target: 5 items of 10 are wanted"},
        {"content: {rule: kingsbury_zara}", "exam.content.rule: kingsbury_zara needs targets"},
        {"content: {rule: kingsbury_zara, domains: {a: {target: 0.6}, b: {target: 0.3}}}",
         "must be 1"},
        {"content: {rule: kingsbury_zara, domains: {a: {target: 0.6}, c: {target: 0.4}}}",
         "has no domain 'c'"},
        {"content: {rule: kingsbury_zara, domains: {a: {target: 0.6, max_items: 5}, b: {target: "
         "0.4}}}",
         "exam.content.domains.a.target: 0.6 of 10 items are 6, but the domain's max_items is 5"},
        {"content: {rule: kingsbury_zara, domains: {a: {target: 0.8}, b: {target: 0.2, min_items: "
         "3}}}",
         "exam.content.domains.b.target: 0.2 of 10 items are 2, but the domain's min_items is 3"},
        {"content: {domains: {b: {min_items: 4}}}", ""},
        {"content: {domains: {b: {min_items: 5}}}",
         ":2:88: exam.content.domains.b.min_items: 5 items of 10 are wanted"},
        {"content: {domains: {a: {min_items: 4}, b: {min_items: 3}}}",
         "exam.min_items: 6, but the domains' min_items sum to 7"},
        {"content: {domains: {a: {max_items: 5}}}",
         ":2:33: exam.max_items: 10, but the domains' max_items and the bank leave room for 9"},
        {"content: {domains: {a: {max_items: 6}}}", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_feasibility(&rows[i]);
}

/* Of two enemies one counts. */
Test(content, enemies_count_once)
{
    struct scenario scenario;
    struct irt_bank bank;
    struct cat_design design;
    struct err err = {0};
    policy_scenario("exam: {min_items: 6, max_items: 10, pilot_items: 0,\n"
                    "  content: {domains: {b: {min_items: 4}}}}\n",
                    NULL, &scenario);
    cr_assert_eq(irt_bank_parse("bank.csv", bank_csv, sizeof bank_csv - 1, &bank, &err), ERR_OK);
    bank.items[8].enemy = bank.items[9].enemy = 1;
    bank.n_enemies = 1;
    cr_expect_eq(cat_design_init(&scenario, &bank, &design, &err), ERR_INPUT);
    cr_expect(strstr(err.detail, "only 3 that one test can use"), "%s", err.detail);
    cat_design_free(&design);
    irt_bank_free(&bank);
    config_scenario_free(&scenario);
}

/* ---- the best item of the domain whose turn it is ---- */

static bool is_blocked(const struct cat_session *session, uint32_t item)
{
    return session->blocked[item >> 6] >> (item & 63) & 1;
}

/* By a scan of all items. */
static uint32_t best_of_domain(const struct cat_design *design, const struct cat_session *session,
                               uint16_t domain)
{
    uint32_t best = UINT32_MAX;
    double most = -1;
    for (uint32_t i = 0; i < design->n_scored; i++) {
        double information = irt_information(&design->items[i], session->seen.theta);
        if (design->items[i].domain == domain && !is_blocked(session, i) &&
            information > most * (1 + 1e-12)) {
            most = information;
            best = i;
        }
    }
    return best;
}

/* One session with a third of the items excluded; every choice against the scan. */
static void walk(const struct cat_design *design, struct cat_session *session, uint32_t number,
                 size_t n_domains)
{
    uint64_t excluded[8] = {0};
    struct rng rng = rng_published(number, 9);
    for (uint32_t i = 0; i < design->n_scored; i++)
        if (rng_below(&rng, 3) == 0)
            excluded[i >> 6] |= UINT64_C(1) << (i & 63);
    cat_session_begin(design, rng_published(number, 1), excluded, session);
    while (session->stop == CAT_GOING) {
        uint32_t wanted[8];
        for (uint16_t d = 0; d < n_domains; d++)
            wanted[d] = best_of_domain(design, session, d);
        cat_sessions_select(design, &session, 1);
        cr_assert_eq(session->stop, CAT_GOING);
        cr_assert_eq(session->item, wanted[design->items[session->item].domain], "session %u",
                     number);
        uint8_t answer = (uint8_t)rng_below(&rng, 2);
        cat_sessions_record(design, &session, 1, &answer, NULL);
    }
}

static void check_choices(enum study_model model)
{
    struct study_pool pool = study_pool_emr();
    struct scenario scenario;
    struct irt_bank bank;
    struct cat_design design;
    struct cat_workspace workspace;
    struct err err = {0};
    char *csv = NULL;
    size_t n_bytes = 0;
    pool.model = model;
    pool.n_items = 400;
    pool.n_pilots = 0;
    policy_scenario("exam:\n  min_items: 60\n  max_items: 60\n  pilot_items: 0\n"
                    "  time_limit_min: none\n  content:\n    rule: kingsbury_zara\n    domains:\n"
                    "      scene: {target: 0.2}\n      primary_assessment: {target: 0.4}\n"
                    "      secondary_assessment: {target: 0.05}\n"
                    "      treatment_transport: {target: 0.25}\n      operations: {target: 0.1}\n",
                    NULL, &scenario);
    cr_assert_eq(study_pool_csv(&pool, &csv, &n_bytes, &err), ERR_OK);
    cr_assert_eq(irt_bank_parse("pool", csv, n_bytes, &bank, &err), ERR_OK);
    cr_assert_eq(cat_design_init(&scenario, &bank, &design, &err), ERR_OK, "%s", err.detail);
    cr_assert_eq(cat_workspace_init(&design, 1, &workspace, &err), ERR_OK);
    for (uint32_t number = 0; number < 200; number++)
        walk(&design, workspace.sessions, number, bank.n_domains);
    cat_workspace_free(&workspace);
    cat_design_free(&design);
    irt_bank_free(&bank);
    config_scenario_free(&scenario);
    free(csv);
}

Test(content, best_of_the_domain_in_a_rasch_pool)
{
    check_choices(STUDY_RASCH);
}

Test(content, best_of_the_domain_in_a_3pl_pool)
{
    check_choices(STUDY_3PL);
}
