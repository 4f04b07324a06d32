/* retake validate: the cut study of a scenario.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/plain.h>
#include <retake/study/cut.h>

#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "interrupt.h"
#include "options.h"
#include "progress.h"
#include "slurm.h"
#include "verdict.h"

static const char usage[] =
    "usage: retake validate SCENARIO.yaml -o CUT.h5 [options]\n"
    "The cut study that a technical manual prints: for a range of cuts around exam.scale.cut the\n"
    "pass rates, accuracy, consistency and kappa of decisions, false passes and false fails for\n"
    "one attempt and over the pathway, the cut of least expected loss, what the panel's own\n"
    "uncertainty means, and what more items or a better bank would buy. docs/cut-study.md.\n"
    "  -o, --output CUT.h5     the result; retake summary and retake report show it\n"
    "  --set key=value         change a parameter; may be repeated (retake params validate)\n"
    "  --candidates N          candidates at each cut: --set engine.candidates=N\n"
    "  --seed S                the same as --set engine.seed=S\n"
    "  --threads T             threads (default: all processors); the result does not depend on "
    "it\n"
    "  --rules FILE.so         rules from outside the tree: "
    "docs/recipes/rules-from-outside-the-tree.md\n"
    "Exit status: 0 done, 1 failure, 2 usage, 65 bad input, 74 cannot write, 130 interrupted.\n";

struct options {
    struct cli_source source;
    const char *output;
    int64_t n_threads;
};

static bool parse(int argc, char **argv, struct options *self, struct err *err)
{
    const struct cli_option rows[] = {{"output", .text = &self->output, .needed = "-o CUT.h5"},
                                      CLI_SOURCE(&self->source),
                                      CLI_ENGINE(&self->source),
                                      CLI_THREADS(&self->n_threads),
                                      {0}};
    const struct cli_command command = {"validate", usage, rows, .word = "scenario"};
    return cli_source_read(&command, argc, argv, &self->source, err) &&
           cli_slurm_threads(&self->n_threads, err) == ERR_OK;
}

static enum err_code simulate(const struct options *self, struct scenario *scenario,
                              const char *history, struct store_result *out, struct err *err)
{
    struct cli_progress progress;
    struct engine_options engine = {.n_threads = (int)self->n_threads,
                                    .progress = cli_progress_show,
                                    .context = &progress,
                                    .stop = cli_interrupt_catch(false)};
    if (engine_exposure_is_calibrated(scenario))
        plain_print(stderr, "retake: calibrating exam.exposure.rule %s first\n",
                    scenario->exam_exposure_rule);
    cli_progress_begin(&progress);
    if (study_cut_run(scenario, &engine, history, out, err) == ERR_OK)
        cli_progress_end(&progress);
    else
        cli_progress_clear();
    return err->code;
}

static enum err_code validate(struct options *self, const char *history, struct err *err)
{
    struct scenario scenario = {0};
    struct store_result result = {0};
    if (cli_source_load(&self->source, &scenario, err) == ERR_OK &&
        cli_files_take(&self->source.files, &scenario, err) == ERR_OK &&
        simulate(self, &scenario, history, &result, err) == ERR_OK)
        store_result_save(self->output, &result, err);
    if (!err->code)
        cli_verdict_tell(&result, err);
    store_result_free(&result);
    config_scenario_free(&scenario);
    cli_files_end(&self->source.files);
    return err->code;
}

int cmd_validate(int argc, char **argv)
{
    struct err err = {.note = cli_note};
    struct options options = {0};
    char *history = cli_command_line(argc, argv, &err);
    if (history && parse(argc, argv, &options, &err))
        validate(&options, history, &err);
    free(history);
    return cli_end(&err);
}
