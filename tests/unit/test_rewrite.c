/* Scenarios written anew: values in their old places, comments kept, what reads back is the same.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/config/rewrite.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Parse, set, write anew under new_path; what came is expected, or ends with it. */
static void rewrite(const char *source, const char *path, const char *set, const char *new_path,
                    const char *expected, bool is_end)
{
    struct scenario s;
    struct err err = {0};
    struct arena arena = {0};
    char *out = NULL;
    cr_assert_eq(config_scenario_parse(path, source, strlen(source), &s, &err), ERR_OK, "%s",
                 err.detail);
    if (*set)
        cr_assert_eq(config_scenario_set(&s, set, &err), ERR_OK, "%s", err.detail);
    cr_assert_eq(config_scenario_rewrite(&s, new_path, &arena, &out, &err), ERR_OK, "%s",
                 err.detail);
    size_t n = strlen(out), n_expected = strlen(expected);
    cr_expect(n == n_expected || (is_end && n > n_expected), "%s", out);
    cr_expect_str_eq(out + (n > n_expected ? n - n_expected : 0), expected, "%s", out);
    arena_free(&arena);
    config_scenario_free(&s);
}

static void expect(const char *source, const char *path, const char *set, const char *new_path,
                   const char *expected)
{
    rewrite(source, path, set, new_path, expected, false);
}

Test(rewrite, a_value_changes_in_its_place)
{
    expect("# été\npolicy: {wait_days: 15, fee: 88} # rule\n", "a.yaml", "policy.wait_days=7.5",
           "b.yaml", "# été\npolicy: {wait_days: 7.5, fee: 88} # rule\n");
}

Test(rewrite, text_that_is_not_touched_stays)
{
    const char *source = "title: \"a # b\" # c\npolicy:\n  fee: 1e2\n\n# end";
    expect(source, "a.yaml", "", "b.yaml", source);
}

Test(rewrite, quoted_and_plain_words_are_replaced_whole)
{
    expect("title: \"a \\\" # b\" # c\n", "a.yaml", "title=new", "b.yaml", "title: new # c\n");
    expect("title: 'a # b' # c\n", "a.yaml", "title=new", "b.yaml", "title: new # c\n");
    expect("title: old one # c\n", "a.yaml", "title=new", "b.yaml", "title: new # c\n");
}

Test(rewrite, a_key_that_the_file_lacks_is_added)
{
    expect("policy: {fee: 88}", "a.yaml", "study.repair_per_hour=0.25", "b.yaml",
           "policy: {fee: 88}\nstudy.repair_per_hour: 0.25\n");
    expect("policy.fee: 88\n", "a.yaml", "exam.content.domains.x.target=1", "b.yaml",
           "policy.fee: 88\nexam.content.domains.x.target: 1\nexam.content.domains.x.min_items: 0\n"
           "exam.content.domains.x.max_items: none\n");
}

Test(rewrite, what_cannot_be_edited_becomes_a_list)
{
    rewrite("{policy: {fee: 88}}\n", "a.yaml", "leave.after_fail=0.5", "b.yaml",
            "\nleave.after_fail: 0.5\n", true);
}

Test(rewrite, files_stay_where_they_are)
{
    char root[] = "/tmp/retake-rewrite-XXXXXX", path[4][64];
    static const char *const names[] = {"in", "in/banks", "out", "out/deep"};
    cr_assert_not_null(mkdtemp(root));
    for (int i = 0; i < 4; i++) {
        snprintf(path[i], sizeof path[i], "%s/%s", root, names[i]);
        cr_assert_eq(mkdir(path[i], 0700), 0);
    }
    char source[80], target[80];
    snprintf(source, sizeof source, "%s/a.yaml", path[0]);
    snprintf(target, sizeof target, "%s/b.yaml", path[3]);
    expect("bank: banks/x.csv\n", source, "", target, "bank: ../../in/banks/x.csv\n");
    snprintf(target, sizeof target, "%s/b.yaml", path[0]);
    expect("bank: banks/x.csv\n", source, "", target, "bank: banks/x.csv\n");
    snprintf(target, sizeof target, "%s/b.yaml", root);
    expect("bank: 'banks/x.csv'\n", source, "", target, "bank: in/banks/x.csv\n");
    expect("bank: /banks/x.csv\n", source, "", target, "bank: /banks/x.csv\n");
    expect("population: {groups: {a: {theta_file: banks/t.csv}}}\n", source, "", target,
           "population: {groups: {a: {theta_file: in/banks/t.csv}}}\n");
    for (int i = 4; i-- > 0;)
        rmdir(path[i]);
    rmdir(root);
}

static void expect_from_here(const char *assignment, const char *scenario, const char *expected)
{
    struct arena arena = {0};
    const char *out = config_assignment_from_here(assignment, scenario, &arena);
    cr_assert_not_null(out);
    cr_expect_str_eq(out, expected);
    arena_free(&arena);
}

/* A command line in the folder "here", beside which the scenario's folder "in" lies. */
Test(rewrite, files_of_a_command_line_are_meant_from_here)
{
    char root[] = "/tmp/retake-rewrite-XXXXXX", expected[128];
    cr_assert_not_null(mkdtemp(root));
    cr_assert_eq(chdir(root), 0);
    cr_assert(mkdir("in", 0700) == 0 && mkdir("here", 0700) == 0 && chdir("here") == 0);
    expect_from_here("bank=x.csv", "../in/a.yaml", "bank=../here/x.csv");
    expect_from_here(" bank = 'x y.csv' ", "../in/a.yaml", " bank =../here/x y.csv");
    expect_from_here("bank=../in/x.csv", "../in/a.yaml", "bank=x.csv");
    expect_from_here("bank=#1.csv", "../in/a.yaml", "bank=\"../here/#1.csv\"");
    expect_from_here("population.groups.a.theta_file=x.csv", "../in/a.yaml",
                     "population.groups.a.theta_file=../here/x.csv");
    expect_from_here("engine.library.folder=.", "../in/a.yaml", "engine.library.folder=../here/.");
    expect_from_here("bank=x.csv", "a.yaml", "bank=x.csv");
    snprintf(expected, sizeof expected, "bank=%s/here/none/x.csv", root);
    expect_from_here("bank=none/x.csv", "../in/a.yaml", expected);
    static const char *const untouched[] = {"bank=/x.csv",  "bank=",     "bank",    "title=x.csv",
                                            "exam.sem=0.3", "bnk=x.csv", "bank=[a]"};
    for (size_t i = 0; i < sizeof untouched / sizeof *untouched; i++)
        expect_from_here(untouched[i], "../in/a.yaml", untouched[i]);
    cr_assert(chdir(root) == 0 && rmdir("in") == 0 && rmdir("here") == 0);
    rmdir(root);
}
