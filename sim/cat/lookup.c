/* Rules by name. SPDX-License-Identifier: Apache-2.0 */
#include "lookup.h"

#include <retake/config/params.h>

#include <stdio.h>
#include <string.h>

#include "select.h"

/* ---- retake's own ---- */

#define ESTIMATE_GRID                                                                              \
    "exam.estimate.prior exam.estimate.prior_mean exam.estimate.prior_sd "                         \
    "exam.estimate.prior_min exam.estimate.prior_max exam.estimate.theta_min "                     \
    "exam.estimate.theta_max exam.estimate.se"

/* In the order of enum irt_method. */
static const struct config_rule estimators[] = {
    {"eap", "expected a posteriori (Bock & Mislevy 1982)",
     ESTIMATE_GRID " exam.estimate.points exam.estimate.quadrature"},
    {"map", "maximum a posteriori, Bayes modal (Samejima 1969)", ESTIMATE_GRID},
    {"ml", "maximum likelihood (Lord 1980)",
     "exam.estimate.theta_min exam.estimate.theta_max exam.estimate.se exam.estimate.constant"},
    {"wl", "weighted likelihood (Warm 1989)",
     "exam.estimate.theta_min exam.estimate.theta_max exam.estimate.se"},
    {"robust", "Huber-weighted likelihood (Schuster & Yuan 2011)",
     "exam.estimate.theta_min exam.estimate.theta_max exam.estimate.se exam.estimate.tuning"},
};

enum { N_ESTIMATORS = sizeof estimators / sizeof estimators[0], MAX_NAMES = 128 };

#define DESCRIBE(list)                                                                             \
    for (size_t i = 0; list[i]; i++)                                                               \
        if (i == k) {                                                                              \
            *out = (struct config_rule){list[i]->name, list[i]->doc, list[i]->parameters};         \
            return true;                                                                           \
        }

bool cat_rule_describe(const char *key, size_t k, struct config_rule *out)
{
    bool is_start = strcmp(key, "exam.start.rule") == 0;
    if (is_start && k == 0) {
        *out = (struct config_rule){"same", "as the other items", NULL};
        return true;
    }
    if (is_start || strcmp(key, "exam.select.rule") == 0) {
        k -= is_start;
        DESCRIBE(cat_select_rules)
    } else if (strcmp(key, "exam.stop.rule") == 0) {
        DESCRIBE(cat_stop_rules)
    } else if (strcmp(key, "exam.out_of_time.rule") == 0) {
        DESCRIBE(cat_out_of_time_rules)
    } else if (strcmp(key, "exam.content.rule") == 0) {
        DESCRIBE(cat_content_rules)
    } else if (strcmp(key, "exam.exposure.rule") == 0) {
        DESCRIBE(cat_exposure_rules)
    } else if (strcmp(key, "exam.estimate.rule") == 0 && k < N_ESTIMATORS) {
        *out = estimators[k];
        return true;
    }
    return false;
}

/* ---- a name ---- */

static bool is_name(const char *name, const char *word, size_t n)
{
    return strncmp(name, word, n) == 0 && name[n] == '\0';
}

bool cat_lookup(const struct rule_set *rules, const char *key, const char *word, size_t n,
                struct cat_found *out)
{
    struct config_rule own;
    const char *name;
    *out = (struct cat_found){0};
    for (; cat_rule_describe(key, out->k, &own); out->k++)
        if (is_name(own.name, word, n))
            return true;
    *out = (struct cat_found){.is_outside = true};
    for (; (name = cat_rule_set_name(rules, key, out->k)); out->k++)
        if (is_name(name, word, n))
            return true;
    return false;
}

enum err_code cat_lookup_refuse(const struct scenario *scenario, const char *key, const char *word,
                                size_t n, struct err *err)
{
    const char *names[MAX_NAMES], *name;
    struct config_rule own;
    char asked[64];
    size_t n_names = 0;
    for (size_t k = 0; n_names < MAX_NAMES && cat_rule_describe(key, k, &own); k++)
        names[n_names++] = own.name;
    for (size_t k = 0; n_names < MAX_NAMES && (name = cat_rule_set_name(scenario->rules, key, k));
         k++)
        names[n_names++] = name;
    snprintf(asked, sizeof asked, "%.*s", (int)(n < sizeof asked ? n : sizeof asked - 1), word);
    const char *near = config_nearest_word(asked, names, n_names);
    return config_scenario_error(scenario, key, err, ERR_INPUT,
                                 "unknown rule '%s'; did you mean '%s'?", asked,
                                 near ? near : names[0]);
}

