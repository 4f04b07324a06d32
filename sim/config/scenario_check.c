/* What involves more than one key. Of the keys that disagree, the message places the one that was
 * set last.
 * SPDX-License-Identifier: Apache-2.0 */
#include "family.h"
#include "path.h"
#include "place.h"
#include <retake/config/number.h>

#include <inttypes.h>
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
    char name[CONFIG_NAME_BYTES];
    if (family != FAMILY_NONE && !config_path_name(&match, name))
        return NULL;
    if (family != FAMILY_NONE)
        target.member = config_family_find(self, family, name, strlen(name));
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

const char *config_scenario_latest(const struct scenario *self, const char *const *keys, size_t n)
{
    size_t latest = 0;
    for (size_t k = 1; k < n; k++)
        latest = order_of(self, keys[k]) >= order_of(self, keys[latest]) ? k : latest;
    return keys[latest];
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
    const struct {
        struct number low, high;
        bool may_equal;
    } rows[] = {
        {{"exam.min_items", (double)self->exam_min_items},
         {"exam.max_items", (double)self->exam_max_items},
         true},
        {{"exam.estimate.theta_min", self->exam_estimate_theta_min},
         {"exam.estimate.theta_max", self->exam_estimate_theta_max},
         false},
        {{"exam.estimate.prior_min", self->exam_estimate_prior_min},
         {"exam.estimate.prior_max", self->exam_estimate_prior_max},
         false},
        {{"exam.scale.min", self->exam_scale_min}, {"exam.scale.cut", self->exam_scale_cut}, false},
        {{"exam.scale.cut", self->exam_scale_cut}, {"exam.scale.max", self->exam_scale_max}, false},
    };
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < sizeof rows / sizeof *rows && code == ERR_OK; i++)
        code = check_order(self, rows[i].low, rows[i].high, rows[i].may_equal, err);
    return code;
}

/* The bounds of the selection grid, each of which may be that of the estimate's. */
static enum err_code check_select_bounds(const struct scenario *self, struct err *err)
{
    struct number low = {"exam.select.theta_min", self->exam_select_theta_min};
    struct number high = {"exam.select.theta_max", self->exam_select_theta_max};
    if (isinf(low.value))
        low = (struct number){"exam.estimate.theta_min", self->exam_estimate_theta_min};
    if (isinf(high.value))
        high = (struct number){"exam.estimate.theta_max", self->exam_estimate_theta_max};
    return check_order(self, low, high, false, err);
}

static enum err_code check_limit(const struct scenario *self, struct number limit, struct err *err)
{
    char text[32];
    if (isinf(limit.value) || limit.value == floor(limit.value))
        return ERR_OK;
    config_number_format(limit.value, text, sizeof text);
    return config_scenario_error(self, limit.key, err, ERR_INPUT,
                                 "expected a whole number or none, not '%s'", text);
}

/* Limits that count something. */
static enum err_code check_limits(const struct scenario *self, struct err *err)
{
    enum err_code code =
        check_limit(self, (struct number){"policy.max_attempts", self->policy_max_attempts}, err);
    if (code == ERR_OK)
        code = check_limit(
            self,
            (struct number){"policy.max_attempts_per_year", self->policy_max_attempts_per_year},
            err);
    return code ? code
                : check_limit(self, (struct number){"exam.select.points", self->exam_select_points},
                              err);
}

/* The key of a sum that was set last. */
struct latest {
    char key[CONFIG_PATH_BYTES];
    size_t order;
};

static void consider(const struct scenario *self, const char *key, struct latest *latest)
{
    size_t order = order_of(self, key);
    if (*latest->key && order < latest->order)
        return;
    snprintf(latest->key, sizeof latest->key, "%s", key);
    latest->order = order;
}

/* The same of one parameter of all members of its family. */
static void consider_members(const struct scenario *self, const char *path, struct latest *latest)
{
    char key[CONFIG_PATH_BYTES];
    const struct param *param = config_param_find(path);
    for (size_t i = 0; i < config_param_n_members(param, self); i++) {
        config_param_path(param, self, i, key, sizeof key);
        consider(self, key, latest);
    }
}

static enum err_code check_shares(const struct scenario *self, struct err *err)
{
    double sum = self->study_none + self->study_broad + self->study_targeted;
    struct latest latest = {0};
    if (fabs(sum - 1) <= 1e-9)
        return ERR_OK;
    consider(self, "study.none", &latest);
    consider(self, "study.broad", &latest);
    consider(self, "study.targeted", &latest);
    return config_scenario_error(self, latest.key, err, ERR_RANGE,
                                 "study.none + study.broad + study.targeted is %.10g, must be 1",
                                 sum);
}

static enum err_code check_weights(const struct scenario *self, struct err *err)
{
    struct latest latest = {0};
    double sum = 0;
    for (size_t i = 0; i < self->n_groups; i++)
        sum += self->groups[i].weight;
    if (sum > 0)
        return ERR_OK;
    consider_members(self, "population.groups.*.weight", &latest);
    return config_scenario_error(self, latest.key, err, ERR_RANGE,
                                 "the weights of all groups sum to 0, must be positive");
}

