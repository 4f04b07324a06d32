/* retake bank check: every doubtful item of a bank. SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/file.h>

#include <getopt.h>
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
        printf("%.*s%s: %s\n", n_place, text, doubt->is_error ? "error" : "doubt", text + n_place);
    }
    printf("%s: %zu items, %zu errors, %zu doubts\n", path, doubts->n_items, doubts->n_errors,
           doubts->n - doubts->n_errors);
}

int cmd_bank_check(int argc, char **argv)
{
    static const struct option longs[] = {{"help", no_argument, NULL, 'h'}, {0}};
    struct err err = {0};
    struct arena arena = {0};
    struct file_text text;
    struct irt_doubts doubts = {0};
    for (int c; (c = getopt_long(argc, argv, ":h", longs, NULL)) != -1;) {
        if (c == 'h') {
            fputs(usage, stdout);
            return 0;
        }
        cli_wrong_option("bank check", c, argv, longs, &err);
    }
    if (!err.code && optind != argc - 1)
        err_set(&err, ERR_USAGE, "bank check: exactly one bank is needed");
    const char *path = argv[optind < argc ? optind : 0];
    if (!err.code && file_read(path, &arena, &text, &err) == ERR_OK &&
        irt_bank_doubts(path, text.bytes, text.n_bytes, &doubts, &err) == ERR_OK)
        print(&doubts, path);
    int status = err.code ? cli_fail(&err) : doubts.n_errors ? err_exit_status(ERR_INPUT) : 0;
    irt_doubts_free(&doubts);
    arena_free(&arena);
    return status;
}
