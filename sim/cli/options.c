/* What several commands share.
 * SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <retake/base/digest.h>
#include <retake/base/plain.h>
#include <retake/config/params.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kinds.h"
#include "launch.h"
#include "rules_file.h"

int cli_fail(const struct err *err)
{
    if (cli_ranks_speaks())
        plain_print(stderr, "retake: %s\n", err->detail[0] ? err->detail : err_text(err->code));
    return err_exit_status(err->code);
}

/* Sweeps and ranks read a file again and again. */
void cli_note(const char *line)
{
    enum { MOST = 32 };
    static char told[MOST][33];
    static size_t n_told;
    char digest[33];
    digest_hex(line, strlen(line), digest);
    for (size_t k = 0; k < n_told; k++)
        if (strcmp(told[k], digest) == 0)
            return;
    if (n_told < MOST && cli_ranks_is_first()) {
        memcpy(told[n_told++], digest, sizeof digest);
        plain_print(stderr, "retake: %s\n", line);
    }
}

int cli_end(const struct err *err)
{
    return err->code ? cli_fail(err) : 0;
}

enum err_code cli_source_set(struct cli_source *self, const char *assignment, struct err *err)
{
    const size_t most = sizeof self->sets / sizeof self->sets[0];
    if (self->n_sets == most)
        return err_set(err, ERR_USAGE, "--set: more than %zu times", most);
    self->sets[self->n_sets++] = assignment;
    return ERR_OK;
}

enum err_code cli_take_set(const struct cli_option *self, const char *argument, struct err *err)
{
    return cli_source_set(self->to, argument, err);
}

enum err_code cli_source_assign(struct cli_source *self, const char *option, const char *key,
                                const char *value, struct err *err)
{
    const size_t most = sizeof self->own / sizeof self->own[0];
    if (self->n_own == most)
        return err_set(err, ERR_USAGE, "%s: given too often", option);
    char *text = self->own[self->n_own];
    int n = snprintf(text, sizeof self->own[0], "%s=%s", key, value);
    if (n < 0 || (size_t)n >= sizeof self->own[0])
        return err_set(err, ERR_USAGE, "%s %.20s...: too long", option, value);
    self->n_own++;
    return cli_source_set(self, text, err);
}

bool cli_source_says(const struct cli_source *self, const char *key)
{
    size_t n = strlen(key);
    for (size_t k = 0; k < self->n_sets; k++)
        if (strncmp(self->sets[k], key, n) == 0 && self->sets[k][n] == '=')
            return true;
    return false;
}

enum err_code cli_take_engine(const struct cli_option *self, const char *argument, struct err *err)
{
    char option[32], key[32], value[32];
    int64_t checked;
    snprintf(option, sizeof option, "--%s", self->name);
    if (cli_whole_number(option, argument, self->min, self->max, &checked, err) != ERR_OK)
        return err->code;
    snprintf(key, sizeof key, "engine.%s", self->name);
    snprintf(value, sizeof value, "%lld", (long long)checked);
    return cli_source_assign(self->to, option, key, value, err);
}

bool cli_source_read(const struct cli_command *command, int argc, char **argv,
                     struct cli_source *self, struct err *err)
{
    struct cli_words words;
    struct cli_command own = *command;
    own.files = &self->files;
    if (!cli_command_read(&own, argc, argv, &words, err))
        return false;
    self->scenario = words.list[0];
    return true;
}

enum err_code cli_source_load(const struct cli_source *self, struct scenario *out, struct err *err)
{
    if (config_scenario_load(self->scenario, out, err) != ERR_OK) {
        cli_check_kind(self->scenario, CLI_SCENARIO, err);
        return err->code;
    }
    for (size_t k = 0; k < self->n_sets; k++) {
        const char *set = config_assignment_from_here(self->sets[k], self->scenario, &out->arena);
        if (!set)
            return err_set(err, ERR_MEMORY, "no memory for --set %s", self->sets[k]);
        if (config_scenario_set(out, set, err) != ERR_OK)
            return err->code;
    }
    return cli_use_rules(self->rules, out, err);
}