static enum err_code check_domain(const struct scenario *self, size_t domain, struct err *err)
{
    char low[CONFIG_PATH_BYTES], high[CONFIG_PATH_BYTES];
    struct number min = {low, (double)self->domains[domain].min_items};
    struct number max = {high, self->domains[domain].max_items};
    config_param_path(config_param_find("exam.content.domains.*.min_items"), self, domain, low,
                      sizeof low);
    config_param_path(config_param_find("exam.content.domains.*.max_items"), self, domain, high,
                      sizeof high);
    enum err_code code = check_limit(self, max, err);
    return code ? code : check_order(self, min, max, true, err);
}

static enum err_code check_constraint(const struct scenario *self, size_t k, struct err *err)
{
    char low[CONFIG_PATH_BYTES], high[CONFIG_PATH_BYTES];
    struct number min = {low, (double)self->constraints[k].min_items};
    struct number max = {high, self->constraints[k].max_items};
    config_param_path(config_param_find("exam.content.constraints.*.min_items"), self, k, low,
                      sizeof low);
    config_param_path(config_param_find("exam.content.constraints.*.max_items"), self, k, high,
                      sizeof high);
    enum err_code code = check_limit(self, max, err);
    return code ? code : check_order(self, min, max, true, err);
}

static enum err_code check_least_items(const struct scenario *self, struct err *err)
{
    struct latest latest = {0};
    int64_t sum = 0;
    for (size_t i = 0; i < self->n_domains; i++)
        sum += self->domains[i].min_items;
    if (sum <= self->exam_max_items)
        return ERR_OK;
    consider(self, "exam.max_items", &latest);
    consider_members(self, "exam.content.domains.*.min_items", &latest);
    return config_scenario_error(self, latest.key, err, ERR_RANGE,
                                 "min_items of all domains sum to %" PRId64
                                 ", must be at most exam.max_items (%" PRId64 ")",
                                 sum, self->exam_max_items);
}

static enum err_code check_targets(const struct scenario *self, struct err *err)
{
    struct latest latest = {0};
    double sum = 0;
    for (size_t i = 0; i < self->n_domains; i++)
        sum += self->domains[i].target;
    bool is_asked = (sum > 0 || (self->n_domains > 0 && self->n_constraints == 0)) &&
                    strcmp(self->exam_content_rule, "none") != 0;
    if (!is_asked || fabs(sum - 1) <= 1e-9)
        return ERR_OK;
    consider(self, "exam.content.rule", &latest);
    consider_members(self, "exam.content.domains.*.target", &latest);
    return config_scenario_error(self, latest.key, err, ERR_RANGE,
                                 "the targets of exam.content.domains sum to %.10g, must be 1",
                                 sum);
}

static enum err_code check_content(const struct scenario *self, struct err *err)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < self->n_domains && code == ERR_OK; i++)
        code = check_domain(self, i, err);
    for (size_t k = 0; k < self->n_constraints && code == ERR_OK; k++)
        code = check_constraint(self, k, err);
    if (code == ERR_OK)
        code = check_least_items(self, err);
    return code == ERR_OK ? check_targets(self, err) : code;
}

/* Whether a choice stands at one of its words. */
static bool is_word(const struct scenario *self, const char *key, const char *word)
{
    char text[64];
    config_param_format(config_param_find(key), self, 0, text, sizeof text);
    return strcmp(text, word) == 0;
}

/* Simpson's 3/8 rule joins the points by threes. */
static enum err_code check_quadrature(const struct scenario *self, struct err *err)
{
    int64_t points = self->exam_estimate_points;
    struct latest latest = {0};
    if (!is_word(self, "exam.estimate.quadrature", "simpson38") || points % 3 == 1)
        return ERR_OK;
    consider(self, "exam.estimate.quadrature", &latest);
    consider(self, "exam.estimate.points", &latest);
    return config_scenario_error(self, latest.key, err, ERR_RANGE,
                                 "simpson38 needs 4, 7, 10, ... exam.estimate.points, not %" PRId64,
                                 points);
}

static enum err_code check_bank(const struct scenario *self, struct err *err)
{
    if (is_word(self, "exam.form", "normal") || self->bank[0] != '\0' || self->bank_path)
        return ERR_OK;
    const char *form = is_word(self, "exam.form", "cat") ? "cat" : "linear";
    const char *key = order_of(self, "exam.form") > order_of(self, "bank") ? "exam.form" : "bank";
    return config_scenario_error(self, key, err, ERR_INPUT,
                                 "form %s needs an item bank; set bank to a CSV file", form);
}

enum err_code config_scenario_check(const struct scenario *self, struct err *err)
{
    static enum err_code (*const checks[])(const struct scenario *, struct err *) = {
        check_orders, check_select_bounds, check_quadrature, check_content,
        check_shares, check_weights,       check_limits,     check_bank};
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < sizeof checks / sizeof *checks && code == ERR_OK; i++)
        code = checks[i](self, err);
    return code;
}
