/* retake: the program. One row for each command; everything else is in cmd_*.c.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/apart.h>
#include <retake/base/build_info.h>
#include <retake/base/date.h>
#include <retake/base/err.h>
#include <retake/base/guard.h>
#include <retake/base/plain.h>
#include <retake/config/params.h>
#include <retake/engine/run.h>
#include <retake/report/text.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "interrupt.h"
#include "launch.h"
#include "options.h"
#include "verbs.h"

static const struct cli_verb commands[] = {
    {"run", cmd_run, "SCENARIO.yaml [-o OUT.h5] [--set key=value]...", "simulate one policy"},
    {"sweep", cmd_sweep, "SWEEP.yaml [-o OUT.h5] [--dry-run] [--shard I/N]",
     "simulate many policies and compare them"},
    {"merge", cmd_merge, "-o OUT.h5 PART.h5... | --missing PART.h5...",
     "join the shards of a run or a sweep"},
    {"replay", cmd_replay, "SCENARIO.yaml --responses FILE.csv [-o TRACE.csv]",
     "the exam on recorded answers, step by step"},
    {"summary", cmd_summary, "OUT.h5 [--format text|md|table|csv|json] [-o FILE]",
     "tables of a result on the terminal"},
    {"report", cmd_report, "OUT.h5 [OUT2.h5 ...] [-o REPORT.html]",
     "one page with charts: a result, or several compared"},
    {"trace", cmd_trace, "SCENARIO.yaml --candidate N [--json]", "one candidate's dated journey"},
    {"check", cmd_check, "SCENARIO.yaml [--set key=value]...",
     "check a scenario without running it"},
    {"calibrate", cmd_calibrate, "SCENARIO.yaml --targets TARGETS.csv --free KEY=LOW:HIGH...",
     "fit a scenario to published figures"},
    {"solve", cmd_solve, "SCENARIO.yaml --free KEY=LOW:HIGH --target ADDRESS=VALUE",
     "the value at which a statistic reaches a target"},
    {"validate", cmd_validate, "SCENARIO.yaml -o CUT.h5 | --dry-run",
     "the cut study: accuracy and consistency around the cut"},
    {"params", cmd_params, "[KEY]", "parameters: default, range, unit, evidence"},
    {"bank", cmd_bank, "info | check | convert | generate ...",
     "look into an item bank, or make one"},
};

enum { N_COMMANDS = sizeof commands / sizeof commands[0] };

static void print_help(FILE *out)
{
    report_line(out, 2, "retake %s: Monte Carlo engine for exam policy", build_info_version());
    report_help(out, "\nusage: retake COMMAND ...\n\n");
    cli_verbs_print(out, "  ", "  ", commands, N_COMMANDS);
    report_help(
        out,
        "\n  retake help COMMAND     options of a command; also retake COMMAND --help\n"
        "  retake --version        version, commit, compiler, libraries; also -V\n\n"
        "Exit status: 0 done, 1 failure, 2 usage, 65 bad input, 74 input or output, 75 stopped "
        "at a\ncheckpoint, 130 interrupted.\n");
}

/* The same for scripts: sim/cli/help makes man pages and completion of it. */
static int print_commands(void)
{
    for (size_t k = 0; k < N_COMMANDS; k++)
        plain_print(stdout, "%s\t%s\t%s\n", commands[k].name, commands[k].usage, commands[k].doc);
    return 0;
}

static int print_version(void)
{
    report_line(stdout, 2, "retake %s", build_info_version());
    report_line(stdout, 2, "commit %s", build_info_commit());
    report_line(stdout, 2, "compiler %s", build_info_compiler());
    report_line(stdout, 2, "flags %s", build_info_flags());
    report_line(stdout, 2, "reading %s", guard_text());
    report_line(stdout, 2, "libraries HDF5 %s, libyaml %s, jansson %s, xxHash %s, NLopt %s",
                build_info_hdf5(), build_info_yaml(), build_info_jansson(), build_info_xxhash(),
                build_info_nlopt());
    report_line(stdout, 2, "threads %d", engine_default_threads());
    return 0;
}

static int unknown_command(const char *name)
{
    const char *names[N_COMMANDS];
    for (size_t k = 0; k < N_COMMANDS; k++)
        names[k] = commands[k].name;
    const char *near = config_nearest_word(name, names, N_COMMANDS);
    plain_print(stderr, "retake: unknown command '%s'%s%s%s; retake --help lists them\n", name,
                near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    return err_exit_status(ERR_USAGE);
}

/* The ranks of retake-mpi share the work of some commands; any other would only be done twice. */
static int run_command(size_t k, int argc, char **argv)
{
    struct err err = {0};
    char date[DATE_BYTES];
    bool is_shared = commands[k].run == cmd_run || commands[k].run == cmd_sweep;
    if (!is_shared && cli_ranks()->n_ranks > 1) {
        err_set(&err, ERR_USAGE, "%s is not for several ranks; run and sweep are",
                commands[k].name);
        return cli_fail(&err);
    }
    if (date_now(date, &err) != ERR_OK) /* not after hours */
        return cli_fail(&err);
    return commands[k].run(argc, argv);
}

static bool is_one_of(const char *word, const char *const *words)
{
    while (*words && strcmp(word, *words) != 0)
        words++;
    return *words != NULL;
}

static int run_named(int argc, char **argv)
{
    for (size_t k = 0; k < N_COMMANDS; k++)
        if (strcmp(argv[0], commands[k].name) == 0)
            return run_command(k, argc, argv);
    return cli_ranks_speaks() ? unknown_command(argv[0]) : err_exit_status(ERR_USAGE);
}

/* retake help COMMAND [VERB] is retake COMMAND [VERB] --help. */
static int help(int argc, char **argv)
{
    char option[] = "--help", *words[] = {NULL, NULL, option, NULL};
    int n = argc < 2 ? argc : 2;
    if (argc == 0 || argv[0][0] == '-') {
        print_help(stdout);
        return 0;
    }
    for (int k = 0; k < n; k++)
        words[k] = argv[k];
    words[n] = option;
    words[n + 1] = NULL;
    return run_named(n + 1, words);
}

static int run(int argc, char **argv)
{
    static const char *const help_words[] = {"--help", "-h", NULL};
    static const char *const version_words[] = {"--version", "-V", "version", NULL};
    const char *name = argc > 1 ? argv[1] : "";
    if (is_one_of(name, help_words) || strcmp(name, "help") == 0)
        return help(strcmp(name, "help") == 0 ? argc - 2 : 0, argv + 2);
    if (is_one_of(name, version_words))
        return print_version();
    if (strcmp(name, "--commands") == 0)
        return print_commands();
    if (argc < 2) {
        print_help(stderr);
        return err_exit_status(ERR_USAGE);
    }
    return run_named(argc - 1, argv + 1);
}

/* What was to be printed must have been: a full disk is no success. */
int main(int argc, char **argv)
{
    struct err err = {0};
    guard_start(); /* before MPI and threads */
    cli_interrupt_begin();
    bool is_open = cli_ranks_open(&err) == ERR_OK;
    if (is_open && cli_ranks()->n_ranks == 1) /* MPI need not survive a fork */
        apart_begin();
    int status = is_open ? run(argc, argv) : cli_fail(&err);
    cli_ranks_close();
    guard_stop();
    err_clear(&err);
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    err_set(&err, ERR_IO, "standard output: cannot write: %s", strerror(errno));
    return status ? status : cli_fail(&err);
}
