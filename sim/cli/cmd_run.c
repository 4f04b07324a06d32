/* retake run: simulate one policy.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/plain.h>
#include <retake/report/summary.h>
#include <retake/study/micro_run.h>
#include <retake/study/precision.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "durable_options.h"
#include "interrupt.h"
#include "launch.h"
#include "options.h"
#include "progress.h"
#include "slurm.h"
#include "verdict.h"

static const char usage[] =
    "usage: retake run SCENARIO.yaml [options]\n"
    "  -o, --output OUT.h5     write the statistics to an HDF5 file (else print the summary)\n"
    "  --set key=value         change a parameter; may be repeated (retake params lists the "
    "keys);\n"
    "                          a file is named relative to the working directory\n"
    "  --candidates N          the same as --set engine.candidates=N\n"
    "  --seed S                the same as --set engine.seed=S\n"
    "  --rules FILE.so         rules from outside the tree: "
    "docs/recipes/rules-from-outside-the-tree.md\n"
    "  --threads T             threads (default: all processors); the results do not depend on it\n"
    "  --precision 'ADDRESS=HALFWIDTH'  run until the 95 % interval of a statistic is no wider, "
    "e.g.\n"
    "                          'cumulative_pass_rate[attempt=3]=0.0005'; may be repeated: all "
    "must\n"
    "                          be met; --candidates is then the most (else there is no limit):\n"
    "                          docs/sampling.md\n"
    "A run that survives (docs/durable-runs.md), with -o OUT.h5:\n"
    "  --checkpoint SECONDS    keep OUT.h5.checkpoint, renewed every so many seconds\n"
    "  --resume                go on from it; without one start afresh; a finished run is left\n"
    "  --max-time SECONDS      stop at a checkpoint after so many seconds\n"
    "  --shard I/N             run part I of N, from 1 to N; retake merge joins the parts;\n"
    "                          auto: the part of this task of a SLURM array\n"
    "With one of the first three SIGTERM, SIGINT, SIGUSR1, SIGHUP and SIGXCPU (ulimit -t) stop at "
    "a\n"
    "checkpoint.\n"
    "Microdata, a row for each candidate and each sitting (docs/microdata.md):\n"
    "  --microdata[=FILE]      write them; FILE: OUT.micro.h5\n"
    "  --microdata-keep WORDS  only some, e.g. 'attempt>=2', failed, every=100; joined by commas\n"
    "Exit status: 0 done, 1 failure, 2 usage, 65 bad input, 74 cannot write or another process is\n"
    "at work on OUT.h5, 75 stopped at a checkpoint: go on with --resume, 130 interrupted.\n";

struct options {
    struct cli_source source;
    struct study_precision precision;
    struct study_durable durable;
    bool has_micro;
    const char *micro_path; /* NULL: beside the output */
    char *micro_own;        /* the name that is made then */
    struct tally_micro_keep keep;
    int64_t n_threads;
};

static enum err_code take_precision(const struct cli_option *row, const char *argument,
                                    struct err *err)
{
    return study_precision_add(row->to, argument, err);
}

static enum err_code take_keep(const struct cli_option *row, const char *argument, struct err *err)
{
    return tally_micro_keep_parse(argument, row->to, err);
}

/* A scenario's number of candidates is for runs without a precision; that of the command line is
 * the most. */
static void settle_precision(struct options *self, struct err *err)
{
    if (self->precision.n_goals == 0 || err->code)
        return;
    if (self->durable.n_shards)
        err_set(err, ERR_USAGE,
                "run: --precision needs the whole run, and a shard does not see it; leave out "
                "--shard");
    else if (!cli_source_says(&self->source, "engine.candidates"))
        cli_source_set(&self->source, "engine.candidates=1000000000000", err);
}

static void check_micro(const struct options *self, struct err *err)
{
    static const struct tally_micro_keep all = {0};
    if (self->has_micro && !self->micro_path && !self->durable.output)
        err_set(err, ERR_USAGE, "run: --microdata needs -o OUT.h5, or a file: --microdata=FILE");
    if (!self->has_micro && memcmp(&self->keep, &all, sizeof all) != 0)
        err_set(err, ERR_USAGE, "run: --microdata-keep needs --microdata");
    if (self->has_micro && cli_ranks()->n_ranks > 1)
        err_set(err, ERR_USAGE, "run: --microdata is not for several ranks; use --shard");
}

static bool parse(int argc, char **argv, struct options *self, struct err *err)
{
    const struct cli_option rows[] = {
        CLI_SOURCE(&self->source),
        CLI_ENGINE(&self->source),
        CLI_THREADS(&self->n_threads),
        CLI_DURABLE(&self->durable),
        {"precision", .take = take_precision, .to = &self->precision},
        {"microdata", .flag = &self->has_micro, .text = &self->micro_path, .writes = true},
        {"microdata-keep", .take = take_keep, .to = &self->keep},
        {0}};
    const struct cli_command command = {"run", usage, rows, .word = "scenario"};
    if (!cli_source_read(&command, argc, argv, &self->source, err) ||
        cli_durable_check("run", &self->durable, err) != ERR_OK ||
        cli_slurm_threads(&self->n_threads, err) != ERR_OK)
        return false;
    check_micro(self, err);
    settle_precision(self, err);
    return !err->code;
}

