/* What the exact solver can solve: what is Markov in (attempt, theta), the days being known. A
 * refusal names the parameter.
 * SPDX-License-Identifier: Apache-2.0 */
#include "exact_parts.h"

#include <math.h>
#include <string.h>

static enum err_code refuse(const struct engine_plan *plan, const char *key, struct err *err,
                            const char *why)
{
    return config_scenario_error(plan->scenario, key, err, ERR_INPUT,
                                 "engine.sessions: exact %s; take simulate", why);
}

/* Some deficit that the exam feels. */
static bool has_deficits(const struct person_design *person)
{
    bool any = false;
    for (int k = 0; k < PERSON_PACING; k++)
        for (size_t g = 0; g < person->n_groups; g++)
            any = any || person->deficit_mean[k] * person->groups[g].deficits > 0;
    return any;
}

static enum err_code check_people(const struct engine_plan *plan, struct err *err)
{
    const struct scenario *s = plan->scenario;
    const struct person_design *person = &plan->person;
    if (person->roster)
        return refuse(plan, "population.candidates_file", err, "has no candidates of a file");
    if (!has_deficits(person))
        return ERR_OK;
    if (person->deficit_cv > 0)
        return refuse(plan, "deficits.cv", err,
                      "needs deficits that are the same for all candidates: 0, or no deficits");
    if (person->domain_spread > 0 && person->deficit_mean[PERSON_KNOWLEDGE] > 0 &&
        plan->pathway.cat)
        return refuse(plan, "deficits.domain_spread", err,
                      "needs knowledge that is the same in all domains: 0");
    if (person->repair_per_day > 0 && s->study_none < 1 && s->study_broad < 1)
        return refuse(plan, s->study_targeted > 0 ? "study.targeted" : "study.none", err,
                      "needs study that is not drawn: study.none or study.broad 1, or no deficits");
    return ERR_OK;
}

static enum err_code check_days(const struct engine_plan *plan, struct err *err)
{
    const struct scenario *s = plan->scenario;
    if (s->gates_authorization_delay_days_mean > 0 && s->gates_authorization_delay_days_sd > 0)
        return refuse(plan, "gates.authorization.delay_days.sd", err,
                      "needs retakes on days that are not drawn: 0");
    if (s->gates_seat_delay_days_mean > 0 && s->gates_seat_delay_days_sd > 0)
        return refuse(plan, "gates.seat.delay_days.sd", err,
                      "needs retakes on days that are not drawn: 0");
    return ERR_OK;
}

static bool is_rasch(const struct irt_item *item, double a)
{
    return item->a == a && item->c == 0 && item->d == 1;
}

static bool is_like(const struct irt_item *x, const struct irt_item *y, bool by_demand)
{
    return x->a == y->a && x->b == y->b && x->c == y->c && x->d == y->d &&
           (!by_demand || memcmp(x->demand, y->demand, sizeof x->demand) == 0);
}

/* Whether any two of n items are the same to an examinee, or are all Rasch items. */
static void compare(const struct irt_item *items, size_t n, bool by_demand, bool *are_alike,
                    bool *are_rasch)
{
    *are_alike = *are_rasch = true;
    for (size_t i = 0; i < n; i++) {
        bool is_logistic = items[i].model == IRT_LOGISTIC;
        *are_alike = *are_alike && is_logistic && is_like(&items[i], &items[0], by_demand);
        *are_rasch = *are_rasch && is_logistic && is_rasch(&items[i], items[0].a);
    }
}

static enum err_code check_items(const struct engine_plan *plan, struct err *err)
{
    const struct cat_design *cat = &plan->cat;
    bool is_linear = plan->scenario->exam_form == CONFIG_FORM_LINEAR, are_alike, are_rasch;
    compare(cat->items, is_linear ? cat->exam.max_items : cat->n_scored,
            has_deficits(&plan->person), &are_alike, &are_rasch);
    if (are_alike)
        return ERR_OK;
    if (!is_linear)
        return refuse(plan, "bank", err,
                      "needs scored items that are all alike (a, b, c, d, demands), so that the "
                      "number right says all; or exam.form: linear or normal");
    if (!are_rasch)
        return refuse(plan, "bank", err,
                      "needs Rasch items on a linear form, so that the number right says all");
    if (cat->estimator.method == IRT_ROBUST)
        return refuse(plan, "exam.estimate.rule", err,
                      "needs an estimate that the number right decides, not robust");
    return ERR_OK;
}

static enum err_code check_exam(const struct engine_plan *plan, struct err *err)
{
    const struct scenario *s = plan->scenario;
    const struct cat_design *cat = &plan->cat;
    if (isfinite(s->exam_time_limit_min))
        return refuse(plan, "exam.time_limit_min", err, "has no response times: none");
    if (s->exam_exclude_seen != 0)
        return refuse(plan, "exam.exclude_seen", err,
                      "needs sittings that do not depend on "
                      "earlier ones: none");
    if (cat->content || cat->enemies)
        return refuse(plan, cat->enemies ? "bank" : "exam.content.rule", err,
                      "has no content rules and no enemies");
    if (cat->keeps_previous)
        return refuse(plan, "exam.estimate.unbounded", err,
                      "needs an estimate that the number right decides: bound");
    if (s->rules)
        return refuse(plan, "exam.stop.rule", err, "has no rules from outside the tree (--rules)");
    return check_items(plan, err);
}

enum err_code study_exact_check(const struct engine_plan *plan, struct err *err)
{
    if (check_people(plan, err) != ERR_OK || check_days(plan, err) != ERR_OK)
        return err->code;
    return plan->pathway.cat ? check_exam(plan, err) : ERR_OK;
}
