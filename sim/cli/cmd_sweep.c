/* retake sweep: many policies, one result.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/wording.h>
#include <retake/report/summary.h>
#include <retake/report/sweep_plan.h>
#include <retake/report/text.h>
#include <retake/study/sweep_run.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "durable_options.h"
#include "interrupt.h"
#include "kinds.h"
#include "launch.h"
#include "options.h"
#include "progress.h"
#include "rules_file.h"
#include "slurm.h"
#include "verdict.h"

static const char usage[] =
    "usage: retake sweep SWEEP.yaml [options]\n"
    "  -o, --output OUT.h5     write the results to an HDF5 file (else print the summary)\n"
    "  --dry-run               say how many policies, how long, how large; run nothing\n"
    "  --set key=value         change a parameter of all policies; may be repeated\n"
    "  --candidates N          the same as --set engine.candidates=N\n"
    "  --seed S                the same as --set engine.seed=S\n"
    "  --rules FILE.so         rules from outside the tree\n"
    "  --threads T             threads (default: SLURM_CPUS_PER_TASK, else all processors)\n"
    "  --batch N               policies at a time at most (default: as memory allows)\n"
    "  --strict                a policy that cannot be run ends the sweep\n"
    "A sweep that survives (docs/durable-runs.md), with -o OUT.h5:\n"
    "  --checkpoint SECONDS    keep OUT.h5.checkpoint, renewed every so many seconds\n"
    "  --resume                go on from it; without one start afresh; a finished sweep is left\n"
    "  --max-time SECONDS      stop at a checkpoint after so many seconds\n"
    "  --shard I/N             run part I of N of the policies; retake merge joins the parts;\n"
    "                          auto: the part of this task of a SLURM array\n"
    "Exit status: 0 done, 1 failure, 2 usage, 65 bad input or no policy can be run, 74 cannot "
    "write\n"
    "or another process is at work on OUT.h5, 75 stopped at a checkpoint: go on with --resume, "
    "130\n"
    "interrupted without one, or stopped twice in a row before it got ahead: give it more time.\n"
    "The sweep file is described in docs/sweep.md.\n";

struct options {
    struct cli_source source; /* its scenario is the sweep file */
    struct study_sweep_options run;
    int64_t n_threads, batch; /* 0: not given */
    bool dry_run;
};

/* ---- options ---- */

static bool parse(int argc, char **argv, struct options *self, struct err *err)
{
    const struct cli_option rows[] = {CLI_SOURCE(&self->source),
                                      CLI_ENGINE(&self->source),
                                      CLI_THREADS(&self->n_threads),
                                      CLI_DURABLE(&self->run.durable),
                                      {"batch", .whole = &self->batch, .min = 1, .max = 100000},
                                      {"dry-run", .flag = &self->dry_run},
                                      {"strict", .flag = &self->run.strict},
                                      {0}};
    const struct cli_command command = {"sweep", usage, rows, .word = "sweep file"};
    if (!cli_source_read(&command, argc, argv, &self->source, err) ||
        cli_slurm_threads(&self->n_threads, err) != ERR_OK)
        return false;
    self->run.batch = (size_t)self->batch;
    self->run.engine.n_threads = (int)self->n_threads;
    return cli_durable_check("sweep", &self->run.durable, err) == ERR_OK;
}

static enum err_code load(const struct options *self, struct study_sweep *sweep,
                          struct scenario *rules, struct err *err)
{
    if (study_sweep_load(self->source.scenario, sweep, err) != ERR_OK) {
        cli_check_kind(self->source.scenario, CLI_SWEEP, err);
        return err->code;
    }
    for (size_t k = 0; k < self->source.n_sets && !err->code; k++) {
        const char *set = self->source.sets[k];
        const char *moved = config_assignment_from_here(set, sweep->base_path, &sweep->arena);
        if (moved)
            study_sweep_set(sweep, moved, err);
        else
            err_set(err, ERR_MEMORY, "no memory for --set %s", set);
    }
    if (err->code || cli_use_rules(self->source.rules, rules, err) != ERR_OK)
        return err->code;
    sweep->rules = rules->rules;
    sweep->rules_digest = rules->rules_digest;
    return study_sweep_design(sweep, err);
}

/* ---- dry run ---- */

enum { ROW_HANG = 13 }; /* what goes on stands below the second column */

static void print_bytes(const char *label, const char *bound, double bytes)
{
    static const char *const units[] = {"B", "KB", "MB", "GB", "TB"};
    size_t k = 0;
    for (; bytes >= 1000 && k < 4; k++)
        bytes /= 1000;
    report_line(stdout, ROW_HANG, "%-12s %s%.3g %s", label, bound, bytes, units[k]);
}

