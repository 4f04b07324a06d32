/* A bank without the rows that cannot be read. Lines are copied as they stand, so that what remains
 * keeps its layout, its separators and its digits. SPDX-License-Identifier: Apache-2.0 */
#include <retake/irt/bank.h>

#include <string.h>

/* Past one line with its end: LF, CRLF or CR, as config_csv_parse counts them. */
static const char *skip_line(const char *p, const char *end)
{
    while (p < end && *p != '\n' && *p != '\r')
        p++;
    p += p < end && *p == '\r' && p + 1 < end && p[1] == '\n';
    return p + (p < end);
}

/* Mark the rows that have an error. @return how many remain */
static size_t find_bad(const struct irt_doubts *self, bool *is_bad)
{
    size_t n = self->n_items;
    for (size_t k = 0; k < self->n; k++) {
        const struct irt_doubt *doubt = &self->list[k];
        if (doubt->is_error && doubt->row < self->n_items && !is_bad[doubt->row]) {
            is_bad[doubt->row] = true;
            n--;
        }
    }
    return n;
}

/* Copy what is not of a bad row; a row goes on until the next one begins. */
static size_t copy_lines(const struct irt_doubts *self, const bool *is_bad, const char *text,
                         const char *end, char *to)
{
    size_t n = 0, row = 0, line = 1;
    bool is_in_row = false;
    for (const char *p = text; p < end; line++) {
        const char *next = skip_line(p, end);
        if (row + is_in_row < self->n_items && line == self->first_line[row + is_in_row]) {
            row += is_in_row;
            is_in_row = true;
        }
        if (!is_in_row || !is_bad[row]) {
            memcpy(to + n, p, (size_t)(next - p));
            n += (size_t)(next - p);
        }
        p = next;
    }
    return n;
}

/* The rows that went may have been what told the separator or the decimal mark. */
static enum err_code check_rest(const char *path, const char *text, size_t n_bytes, struct err *err)
{
    struct irt_doubts rest;
    struct err reason = {0};
    if (irt_bank_doubts(path, text, n_bytes, &rest, &reason) != ERR_OK)
        err_set(err, reason.code, "without the rows that have errors: %s", reason.detail);
    else if (rest.n_errors > 0)
        err_set(err, ERR_INPUT, "%s: what is left without the rows that have errors has others",
                path);
    irt_doubts_free(&rest);
    return err->code;
}

enum err_code irt_bank_drop(const char *path, const char *text, size_t n_bytes,
                            struct irt_doubts *doubts, const char **out, size_t *n_out,
                            size_t *n_left, struct err *err)
{
    bool *is_bad = arena_alloc(&doubts->arena, doubts->n_items + 1);
    char *copy = arena_alloc(&doubts->arena, n_bytes + 1);
    if (!is_bad || !copy)
        return err_set(err, ERR_MEMORY, "%s: no memory for its rows", path);
    *n_left = find_bad(doubts, is_bad);
    if (*n_left == 0)
        return err_set(err, ERR_INPUT, "%s: every item has an error; none remains", path);
    *n_out = copy_lines(doubts, is_bad, text, text + n_bytes, copy);
    *out = copy;
    return check_rest(path, copy, *n_out, err);
}
