/* retake validate: the cut study of a scenario.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/plain.h>
#include <retake/base/wording.h>
#include <retake/report/text.h>
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
    "       retake validate SCENARIO.yaml --dry-run [options]\n"
    "The cut study that a technical manual prints: for a range of cuts around exam.scale.cut the\n"
    "pass rates, accuracy, consistency and kappa of decisions, false passes and false fails for\n"
    "one attempt and over the pathway, the cut of least expected loss, what the panel's own\n"
    "uncertainty means, and what more items or a better bank would buy. docs/cut-study.md.\n"
    "  -o, --output CUT.h5     the result; retake summary and retake report show it\n"
    "  --dry-run               say what is simulated and how long that takes; a trial of seconds\n"
    "  --set key=value         change a parameter; may be repeated (retake params validate)\n"
    "  --candidates N          candidates at each cut: --set engine.candidates=N\n"
    "  --seed S                the same as --set engine.seed=S\n"
    "  --threads T             threads (default: all processors); the result does not depend on "
    "it\n"
    "  --rules FILE.so         rules from outside the tree: "
    "docs/recipes/rules-from-outside-the-tree.md\n"
    "Exit status: 0 done, 1 failure, 2 usage, 65 bad input, 74 cannot write, 130 interrupted.\n";

enum { ROW_HANG = 13 }; /* of the rows of a dry run */

struct options {
    struct cli_source source;
    const char *output;
    int64_t n_threads;
    bool dry_run;
};

static bool parse(int argc, char **argv, struct options *self, struct err *err)
{
    const struct cli_option rows[] = {
        {"output", .text = &self->output}, {"dry-run", .flag = &self->dry_run},
        CLI_SOURCE(&self->source),         CLI_ENGINE(&self->source),
        CLI_THREADS(&self->n_threads),     {0}};
    const struct cli_command command = {"validate", usage, rows, .word = "scenario"};
    if (!cli_source_read(&command, argc, argv, &self->source, err) ||
        cli_slurm_threads(&self->n_threads, err) != ERR_OK)
        return false;
    if (!self->output && !self->dry_run)
        err_set(err, ERR_USAGE, "validate: -o CUT.h5 is needed; retake validate --help");
    return err->code == ERR_OK;
}

static void say_calibrating(const struct scenario *scenario)
{
    if (engine_exposure_is_calibrated(scenario))
        plain_print(stderr, "retake: calibrating exam.exposure.rule %s first\n",
                    scenario->exam_exposure_rule);
}

static enum err_code simulate(const struct options *self, struct scenario *scenario,
                              const char *history, struct store_result *out, struct err *err)
{
    struct cli_progress progress;
    struct engine_options engine = {.n_threads = (int)self->n_threads,
                                    .progress = cli_progress_show,
                                    .context = &progress,
                                    .note = cli_progress_say,
                                    .note_context = &progress,
                                    .stop = cli_interrupt_catch(false)};
    say_calibrating(scenario);
    cli_progress_begin(&progress);
    progress.is_work = true;
    if (study_cut_run(scenario, &engine, history, out, err) == ERR_OK)
        cli_progress_end(&progress);
    else
        cli_progress_clear();
    return err->code;
}

static enum err_code try_out(const struct options *self, struct scenario *scenario, struct err *err)
{
    const struct engine_options engine = {.n_threads = (int)self->n_threads,
                                          .stop = cli_interrupt_catch(false)};
    struct study_cut_estimate estimate;
    say_calibrating(scenario);
    if (study_cut_try(scenario, &engine, &estimate, err) != ERR_OK)
        return err->code;
    if (scenario->title[0])
        report_line(stdout, 2, "%s", scenario->title);
    report_line(stdout, ROW_HANG, "%-12s %zu, from %g to %g", "cuts", estimate.n_cuts,
                estimate.first_cut, estimate.last_cut);
    report_line(stdout, ROW_HANG, "%-12s %zu, at the operational cut", "changes",
                estimate.n_changes);
    report_line(stdout, ROW_HANG, "%-12s %llu of each, whose first sittings are simulated twice",
                "candidates", (unsigned long long)estimate.n_candidates);
    report_line(stdout, ROW_HANG, "%-12s %zu, each with %s", "score points", estimate.n_points,
                wording_count(estimate.n_sittings, "sitting").text);
    report_line(stdout, ROW_HANG,
                "%-12s about %s on %s, from a trial of each stage on few candidates", "time",
                wording_duration(estimate.prepare_s + estimate.seconds).text,
                wording_count((uint64_t)estimate.n_threads, "thread").text);
    return ERR_OK;
}

static enum err_code validate(struct options *self, const char *history, struct err *err)
{
    struct scenario scenario = {0};
    struct store_result result = {0};
    if (cli_source_load(&self->source, &scenario, err) == ERR_OK && self->dry_run)
        try_out(self, &scenario, err);
    else if (!err->code && cli_files_take(&self->source.files, &scenario, err) == ERR_OK &&
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