/* ---- all of a scenario ---- */

struct finder {
    const struct scenario *scenario;
    struct cat_design *design;
    struct cat_needs *needs;
    struct err *err;
};

static enum err_code find(struct finder *self, const char *key, const char *value,
                          struct cat_found *out)
{
    if (cat_lookup(self->scenario->rules, key, value, strlen(value), out))
        return ERR_OK;
    return cat_lookup_refuse(self->scenario, key, value, strlen(value), self->err);
}

static enum err_code find_select(struct finder *self, const char *key, const char *value,
                                 const struct cat_select_rule **out)
{
    struct cat_found found;
    size_t is_start = strcmp(key, "exam.start.rule") == 0;
    if (find(self, key, value, &found) != ERR_OK)
        return self->err->code;
    if (!found.is_outside) {
        *out =
            is_start && found.k == 0 ? self->design->select : cat_select_rules[found.k - is_start];
        return ERR_OK;
    }
    const struct rule_select *rule = self->scenario->rules->selects[found.k];
    self->needs->always |= rule->needs;
    *out = cat_select_adapt(rule, &self->design->arena);
    return *out ? ERR_OK : err_set(self->err, ERR_MEMORY, "no memory for a rule");
}

static enum err_code find_exposure(struct finder *self)
{
    struct cat_found found;
    if (find(self, "exam.exposure.rule", self->scenario->exam_exposure_rule, &found) != ERR_OK)
        return self->err->code;
    if (!found.is_outside) {
        self->design->exposure = found.k == 0 ? NULL : cat_exposure_rules[found.k];
        return ERR_OK;
    }
    const struct rule_exposure *rule = self->scenario->rules->exposures[found.k];
    self->needs->always |= rule->needs;
    self->design->exposure = cat_exposure_adapt(rule, &self->design->arena);
    return self->design->exposure ? ERR_OK : err_set(self->err, ERR_MEMORY, "no memory for a rule");
}

static enum err_code find_out_of_time(struct finder *self)
{
    struct cat_found found;
    const char *value = self->scenario->exam_out_of_time_rule;
    if (find(self, "exam.out_of_time.rule", value, &found) != ERR_OK)
        return self->err->code;
    self->design->out_of_time = found.is_outside ? self->scenario->rules->outs_of_time[found.k]
                                                 : cat_out_of_time_rules[found.k];
    if (found.is_outside)
        self->needs->always |= self->design->out_of_time->needs;
    return ERR_OK;
}

enum err_code cat_lookup_rules(const struct scenario *scenario, struct cat_design *design,
                               const struct cat_content_rule **content, struct cat_needs *needs,
                               struct err *err)
{
    const struct scenario *s = scenario;
    struct finder self = {scenario, design, needs, err};
    struct cat_found estimator, rule;
    bool is_linear = s->exam_form == CONFIG_FORM_LINEAR;
    if ((s->rules && cat_rule_set_check(s->rules, err)) ||
        find_select(&self, "exam.select.rule", s->exam_select_rule, &design->select) ||
        find_select(&self, "exam.start.rule", s->exam_start_rule, &design->start) ||
        find_exposure(&self) || find_out_of_time(&self) ||
        find(&self, "exam.content.rule", s->exam_content_rule, &rule) ||
        find(&self, "exam.estimate.rule", s->exam_estimate_rule, &estimator) ||
        cat_stop_parse(s, design, needs, err))
        return err->code;
    *content = cat_content_rules[is_linear ? 0 : rule.k];
    design->estimator.method = (enum irt_method)estimator.k;
    if (is_linear) { /* no rule but the form, and how one is decided who ran out of time */
        design->select = design->start = &cat_select_in_order;
        design->exposure = NULL;
        design->stop = NULL;
        needs->at_stop = 0;
    }
    return ERR_OK;
}
