/* retake calibrate: fit a scenario to published figures.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/plain.h>
#include <retake/report/calibration.h>

#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "deliver.h"
#include "interrupt.h"
#include "options.h"
#include "progress.h"

static const char usage[] =
    "usage: retake calibrate SCENARIO.yaml --targets TARGETS.csv --free KEY=LOW:HIGH[:START]...\n"
    "                        -o FITTED.yaml [options]\n"
    "Finds the values of the free parameters under which the scenario gives the published "
    "figures,\n"
    "says how sure they are and what the figures leave open, and writes a scenario that runs.\n"
    "  --targets TARGETS.csv   columns statistic, value and one of se, n, tolerance; also group,\n"
    "                          role (fit, predict), note, source. Without an error: one point\n"
    "  --free KEY=LOW:HIGH[:START]   a parameter to be fitted and its bounds; may be repeated\n"
    "  --free FREE.csv         the same from columns key, low, high, start\n"
    "  -o, --output FITTED.yaml   the scenario with the fitted values and the fit as a comment\n"
    "  --json                  the report as one JSON object\n"
    "  --candidates N          candidates of the last evaluations (default 400000), the same as\n"
    "                          --set engine.candidates=N; the search takes a quarter or less\n"
    "  --seed S                seed of the fit (default: the scenario's)\n"
    "  --threads T             threads (default: all processors); the fit does not depend on it\n"
    "  --set key=value         change another parameter; may be repeated\n"
    "  --rules FILE.so         rules from outside the tree: "
    "docs/recipes/rules-from-outside-the-tree.md\n"
    "Exit status: 0 done, 1 failure, 2 usage, 65 bad input, 74 cannot write, 130 interrupted.\n";

enum { DEFAULT_CANDIDATES = 400000 };

struct options {
    struct cli_source source;
    const char *targets, *output;
    const char *free[STUDY_MAX_FREE];
    size_t n_free;
    int64_t n_threads, n_candidates, seed; /* 0, 0, -1: not given */
    bool json;
};

static enum err_code take_free(const struct cli_option *row, const char *argument, struct err *err)
{
    struct options *self = row->to;
    if (self->n_free == STUDY_MAX_FREE)
        return err_set(err, ERR_USAGE, "--free: more than %d times", (int)STUDY_MAX_FREE);
    self->free[self->n_free++] = argument;
    return ERR_OK;
}

static bool parse(int argc, char **argv, struct options *self, struct err *err)
{
    const struct cli_option rows[] = {
        {"targets", .text = &self->targets, .needed = "--targets TARGETS.csv"},
        {"output", .text = &self->output, .needed = "-o FITTED.yaml", .may_be_stdout = true},
        {"free", .take = take_free, .to = self, .needed = "--free KEY=LOW:HIGH"},
        CLI_SOURCE(&self->source),
        {"candidates", .whole = &self->n_candidates, .min = 1, .max = INT64_MAX},
        {"seed", .whole = &self->seed, .min = 0, .max = INT64_MAX},
        CLI_THREADS(&self->n_threads),
        {"json", .flag = &self->json},
        {0}};
    const struct cli_command command = {"calibrate", usage, rows, .word = "scenario"};
    return cli_source_read(&command, argc, argv, &self->source, err);
}

/* One line for each improvement. */
static void show(const struct study_calibrate_progress *progress, void *context)
{
    char text[320];
    (void)context;
    snprintf(text, sizeof text, "evaluation %zu, chi-square %.4g: %.160s", progress->n_evaluations,
             progress->chi_square, progress->values);
    cli_progress_step(text);
}

static enum err_code read_free(const struct options *self, struct study_calibration *out,
                               struct err *err)
{
    for (size_t k = 0; k < self->n_free && !err->code; k++) {
        if (strchr(self->free[k], '='))
            study_free_add(self->free[k], out, err);
        else
            study_free_read(self->free[k], out, err);
    }
    return err->code;
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

static enum err_code fit(const struct options *self, struct scenario *scenario,
                         struct study_calibration *out, struct err *err)
{
    const struct study_calibrate_options options = {
        .n_candidates = n_candidates(self, scenario),
        .seed = (uint64_t)(self->seed >= 0 ? self->seed : scenario->engine_seed),
        .n_threads = (int)self->n_threads,
        .progress = show,
        .stop = cli_interrupt_catch(false)};
    for (size_t k = 0; k < out->n_warnings; k++) /* of the targets, before a long search */
        plain_print(stderr, "retake: warning: %s\n", out->warnings[k]);
    study_calibrate(scenario, &options, out, err);
    cli_progress_clear();
    return err->code;
}

static enum err_code write_scenario(const struct options *self,
                                    const struct study_calibration *fitted,
                                    struct scenario *scenario, struct err *err)
{
    struct cli_text text;
    if (cli_text_open(&text, err) == ERR_OK)
        report_calibration_scenario(fitted, scenario, self->output, text.stream, err);
    return cli_text_deliver(&text, self->output, err);
}

static enum err_code calibrate(struct options *self, struct err *err)
{
    struct scenario scenario = {0};
    struct study_calibration fitted = {0};
    FILE *told = cli_is_stdout(self->output) ? stderr : stdout;
    if (cli_source_load(&self->source, &scenario, err) == ERR_OK &&
        read_free(self, &fitted, err) == ERR_OK &&
        study_targets_read(self->targets, &fitted, err) == ERR_OK &&
        cli_files_take(&self->source.files, &scenario, err) == ERR_OK &&
        fit(self, &scenario, &fitted, err) == ERR_OK &&
        write_scenario(self, &fitted, &scenario, err) == ERR_OK) {
        if (self->json)
            report_calibration_json(&fitted, told, err);
        else
            report_calibration_text(&fitted, &scenario, told, err);
    }
    study_calibration_free(&fitted);
    config_scenario_free(&scenario);
    cli_files_end(&self->source.files);
    return err->code;
}

int cmd_calibrate(int argc, char **argv)
{
    struct err err = {.note = cli_note};
    struct options options = {.seed = -1};
    if (parse(argc, argv, &options, &err))
        calibrate(&options, &err);
    return cli_end(&err);
}
