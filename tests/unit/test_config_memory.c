/* Running out of memory: each allocation of the room config fails once; nothing leaks or crashes.
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <retake/config/csv.h>
#include <retake/config/scenario.h>

#include "memory.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A scenario that takes many blocks of the arena. */
static char *large_scenario(void)
{
    char *text = malloc(2 << 20);
    cr_assert_not_null(text);
    size_t n = (size_t)sprintf(text, "exam.form: normal\npopulation:\n  groups:\n");
    for (int i = 0; i < 1000; i++)
        n += (size_t)sprintf(text + n, "    group_%d: {weight: 1, theta_mean: 0.5}\n", i);
    n += (size_t)sprintf(text + n, "exam.content.domains:\n");
    for (int i = 0; i < 300; i++)
        n += (size_t)sprintf(text + n, "    domain_%d: {min_items: 1}\n", i);
    n += (size_t)sprintf(text + n, "title: ");
    memset(text + n, 'x', 200000);
    strcpy(text + n + 200000, "\n");
    return text;
}

static enum err_code load_and_set(const char *text, size_t fail_after)
{
    struct scenario s;
    struct err err = {0};
    memory_left = fail_after;
    if (config_scenario_parse("a.yaml", text, strlen(text), &s, &err) == ERR_OK)
        for (int i = 0; i < 1000 && err.code == ERR_OK; i++)
            config_scenario_set(
                &s, i % 2 ? "title=another title" : "exam.content.domains.new.target=0.5", &err);
    memory_left = SIZE_MAX;
    config_scenario_free(&s);
    cr_expect(err.code == ERR_OK || err.code == ERR_MEMORY, "%s", err.detail);
    return err.code;
}

Test(config_memory, a_scenario_reports_it)
{
    char *text = large_scenario();
    size_t n = 0;
    while (load_and_set(text, n) != ERR_OK)
        n++;
    cr_expect_gt(n, 10);
    free(text);
}

static enum err_code parse_csv(const char *text, size_t fail_after)
{
    struct arena arena = {0};
    struct csv_table table;
    struct err err = {0};
    memory_left = fail_after;
    config_csv_parse("a.csv", text, strlen(text), &arena, &table, &err);
    memory_left = SIZE_MAX;
    arena_free(&arena);
    cr_expect(err.code == ERR_OK || err.code == ERR_MEMORY, "%s", err.detail);
    return err.code;
}

Test(config_memory, a_table_reports_it)
{
    enum { N_COLUMNS = 20000 };
    char *text = malloc(10 * N_COLUMNS);
    size_t n = 0, n_failures = 0;
    cr_assert_not_null(text);
    for (int i = 0; i < N_COLUMNS; i++)
        n += (size_t)sprintf(text + n, "%sc%d", i ? "," : "", i);
    while (parse_csv(text, n_failures) != ERR_OK)
        n_failures++;
    cr_expect_geq(n_failures, 3);
    free(text);
}
