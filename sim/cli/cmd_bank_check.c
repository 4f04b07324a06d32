/* retake bank check: every doubtful item of a bank; --drop: the bank without what cannot be read.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/file.h>
#include <retake/base/plain.h>
#include <retake/base/wording.h>
#include <retake/config/csv.h>

#include <stdio.h>
#include <string.h>

#include "bank_commands.h"
#include "kinds.h"
#include "options.h"

static const char usage[] =
    "usage: retake bank check BANK.csv [--drop -o OUT.csv]\n"
    "Prints one line for each error and each doubt: discrimination not positive, tiny or huge; "
    "difficulty\nfar from anyone; asymptotes out of order or out of range; unordered thresholds; "
    "items with equal\nparameters; enemy groups of one item; domains of few items. Exit status 65 "
    "if there is an error.\n"
    "  --drop              write the bank without the rows that have errors; status 0 then\n"
    "  -o, --output FILE   where to; the rows that stay are the same byte for byte\n";

struct work {
    const char *path, *output;
    bool drops;
    struct file_text text;
    struct irt_doubts doubts;
    struct arena arena;
};

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
    plain_print(stdout, "%s: %s, %s, %s\n", path, wording_count(doubts->n_items, "item").text,
                wording_count(doubts->n_errors, "error").text,
                wording_count(doubts->n - doubts->n_errors, "doubt").text);
}

static enum err_code write_rest(struct work *self, struct err *err)
{
    const char *text;
    size_t n_bytes, n_left, n_out;
    if (irt_bank_drop(self->path, self->text.bytes, self->text.n_bytes, &self->doubts, &text,
                      &n_bytes, &n_left, err) != ERR_OK ||
        file_write(self->output, text, n_bytes, err) != ERR_OK)
        return err->code;
    n_out = self->doubts.n_items - n_left;
    plain_print(stdout, "%s: %s, without %zu that %s errors\n", self->output,
                wording_count(n_left, "item").text, n_out, n_out == 1 ? "has" : "have");
    return err->code;
}

static enum err_code check(struct work *self, struct err *err)
{
    if (file_read(self->path, CSV_MAX_BYTES, &self->arena, &self->text, err) != ERR_OK ||
        irt_bank_doubts(self->path, self->text.bytes, self->text.n_bytes, &self->doubts, err) !=
            ERR_OK) {
        cli_check_kind(self->path, CLI_BANK, err);
        return err->code;
    }
    print(&self->doubts, self->path);
    if (self->drops)
        return write_rest(self, err);
    if (self->doubts.n_errors)
        err_set(err, ERR_INPUT,
                "%s: no bank to use: %s on standard output; --drop -o OUT.csv writes "
                "it without those rows",
                self->path, wording_count(self->doubts.n_errors, "error").text);
    return err->code;
}

int cmd_bank_check(int argc, char **argv)
{
    struct err err = {.note = cli_note};
    struct work work = {.drops = false};
    struct cli_words words;
    struct cli_files files = {.command = NULL};
    const struct cli_option rows[] = {
        {"drop", .flag = &work.drops}, {"output", .text = &work.output}, {0}};
    const struct cli_command command = {"bank check", usage, rows, .files = &files, .word = "bank"};
    bool has_work = cli_command_read(&command, argc, argv, &words, &err);
    if (has_work && work.drops != (work.output != NULL))
        err_set(&err, ERR_USAGE, "bank check: --drop and -o OUT.csv are given together");
    if (has_work && !err.code && cli_files_take(&files, NULL, &err) == ERR_OK) {
        work.path = words.list[0];
        check(&work, &err);
    }
    cli_files_end(&files);
    int status = cli_end(&err);
    irt_doubts_free(&work.doubts);
    arena_free(&work.arena);
    return status;
}
