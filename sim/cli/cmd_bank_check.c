/* retake bank check: every doubtful item of a bank. SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/file.h>
#include <retake/base/plain.h>
#include <retake/config/csv.h>

#include <stdio.h>
#include <string.h>

#include "bank_commands.h"
#include "options.h"

static const char usage[] =
    "usage: retake bank check BANK.csv\n"
    "Prints one line for each error and each doubt: discrimination not positive, tiny or huge; "
    "difficulty\nfar from anyone; asymptotes out of order or out of range; unordered thresholds; "
    "items with equal\nparameters; enemy groups of one item; domains of few items. Exit status 65 "
    "if there is an error.\n";

static void print(const struct irt_doubts *doubts, const char *path)
{
    for (size_t i = 0; i < doubts->n; i++) {
        const struct irt_doubt *doubt = &doubts->list[i];
        const char *text = doubt->text; /* PATH:LINE:COLUMN: ... */
        int n_place = 0;
        char place[64];
        snprintf(place, sizeof place, ":%zu:%zu: ", doubt->line, doubt->column);
        if (strncmp(text, path, strlen(path)) == 0 &&
            strncmp(text + strlen(path), place, strlen(place)) == 0)
            n_place = (int)(strlen(path) + strlen(place));
        plain_print(stdout, "%.*s%s: %s\n", n_place, text, doubt->is_error ? "error" : "doubt",
                    text + n_place);
    }
    plain_print(stdout, "%s: %zu items, %zu errors, %zu doubts\n", path, doubts->n_items,
                doubts->n_errors, doubts->n - doubts->n_errors);
}

int cmd_bank_check(int argc, char **argv)
{
    static const struct cli_option rows[] = {{0}};
    static const struct cli_command command = {"bank check", usage, rows, .word = "bank"};
    struct err err = {0};
    struct arena arena = {0};
    struct file_text text;
    struct irt_doubts doubts = {0};
    struct cli_words words;
    if (cli_command_read(&command, argc, argv, &words, &err) &&
        file_read(words.list[0], CSV_MAX_BYTES, &arena, &text, &err) == ERR_OK &&
        irt_bank_doubts(words.list[0], text.bytes, text.n_bytes, &doubts, &err) == ERR_OK)
        print(&doubts, words.list[0]);
    if (doubts.n_errors)
        err_set(&err, ERR_INPUT, "%s: no bank to use: %zu errors are on standard output",
                words.list[0], doubts.n_errors);
    int status = cli_end(&err);
    irt_doubts_free(&doubts);
    arena_free(&arena);
    return status;
}
