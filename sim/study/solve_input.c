/* The question that retake solve is asked. SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/solve.h>

#include <retake/config/params.h>
#include <retake/config/reference.h>
#include <retake/tally/address.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool read_number(const char **text, char stop, double *out)
{
    char *end;
    errno = 0;
    *out = strtod(*text, &end);
    bool good = end != *text && !errno && isfinite(*out) && *end == stop;
    *text = *end ? end + 1 : end;
    return good;
}

static enum err_code check_key(struct study_question *self, const char *text, struct err *err)
{
    char hint[256];
    const struct param *param = config_param_find(self->key);
    if (!param) {
        config_reference_hint(self->key, hint, sizeof hint);
        return err_set(err, ERR_USAGE, "--free %.200s: unknown key%s", text, hint);
    }
    bool is_real =
        param->type == PARAM_REAL || param->type == PARAM_LIMIT || param->type == PARAM_REALS;
    self->is_whole = param->type == PARAM_COUNT;
    if (!is_real && !self->is_whole)
        return err_set(err, ERR_USAGE, "--free %.200s: only a number can be solved for", text);
    if (self->low < param->min || self->high > param->max)
        return err_set(err, ERR_RANGE, "--free %.200s: the bounds must lie within %.17g and %.17g",
                       text, param->min, param->max);
    if (self->is_whole && (self->low != floor(self->low) || self->high != floor(self->high)))
        return err_set(err, ERR_USAGE, "--free %.200s: whole bounds are needed", text);
    return ERR_OK;
}

static enum err_code read_free(const char *text, struct study_question *self, struct err *err)
{
    size_t n = config_key_length(text);
    const char *p = text + n + (text[n] == '=');
    bool good = text[n] == '=' && n > 0 && n < sizeof self->key &&
                read_number(&p, ':', &self->low) && read_number(&p, '\0', &self->high) &&
                self->low < self->high;
    if (!good)
        return err_set(err, ERR_USAGE, "--free %.200s: KEY=LOW:HIGH with LOW < HIGH is needed",
                       text);
    snprintf(self->key, sizeof self->key, "%.*s", (int)n, text);
    return check_key(self, text, err);
}

/* The last "=", "<=" or ">=" outside brackets. */
static const char *find_relation(const char *text)
{
    const char *p = text + tally_address_length(text);
    if (*p == '/')
        p += 1 + tally_address_length(p + 1);
    return *p == '=' || (*p && p[1] == '=') ? p : NULL;
}

static enum err_code read_target(const char *text, struct study_question *self, struct err *err)
{
    const char *at = find_relation(text), *p = at ? at + 1 + (*at != '=') : text;
    size_t n = at ? (size_t)(at - text) : 0;
    if (!at || n == 0 || n >= sizeof self->statistic || !read_number(&p, '\0', &self->target))
        return err_set(err, ERR_USAGE,
                       "--target %.200s: ADDRESS=VALUE is needed, such as "
                       "false_pass_rate[attempt=3]=0.05; also <= and >=",
                       text);
    snprintf(self->statistic, sizeof self->statistic, "%.*s", (int)n, text);
    self->relation = *at == '<' ? STUDY_AT_MOST : *at == '>' ? STUDY_AT_LEAST : STUDY_NEAREST;
    return ERR_OK;
}

enum err_code study_question_read(const char *free, const char *target, struct study_question *self,
                                  struct err *err)
{
    *self = (struct study_question){.key = ""};
    if (read_free(free, self, err) == ERR_OK)
        read_target(target, self, err);
    return err->code;
}
