/* Content that no test can meet is refused, with the place and the key.
 * SPDX-License-Identifier: Apache-2.0 */
#include "policy.h"

#include <criterion/parameterized.h>

/* Eight scored items of domain a, four of b, and a pilot of b. */
static const char bank_csv[] =
    "id,b,domain,pilot\n1,0,a,0\n2,0,a,0\n3,0,a,0\n4,0,a,0\n5,0,a,0\n6,0,a,0\n7,0,a,0\n8,0,a,0\n"
    "9,0,b,0\n10,0,b,0\n11,0,b,0\n12,0,b,0\n13,0,b,1\n";

struct refusal {
    char exam[160], says[128]; /* what follows on line 2 of the scenario; "" = accepted */
};

ParameterizedTestParameters(content, feasibility)
{
    static struct refusal rows[] = {
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
    return cr_make_param_array(struct refusal, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct refusal *row, content, feasibility)
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
