/* Any bytes as recorded answers, and as recorded times: an error in one line, or a replay of every
 * examinee. SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "file_input.h"

#include <retake/study/replay.h>

static const char bank_csv[] =
    "id,model,a,b,b1,b2,c\nA,2pl,1,0,,,\nB,rasch,,1,,,\nC,3pl,1.2,-1,,,.2\n"
    "D,gpcm,1,,-1,1,\n";
static const char answers_csv[] = "examinee,A,B,C,D\nfirst,1,0,1,2\nsecond,0,0,1,1\n";

static void replay(const char *bank, const char *responses, const char *times, bool is_tolerant)
{
    struct scenario scenario;
    struct study_replay_options options = {
        .responses = responses, .times = times, .missing_is_unavailable = is_tolerant};
    struct study_replay out = {0};
    struct err err = {0};
    file_scenario("bank: %s\nexam: {min_items: 2, max_items: 3, pilot_items: 0}\n", bank,
                  &scenario);
    study_replay_run(&scenario, &options, &out, &err);
    require_message(&err);
    require(out.n_passed <= out.n_examinees && out.n_steps <= 3 * out.n_examinees);
    study_replay_free(&out);
    config_scenario_free(&scenario);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    struct file_input bank, answers, file;
    file_input_init(bank_csv, sizeof bank_csv - 1, &bank);
    file_input_init(answers_csv, sizeof answers_csv - 1, &answers);
    file_input_init(data, n_bytes, &file);
    replay(bank.path, file.path, NULL, false);
    replay(bank.path, file.path, NULL, true);
    replay(bank.path, answers.path, file.path, false);
    file_input_free(&file);
    file_input_free(&answers);
    file_input_free(&bank);
    return 0;
}
