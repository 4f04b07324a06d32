/* retake bank convert: any table of items as a plain bank. SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/file.h>
#include <retake/base/plain.h>
#include <retake/report/bank_csv.h>

#include <stdio.h>
#include <stdlib.h>

#include "bank_commands.h"
#include "deliver.h"
#include "options.h"

static const char usage[] =
    "usage: retake bank convert TABLE.csv -o BANK.csv\n"
    "Recognised by their headers:\n"
    "  retake      id, model, a, b, c, d, b1 .. b15, domain, ...\n"
    "  catR        a, b, c, d, [group]; alphaj, betaj1 .. (graded); [alphaj], deltaj1 .. (partial "
    "credit)\n"
    "  mirt        a1, d, [g], [u], [d1 ..], [ak0 .., d0]; or a, b, [g], [u] (IRTpars)\n"
    "  TestDesign  ID, MODEL, PAR1 ..\n"
    "Every command that reads a bank reads these too. Without -o the bank goes to the terminal,\n"
    "control characters as '?'.\n";

static enum err_code convert(const char *from, const char *to, struct err *err)
{
    struct irt_bank bank;
    char *text = NULL;
    size_t n_bytes = 0;
    if (cli_bank_load(from, &bank, err) == ERR_OK &&
        report_bank_csv(&bank, &text, &n_bytes, err) == ERR_OK) {
        if (to)
            cli_deliver(to, text, n_bytes, err);
        else
            plain_write(text, n_bytes, stdout);
    }
    free(text);
    irt_bank_free(&bank);
    return err->code;
}

int cmd_bank_convert(int argc, char **argv)
{
    struct err err = {.note = cli_note};
    struct cli_words words;
    const char *output = NULL;
    const struct cli_option rows[] = {{"output", .text = &output, .may_be_stdout = true}, {0}};
    struct cli_files files = {.command = NULL};
    const struct cli_command command = {"bank convert", usage, rows, .files = &files,
                                        .word = "table"};
    if (cli_command_read(&command, argc, argv, &words, &err) &&
        cli_files_take(&files, NULL, &err) == ERR_OK)
        convert(words.list[0], output, &err);
    cli_files_end(&files);
    return cli_end(&err);
}
