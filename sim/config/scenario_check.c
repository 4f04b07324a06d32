/* What involves more than one key. Of the keys that disagree, the message places the one that was
 * set last.
 * SPDX-License-Identifier: Apache-2.0 */
#include "family.h"
#include "number.h"
#include "path.h"
#include "place.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MESSAGE_BYTES = 700 };

/* The place of a known key of this scenario, else NULL. */
static const struct place *find_place(const struct scenario *self, const char *key)
{
    struct path_match match = config_path_match(key);
    struct target target = {.param = match.param};
    if (match.kind != PATH_PARAM)
        return NULL;
    enum family family = match.param->family;
    if (family != FAMILY_NONE)
        target.member = config_family_find(self, family, match.name, match.n_name);
    bool known = target.member < config_family_n_members(self, family);
    return known ? config_place_of(self, target) : NULL;
}

enum err_code config_scenario_error(const struct scenario *self, const char *key, struct err *err,
                                    enum err_code code, const char *format, ...)
{
    char message[MESSAGE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return config_place_error(self, find_place(self, key), key, err, code, message);
}

static size_t order_of(const struct scenario *self, const char *key)
{
    const struct place *place = find_place(self, key);
    return place ? place->order : 0;
}

/* One number of the scenario and its key. */
struct number {
    const char *key;
    double value;
};

static enum err_code check_order(const struct scenario *self, struct number low, struct number high,
                                 bool may_equal, struct err *err)
{
    char low_text[32], high_text[32];
    if (low.value < high.value || (may_equal && low.value == high.value))
        return ERR_OK;
    config_number_format(low.value, low_text, sizeof low_text);
    config_number_format(high.value, high_text, sizeof high_text);
    if (order_of(self, low.key) >= order_of(self, high.key))
        return config_scenario_error(self, low.key, err, ERR_RANGE, "%s must be %s %s (%s)",
                                     low_text, may_equal ? "at most" : "less than", high.key,
                                     high_text);
    return config_scenario_error(self, high.key, err, ERR_RANGE, "%s must be %s %s (%s)", high_text,
                                 may_equal ? "at least" : "greater than", low.key, low_text);
}

static enum err_code check_orders(const struct scenario *self, struct err *err)
{
    struct number cut = {"exam.scale.cut", self->exam_scale_cut};
    enum err_code code =
        check_order(self, (struct number){"exam.min_items", (double)self->exam_min_items},
                    (struct number){"exam.max_items", (double)self->exam_max_items}, true, err);
    if (code == ERR_OK)
        code = check_order(
            self, (struct number){"exam.estimate.theta_min", self->exam_estimate_theta_min},
            (struct number){"exam.estimate.theta_max", self->exam_estimate_theta_max}, false, err);
    if (code == ERR_OK)
        code = check_order(self, (struct number){"exam.scale.min", self->exam_scale_min}, cut,
                           false, err);
    if (code == ERR_OK)
        code = check_order(self, cut, (struct number){"exam.scale.max", self->exam_scale_max},
                           false, err);
    return code;
}

static enum err_code check_shares(const struct scenario *self, struct err *err)
{
    static const char *const keys[] = {"study.none", "study.broad", "study.targeted"};
    double sum = self->study_none + self->study_broad + self->study_targeted;
    const char *last = keys[0];
    char text[32];
    if (fabs(sum - 1) <= 1e-9)
        return ERR_OK;
    for (size_t i = 1; i < 3; i++)
        if (order_of(self, keys[i]) > order_of(self, last))
            last = keys[i];
    snprintf(text, sizeof text, "%.10g", sum);
    return config_scenario_error(self, last, err, ERR_RANGE,
                                 "study.none + study.broad + study.targeted is %s, must be 1",
                                 text);
}

static enum err_code check_weights(const struct scenario *self, struct err *err)
{
    char key[CONFIG_PATH_BYTES], last[CONFIG_PATH_BYTES] = "";
    double sum = 0;
    for (size_t i = 0; i < self->n_groups; i++)
        sum += self->groups[i].weight;
    if (sum > 0)
        return ERR_OK;
    for (size_t i = 0; i < self->n_groups; i++) {
        snprintf(key, sizeof key, "population.groups.%s.weight", self->groups[i].name);
        if (order_of(self, key) >= order_of(self, last))
            memcpy(last, key, sizeof last);
    }
    return config_scenario_error(self, last, err, ERR_RANGE,
                                 "the weights of all groups sum to 0, must be positive");
}

static enum err_code check_bank(const struct scenario *self, struct err *err)
{
    char form[32];
    const struct param *param = config_param_find("exam.form");
    config_param_format(param, self, 0, form, sizeof form);
    if (strcmp(form, "cat") != 0 || self->bank[0] != '\0')
        return ERR_OK;
    const char *key = order_of(self, "exam.form") > order_of(self, "bank") ? "exam.form" : "bank";
    return config_scenario_error(self, key, err, ERR_INPUT,
                                 "form cat needs an item bank; set bank to a CSV file");
}

static enum err_code check_max_attempts(const struct scenario *self, struct err *err)
{
    double value = self->policy_max_attempts;
    char text[32];
    if (isinf(value) || value == floor(value))
        return ERR_OK;
    config_number_format(value, text, sizeof text);
    return config_scenario_error(self, "policy.max_attempts", err, ERR_INPUT,
                                 "expected a whole number or none, not '%s'", text);
}

enum err_code config_scenario_check(const struct scenario *self, struct err *err)
{
    enum err_code code = check_orders(self, err);
    if (code == ERR_OK)
        code = check_shares(self, err);
    if (code == ERR_OK)
        code = check_weights(self, err);
    if (code == ERR_OK)
        code = check_max_attempts(self, err);
    return code == ERR_OK ? check_bank(self, err) : code;
}
