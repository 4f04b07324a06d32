/* retake bank adequacy: whether a scenario's bank suffices for its exam.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/report/bank_adequacy.h>
#include <retake/report/summary.h>
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
    "  --candidates N    candidates to simulate (default 20000)\n"
    "  --volume V        sittings a year (default 20000)\n"
    "  --exposure R      greatest share of sittings that an item should be part of (default 0.25)\n"
    "  --json            all numbers as JSON\n"
    "  --set key=value   change a parameter; may be repeated\n"
    "  --rules FILE.so   rules from outside the tree\n"
    "  --threads T       threads (default: all processors); the result does not depend on it\n";

struct options {
    struct cli_source source;
    struct study_bank_demand demand;
    int64_t n_candidates, n_threads;
    bool json;
};

static bool parse(int argc, char **argv, struct options *self, struct err *err)
{
    const struct cli_option rows[] = {
        {"candidates", .whole = &self->n_candidates, .min = 1, .max = 1000000000},
        {"volume", .real = &self->demand.volume, .least = 0},
        {"exposure", .real = &self->demand.greatest_exposure, .least = 0.0001},
        CLI_SOURCE(&self->source),
        CLI_THREADS(&self->n_threads),
        {"json", .flag = &self->json},
        {0}};
    const struct cli_command command = {"bank adequacy", usage, rows, .word = "scenario"};
    if (!cli_source_read(&command, argc, argv, &self->source, err))
        return false;
    if (self->demand.greatest_exposure > 1)
        err_set(err, ERR_USAGE, "--exposure %g: a share from 0.0001 to 1 is needed",
                self->demand.greatest_exposure);
    return !err->code;
}

static void print_head(const struct options *self, const struct scenario *scenario)
{
    printf("%s\n", scenario->title[0] ? scenario->title : self->source.scenario);
    printf("bank %s; %g sittings a year, no item to be in more than %g %% of them; %lld candidates "
           "simulated\n",
           scenario->bank, self->demand.volume, 100 * self->demand.greatest_exposure,
           (long long)scenario->engine_candidates);
}

static enum err_code judge(const struct options *self, struct scenario *scenario, struct err *err)
{
    const struct engine_options engine = {.n_threads = (int)self->n_threads,
                                          .stop = cli_interrupt_catch(false)};
    const struct store_provenance none = {0};
    struct dataset dataset = {0};
    scenario->engine_candidates = self->n_candidates;
    if (study_bank_adequacy(scenario, &engine, &self->demand, &dataset, err) == ERR_OK) {
        if (self->json) {
            report_summary_json(&dataset, &none, stdout, err);
        } else {
            print_head(self, scenario);
            report_bank_adequacy(&dataset, stdout);
        }
    }
    dataset_free(&dataset);
    return err->code;
}

int cmd_bank_adequacy(int argc, char **argv)
{
    struct err err = {0};
    struct options options = {.demand = {.volume = 20000, .greatest_exposure = 0.25},
                              .n_candidates = 20000};
    struct scenario scenario = {0};
    if (parse(argc, argv, &options, &err) &&
        cli_source_load(&options.source, &scenario, &err) == ERR_OK)
        judge(&options, &scenario, &err);
    config_scenario_free(&scenario);
    return cli_end(&err);
}
