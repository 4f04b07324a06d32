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
    int64_t candidate;
    bool json;
};

static bool parse(int argc, char **argv, struct options *self, struct err *err)
{
    const struct cli_option rows[] = {
        {"candidate", .whole = &self->candidate, .max = INT64_MAX, .needed = "--candidate N"},
        {"json", .flag = &self->json},
        CLI_SOURCE(&self->source),
        {0}};
    const struct cli_command command = {"trace", usage, rows, .word = "scenario"};
    return cli_source_read(&command, argc, argv, &self->source, err);
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
    return report_trace_text(&trace, stdout, err);
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
    struct err err = {.note = cli_note};
    struct options options = {0};
    if (parse(argc, argv, &options, &err))
        trace(&options, &err);
    return cli_end(&err);
}
