/* Names of files as a page shows them: what stands before the last '/' of an absolute path tells of
 * somebody's machine, not of the result.
 * SPDX-License-Identifier: Apache-2.0 */
#include "page_names.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Where a word may begin: not within "pass/fail", "10/s" or "https://". */
static bool begins_word(const char *text, const char *at)
{
    return at == text || strchr(" \t\n\"'`=([{,", at[-1]);
}

static bool begins_path(const char *text, const char *at)
{
    bool is_home = at[0] == '~' && at[1] == '/';
    return begins_word(text, at) && (is_home || at[0] == '/') &&
           !strchr(" \t\n/", is_home ? at[2] : at[1]);
}

/* Whether the blank at a place is within a path: the next word goes on with folders. */
static bool path_goes_on(const char *blank)
{
    size_t n = strcspn(blank + 1, " /\t\n\"'");
    return n > 0 && blank[1 + n] == '/';
}

/* Where a path ends: at the quote that it began with; else at a blank, or at what a message puts
 * behind a name, as in "NAME:3:1: what". */
static const char *path_end(const char *text, const char *at)
{
    char quote = at > text && strchr("\"'`", at[-1]) ? at[-1] : '\0';
    const char *end = at;
    for (; *end && *end != '\n'; end++) {
        bool is_behind = *end == ':' && (!end[1] || strchr(" \n0123456789", end[1]));
        if (quote ? *end == quote : is_behind || strchr("\t\"'`,;)]}<>|", *end) != NULL)
            break;
        if (!quote && *end == ' ' && !path_goes_on(end))
            break;
    }
    return end;
}

/* Where its last name begins; a '/' at the end is of that name. */
static const char *last_name(const char *begin, const char *end)
{
    const char *at = end;
    while (at > begin && at[-1] == '/')
        at--;
    while (at > begin && at[-1] != '/')
        at--;
    return at;
}

char *report_page_text(const char *text)
{
    char *out = malloc(strlen(text) + 1), *to = out;
    for (const char *at = text; out && *at;) {
        if (begins_path(text, at)) {
            const char *end = path_end(text, at);
            for (at = last_name(at, end); at < end; at++)
                *to++ = *at;
        } else {
            *to++ = *at++;
        }
    }
    if (out)
        *to = '\0';
    return out;
}

char *report_page_file(const char *name)
{
    size_t n = strlen(name);
    bool is_quoted = n > 1 && name[0] == '"' && name[n - 1] == '"';
    const char *begin = name + is_quoted, *end = name + n - is_quoted;
    const char *last = last_name(begin, end);
    char *out = malloc(n + 1);
    if (!out)
        return NULL;
    memcpy(out, last, (size_t)(end - last));
    out[end - last] = '\0';
    return out;
}
