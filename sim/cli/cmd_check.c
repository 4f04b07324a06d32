/* retake check: everything that a run would check, without running.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/wording.h>
#include <retake/engine/plan.h>
#include <retake/report/policy_words.h>
#include <retake/report/text.h>
#include <retake/study/exam_doubts.h>

#include <math.h>
#include <stdio.h>

#include "commands.h"
#include "options.h"

static const char usage[] =
    "usage: retake check SCENARIO.yaml [--set key=value]... [--rules FILE.so]\n"
    "Reads the scenario and its bank and checks all that a run would check. What can be run and is "
    "odd\nall the same is a line 'warning': a cut, with policy.retake_cut_raise, that no estimate "
    "can reach or that\nall do; every answer wrong and passed, every answer right and failed; a "
    "grid too coarse for the standard\nerrors; targets without exam.content.rule; rows of "
    "candidates in order of ability.\n";

static void describe(const struct engine_plan *plan)
{
    const struct scenario *s = plan->scenario;
    char words[REPORT_POLICY_BYTES];
    report_policy_words(&(struct report_policy_source){.scenario = s}, words);
    report_line(stdout, 2, "%s: ok", s->path);
    if (s->title[0])
        report_line(stdout, 2, "  %s", s->title);
    report_line(stdout, 2, "  %s in %s, up to %s",
                wording_count((uint64_t)s->engine_candidates, "candidate").text,
                wording_count(s->n_groups, "group").text,
                wording_count(plan->pathway.max_attempts, "attempt").text);
    if (plan->pathway.cat)
        report_line(stdout, 2, "  %zu scored and %s in %zu domain%s (%s)",
                    plan->bank.n_items - plan->bank.n_pilots,
                    wording_count(plan->bank.n_pilots, "pilot item").text, plan->bank.n_domains,
                    plan->bank.n_domains == 1 ? "" : "s", plan->bank.path);
    report_line(stdout, 4, "  Policy: %s", words);
}

/* (B - 1) times the effect of a random order is about chi-square: mean B - 1, variance 2 (B - 1).
 */
static void warn_of_order(const struct engine_plan *plan)
{
    size_t n_blocks;
    double effect = person_order_effect(&plan->person, &n_blocks);
    if (n_blocks > 1 && effect > 1 + 6 * sqrt(2 / (double)(n_blocks - 1)))
        report_line(stdout, 2,
                    "  warning: population.candidates_file: the order of the rows goes with "
                    "ability: means of 256 rows vary %.3g times as much as in a random order, and "
                    "standard errors come out too large; shuffle the rows",
                    effect);
}

static enum err_code warn_of_exam(const struct engine_plan *plan, struct err *err)
{
    struct study_exam_doubts doubts;
    if (study_exam_doubts_find(plan, &doubts, err) != ERR_OK)
        return err->code;
    for (size_t k = 0; k < doubts.n; k++)
        report_line(stdout, 2, "  warning: %s", doubts.list[k].detail);
    return ERR_OK;
}

static void check(const struct cli_source *source, struct err *err)
{
    struct scenario scenario = {0};
    struct engine_plan plan = {0};
    if (cli_source_load(source, &scenario, err) == ERR_OK &&
        engine_plan_init(&scenario, &plan, err) == ERR_OK) {
        describe(&plan);
        warn_of_order(&plan);
        warn_of_exam(&plan, err);
    }
    engine_plan_free(&plan);
    config_scenario_free(&scenario);
}

int cmd_check(int argc, char **argv)
{
    struct err err = {.note = cli_note};
    struct cli_source source = {0};
    const struct cli_option rows[] = {CLI_SOURCE(&source), {0}};
    const struct cli_command command = {"check", usage, rows, .word = "scenario"};
    if (cli_source_read(&command, argc, argv, &source, &err))
        check(&source, &err);
    return cli_end(&err);
}
