/* An exam from a scenario and a bank: items in design order, tables of likelihoods, rules by name.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/cat/design.h>

#include <retake/base/dist.h>
#include <retake/config/params.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rules.h"

const char *const cat_stop_names[CAT_N_STOPS] = {"going", "stop_rule", "max_items", "time",
                                                 "no_item"};

#define N_ELEMENTS(array) (sizeof(array) / sizeof((array)[0]))

static const char *const estimator_names[] = {"eap", "ml"};
static const char *const estimator_docs[] = {
    "expected a posteriori, posterior SD as standard error",
    "maximum likelihood, 1/sqrt(expected information)"};

bool cat_rule_describe(const char *key, size_t k, const char **name, const char **doc)
{
    *name = NULL;
    if (strcmp(key, "exam.select.rule") == 0 && k < N_ELEMENTS(cat_select_rules)) {
        *name = cat_select_rules[k]->name;
        *doc = cat_select_rules[k]->doc;
    } else if (strcmp(key, "exam.stop.rule") == 0 && k < N_ELEMENTS(cat_stop_rules)) {
        *name = cat_stop_rules[k]->name;
        *doc = cat_stop_rules[k]->doc;
    } else if (strcmp(key, "exam.out_of_time.rule") == 0 && k < N_ELEMENTS(cat_out_of_time_rules)) {
        *name = cat_out_of_time_rules[k]->name;
        *doc = cat_out_of_time_rules[k]->doc;
    } else if (strcmp(key, "exam.estimate.rule") == 0 && k < N_ELEMENTS(estimator_names)) {
        *name = estimator_names[k];
        *doc = estimator_docs[k];
    } else if (strcmp(key, "exam.start.rule") == 0 && k <= N_ELEMENTS(cat_select_rules)) {
        *name = k == 0 ? "same" : cat_select_rules[k - 1]->name;
        *doc = k == 0 ? "as the other items" : cat_select_rules[k - 1]->doc;
    } else if ((strcmp(key, "exam.content.rule") == 0 || strcmp(key, "exam.exposure.rule") == 0) &&
               k == 0) {
        *name = "none";
        *doc = "no control";
    }
    return *name != NULL;
}

/* The number of the rule that a key names. */
static enum err_code find_rule(const struct scenario *scenario, const char *key, const char *value,
                               size_t *out, struct err *err)
{
    const char *names[16], *doc;
    size_t n = 0;
    while (n < N_ELEMENTS(names) && cat_rule_describe(key, n, &names[n], &doc))
        n++;
    for (size_t k = 0; k < n; k++)
        if (strcmp(names[k], value) == 0) {
            *out = k;
            return ERR_OK;
        }
    const char *near = config_nearest_word(value, names, n);
    return config_scenario_error(scenario, key, err, ERR_INPUT,
                                 "unknown rule '%s'; did you mean '%s'?", value,
                                 near ? near : names[0]);
}

static enum err_code find_rules(const struct scenario *scenario, struct cat_design *self,
                                struct err *err)
{
    size_t select, start, stop, late, estimator, none;
    if (find_rule(scenario, "exam.select.rule", scenario->exam_select_rule, &select, err) ||
        find_rule(scenario, "exam.start.rule", scenario->exam_start_rule, &start, err) ||
        find_rule(scenario, "exam.stop.rule", scenario->exam_stop_rule, &stop, err) ||
        find_rule(scenario, "exam.out_of_time.rule", scenario->exam_out_of_time_rule, &late, err) ||
        find_rule(scenario, "exam.estimate.rule", scenario->exam_estimate_rule, &estimator, err) ||
        find_rule(scenario, "exam.content.rule", scenario->exam_content_rule, &none, err) ||
        find_rule(scenario, "exam.exposure.rule", scenario->exam_exposure_rule, &none, err))
        return err->code;
    self->select = cat_select_rules[select];
    self->start = start == 0 ? self->select : cat_select_rules[start - 1];
    self->stop = cat_stop_rules[stop];
    self->out_of_time = cat_out_of_time_rules[late];
    self->is_ml = estimator == 1;
    return ERR_OK;
}

struct place {
    double b;
    bool is_pilot;
    uint32_t at;
};

static int by_place(const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    if (a->is_pilot != b->is_pilot)
        return a->is_pilot ? 1 : -1;
    if (!a->is_pilot && a->b != b->b)
        return a->b < b->b ? -1 : 1;
    return a->at < b->at ? -1 : 1;
}

