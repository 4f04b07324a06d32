/* Any bytes as a scenario file, and its first lines as --set: an error or a scenario whose values
 * read back, never a crash; every message is one line. SPDX-License-Identifier: Apache-2.0 */
#include <retake/config/params.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes);

static void require(bool condition)
{
    if (!condition)
        abort();
}

static void require_message(const struct err *err)
{
    require(err->code != ERR_INTERNAL);
    require((err->code == ERR_OK) == (err->detail[0] == '\0'));
    require(!strpbrk(err->detail, "\n\r\033"));
}

/* What is written for a value sets the same value. */
static void require_round_trip(struct scenario *self, const struct param *param, size_t member)
{
    char path[400], text[2000], again[2000], line[2500];
    struct err err = {0};
    config_param_path(param, self, member, path, sizeof path);
    config_param_format(param, self, member, text, sizeof text);
    snprintf(line, sizeof line, "%s=%s", path, text);
    require(config_scenario_set(self, line, &err) == ERR_OK);
    config_param_format(param, self, member, again, sizeof again);
    require(strcmp(text, again) == 0);
}

static void require_round_trips(struct scenario *self, const struct param *param)
{
    if (param->type == PARAM_TEXT || param->type == PARAM_NAME)
        return;
    for (size_t m = 0; m < config_param_n_members(param, self) && m < 4; m++)
        require_round_trip(self, param, m);
}

static void set_lines(struct scenario *self, const uint8_t *data, size_t n_bytes)
{
    char line[300];
    size_t n_lines = 0;
    for (size_t from = 0, n; from < n_bytes && n_lines < 8; from += n + 1, n_lines++) {
        const uint8_t *end = memchr(data + from, '\n', n_bytes - from);
        n = end ? (size_t)(end - data) - from : n_bytes - from;
        size_t n_kept = n < sizeof line - 1 ? n : sizeof line - 1;
        memcpy(line, data + from, n_kept);
        line[n_kept] = '\0';
        struct err err = {0};
        config_scenario_set(self, line, &err);
        require_message(&err);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    struct scenario scenario;
    struct err err = {0};
    size_t n_params;
    const struct param *params = config_params(&n_params);
    config_scenario_parse("a.yaml", (const char *)data, n_bytes, &scenario, &err);
    require_message(&err);
    if (err.code == ERR_OK)
        for (size_t i = 0; i < n_params; i++)
            require_round_trips(&scenario, &params[i]);
    config_scenario_free(&scenario);

    err_clear(&err);
    config_scenario_parse("a.yaml", "exam.form: normal", 17, &scenario, &err);
    set_lines(&scenario, data, n_bytes);
    config_scenario_check(&scenario, &err);
    require_message(&err);
    config_scenario_free(&scenario);
    return 0;
}
