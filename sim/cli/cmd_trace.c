/* retake trace: one candidate's dated journey.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/engine/plan.h>
#include <retake/report/trace.h>

#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "options.h"

static const char usage[] =
    "usage: retake trace SCENARIO.yaml --candidate N [options]\n"
    "Prints the journey of candidate N (from 0), who is the same person as in retake run.\n"
    "  --json            one JSON object\n"
    "  --set key=value   change a parameter; may be repeated\n"
    "  --rules FILE.so   rules from outside the tree\n"
    "Exit status: 0 done, 1 failure, 2 usage, 65 bad input.\n";

struct options {
    struct cli_source source;
    int64_t candidate; /* -1: not given */
    bool json, help;
};

static enum err_code parse(int argc, char **argv, struct options *self, struct err *err)
{
    static const struct option longs[] = {{"candidate", required_argument, NULL, 'c'},
                                          {"json", no_argument, NULL, 'j'},
                                          CLI_SOURCE_OPTIONS,
                                          {"help", no_argument, NULL, 'h'},
                                          {0}};
    opterr = 0;
    optind = 1;
    for (int c; (c = getopt_long(argc, argv, ":h", longs, NULL)) != -1 && !err->code;) {
        if (c == 'c')
            cli_whole_number("--candidate", optarg, 0, INT64_MAX, &self->candidate, err);
        else if (c == 'j')
            self->json = true;
        else if (c == 'h')
            self->help = true;
        else if (!cli_source_option(c, &self->source, err))
            cli_wrong_option("trace", c, argv, longs, err);
    }
    if (!err->code && !self->help && optind != argc - 1)
        err_set(err, ERR_USAGE, "trace: exactly one scenario is needed; retake trace --help");
    if (!err->code && !self->help && self->candidate < 0)
        err_set(err, ERR_USAGE, "trace: --candidate N is needed; retake trace --help");
    self->source.scenario = optind < argc ? argv[optind] : NULL;
    return err->code;
}

static enum err_code show(const struct options *self, const struct engine_plan *plan,
                          struct pathway_workspace *workspace, struct pathway_log *log,
                          struct err *err)
{
    if (!workspace || !log->events)
        return err_set(err, ERR_MEMORY, "no memory for a journey");
    pathway_workspace_log(workspace, log);
    const struct pathway_outcomes *all =
        pathway_journeys(&plan->pathway, (uint64_t)self->candidate, 1, workspace);
    const struct report_trace trace = {.design = &plan->pathway,
                                       .candidate = (uint64_t)self->candidate,
                                       .outcome = &all->outcomes[0],
                                       .sittings = all->sittings,
                                       .log = log};
    if (self->json)
        return report_trace_json(&trace, stdout, err);
    report_trace_text(&trace, stdout);
    return ERR_OK;
}

static enum err_code trace(struct options *self, struct err *err)
{
    struct scenario scenario = {0};
    struct engine_plan plan = {0};
    struct pathway_workspace *workspace = NULL;
    struct pathway_log log = {0};
    if (cli_source_load(&self->source, &scenario, err) != ERR_OK ||
        engine_plan_init(&scenario, &plan, err) != ERR_OK)
        goto out;
    log.capacity = 64 + 16 * (size_t)plan.pathway.max_attempts;
    log.events = calloc(log.capacity, sizeof *log.events);
    workspace = pathway_workspace_new(&plan.pathway, 1, 1);
    show(self, &plan, workspace, &log, err);
out:
    pathway_workspace_free(workspace);
    free(log.events);
    engine_plan_free(&plan);
    config_scenario_free(&scenario);
    return err->code;
}

int cmd_trace(int argc, char **argv)
{
    struct err err = {0};
    struct options options = {.candidate = -1};
    if (parse(argc, argv, &options, &err) == ERR_OK && !options.help)
        trace(&options, &err);
    if (options.help && !err.code)
        fputs(usage, stdout);
    return err.code ? cli_fail(&err) : 0;
}
