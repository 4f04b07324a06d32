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
    "  --volume V        sittings a year: the same as --set validate.volume=V\n"
    "  --exposure R      greatest share of sittings that an item should be part of: the same as\n"
    "                    --set validate.greatest_exposure=R\n"
    "  --json            all numbers as JSON\n"
    "  --set key=value   change a parameter; may be repeated\n"
    "  --rules FILE.so   rules from outside the tree\n"
    "  --threads T       threads (default: all processors); the result does not depend on it\n";

struct options {
    struct cli_source source;
    char volume[64], exposure[64]; /* assignments, or "" */
    int64_t n_candidates, n_threads;
    bool json, help;
};

enum { OPT_VOLUME = 256, OPT_EXPOSURE, OPT_JSON };

static void take(int c, char **argv, const struct option *longs, struct options *self,
                 struct err *err)
{
    if (c == 'c')
        cli_whole_number("--candidates", optarg, 1, 1000000000, &self->n_candidates, err);
    else if (c == 't')
        cli_whole_number("--threads", optarg, 1, 4096, &self->n_threads, err);
    else if (c == OPT_VOLUME)
        snprintf(self->volume, sizeof self->volume, "validate.volume=%s", optarg);
    else if (c == OPT_EXPOSURE)
        snprintf(self->exposure, sizeof self->exposure, "validate.greatest_exposure=%s", optarg);
    else if (c == OPT_JSON)
        self->json = true;
    else if (c == 'h')
        self->help = true;
    else if (!cli_source_option(c, &self->source, err))
        cli_wrong_option("bank adequacy", c, argv, longs, err);
}

static enum err_code parse(int argc, char **argv, struct options *self, struct err *err)
{
    static const struct option longs[] = {{"candidates", required_argument, NULL, 'c'},
                                          {"volume", required_argument, NULL, OPT_VOLUME},
                                          {"exposure", required_argument, NULL, OPT_EXPOSURE},
                                          {"json", no_argument, NULL, OPT_JSON},
                                          CLI_SOURCE_OPTIONS,
                                          {"threads", required_argument, NULL, 't'},
                                          {"help", no_argument, NULL, 'h'},
                                          {0}};
    opterr = 0;
    optind = 1;
    for (int c; (c = getopt_long(argc, argv, ":h", longs, NULL)) != -1 && !err->code;)
        take(c, argv, longs, self, err);
    if (!err->code && !self->help && optind != argc - 1)
        err_set(err, ERR_USAGE,
                "bank adequacy: exactly one scenario is needed; retake bank adequacy --help");
    if (self->volume[0])
        cli_source_set(&self->source, self->volume, err);
    if (self->exposure[0])
        cli_source_set(&self->source, self->exposure, err);
    self->source.scenario = optind < argc ? argv[optind] : NULL;
    return err->code;
}

static void print_head(const struct options *self, const struct scenario *scenario)
{
    printf("%s\n", scenario->title[0] ? scenario->title : self->source.scenario);
    printf("bank %s; %g sittings a year, no item to be in more than %g %% of them; %lld candidates "
           "simulated\n",
           scenario->bank, scenario->validate_volume, 100 * scenario->validate_greatest_exposure,
           (long long)scenario->engine_candidates);
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
    scenario->engine_candidates = self->n_candidates;
    if (study_bank_adequacy(scenario, &engine, &demand, &dataset, err) == ERR_OK) {
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
    struct options options = {.n_candidates = 20000};
    struct scenario scenario = {0};
    if (parse(argc, argv, &options, &err) == ERR_OK && options.help) {
        fputs(usage, stdout);
        return 0;
    }
    if (!err.code && cli_source_load(&options.source, &scenario, &err) == ERR_OK)
        judge(&options, &scenario, &err);
    config_scenario_free(&scenario);
    return err.code ? cli_fail(&err) : 0;
}
