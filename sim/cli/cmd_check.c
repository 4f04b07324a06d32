/* retake check: everything that a run would check, without running.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/engine/plan.h>

#include <stdio.h>

#include "commands.h"
#include "options.h"

static const char usage[] =
    "usage: retake check SCENARIO.yaml [--set key=value]... [--rules FILE.so]\n"
    "Reads the scenario and its bank and checks all that a run would check.\n";

static void describe(const struct engine_plan *plan)
{
    const struct scenario *s = plan->scenario;
    printf("%s: ok\n", s->path);
    if (s->title[0])
        printf("  %s\n", s->title);
    printf("  %lld candidates in %zu group%s, up to %u attempts\n", (long long)s->engine_candidates,
           s->n_groups, s->n_groups == 1 ? "" : "s", plan->pathway.max_attempts);
    if (plan->pathway.cat)
        printf("  %zu scored and %zu pilot items in %zu domain%s (%s)\n",
               plan->bank.n_items - plan->bank.n_pilots, plan->bank.n_pilots, plan->bank.n_domains,
               plan->bank.n_domains == 1 ? "" : "s", plan->bank.path);
}

static void check(const struct cli_source *source, struct err *err)
{
    struct scenario scenario = {0};
    struct engine_plan plan = {0};
    if (cli_source_load(source, &scenario, err) == ERR_OK &&
        engine_plan_init(&scenario, &plan, err) == ERR_OK)
        describe(&plan);
    engine_plan_free(&plan);
    config_scenario_free(&scenario);
}

int cmd_check(int argc, char **argv)
{
    struct err err = {0};
    struct cli_source source = {0};
    const struct cli_option rows[] = {CLI_SOURCE(&source), {0}};
    const struct cli_command command = {"check", usage, rows, .word = "scenario"};
    if (cli_source_read(&command, argc, argv, &source, &err))
        check(&source, &err);
    return cli_end(&err);
}
