/* Small policies for the tests of engine and study: YAML text to a plan, temporary files.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_UNIT_POLICY_H
#define RETAKE_UNIT_POLICY_H

#include <retake/engine/plan.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* No items: quick. */
#define POLICY_NORMAL "title: policy\nengine: {candidates: 5000, seed: 7}\nexam: {form: normal}\n"

/* An adaptive test on policy_bank(). */
#define POLICY_CAT                                                                                 \
    "engine: {candidates: 3000, seed: 7}\n"                                                        \
    "exam: {min_items: 5, max_items: 10, pilot_items: 2}\n"

/** A file of this content; unlink it after use. */
static inline void policy_file(const char *content, char path[256])
{
    const char *folder = getenv("TMPDIR");
    snprintf(path, 256, "%s/retake-policy-XXXXXX", folder ? folder : "/tmp");
    int descriptor = mkstemp(path);
    FILE *file = descriptor >= 0 ? fdopen(descriptor, "w") : NULL;
    cr_assert(file && fputs(content, file) >= 0 && fclose(file) == 0, "%s", path);
}

/** A bank of n scored items, difficulties from -1 to 1, and 4 pilots. */
static inline void policy_bank(int n, char path[256])
{
    char text[8192];
    int at = snprintf(text, sizeof text, "id,b,pilot\n");
    for (int i = 0; i < n + 4; i++)
        at += snprintf(text + at, sizeof text - (size_t)at, "I%d,%.3f,%d\n", i,
                       2.0 * (i % n) / n - 1, i >= n);
    cr_assert_lt((size_t)at, sizeof text);
    policy_file(text, path);
}

/** A scenario from text, with a bank where one is given. */
static inline void policy_scenario(const char *text, const char *bank, struct scenario *out)
{
    struct err err = {0};
    char set[512];
    config_scenario_parse("policy.yaml", text, strlen(text), out, &err);
    cr_assert_eq(err.code, ERR_OK, "%s", err.detail);
    if (!bank)
        return;
    snprintf(set, sizeof set, "bank=%s", bank);
    cr_assert_eq(config_scenario_set(out, set, &err), ERR_OK, "%s", err.detail);
}

static inline void policy_set(struct scenario *self, const char *assignment)
{
    struct err err = {0};
    cr_assert_eq(config_scenario_set(self, assignment, &err), ERR_OK, "%s", err.detail);
}

#endif
