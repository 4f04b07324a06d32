/* An exam from a scenario and a bank: items in design order, tables of likelihoods, rules.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/cat/design.h>

#include <retake/base/dist.h>
#include <retake/base/wording.h>
#include <retake/config/params.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "content.h"
#include "fisher.h"
#include "lookup.h"
#include "rules.h"
#include "select.h"
#include "session_estimate.h"
#include "stop.h"

const char *const cat_stop_names[CAT_N_STOPS] = {"going", "stop_rule", "max_items", "time",
                                                 "no_item"};

/* ---- items ---- */

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
    return (a->at > b->at) - (a->at < b->at);
}

/* @param is_linear  keep the bank's order */
static enum err_code order_items(const struct irt_bank *bank, double scaling, bool is_linear,
                                 struct cat_design *self, struct err *err)
{
    struct irt_item *items = arena_alloc(&self->arena, bank->n_items * sizeof *items);
    uint32_t *order = arena_alloc(&self->arena, bank->n_items * sizeof *order);
    struct place *places = malloc(bank->n_items * sizeof *places);
    if (!items || !order || !places) {
        free(places);
        return err_set(err, ERR_MEMORY, "no memory for %s",
                       wording_count(bank->n_items, "item").text);
    }
    for (size_t i = 0; i < bank->n_items; i++)
        places[i] =
            (struct place){is_linear ? 0 : bank->items[i].b, bank->items[i].is_pilot, (uint32_t)i};
    qsort(places, bank->n_items, sizeof *places, by_place);
    self->is_monotone = self->is_logistic = true;
    for (size_t i = 0; i < bank->n_items; i++) {
        order[i] = places[i].at;
        items[i] = bank->items[places[i].at];
        items[i].a *= scaling;
        self->is_logistic &= items[i].is_pilot || items[i].model == IRT_LOGISTIC;
        self->is_monotone &= items[i].is_pilot || (items[i].c == 0 && items[i].d == 1);
    }
    self->is_monotone &= self->is_logistic;
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
                                     "%lld, but %s has only %s",
                                     (long long)scenario->exam_max_items, bank->path,
                                     wording_count(n_scored, "scored item").text);
    if ((int64_t)bank->n_pilots < scenario->exam_pilot_items)
        return config_scenario_error(scenario, "exam.pilot_items", err, ERR_INPUT,
                                     "%lld, but %s has only %s",
                                     (long long)scenario->exam_pilot_items, bank->path,
                                     wording_count(bank->n_pilots, "pilot item").text);
    return ERR_OK;
}

/* What rules from outside the tree see of the pool. */
static enum err_code show_items(struct cat_design *self, struct err *err)
{
    struct rule_item *items = arena_alloc(&self->arena, self->n_scored * sizeof *items);
    if (!items)
        return err_set(err, ERR_MEMORY, "no memory for %s",
                       wording_count(self->n_scored, "item").text);
    for (size_t i = 0; i < self->n_scored; i++) {
        const struct irt_item *item = &self->items[i];
        items[i] = (struct rule_item){item->a,
                                      item->b,
                                      item->c,
                                      item->d,
                                      item->steps,
                                      self->order[i],
                                      item->domain,
                                      (uint8_t)irt_n_categories(item),
                                      item->model == IRT_GRM};
    }
    self->exam.n_items = self->n_scored;
    self->exam.items = items;
    return ERR_OK;
}

/* ---- the whole ---- */

static void copy_numbers(const struct scenario *scenario, struct cat_design *self)
{
    double alpha = scenario->exam_stop_alpha, beta = scenario->exam_stop_beta;
    self->exam = (struct rule_exam){
        .cut_theta = scenario->exam_cut_theta,
        .z = dist_normal_quantile(0.5 + 0.5 * scenario->exam_stop_level),
        .tie_passes = scenario->exam_tie_passes,
        .min_items = (uint32_t)scenario->exam_min_items,
        .max_items = (uint32_t)scenario->exam_max_items,
        .stop_se = scenario->exam_stop_se,
        .stop_information = scenario->exam_stop_information,
        .stop_delta = scenario->exam_stop_delta,
        .log_lower = vec_log1(beta / (1 - alpha)),
        .log_upper = vec_log1((1 - beta) / alpha),
        .curtails = scenario->exam_stop_curtail,
    };
    if (scenario->exam_form == CONFIG_FORM_LINEAR)
        self->exam.min_items = self->exam.max_items;
    self->pilot_items = (uint32_t)scenario->exam_pilot_items;
    self->n_slots = self->exam.min_items + self->pilot_items - 1;
    self->max_seen = self->exam.max_items + self->pilot_items;
    self->time_limit_s = scenario->exam_time_limit_min * 60;
    self->randomesque = (uint32_t)scenario->exam_select_randomesque;
}

