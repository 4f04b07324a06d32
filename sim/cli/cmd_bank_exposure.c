/* retake bank exposure: calibrate exposure control once and keep its parameters.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/file.h>
#include <retake/engine/run.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bank_commands.h"
#include "interrupt.h"
#include "options.h"

static const char usage[] =
    "usage: retake bank exposure SCENARIO.yaml -o PARAMETERS.csv [options]\n"
    "Calibrates exam.exposure.rule on first sittings and writes id,probability of each scored "
    "item,\n"
    "for exam.exposure.file. A scenario without exposure control is taken as sympson_hetter.\n"
    "  -o, --output FILE   where to write the parameters\n"
    "  --target R          the same as --set exam.exposure.target=R\n"
    "  --set key=value     change a parameter; may be repeated\n"
    "  --rules FILE.so     rules from outside the tree\n"
    "  --threads T         threads (default: all processors); the result does not depend on it\n";

struct options {
    struct cli_source source;
    const char *output;
    char target[64];
    int64_t n_threads;
    bool help;
};

static enum err_code parse(int argc, char **argv, struct options *self, struct err *err)
{
    static const struct option longs[] = {
        {"output", required_argument, NULL, 'o'}, CLI_SOURCE_OPTIONS,
        {"target", required_argument, NULL, 'g'}, {"threads", required_argument, NULL, 't'},
        {"help", no_argument, NULL, 'h'},         {0}};
    opterr = 0;
    optind = 1;
    for (int c; (c = getopt_long(argc, argv, ":o:h", longs, NULL)) != -1 && !err->code;) {
        if (c == 'o')
            self->output = optarg;
        else if (c == 'g')
            snprintf(self->target, sizeof self->target, "exam.exposure.target=%s", optarg);
        else if (c == 't')
            cli_whole_number("--threads", optarg, 1, 4096, &self->n_threads, err);
        else if (c == 'h')
            self->help = true;
        else if (!cli_source_option(c, &self->source, err))
            cli_wrong_option("bank exposure", c, argv, longs, err);
    }
    if (self->target[0])
        cli_source_set(&self->source, self->target, err);
    if (!err->code && !self->help && (optind != argc - 1 || !self->output))
        err_set(err, ERR_USAGE,
                "bank exposure: SCENARIO.yaml -o PARAMETERS.csv is needed; retake bank exposure "
                "--help");
    self->source.scenario = optind < argc ? argv[optind] : NULL;
    return err->code;
}

static void print_table(const struct engine_plan *plan)
{
    const struct engine_exposure *exposure = &plan->exposure;
    const struct scenario *s = plan->scenario;
    printf("%-36s%s\n", "rule", s->exam_exposure_rule);
    printf("%-36s%g\n", "target", s->exam_exposure_target);
    printf("%-36s%u of %lld first sittings each\n", "iterations", exposure->n_iterations,
           (long long)s->exam_exposure_candidates);
    printf("%-36s%.4f\n", "greatest rate without control", exposure->greatest_before);
    printf("%-36s%.4f\n", "greatest rate with it", exposure->greatest_after);
    printf("%-36s%zu of %zu scored items\n", "controlled", exposure->n_controlled,
           plan->cat.n_scored);
}

static enum err_code calibrate(const struct options *self, struct scenario *scenario,
                               struct err *err)
{
    const struct engine_options engine = {.n_threads = (int)self->n_threads,
                                          .stop = cli_interrupt_catch(false)};
    struct engine_plan plan = {0};
    char *text = NULL;
    size_t n_bytes = 0;
    scenario->exam_exposure_file = "";
    if (strcmp(scenario->exam_exposure_rule, "none") == 0)
        scenario->exam_exposure_rule = "sympson_hetter";
    if (!engine_exposure_is_calibrated(scenario)) {
        config_scenario_error(scenario, "exam.exposure.rule", err, ERR_INPUT,
                              "'%s' of this form of exam has no parameters to calibrate",
                              scenario->exam_exposure_rule);
    } else if (engine_plan_prepare(scenario, &engine, &plan, err) == ERR_OK &&
               engine_exposure_csv(&plan, &text, &n_bytes, err) == ERR_OK &&
               file_write(self->output, text, n_bytes, err) == ERR_OK) {
        print_table(&plan);
    }
    free(text);
    engine_plan_free(&plan);
    return err->code;
}

int cmd_bank_exposure(int argc, char **argv)
{
    struct err err = {0};
    struct options options = {0};
    struct scenario scenario = {0};
    if (parse(argc, argv, &options, &err) == ERR_OK && options.help) {
        fputs(usage, stdout);
        return 0;
    }
    if (!err.code && cli_source_load(&options.source, &scenario, &err) == ERR_OK)
        calibrate(&options, &scenario, &err);
    config_scenario_free(&scenario);
    return err.code ? cli_fail(&err) : 0;
}