static enum err_code estimate(const struct options *self, struct study_sweep *sweep,
                              struct err *err)
{
    struct study_sweep_estimate estimate;
    if (study_sweep_estimate(sweep, &self->run, &estimate, err) != ERR_OK)
        return err->code;
    char refused[96] = "";
    if (sweep->n_drawn > sweep->n_points)
        snprintf(refused, sizeof refused, " (%zu of the design do not meet the conditions)",
                 sweep->n_drawn - sweep->n_points);
    if (sweep->title[0])
        report_line(stdout, 2, "%s", sweep->title);
    report_line(stdout, ROW_HANG, "%-12s %zu%s", "policies", estimate.n_policies, refused);
    report_line(stdout, ROW_HANG, "%-12s %s, from %s on few candidates", "time",
                wording_duration(estimate.seconds).text,
                wording_count(estimate.n_pilot, "policy").text);
    if (estimate.n_libraries > 0)
        report_line(stdout, ROW_HANG,
                    "%-12s %zu, to be built where its file is not there, for which the time does "
                    "not allow",
                    "libraries", estimate.n_libraries);
    print_bytes("memory", "", estimate.memory_bytes);
    print_bytes("result", "at most ", estimate.file_bytes);
    if (estimate.n_failing > 0)
        report_line(stdout, ROW_HANG, "%-12s %zu of %s tried cannot be run; the first: %s",
                    "warning", estimate.n_failing,
                    wording_count(estimate.n_pilot + estimate.n_failing, "policy").text,
                    estimate.failure);
    return report_sweep_plan(sweep, stdout, err);
}

/* ---- the sweep ---- */

static enum err_code simulate(const struct options *self, struct study_sweep *sweep,
                              struct store_result *result, struct err *err)
{
    struct cli_progress progress;
    struct study_sweep_options run = self->run;
    size_t first, n;
    study_sweep_shard(sweep, &run.durable, &first, &n);
    cli_progress_begin(&progress);
    progress.n_parts = n;
    run.engine.progress = cli_progress_show;
    run.engine.context = &progress;
    run.engine.note = cli_progress_say;
    run.engine.note_context = &progress;
    run.engine.stop = cli_interrupt_catch(cli_durable_is_kept(&run.durable));
    run.durable.say = cli_progress_say;
    run.durable.say_context = &progress;
    run.engine.comm = cli_ranks();
    if (!cli_ranks_is_first()) {
        run.engine.note = NULL;
        return study_sweep_run(sweep, &run, result, err);
    }
    if (study_sweep_run(sweep, &run, result, err) == ERR_OK)
        cli_progress_end(&progress);
    else
        cli_progress_clear();
    return err->code;
}

/* For study_sweep_each_input. */
static enum err_code compare_input(void *context, const char *path, struct err *err)
{
    return cli_files_input(context, path, err);
}

static enum err_code take_files(struct options *self, struct study_sweep *sweep, struct err *err)
{
    struct cli_files *files = &self->source.files;
    if (study_sweep_each_input(sweep, compare_input, files, err) != ERR_OK)
        return err->code;
    cli_interrupt_catch(cli_durable_is_kept(&self->run.durable)); /* before there is a lock */
    files->may_be_finished = self->run.durable.resume;
    cli_files_take(files, NULL, err);
    self->run.durable.cannot_write = cli_files_cannot_write(files);
    return err->code;
}

static enum err_code run(struct options *self, struct err *err)
{
    struct study_sweep sweep = {0};
    struct scenario rules = {0};
    struct store_result result = {0};
    if (load(self, &sweep, &rules, err) == ERR_OK && !self->dry_run && cli_ranks_is_first())
        take_files(self, &sweep, err);
    if (cli_ranks_agree(err) != ERR_OK)
        goto out;
    if (self->dry_run) {
        if (cli_ranks_is_first())
            estimate(self, &sweep, err);
        goto out;
    }
    if (simulate(self, &sweep, &result, err) != ERR_OK || !cli_ranks_is_first())
        goto out;
    if (!self->run.durable.output)
        report_summary_text(&result.dataset, &result.provenance, stdout, err);
    if (!err->code)
        cli_verdict_tell(&result, err);
out:
    store_result_free(&result);
    study_sweep_free(&sweep);
    config_scenario_free(&rules);
    cli_files_end(&self->source.files);
    return err->code;
}

int cmd_sweep(int argc, char **argv)
{
    struct err err = {.note = cli_note};
    struct options options = {0};
    char *history = cli_command_line(argc, argv, &err);
    options.run.history = history;
    if (history && parse(argc, argv, &options, &err))
        run(&options, &err);
    free(history);
    return cli_end(&err);
}