static enum err_code order_items(const struct irt_bank *bank, struct cat_design *self,
                                 struct err *err)
{
    struct irt_item *items = arena_alloc(&self->arena, bank->n_items * sizeof *items);
    uint32_t *order = arena_alloc(&self->arena, bank->n_items * sizeof *order);
    struct place *places = malloc(bank->n_items * sizeof *places);
    if (!items || !order || !places) {
        free(places);
        return err_set(err, ERR_MEMORY, "no memory for %zu items", bank->n_items);
    }
    for (size_t i = 0; i < bank->n_items; i++)
        places[i] = (struct place){bank->items[i].b, bank->items[i].is_pilot, (uint32_t)i};
    qsort(places, bank->n_items, sizeof *places, by_place);
    self->is_monotone = true;
    for (size_t i = 0; i < bank->n_items; i++) {
        order[i] = places[i].at;
        items[i] = bank->items[places[i].at];
        self->is_monotone &= items[i].is_pilot || (items[i].c == 0 && items[i].d == 1);
    }
    free(places);
    self->n_items = bank->n_items;
    self->n_scored = bank->n_items - bank->n_pilots;
    self->pilot_bit = (self->n_scored + 63) / 64 * 64;
    self->n_words = self->pilot_bit / 64 + (bank->n_pilots + 63) / 64;
    self->items = items;
    self->order = order;
    return ERR_OK;
}

static enum err_code check_pool(const struct scenario *scenario, const struct irt_bank *bank,
                                struct err *err)
{
    size_t n_scored = bank->n_items - bank->n_pilots;
    if ((int64_t)n_scored < scenario->exam_max_items)
        return config_scenario_error(scenario, "exam.max_items", err, ERR_INPUT,
                                     "%lld, but %s has only %zu scored items",
                                     (long long)scenario->exam_max_items, bank->path, n_scored);
    if ((int64_t)bank->n_pilots < scenario->exam_pilot_items)
        return config_scenario_error(
            scenario, "exam.pilot_items", err, ERR_INPUT, "%lld, but %s has only %zu pilot items",
            (long long)scenario->exam_pilot_items, bank->path, bank->n_pilots);
    return ERR_OK;
}

static void copy_numbers(const struct scenario *scenario, struct cat_design *self)
{
    self->exam = (struct rule_exam){
        .cut_theta = scenario->exam_cut_theta,
        .z = dist_normal_quantile(0.5 + 0.5 * scenario->exam_stop_level),
        .tie_passes = scenario->exam_tie_passes,
        .min_items = (uint32_t)scenario->exam_min_items,
        .max_items = (uint32_t)scenario->exam_max_items,
    };
    self->pilot_items = (uint32_t)scenario->exam_pilot_items;
    self->n_slots = self->exam.min_items + self->pilot_items - 1;
    self->max_seen = self->exam.max_items + self->pilot_items;
    self->start_theta = scenario->exam_start_theta;
    self->theta_min = scenario->exam_estimate_theta_min;
    self->theta_max = scenario->exam_estimate_theta_max;
    self->time_limit_s = scenario->exam_time_limit_min * 60;
    self->randomesque = (uint32_t)scenario->exam_select_randomesque;
}

enum err_code cat_design_init(const struct scenario *scenario, const struct irt_bank *bank,
                              struct cat_design *self, struct err *err)
{
    *self = (struct cat_design){0};
    double *likelihood;
    if (find_rules(scenario, self, err) || check_pool(scenario, bank, err) ||
        order_items(bank, self, err))
        return err->code;
    copy_numbers(scenario, self);
    uint32_t *first_row;
    struct irt_estimator eap = {.theta_min = self->theta_min,
                                .theta_max = self->theta_max,
                                .points = (size_t)scenario->exam_estimate_points,
                                .prior_mean = scenario->exam_estimate_prior_mean,
                                .prior_sd = scenario->exam_estimate_prior_sd};
    if (irt_grid_init(&eap, &self->arena, &self->grid, err) ||
        irt_grid_likelihood(&self->grid, self->items, self->n_scored, &self->arena, &likelihood,
                            &first_row, err))
        return err->code;
    self->likelihood = likelihood;
    self->is_lazy = self->is_ml && !self->select->needs_estimate &&
                    self->out_of_time != &cat_out_of_time_last_60;
    if (self->select->init && self->select->init(self, err) != ERR_OK)
        return err->code;
    if (self->start != self->select && self->start->init)
        return self->start->init(self, err);
    return ERR_OK;
}

void cat_design_free(struct cat_design *self)
{
    arena_free(&self->arena);
    *self = (struct cat_design){0};
}
