/* retake replay: the exam of a scenario on recorded answers.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/file.h>
#include <retake/base/plain.h>
#include <retake/base/wording.h>
#include <retake/study/replay.h>

#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "deliver.h"
#include "options.h"

static const char usage[] =
    "usage: retake replay SCENARIO.yaml --responses RESPONSES.csv [options]\n"
    "  --responses FILE        CSV: examinee, then a column per item id; answers from 0\n"
    "  --bank BANK.csv         bank in place of the scenario's\n"
    "  -o, --output TRACE.csv  write the trace there (else print it)\n"
    "  --missing error         every scored item needs an answer of everyone (default)\n"
    "  --missing unavailable   an item without an answer (empty, NA) is not shown to that "
    "examinee\n"
    "  --times FILE            CSV of the same shape: seconds; without it the exam is untimed\n"
    "  --set key=value         change a parameter; may be repeated (retake params lists the keys)\n"
    "  --rules FILE.so         rules from outside the tree\n"
    "The trace: examinee, step, item, response, theta, se after the response; on the last step\n"
    "stop_reason (stop_rule, max_items, time, no_item), stop_rules (those that held), passed.\n"
    "An examinee without any answer has one line, step 0 with the starting theta, and never "
    "passes.\n"
    "Only scored items are replayed: exam.pilot_items counts as 0. How-to: docs/replay.md\n"
    "Exit status: 0 done, 1 failure, 2 usage, 65 bad input, 74 cannot write.\n";

struct options {
    struct cli_source source;
    const char *bank, *output;
    struct study_replay_options replay;
};

static enum err_code take_missing(const struct cli_option *row, const char *word, struct err *err)
{
    bool *is_unavailable = row->to;
    *is_unavailable = strcmp(word, "unavailable") == 0;
    if (!*is_unavailable && strcmp(word, "error") != 0)
        err_set(err, ERR_USAGE, "replay: --missing %s: error or unavailable is needed", word);
    return err->code;
}

static bool parse(int argc, char **argv, struct options *self, struct err *err)
{
    const struct cli_option rows[] = {
        {"output", .text = &self->output, .may_be_stdout = true},
        {"bank", .text = &self->bank},
        {"responses", .text = &self->replay.responses, .needed = "--responses"},
        {"times", .text = &self->replay.times},
        {"missing", .take = take_missing, .to = &self->replay.missing_is_unavailable},
        CLI_SOURCE(&self->source),
        {0}};
    const struct cli_command command = {"replay", usage, rows, .word = "scenario"};
    return cli_source_read(&command, argc, argv, &self->source, err);
}

static void print_summary(const struct study_replay *replay, FILE *out)
{
    double n = (double)replay->n_examinees;
    plain_print(out, "%s, %.1f items on average, %zu passed\n",
                wording_count(replay->n_examinees, "examinee").text, (double)replay->n_steps / n,
                replay->n_passed);
}

static enum err_code run(struct options *self, struct err *err)
{
    struct scenario scenario = {0};
    struct study_replay replay = {0};
    if (cli_source_load(&self->source, &scenario, err) != ERR_OK)
        goto out;
    scenario.bank_path = self->bank;
    if (cli_files_take(&self->source.files, &scenario, err) != ERR_OK ||
        study_replay_run(&scenario, &self->replay, &replay, err) != ERR_OK)
        goto out;
    bool is_printed = !self->output || cli_is_stdout(self->output);
    if (self->output && cli_deliver(self->output, replay.csv, replay.n_bytes, err) != ERR_OK)
        goto out;
    if (!self->output)
        plain_write(replay.csv, replay.n_bytes, stdout);
    print_summary(&replay, is_printed ? stderr : stdout);
    for (size_t k = 0; k < replay.n_reach; k++)
        plain_print(stderr, "retake: warning: %s: %s\n", replay.reach[k].key, replay.reach[k].text);
    if (replay.warning[0])
        plain_print(stderr, "retake: warning: %s\n", replay.warning);
out:
    study_replay_free(&replay);
    config_scenario_free(&scenario);
    cli_files_end(&self->source.files);
    return err->code;
}

int cmd_replay(int argc, char **argv)
{
    struct err err = {.note = cli_note};
    struct options options = {0};
    if (parse(argc, argv, &options, &err))
        run(&options, &err);
    return cli_end(&err);
}
