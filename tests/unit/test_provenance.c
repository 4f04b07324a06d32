/* What a result says of the parameters of its run: each of them, and each member of a family.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/config/params.h>
#include <retake/study/single.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const struct store_attribute *find(const struct store_result *result, const char *name)
{
    for (size_t i = 0; i < result->provenance.n_attributes; i++)
        if (strcmp(result->provenance.attributes[i].name, name) == 0)
            return &result->provenance.attributes[i];
    return NULL;
}

static void run(const char *text, struct scenario *scenario, struct store_result *out)
{
    struct engine_options options = {.n_threads = 1};
    struct err err = {0};
    cr_assert_eq(config_scenario_parse("a.yaml", text, strlen(text), scenario, &err), ERR_OK, "%s",
                 err.detail);
    cr_assert_eq(study_single_run(scenario, &options, "test", out, &err), ERR_OK, "%s", err.detail);
}

Test(provenance, every_value_of_every_parameter_is_recorded)
{
    struct scenario s;
    struct store_result result;
    char name[512];
    size_t n;
    const struct param *params = config_params(&n);
    run("{exam: {form: normal, content: {domains: {scene: {target: 0.25, max_items: 9}, b-2: "
        "{}}}},\n"
        "engine.candidates: 256, population: {groups: {urban: {}, rural: {weight: 2}}}}",
        &s, &result);
    for (size_t i = 0; i < n; i++)
        for (size_t m = 0; m < config_param_n_members(&params[i], &s); m++) {
            config_param_path(&params[i], &s, m, name, sizeof name);
            cr_expect_not_null(find(&result, name), "%s", name);
        }
    cr_expect_eq(find(&result, "population.groups.rural.weight")->number, 2);
    cr_expect_eq(find(&result, "exam.content.domains.scene.target")->number, 0.25);
    cr_expect_eq(find(&result, "exam.content.domains.b-2.min_items")->number, 0);
    cr_expect_str_eq(find(&result, "exam.content.domains.scene.max_items")->text, "9");
    cr_expect_str_eq(find(&result, "exam.content.domains.b-2.max_items")->text, "none");
    cr_expect_str_eq(find(&result, "exam.estimate.quadrature")->text, "trapezoid");
    store_result_free(&result);
    config_scenario_free(&s);
}

/* Their number is not bounded by that of the parameters. */
Test(provenance, there_is_room_for_many_members)
{
    struct scenario s;
    struct store_result result;
    static char text[100000] =
        "{exam.form: normal, engine.candidates: 256, exam.content.domains: {";
    for (int i = 0; i < 1000; i++)
        sprintf(text + strlen(text), "%sd%d: {}", i ? ", " : "", i);
    strcat(text, "}}");
    run(text, &s, &result);
    cr_expect_not_null(find(&result, "exam.content.domains.d999.target"));
    cr_expect_gt(result.provenance.n_attributes, 3000);
    store_result_free(&result);
    config_scenario_free(&s);
}
