/* retake calibrate: fit a scenario to published figures.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/report/calibration.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "interrupt.h"
#include "options.h"

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
    "  --candidates N          candidates of the last evaluations (default 400000); the search\n"
    "                          takes a quarter of them or less\n"
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
    int64_t n_threads, n_candidates, seed;
    bool has_seed, json, help;
};

static void parse_one(int c, struct options *self, struct err *err)
{
    if (c == 'o')
        self->output = optarg;
    else if (c == 'c')
        self->targets = optarg;
    else if (c == 'f' && self->n_free < STUDY_MAX_FREE)
        self->free[self->n_free++] = optarg;
    else if (c == 'f')
        err_set(err, ERR_USAGE, "--free: more than %d times", (int)STUDY_MAX_FREE);
    else if (c == 'n')
        cli_whole_number("--candidates", optarg, 1, INT64_MAX, &self->n_candidates, err);
    else if (c == 'r')
        self->has_seed = !cli_whole_number("--seed", optarg, 0, INT64_MAX, &self->seed, err);
    else if (c == 't')
        cli_whole_number("--threads", optarg, 1, 4096, &self->n_threads, err);
    else if (c == 'j')
        self->json = true;
    else if (!cli_source_option(c, &self->source, err))
        self->help = true;
}

static enum err_code check(const struct options *self, int n_scenarios, struct err *err)
{
    if (n_scenarios != 1)
        return err_set(err, ERR_USAGE,
                       "calibrate: exactly one scenario is needed; retake calibrate --help");
    if (!self->targets || !self->output || self->n_free == 0)
        return err_set(err, ERR_USAGE, "calibrate: %s is needed; retake calibrate --help",
                       !self->targets  ? "--targets TARGETS.csv"
                       : !self->output ? "-o FITTED.yaml"
                                       : "--free KEY=LOW:HIGH");
    return ERR_OK;
}

static enum err_code parse(int argc, char **argv, struct options *self, struct err *err)
{
    static const struct option longs[] = {{"output", required_argument, NULL, 'o'},
                                          {"targets", required_argument, NULL, 'c'},
                                          {"free", required_argument, NULL, 'f'},
                                          CLI_SOURCE_OPTIONS,
                                          {"candidates", required_argument, NULL, 'n'},
                                          {"seed", required_argument, NULL, 'r'},
                                          {"threads", required_argument, NULL, 't'},
                                          {"json", no_argument, NULL, 'j'},
                                          {"help", no_argument, NULL, 'h'},
                                          {0}};
    opterr = 0;
    optind = 1;
    for (int c; (c = getopt_long(argc, argv, ":o:h", longs, NULL)) != -1 && !err->code;) {
        if (c == '?' || c == ':')
            cli_wrong_option("calibrate", c, argv, longs, err);
        else
            parse_one(c, self, err);
    }
    self->source.scenario = optind < argc ? argv[optind] : NULL;
    if (!err->code && !self->help)
        check(self, argc - optind, err);
    return err->code;
}

/* One line for each improvement; on a terminal it is drawn over the one before. */
static void show(const struct study_calibrate_progress *progress, void *context)
{
    const bool *is_terminal = context;
    fprintf(stderr, "%sretake: evaluation %zu, chi-square %.4g: %.160s%s",
            *is_terminal ? "\r\033[K" : "", progress->n_evaluations, progress->chi_square,
            progress->values, *is_terminal ? "" : "\n");
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

static enum err_code fit(const struct options *self, struct scenario *scenario,
                         struct study_calibration *out, struct err *err)
{
    bool is_terminal = isatty(STDERR_FILENO) != 0;
    const struct study_calibrate_options options = {
        .n_candidates = self->n_candidates ? (uint64_t)self->n_candidates : DEFAULT_CANDIDATES,
        .seed = (uint64_t)(self->has_seed ? self->seed : scenario->engine_seed),
        .n_threads = (int)self->n_threads,
        .progress = show,
        .context = &is_terminal,
        .stop = cli_interrupt_catch(false)};
    study_calibrate(scenario, &options, out, err);
    if (is_terminal)
        fputs("\r\033[K", stderr);
    return err->code;
}

static enum err_code calibrate(const struct options *self, struct err *err)
{
    struct scenario scenario = {0};
    struct study_calibration fitted = {0};
    if (cli_source_load(&self->source, &scenario, err) == ERR_OK &&
        read_free(self, &fitted, err) == ERR_OK &&
        study_targets_read(self->targets, &fitted, err) == ERR_OK &&
        cli_check_output(self->output, err) == ERR_OK &&
        fit(self, &scenario, &fitted, err) == ERR_OK &&
        report_calibration_scenario(&fitted, &scenario, self->output, err) == ERR_OK) {
        if (self->json)
            report_calibration_json(&fitted, stdout, err);
        else
            report_calibration_text(&fitted, stdout);
    }
    study_calibration_free(&fitted);
    config_scenario_free(&scenario);
    return err->code;
}

int cmd_calibrate(int argc, char **argv)
{
    struct err err = {0};
    struct options options = {0};
    if (parse(argc, argv, &options, &err) == ERR_OK && !options.help)
        calibrate(&options, &err);
    if (options.help && !err.code)
        fputs(usage, stdout);
    return err.code ? cli_fail(&err) : 0;
}