static enum err_code init_selection(const struct scenario *scenario, struct cat_design *self,
                                    struct err *err)
{
    const struct cat_select_rule *rules[] = {self->select, self->start};
    struct cat_select_numbers *numbers = arena_alloc(&self->arena, sizeof *numbers);
    if (!numbers)
        return err_set(err, ERR_MEMORY, "no memory for the selection of items");
    *numbers = (struct cat_select_numbers){
        .delta = scenario->exam_select_delta,
        .offset = scenario->exam_select_offset,
        .acceleration = scenario->exam_select_acceleration,
        .n_strata = (uint32_t)scenario->exam_select_strata,
        .uses_expected = scenario->exam_select_information == 1,
    };
    self->select_numbers = numbers;
    for (int k = 0; k < 2; k++) {
        self->keeps_answers |= rules[k]->needs_answers;
        if (rules[k]->needs_curves && !self->curves &&
            cat_curves_init(scenario, rules[0]->needs_prior || rules[1]->needs_prior, self, err))
            return err->code;
        if ((k == 0 || rules[1] != rules[0]) && rules[k]->init &&
            rules[k]->init(scenario, self, err) != ERR_OK)
            return err->code;
    }
    return ERR_OK;
}

enum err_code cat_design_init(const struct scenario *scenario, const struct irt_bank *bank,
                              struct cat_design *self, struct err *err)
{
    const struct cat_content_rule *content = NULL;
    struct cat_needs needs = {0};
    *self = (struct cat_design){0};
    bool is_linear = scenario->exam_form == CONFIG_FORM_LINEAR;
    if (cat_lookup_rules(scenario, self, &content, &needs, err) ||
        check_pool(scenario, bank, err) ||
        order_items(bank, scenario->exam_scaling_constant, is_linear, self, err))
        return err->code;
    copy_numbers(scenario, self);
    if (show_items(self, err) || cat_estimate_init(scenario, self, err) ||
        cat_evidence_init(scenario, &needs, self, err) ||
        (bank->n_enemies > 0 && cat_enemies_init(self, bank->n_enemies, err)) ||
        cat_content_init(scenario, bank, content, self, err))
        return err->code;
    self->se_may_wait = self->estimator.method == IRT_EAP && !self->keeps_answers &&
                        !self->grid_information && !scenario->rules;
    self->is_lazy = self->estimator.method != IRT_EAP && !self->select->needs_estimate &&
                    !self->keeps_previous && self->out_of_time == cat_out_of_time_rules[0] &&
                    !scenario->rules;
    if (init_selection(scenario, self, err) != ERR_OK)
        return err->code;
    self->is_plain = self->select->best_of_each && self->start == self->select &&
                     self->pilot_items == 0 && self->randomesque == 1 && !self->content &&
                     !self->enemies && !self->exposure;
    self->keeps_shown = self->is_plain && self->index && self->index->leaders;
    return ERR_OK;
}

enum err_code cat_design_add_stage(const struct scenario *scenario, uint32_t n_form,
                                   struct cat_design *self, struct err *err)
{
    struct cat_needs needs = {0};
    if (cat_stop_parse(scenario, self, &needs, err) != ERR_OK)
        return err->code;
    if (needs.at_stop)
        return config_scenario_error(scenario, "exam.stop.rule", err, ERR_INPUT,
                                     "'%s' cannot end the second stage of a linear form",
                                     scenario->exam_stop_rule);
    self->exam.min_items = n_form;
    self->n_slots = n_form + self->pilot_items - 1;
    return ERR_OK;
}

void cat_design_skip_se(struct cat_design *self)
{
    self->se_from = self->se_may_wait ? self->exam.min_items : 0;
}

void cat_design_free(struct cat_design *self)
{
    arena_free(&self->arena);
    *self = (struct cat_design){0};
}
