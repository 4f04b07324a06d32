/* What several commands share.
 * SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int cli_fail(const struct err *err)
{
    fprintf(stderr, "retake: %s\n", err->detail[0] ? err->detail : err_text(err->code));
    return err_exit_status(err->code);
}

enum err_code cli_whole_number(const char *option, const char *text, int64_t min, int64_t max,
                               int64_t *out, struct err *err)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (end == text || *end != '\0' || errno || value < min || value > max)
        return err_set(err, ERR_USAGE, "%s %s: a whole number from %lld to %lld is needed", option,
                       text, (long long)min, (long long)max);
    *out = value;
    return ERR_OK;
}

enum err_code cli_load_scenario(const char *path, char *const *assignments, size_t n,
                                struct scenario *out, struct err *err)
{
    if (config_scenario_load(path, out, err) != ERR_OK)
        return err->code;
    for (size_t k = 0; k < n; k++)
        if (config_scenario_set(out, assignments[k], err) != ERR_OK)
            return err->code;
    return ERR_OK;
}

char *cli_command_line(int argc, char **argv)
{
    size_t n = sizeof "retake";
    for (int k = 0; k < argc; k++)
        n += strlen(argv[k]) + 1;
    char *line = malloc(n);
    if (!line)
        return NULL;
    strcpy(line, "retake");
    for (int k = 0; k < argc; k++) {
        strcat(line, " ");
        strcat(line, argv[k]);
    }
    return line;
}
