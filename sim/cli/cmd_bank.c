/* retake bank: one row for each sub-command; everything else is in cmd_bank_*.c.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/file.h>
#include <retake/config/csv.h>
#include <retake/config/params.h>
#include <retake/report/text.h>

#include <stdio.h>
#include <string.h>

#include "bank_commands.h"
#include "commands.h"
#include "kinds.h"
#include "options.h"
#include "verbs.h"

static const struct cli_verb verbs[] = {
    {"info", cmd_bank_info, "BANK.csv [--cut THETA]",
     "parameters, information, and where the bank is thin"},
    {"adequacy", cmd_bank_adequacy, "SCENARIO.yaml",
     "whether the bank suffices: information, items short, exposure, overlap"},
    {"check", cmd_bank_check, "BANK.csv", "every doubtful item, with its place and why"},
    {"convert", cmd_bank_convert, "TABLE.csv -o BANK.csv",
     "tables of catR, mirt, TestDesign as a plain bank"},
    {"exposure", cmd_bank_exposure, "SCENARIO.yaml -o PARAMETERS.csv",
     "calibrate the exposure control of a scenario"},
    {"generate", cmd_bank_generate, "-o BANK.csv [options]", "make a bank from distributions"},
};

enum { N_VERBS = sizeof verbs / sizeof verbs[0] };

enum err_code cli_bank_load(const char *path, struct irt_bank *self, struct err *err)
{
    struct arena arena = {0};
    struct file_text text;
    *self = (struct irt_bank){0};
    if (file_read(path, CSV_MAX_BYTES, &arena, &text, err) == ERR_OK)
        irt_bank_parse(path, text.bytes, text.n_bytes, self, err);
    cli_check_kind(path, CLI_BANK, err);
    arena_free(&arena);
    return err->code;
}

static void print_help(void)
{
    cli_verbs_print(stdout, "usage: retake bank ", "       retake bank ", verbs, N_VERBS);
    report_help(
        stdout,
        "\nretake bank VERB --help shows more. A bank is a CSV file with the columns id, model "
        "(rasch,\n1PL to 4PL, pcm, gpcm, grm), a, b, c, d, b1 to b15 (thresholds), domain, enemy, "
        "pilot,\ntime_intensity, time_discrimination, demand_sequence, demand_scope, "
        "demand_reading,\nattribute_NAME. Only id is needed. Tables of catR, mirt and TestDesign "
        "are recognised by\ntheir headers.\n");
}

int cmd_bank(int argc, char **argv)
{
    struct err err = {0};
    const char *names[N_VERBS], *verb = argc > 1 ? argv[1] : "";
    if (strcmp(verb, "--help") == 0 || strcmp(verb, "-h") == 0) {
        print_help();
        return 0;
    }
    for (size_t k = 0; k < N_VERBS; k++) {
        names[k] = verbs[k].name;
        if (strcmp(verb, verbs[k].name) == 0)
            return verbs[k].run(argc - 1, argv + 1);
    }
    const char *near = config_nearest_word(verb, names, N_VERBS);
    err_set(&err, ERR_USAGE, "bank: %s%s%s%s%s%s; retake bank --help", *verb ? "unknown '" : "",
            *verb ? verb : "info, adequacy, check, convert, exposure or generate is needed",
            *verb ? "'" : "", near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    return cli_fail(&err);
}
