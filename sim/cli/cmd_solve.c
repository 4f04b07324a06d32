/* retake solve: the value of one parameter at which a statistic reaches a target.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/plain.h>
#include <retake/report/solution.h>

#include <stdio.h>

#include "commands.h"
#include "deliver.h"
#include "interrupt.h"
#include "options.h"
#include "progress.h"

static const char usage[] =
    "usage: retake solve SCENARIO.yaml --free KEY=LOW:HIGH --target ADDRESS=VALUE [options]\n"
    "Finds the value of one parameter at which a statistic reaches a target, with its interval,\n"
    "by root finding on common random numbers. docs/solve.md.\n"
    "  --free KEY=LOW:HIGH     the parameter and the range to search; real or whole\n"
    "  --target ADDRESS=VALUE  such as false_pass_rate[attempt=3]=0.05; of a whole number also\n"
    "                          <= and >=: the nearest value that keeps to it\n"
    "  -o, --output SOLVED.yaml   the scenario with the value found\n"
    "  --json                  the report as one JSON object\n"
    "  --candidates N          candidates of the last evaluations (default 200000), the same as\n"
    "                          --set engine.candidates=N; the scan takes a sixteenth of them\n"
    "  --seed S                seed of the search (default: the scenario's)\n"
    "  --threads T             threads (default: all processors); the value does not depend on it\n"
    "  --set key=value         change another parameter; may be repeated. With\n"
    "                          engine.sessions=exact nothing is simulated\n"
    "  --rules FILE.so         rules from outside the tree: "
    "docs/recipes/rules-from-outside-the-tree.md\n"
    "Exit status: 0 done, 1 failure, 2 usage, 65 bad input or a target that is not reached in the\n"
    "range, 74 cannot write, 130 interrupted.\n";

enum { DEFAULT_CANDIDATES = 200000 };

struct options {
    struct cli_source source;
    const char *free, *target, *output;
    int64_t n_threads, n_candidates, seed; /* 0, 0, -1: not given */
    bool json;
};

static enum err_code take_free(const struct cli_option *row, const char *argument, struct err *err)
{
    struct options *self = row->to;
    if (self->free)
        return err_set(err, ERR_USAGE, "--free: one parameter can be solved for");
    self->free = argument;
    return ERR_OK;
}

static bool parse(int argc, char **argv, struct options *self, struct err *err)
{
    const struct cli_option rows[] = {
        {"output", .text = &self->output, .may_be_stdout = true},
        {"free", .take = take_free, .to = self, .needed = "--free KEY=LOW:HIGH"},
        {"target", .text = &self->target, .needed = "--target ADDRESS=VALUE"},
        CLI_SOURCE(&self->source),
        {"candidates", .whole = &self->n_candidates, .min = 1, .max = INT64_MAX},
        {"seed", .whole = &self->seed, .min = 0, .max = INT64_MAX},
        CLI_THREADS(&self->n_threads),
        {"json", .flag = &self->json},
        {0}};
    const struct cli_command command = {"solve", usage, rows, .word = "scenario"};
    return cli_source_read(&command, argc, argv, &self->source, err);
}

static void show(const struct study_solve_point *at, void *context)
{
    (void)context;
    cli_progress_step(report_solution_at(at).text);
}

/* The scenario's own number is for runs. */
static uint64_t n_candidates(const struct options *self, const struct scenario *scenario)
{
    if (self->n_candidates > 0)
        return (uint64_t)self->n_candidates;
    return cli_source_says(&self->source, "engine.candidates")
               ? (uint64_t)scenario->engine_candidates
               : DEFAULT_CANDIDATES;
}

static enum err_code find(const struct options *self, struct scenario *scenario,
                          const struct study_question *question, struct study_solution *out,
                          struct err *err)
{
    const struct study_solve_options options = {
        .n_candidates = n_candidates(self, scenario),
        .seed = (uint64_t)(self->seed >= 0 ? self->seed : scenario->engine_seed),
        .n_threads = (int)self->n_threads,
        .progress = show,
        .stop = cli_interrupt_catch(false)};
    study_solve(scenario, question, &options, out, err);
    cli_progress_clear();
    return err->code;
}

static enum err_code write_scenario(const struct options *self,
                                    const struct study_question *question,
                                    const struct study_solution *found, struct scenario *scenario,
                                    struct err *err)
{
    struct cli_text text;
    if (cli_text_open(&text, err) == ERR_OK)
        report_solution_scenario(question, found, scenario, self->output, text.stream, err);
    return cli_text_deliver(&text, self->output, err);
}

static enum err_code solve(struct options *self, struct err *err)
{
    struct scenario scenario = {0};
    struct study_question question;
    struct study_solution found;
    FILE *told = cli_is_stdout(self->output) ? stderr : stdout;
    if (study_question_read(self->free, self->target, &question, err) == ERR_OK &&
        cli_source_load(&self->source, &scenario, err) == ERR_OK &&
        cli_files_take(&self->source.files, &scenario, err) == ERR_OK &&
        find(self, &scenario, &question, &found, err) == ERR_OK &&
        (!self->output || write_scenario(self, &question, &found, &scenario, err) == ERR_OK)) {
        if (self->json)
            report_solution_json(&question, &found, told, err);
        else
            report_solution_text(&question, &found, told, err);
    }
    config_scenario_free(&scenario);
    cli_files_end(&self->source.files);
    return err->code;
}

int cmd_solve(int argc, char **argv)
{
    struct err err = {.note = cli_note};
    struct options options = {.seed = -1};
    if (parse(argc, argv, &options, &err))
        solve(&options, &err);
    return cli_end(&err);
}
