/* retake check: everything that a run would check, without running.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/engine/plan.h>

#include <stdio.h>

#include "commands.h"
#include "options.h"

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

struct check {
    struct cli_source source;
    bool help;
};

static enum err_code parse(int argc, char **argv, struct check *self, struct err *err)
{
    static const struct option longs[] = {
        CLI_SOURCE_OPTIONS, {"help", no_argument, NULL, 'h'}, {0}};
    opterr = 0;
    optind = 1;
    for (int c; (c = getopt_long(argc, argv, ":h", longs, NULL)) != -1;) {
        if (c == 'h')
            self->help = true;
        else if (!cli_source_option(c, &self->source, err))
            cli_wrong_option("check", c, argv, longs, err);
    }
    if (!err->code && !self->help && optind != argc - 1)
        err_set(err, ERR_USAGE, "check: exactly one scenario is needed; retake check --help");
    self->source.scenario = optind < argc ? argv[optind] : NULL;
    return err->code;
}

static void check(struct check *self, struct err *err)
{
    struct scenario scenario = {0};
    struct engine_plan plan = {0};
    if (cli_source_load(&self->source, &scenario, err) == ERR_OK &&
        engine_plan_init(&scenario, &plan, err) == ERR_OK)
        describe(&plan);
    engine_plan_free(&plan);
    config_scenario_free(&scenario);
}

int cmd_check(int argc, char **argv)
{
    struct err err = {0};
    struct check self = {0};
    if (parse(argc, argv, &self, &err) == ERR_OK && !self.help)
        check(&self, &err);
    if (self.help)
        puts("usage: retake check SCENARIO.yaml [--set key=value]... [--rules FILE.so]\n"
             "Reads the scenario and its bank and checks all that a run would check.");
    return err.code && !self.help ? cli_fail(&err) : 0;
}