/* After a look, while no candidate is being simulated. */
static void show_look(const struct study_precision *precision, void *context)
{
    struct cli_progress *progress = context;
    char reached[240];
    study_precision_text(precision, true, reached, sizeof reached);
    snprintf(progress->note, sizeof progress->note, "half-width %s", reached);
    progress->expected = precision->expected;
}

/* The run, to a precision and with microdata where they are wanted. */
static enum err_code simulate(const struct options *self, struct engine_options *engine,
                              struct study_durable *durable, struct scenario *scenario,
                              const char *history, struct store_result *result, struct err *err)
{
    struct study_micro micro = {.path = NULL};
    struct study_precision precision = self->precision;
    struct store_attribute own[2] = {{.name = NULL}};
    char asked[2048];
    durable->attributes = own;
    if (precision.n_goals > 0) {
        study_precision_text(&precision, false, asked, sizeof asked);
        precision.looked = show_look;
        precision.looked_context = engine->context;
        durable->hooks = study_precision_hooks(&precision);
        own[durable->n_attributes++] = (struct store_attribute){.name = "precision", .text = asked};
    }
    if (self->has_micro) {
        study_micro_init(&micro, self->micro_path, &self->keep, durable->hooks, engine);
        durable->hooks = &micro.hooks;
        own[durable->n_attributes++] =
            (struct store_attribute){.name = STUDY_MICRO_KEEP, .text = micro.keep_text};
    }
    study_durable_run(scenario, engine, durable, history, result, err);
    study_micro_end(&micro, cli_durable_is_kept(durable), err);
    return err->code;
}

static enum err_code show(const struct options *self, struct scenario *scenario,
                          const char *history, struct store_result *result, struct err *err)
{
    struct cli_progress progress;
    struct study_durable durable = self->durable;
    struct engine_options engine = {.n_threads = (int)self->n_threads,
                                    .progress = cli_progress_show,
                                    .note = cli_progress_say,
                                    .note_context = &progress,
                                    .context = &progress,
                                    .comm = cli_ranks(),
                                    .stop = cli_interrupt_catch(cli_durable_is_kept(&durable))};
    durable.say = cli_progress_say;
    durable.say_context = &progress;
    engine.note = cli_ranks_is_first() ? engine.note : NULL;
    if (!cli_ranks_is_first())
        return study_durable_run(scenario, &engine, &durable, history, result, err);
    if (engine_exposure_is_calibrated(scenario))
        plain_print(stderr, "retake: calibrating exam.exposure.rule %s first\n",
                    scenario->exam_exposure_rule);
    cli_progress_begin(&progress);
    if (simulate(self, &engine, &durable, scenario, history, result, err) == ERR_OK)
        cli_progress_end(&progress);
    else
        cli_progress_clear();
    return err->code;
}

static enum err_code take_files(struct options *self, struct scenario *scenario, struct err *err)
{
    if (self->has_micro && !self->micro_path) {
        self->micro_path = self->micro_own = study_micro_name(self->durable.output);
        if (!self->micro_own)
            return err_set(err, ERR_MEMORY, "no memory for a file name");
        cli_files_output_made(&self->source.files, "microdata", self->micro_path);
    }
    cli_interrupt_catch(cli_durable_is_kept(&self->durable)); /* before there is a lock to leave */
    self->source.files.may_be_finished = self->durable.resume;
    cli_files_take(&self->source.files, scenario, err);
    self->durable.cannot_write = cli_files_cannot_write(&self->source.files);
    return err->code;
}

static enum err_code run(struct options *self, const char *history, struct err *err)
{
    struct scenario scenario = {0};
    struct store_result result = {0};
    if (cli_source_load(&self->source, &scenario, err) == ERR_OK && cli_ranks_is_first())
        take_files(self, &scenario, err);
    if (cli_ranks_agree(err) != ERR_OK || show(self, &scenario, history, &result, err) != ERR_OK ||
        !cli_ranks_is_first())
        goto out;
    cli_verdict_tell(&result, err);
    if (!self->durable.output)
        report_summary_text(&result.dataset, &result.provenance, stdout, err);
out:
    store_result_free(&result);
    config_scenario_free(&scenario);
    cli_files_end(&self->source.files);
    free(self->micro_own);
    return err->code;
}

int cmd_run(int argc, char **argv)
{
    struct err err = {.note = cli_note};
    struct options options = {0};
    char *history = cli_command_line(argc, argv, &err);
    if (history && parse(argc, argv, &options, &err))
        run(&options, history, &err);
    free(history);
    return cli_end(&err);
}
