/* Maximum Fisher information, exactly: the item that a scan over the whole pool would choose, found
 * through bits (fisher_rasch.c) or bins and bounds (fisher_lists.c).
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/irt/model.h>

#include "fisher.h"
#include "select.h"

static bool is_rasch(const struct cat_design *design)
{
    for (size_t i = 0; i < design->n_scored; i++) {
        const struct irt_item *item = &design->items[i];
        if (item->model != IRT_LOGISTIC || item->a != design->items[0].a || item->c != 0 ||
            item->d != 1)
            return false;
    }
    return true;
}

static enum err_code init(const struct scenario *scenario, struct cat_design *design,
                          struct err *err)
{
    (void)scenario;
    if (design->index)
        return ERR_OK;
    struct cat_index *index = arena_alloc(&design->arena, sizeof *index);
    if (!index)
        return err_set(err, ERR_MEMORY, "no memory for the selection of items");
    design->index = index;
    index->is_rasch = is_rasch(design);
    return index->is_rasch ? cat_fisher_rasch_init(design, index, err)
                           : cat_fisher_lists_init(design, index, err);
}

static uint32_t best(const struct cat_design *design, struct cat_session *session, double theta,
                     struct cat_available from, uint32_t k, uint32_t *out)
{
    if (design->index->is_rasch)
        return cat_fisher_rasch_best(design, session, theta, from, k, out);
    return cat_fisher_lists_best(design, session, theta, from, k, out);
}

static uint32_t best_at_cut(const struct cat_design *design, struct cat_session *session,
                            double theta, struct cat_available from, uint32_t k, uint32_t *out)
{
    (void)theta;
    return best(design, session, design->exam.cut_theta, from, k, out);
}

static void best_of_each(const struct cat_design *design, struct cat_session *const *sessions,
                         size_t n)
{
    if (design->index->is_rasch)
        cat_fisher_rasch_each(design, sessions, n);
    else
        cat_fisher_lists_each(design, sessions, n);
}

const struct cat_select_rule cat_select_fisher = {
    .name = "fisher",
    .doc = "maximum Fisher information at the estimate (Lord 1980), exactly",
    .needs_estimate = true,
    .init = init,
    .best = best,
    .best_of_each = best_of_each,
};

const struct cat_select_rule cat_select_fisher_at_cut = {
    .name = "fisher_at_cut",
    .doc = "maximum Fisher information at the cut (Spray & Reckase 1996), exactly",
    .parameters = "exam.cut_theta",
    .init = init,
    .best = best_at_cut,
};

double cat_information_left(const struct cat_design *design, struct cat_session *session,
                            double theta)
{
    const struct cat_available from = {.domain = CAT_ALL_DOMAINS};
    double most = 0;
    if (design->index) {
        uint32_t item;
        return best(design, session, theta, from, 1, &item) == 0
                   ? 0
                   : irt_information(&design->items[item], theta);
    }
    for (uint32_t i = 0; i < design->n_scored; i++) {
        double information = irt_information(&design->items[i], theta);
        if (information > most && cat_is_available(session, from, i))
            most = information;
    }
    return most;
}
