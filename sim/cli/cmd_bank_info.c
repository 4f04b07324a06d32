/* retake bank info: look into an item bank. SPDX-License-Identifier: Apache-2.0 */
#include <retake/report/bank_info.h>

#include <stdio.h>

#include "bank_commands.h"
#include "options.h"

static const char usage[] =
    "usage: retake bank info BANK.csv [options]\n"
    "  --cut THETA      where the bank must be strong (default 0)\n"
    "  --information I  flag abilities where the best 60 items give less (default 10, SE 0.316)\n";

int cmd_bank_info(int argc, char **argv)
{
    struct err err = {.note = cli_note};
    struct irt_bank bank = {0};
    struct cli_words words;
    double cut = 0, bound = 10;
    const struct cli_option rows[] = {
        {"cut", .real = &cut, .least = -20}, {"information", .real = &bound, .least = 0}, {0}};
    const struct cli_command command = {"bank info", usage, rows, .word = "bank"};
    if (cli_command_read(&command, argc, argv, &words, &err) &&
        cli_bank_load(words.list[0], &bank, &err) == ERR_OK)
        report_bank_info(&bank, cut, bound, stdout, &err);
    irt_bank_free(&bank);
    return cli_end(&err);
}
