/* retake bank adequacy: whether a scenario's bank suffices for its exam.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/report/bank_adequacy.h>

#include <retake/base/wording.h>
#include <retake/report/summary.h>
#include <retake/report/text.h>
#include <retake/study/cut_bank.h>

#include <stdio.h>

#include "bank_commands.h"
#include "interrupt.h"
#include "options.h"

static const char usage[] =
    "usage: retake bank adequacy SCENARIO.yaml [options]\n"
    "Runs the scenario and judges its bank: information against what the stop rule asks for, "
    "scores "
    "that\nthe bank cannot decide, items short by domain and difficulty, exposure, overlap, what "
    "retakers meet again.\n"
    "  --candidates N    the same as --set engine.candidates=N; some 20000 are enough\n"
    "  --seed S          the same as --set engine.seed=S\n"
    "  --volume V        sittings a year: the same as --set validate.volume=V\n"
    "  --exposure R      greatest share of sittings that an item should be part of: the same as\n"
    "                    --set validate.greatest_exposure=R\n"
    "  --json            all numbers as JSON\n"
    "  --set key=value   change a parameter; may be repeated\n"
    "  --rules FILE.so   rules from outside the tree\n"
    "  --threads T       threads (default: all processors); the result does not depend on it\n";

struct options {
    struct cli_source source;
    const char *volume, *exposure; /* NULL: as the scenario says */
    int64_t n_threads;
    bool json;
};

static bool parse(int argc, char **argv, struct options *self, struct err *err)
{
    const struct cli_option rows[] = {CLI_ENGINE(&self->source),
                                      {"volume", .text = &self->volume},
                                      {"exposure", .text = &self->exposure},
                                      CLI_SOURCE(&self->source),
                                      CLI_THREADS(&self->n_threads),
                                      {"json", .flag = &self->json},
                                      {0}};
    const struct cli_command command = {"bank adequacy", usage, rows, .word = "scenario"};
    if (!cli_source_read(&command, argc, argv, &self->source, err))
        return false;
    if (self->volume)
        cli_source_assign(&self->source, "--volume", "validate.volume", self->volume, err);
    if (self->exposure)
        cli_source_assign(&self->source, "--exposure", "validate.greatest_exposure", self->exposure,
                          err);
    return !err->code;
}

static void print_head(const struct options *self, const struct scenario *scenario)
{
    report_line(stdout, 2, "%s", scenario->title[0] ? scenario->title : self->source.scenario);
    report_line(
        stdout, 2,
        "bank %s; %g sittings a year, no item to be in more than %g %% of them; %s simulated",
        scenario->bank, scenario->validate_volume, 100 * scenario->validate_greatest_exposure,
        wording_count((uint64_t)scenario->engine_candidates, "candidate").text);
}

static enum err_code judge(const struct options *self, struct scenario *scenario, struct err *err)
{
    const struct engine_options engine = {.n_threads = (int)self->n_threads,
                                          .stop = cli_interrupt_catch(false)};
    const struct study_bank_demand demand = {.volume = scenario->validate_volume,
                                             .greatest_exposure =
                                                 scenario->validate_greatest_exposure};
    const struct store_provenance none = {0};
    struct dataset dataset = {0};
    if (study_bank_adequacy(scenario, &engine, &demand, &dataset, err) == ERR_OK) {
        if (self->json) {
            report_summary_json(&dataset, &none, stdout, err);
        } else {
            print_head(self, scenario);
            report_bank_adequacy(&dataset, stdout, err);
        }
    }
    dataset_free(&dataset);
    return err->code;
}

int cmd_bank_adequacy(int argc, char **argv)
{
    struct err err = {.note = cli_note};
    struct options options = {0};
    struct scenario scenario = {0};
    if (parse(argc, argv, &options, &err) &&
        cli_source_load(&options.source, &scenario, &err) == ERR_OK)
        judge(&options, &scenario, &err);
    config_scenario_free(&scenario);
    return cli_end(&err);
}
