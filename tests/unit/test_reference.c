/* The reference of parameters: what a path selects, and the page.
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <retake/config/params.h>
#include <retake/config/reference.h>

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static bool describe(const char *key, size_t k, struct config_rule *out)
{
    static const struct config_rule rules[] = {
        {"one", "the first", NULL}, {"two", "the second", "exam.stop.se exam.stop.level"}};
    if (strcmp(key, "exam.stop.rule") != 0 || k >= 2)
        return false;
    *out = rules[k];
    return true;
}

/* What is printed for a path, or the page for "page"; the caller frees it. */
static char *printed(const char *path, size_t *n_params)
{
    char *text = NULL;
    size_t n_text;
    FILE *out = open_memstream(&text, &n_text);
    cr_assert_not_null(out);
    if (path && strcmp(path, "page") == 0)
        config_reference_markdown(describe, out);
    else
        *n_params = config_reference_print(path, describe, out);
    fclose(out);
    return text;
}

Test(reference, one_parameter)
{
    size_t n;
    char *text = printed("policy.wait_days", &n);
    cr_expect_eq(n, 1);
    cr_expect_eq(
        strncmp(text, "policy.wait_days: 15 day   (0 to 3650, or a list)  [rule]\n    ", 59), 0,
        "%s", text);
    free(text);
    text = printed("exam.stop.rule", &n);
    cr_expect_not_null(strstr(text, "(one, two)"), "%s", text);
    cr_expect_not_null(strstr(text, "        two                   the second\n"), "%s", text);
    cr_expect_not_null(strstr(text, "                      reads exam.stop.se exam.stop.level\n"));
    cr_expect_not_null(strstr(text, "any(RULE, RULE, ...)"));
    free(text);
    text = printed("exam.content.domains.a.max_items", &n);
    cr_expect_eq(strncmp(text, "exam.content.domains.*.max_items: none   (0 to 2000, or none)", 61),
                 0, "%s", text);
    free(text);
}

Test(reference, paths_select)
{
    static const struct {
        const char *path;
        size_t n;
    } rows[] = {{"exam.scale", 4},
                {"exam.content", 7},
                {"exam.content.domains", 3},
                {"exam.content.constraints", 3},
                {"exam.content.domains.scene", 3},
                {"exam.content.domains.scene.target", 1},
                {"population.groups", 13},
                {"population.groups.rural", 13},
                {"population.groups.rural.weight", 1},
                {"exam.st", 0},
                {"", 0},
                {"nonsense", 0}};
    size_t n, n_all;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        free(printed(rows[i].path, &n));
        cr_expect_eq(n, rows[i].n, "%s: %zu", rows[i].path, n);
    }
    config_params(&n_all);
    free(printed(NULL, &n));
    cr_expect_eq(n, n_all);
}

Test(reference, the_page_has_a_row_for_each_parameter_and_sections)
{
    size_t n, n_rows = 0;
    char *page = printed("page", NULL);
    config_params(&n);
    for (const char *at = page; (at = strstr(at, "\n| `")); at++)
        n_rows++;
    cr_expect_eq(n_rows, n);
    cr_expect_not_null(strstr(page, "\n## policy\n\n| key | in words | default |"));
    cr_expect_not_null(strstr(
        page, "| `policy.max_attempts` | attempts in all | `none` | 1 to 1000000, or none |"));
    cr_expect_not_null(strstr(page, "`population.groups.*` stands for each group by its name,\nand "
                                    "`exam.content.domains.*` for each content domain"));
    cr_expect_not_null(strstr(page, "\n### exam.stop.rule\n\n- `one`: the first\n"
                                    "- `two`: the second; reads `exam.stop.se`, "
                                    "`exam.stop.level`\n"));
    const char *once = strstr(page, "\n## exam\n");
    cr_expect(once && !strstr(once + 1, "\n## exam\n"));
    free(page);
}

Test(reference, hints)
{
    char hint[64];
    config_reference_hint("exam.stp", hint, sizeof hint);
    cr_expect_str_eq(hint, "; did you mean 'exam.stop'?");
    config_reference_hint("nonsense", hint, sizeof hint);
    cr_expect_str_eq(hint, "");
}
