/* Families of named sections: their members by index and by name.
 * SPDX-License-Identifier: Apache-2.0 */
#include "family.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static void parse(const char *text, struct scenario *self)
{
    struct err err = {0};
    cr_assert_eq(config_scenario_parse("a.yaml", text, strlen(text), self, &err), ERR_OK, "%s",
                 err.detail);
}

Test(family, every_family_is_complete)
{
    for (int i = FAMILY_NONE + 1; i < N_FAMILIES; i++) {
        const struct param_family *family = config_family((enum family)i);
        cr_expect(family->path && family->word && family->default_name && family->doc);
        cr_expect_geq(family->member_size, sizeof(const char *));
    }
    cr_expect_eq(config_family(FAMILY_DOMAIN)->member_size, sizeof(struct scenario_domain));
}

Test(family, a_scenario_has_one_member_of_no_family_itself)
{
    struct scenario s;
    parse("exam.form: normal", &s);
    cr_expect_eq(config_family_n_members(&s, FAMILY_NONE), 1);
    cr_expect_eq(config_family_member(&s, FAMILY_NONE, 0), (void *)&s);
    cr_expect_eq(config_family_n_members(&s, FAMILY_GROUP), 1);
    cr_expect_str_eq(config_family_name(&s, FAMILY_GROUP, 0), "all");
    cr_expect_eq(config_family_n_members(&s, FAMILY_DOMAIN), 0);
    config_scenario_free(&s);
}

Test(family, members_are_found_by_their_whole_name)
{
    struct scenario s;
    parse("{exam.form: normal, exam.content.domains: {ab: {}, a: {}, abc: {}}}", &s);
    cr_expect_eq(config_family_find(&s, FAMILY_DOMAIN, "a.target", 1), 1);
    cr_expect_eq(config_family_find(&s, FAMILY_DOMAIN, "ab.target", 2), 0);
    cr_expect_eq(config_family_find(&s, FAMILY_DOMAIN, "abc", 3), 2);
    cr_expect_eq(config_family_find(&s, FAMILY_DOMAIN, "abcd", 4), 3);
    cr_expect_eq(config_family_find(&s, FAMILY_DOMAIN, "all", 3), 3);
    cr_expect_eq(config_family_member(&s, FAMILY_DOMAIN, 2), (void *)&s.domains[2]);
    config_scenario_free(&s);
}

Test(family, members_keep_their_values_while_others_are_added_up_to_a_limit)
{
    struct scenario s;
    struct err err = {0};
    char name[32];
    parse("exam.form: normal", &s);
    for (int i = 0; i < CONFIG_MAX_MEMBERS; i++) {
        int n = sprintf(name, "d%d", i);
        cr_assert_eq(config_family_add(&s, FAMILY_DOMAIN, name, (size_t)n, &err), ERR_OK);
        s.domains[i].min_items = i;
    }
    cr_expect_eq(config_family_add(&s, FAMILY_DOMAIN, "x", 1, &err), ERR_INPUT);
    cr_expect_str_eq(err.detail, "more than 10000 domains");
    cr_assert_eq(s.n_domains, CONFIG_MAX_MEMBERS);
    for (int i = 0; i < CONFIG_MAX_MEMBERS; i++) {
        sprintf(name, "d%d", i);
        cr_assert_str_eq(s.domains[i].name, name);
        cr_assert(s.domains[i].min_items == i && isinf(s.domains[i].max_items));
    }
    config_family_truncate(&s, FAMILY_DOMAIN, 3);
    cr_expect_eq(s.n_domains, 3);
    config_scenario_free(&s);
}
