/* The nearest known word or path.
 * SPDX-License-Identifier: Apache-2.0 */
#include "path.h"

#include <criterion/criterion.h>
#include <string.h>

static const char *const words[] = {"eap", "map", "ml", "wl", "confidence", "fail_below_minimum"};
enum { N_WORDS = sizeof words / sizeof *words };

Test(suggest, words)
{
    static const struct {
        const char *word, *nearest;
    } rows[] = {{"eapp", "eap"},
                {"EAP", "eap"},
                {"mpa", "map"},
                {"confidense", "confidence"},
                {"fail-below-minimum", "fail_below_minimum"},
                {"fail_below_minimun", "fail_below_minimum"},
                {"zzz", NULL},
                {"", NULL},
                {"x", NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *nearest = config_nearest_word(rows[i].word, words, N_WORDS);
        cr_expect_str_eq(nearest ? nearest : "-", rows[i].nearest ? rows[i].nearest : "-", "%s",
                         rows[i].word);
    }
    cr_expect_null(config_nearest_word("eap", words, 0));
}

Test(suggest, a_very_long_word_is_near_nothing)
{
    char word[5000];
    memset(word, 'a', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    cr_expect_null(config_nearest_word(word, words, N_WORDS));
    cr_expect_null(config_param_nearest(word));
    cr_expect_str_eq(config_path_hint(word).text, "");
}

Test(suggest, paths)
{
    static const struct {
        const char *path, *nearest;
    } rows[] = {{"policy.wait_day", "policy.wait_days"},
                {"polcy.wait_days", "policy.wait_days"},
                {"policy.wiat_days", "policy.wait_days"},
                {"policy.wait-days", "policy.wait_days"},
                {"wait_days", "policy.wait_days"},
                {"exam.wait_days", "policy.wait_days"},
                {"population.groups.rural.theta_mena", "population.groups.*.theta_mean"},
                {"policy.wait", "policy.wait_days"},
                {"policy.w", NULL},
                {"policy", NULL},
                {"exam.content.domains.a.min-items", "exam.content.domains.*.min_items"},
                {"exam.content.domain.a.min_items", "exam.content.domains.*.min_items"},
                {"exam.content.domains.a.weight", "exam.content.domains.*.target"},
                {"exam.content.domains.a.zzz", NULL},
                {"exam.zzzzz.rule", NULL},
                {"nonsense", NULL},
                {"", NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *nearest = config_param_nearest(rows[i].path);
        cr_expect_str_eq(nearest ? nearest : "-", rows[i].nearest ? rows[i].nearest : "-", "%s",
                         rows[i].path);
    }
}

Test(suggest, hints_know_sections_and_the_group_that_was_named)
{
    cr_expect_str_eq(config_path_hint("polcy").text, "; did you mean 'policy'?");
    cr_expect_str_eq(config_path_hint("exam.stp").text, "; did you mean 'exam.stop'?");
    cr_expect_str_eq(config_path_hint("population.groups.rural.theta_mena").text,
                     "; did you mean 'population.groups.rural.theta_mean'?");
    cr_expect_str_eq(config_path_hint("exam.content.domain.a.target").text,
                     "; did you mean 'exam.content.domains.NAME.target'?");
    cr_expect_str_eq(config_path_hint("exam.content.domain").text,
                     "; did you mean 'exam.content.domains'?");
    cr_expect_str_eq(config_path_hint("nonsense").text, "");
    cr_expect_str_eq(
        config_path_word_hint("lst", (const char *const[]){"none", "last", "all"}, 3).text,
        "; did you mean 'last'?");
}
