/* retake bank exposure: calibrate exposure control once and keep its parameters.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/file.h>
#include <retake/base/plain.h>
#include <retake/base/wording.h>
#include <retake/config/params.h>
#include <retake/engine/run.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bank_commands.h"
#include "deliver.h"
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
};

static bool parse(int argc, char **argv, struct options *self, struct err *err)
{
    const char *target = NULL;
    const struct cli_option rows[] = {
        {"output", .text = &self->output, .needed = "-o PARAMETERS.csv", .may_be_stdout = true},
        {"target", .text = &target},
        CLI_SOURCE(&self->source),
        CLI_THREADS(&self->n_threads),
        {0}};
    const struct cli_command command = {"bank exposure", usage, rows, .word = "scenario"};
    bool has_work = cli_source_read(&command, argc, argv, &self->source, err);
    if (has_work && target) {
        snprintf(self->target, sizeof self->target, "exam.exposure.target=%s", target);
        has_work = cli_source_set(&self->source, self->target, err) == ERR_OK;
    }
    return has_work;
}

static void print_table(const struct engine_plan *plan, FILE *out)
{
    const struct engine_exposure *exposure = &plan->exposure;
    const struct scenario *s = plan->scenario;
    char target[32];
    plain_print(out, "%-36s%s\n", "rule", s->exam_exposure_rule);
    config_param_format_number(s->exam_exposure_target, target, sizeof target);
    plain_print(out, "%-36s%s\n", "target", target);
    plain_print(out, "%-36s%u of %s each\n", "iterations", exposure->n_iterations,
                wording_count((uint64_t)s->exam_exposure_candidates, "first sitting").text);
    plain_print(out, "%-36s%.4f\n", "greatest rate without control", exposure->greatest_before);
    plain_print(out, "%-36s%.4f\n", "greatest rate with it", exposure->greatest_after);
    plain_print(out, "%-36s%zu of %s\n", "controlled", exposure->n_controlled,
                wording_count(plan->cat.n_scored, "scored item").text);
}

static enum err_code calibrate(struct options *self, struct scenario *scenario, struct err *err)
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
    } else if (cli_files_take(&self->source.files, scenario, err) == ERR_OK &&
               engine_plan_prepare(scenario, &engine, &plan, err) == ERR_OK &&
               engine_exposure_csv(&plan, &text, &n_bytes, err) == ERR_OK &&
               cli_deliver(self->output, text, n_bytes, err) == ERR_OK) {
        print_table(&plan, cli_is_stdout(self->output) ? stderr : stdout);
    }
    free(text);
    engine_plan_free(&plan);
    cli_files_end(&self->source.files);
    return err->code;
}

int cmd_bank_exposure(int argc, char **argv)
{
    struct err err = {.note = cli_note};
    struct options options = {0};
    struct scenario scenario = {0};
    if (parse(argc, argv, &options, &err) &&
        cli_source_load(&options.source, &scenario, &err) == ERR_OK)
        calibrate(&options, &scenario, &err);
    config_scenario_free(&scenario);
    return cli_end(&err);
}
