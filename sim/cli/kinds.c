/* Kinds of files, told by their beginning: the signature of HDF5, else the keys of a mapping.
 * SPDX-License-Identifier: Apache-2.0 */
#include "kinds.h"

#include <retake/config/params.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_BYTES = 65536 };

static const struct {
    const char *what, *advice;
} kinds[CLI_N_KINDS] = {
    [CLI_SCENARIO] = {"a scenario", "retake run runs it"},
    [CLI_SWEEP] = {"a sweep", "retake sweep runs it"},
    [CLI_RESULT] = {"an HDF5 file", "retake summary shows a result"},
    [CLI_BANK] = {"a bank", "retake bank check checks it"},
};

/* A section of scenarios. */
static bool is_section(const char *word, size_t n)
{
    size_t n_params;
    const struct param *params = config_params(&n_params);
    for (size_t k = 0; k < n_params; k++)
        if (strncmp(params[k].path, word, n) == 0 && params[k].path[n] == '.')
            return true;
    return false;
}

static bool is_word(const char *line, size_t n, const char *word)
{
    return strlen(word) == n && strncmp(line, word, n) == 0;
}

/* By the keys that stand at the left. */
static enum cli_kind kind_of_text(const char *text)
{
    bool is_scenario = false;
    for (const char *line = text; *line;) {
        size_t n = strcspn(line, ":. \t\r\n");
        bool is_key = n > 0 && (line[n] == ':' || line[n] == '.');
        if (is_key && (is_word(line, n, "base") || is_word(line, n, "axes")))
            return CLI_SWEEP;
        is_scenario = is_scenario || (is_key && is_section(line, n));
        line += strcspn(line, "\n");
        line += *line == '\n';
    }
    return is_scenario ? CLI_SCENARIO : CLI_N_KINDS;
}

/* CLI_N_KINDS: it cannot be told. A pipe is not read again. */
static enum cli_kind kind_of(const char *path)
{
    static const char signature[] = "\211HDF\r\n\032\n";
    static char bytes[MOST_BYTES];
    struct stat about;
    if (stat(path, &about) != 0 || !S_ISREG(about.st_mode))
        return CLI_N_KINDS;
    FILE *file = fopen(path, "rb");
    size_t n = file ? fread(bytes, 1, sizeof bytes - 1, file) : 0;
    if (file)
        fclose(file);
    bytes[n] = '\0';
    return memcmp(bytes, signature, sizeof signature - 1) == 0 ? CLI_RESULT : kind_of_text(bytes);
}

void cli_check_kind(const char *path, enum cli_kind wanted, struct err *err)
{
    enum cli_kind kind = err_is_bad_input(err->code) ? kind_of(path) : CLI_N_KINDS;
    if (kind == CLI_N_KINDS || kind == wanted)
        return;
    err_clear(err);
    err_set(err, ERR_INPUT, "%s: %s, not %s; %s", path, kinds[kind].what,
            wanted == CLI_RESULT ? "a result" : kinds[wanted].what, kinds[kind].advice);
}
