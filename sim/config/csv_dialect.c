/* The separator of a table. Only what stands outside quotes counts. A header with one kind of
 * separator tells it; one with several does where a single one of them cuts all rows alike.
 * SPDX-License-Identifier: Apache-2.0 */
#include "csv_dialect.h"

#include <string.h>

enum { N_SEPARATORS = 3 };

static const struct {
    char sign;
    const char *name, *spelled;
} separators[N_SEPARATORS] = {
    {',', "commas", ","}, {';', "semicolons", ";"}, {'\t', "tabs", "TAB"}};

const char *config_csv_separator_name(char separator)
{
    size_t k = 0;
    while (k + 1 < N_SEPARATORS && separators[k].sign != separator)
        k++;
    return separators[k].name;
}

/* A tab beside another separator is a blank that aligns columns. */
static bool is_alignment(const char *text, const char *at)
{
    const char *left = at, *right = at;
    while (left > text && (left[-1] == ' ' || left[-1] == '\t'))
        left--;
    while (*right == ' ' || *right == '\t')
        right++;
    return (left > text && strchr(",;", left[-1])) || (*right && strchr(",;", *right));
}

/* The separators of one row, and where it ends. */
static const char *count_row(const char *text, const char *end, size_t n[N_SEPARATORS])
{
    bool is_quoted = false;
    const char *p = text;
    memset(n, 0, N_SEPARATORS * sizeof *n);
    for (; p < end && (is_quoted || (*p != '\n' && *p != '\r')); p++) {
        if (*p == '"')
            is_quoted = !is_quoted;
        for (size_t k = 0; k < N_SEPARATORS && !is_quoted; k++)
            n[k] += *p == separators[k].sign && !(*p == '\t' && is_alignment(text, p));
    }
    return p;
}

static const char *skip_line_ends(const char *p, const char *end)
{
    while (p < end && strchr("\r\n", *p))
        p++;
    return p;
}

static bool is_blank_row(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t'))
        p++;
    return p == end;
}

/* Forget the separators that do not cut every row as they cut the header. */
static void keep_even(const char *p, const char *end, const size_t header[N_SEPARATORS],
                      bool fits[N_SEPARATORS])
{
    size_t n[N_SEPARATORS];
    for (p = skip_line_ends(p, end); p < end; p = skip_line_ends(p, end)) {
        const char *row = p;
        p = count_row(p, end, n);
        for (size_t k = 0; k < N_SEPARATORS && !is_blank_row(row, p); k++)
            fits[k] = fits[k] && n[k] == header[k];
    }
}

static enum err_code refuse_both(const char *path, size_t first, size_t second, struct err *err)
{
    return err_set(err, ERR_INPUT,
                   "%s:1:1: are its cells separated by %s or by %s? Both fit; a first line sep=%s "
                   "or sep=%s tells",
                   path, separators[first].name, separators[second].name, separators[first].spelled,
                   separators[second].spelled);
}

/* A first line such as sep=; that spreadsheets write; with quotes too. */
static bool take_head(const char *text, const char *end, struct csv_dialect *out)
{
    const char *p = text;
    bool is_quoted = *p == '"';
    p += is_quoted;
    if (strncmp(p, "sep=", 4) != 0 || p + 4 >= end)
        return false;
    out->separator = p[4];
    p += 5;
    p += is_quoted && *p == '"';
    if (p < end && *p != '\n' && *p != '\r')
        return false;
    p += *p == '\r' && p[1] == '\n';
    p += p < end;
    out->n_head = (size_t)(p - text);
    return true;
}

enum err_code config_csv_dialect_find(const char *path, const char *text, size_t n_bytes,
                                      struct csv_dialect *out, struct err *err)
{
    const char *end = text + n_bytes, *p = skip_line_ends(text, end);
    size_t header[N_SEPARATORS], n_kinds = 0, n_fit = 0, chosen[N_SEPARATORS] = {0};
    bool fits[N_SEPARATORS];
    *out = (struct csv_dialect){.separator = ','};
    if (take_head(text, end, out)) {
        for (size_t k = 0; k < N_SEPARATORS; k++)
            if (out->separator == separators[k].sign)
                return ERR_OK;
        return err_set(err, ERR_INPUT, "%s:1:5: sep: commas, semicolons or tabs separate cells",
                       path);
    }
    p = count_row(p, end, header);
    for (size_t k = 0; k < N_SEPARATORS; k++)
        n_kinds += fits[k] = header[k] > 0;
    if (n_kinds > 1)
        keep_even(p, end, header, fits);
    for (size_t k = 0; k < N_SEPARATORS; k++)
        if (fits[k])
            chosen[n_fit++] = k;
    if (n_fit > 1)
        return refuse_both(path, chosen[0], chosen[1], err);
    if (n_fit == 1)
        out->separator = separators[chosen[0]].sign;
    else if (n_kinds > 1 && header[0] == 0)
        out->separator = ';';
    return ERR_OK;
}
