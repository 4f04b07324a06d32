/* a-stratified selection (Chang & Ying 1999): the pool is cut into exam.select.strata layers of
 * equal size by rising discrimination, the test into as many stages; in each stage the item of its
 * layer whose difficulty is nearest to the estimate. A layer without an item left gives way to the
 * nearest one that has some. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include <retake/base/wording.h>
#include <stdlib.h>

#include "rules.h"

static void criterion(const struct cat_select_rule *self, const struct cat_design *design,
                      struct cat_session *session, double theta, const uint32_t *items, size_t n,
                      double *values)
{
    (void)self;
    const double far = 1e6; /* beyond any distance of difficulties */
    uint32_t stage = (uint32_t)((uint64_t)session->seen.n_scored *
                                design->select_numbers->n_strata / design->exam.max_items);
    for (size_t i = 0; i < n; i++) {
        double layers = fabs((double)design->strata[items[i]] - stage);
        values[i] = -fabs(design->items[items[i]].b - theta) - far * layers;
    }
}

struct ranked {
    double a;
    uint32_t item;
};

static int by_a(const void *left, const void *right)
{
    const struct ranked *p = left, *q = right;
    if (p->a != q->a)
        return p->a < q->a ? -1 : 1;
    return (p->item > q->item) - (p->item < q->item);
}

static enum err_code init(const struct scenario *scenario, struct cat_design *design,
                          struct err *err)
{
    size_t n = design->n_scored, n_strata = design->select_numbers->n_strata;
    uint32_t *strata = arena_alloc(&design->arena, n * sizeof *strata);
    struct ranked *ranked = malloc(n * sizeof *ranked);
    if (!strata || !ranked) {
        free(ranked);
        return err_set(err, ERR_MEMORY, "no memory for the strata of %s",
                       wording_count(n, "item").text);
    }
    for (size_t i = 0; i < n; i++)
        ranked[i] = (struct ranked){design->items[i].a, (uint32_t)i};
    qsort(ranked, n, sizeof *ranked, by_a);
    for (size_t i = 0; i < n; i++)
        strata[ranked[i].item] = (uint32_t)(i * n_strata / n);
    free(ranked);
    design->strata = strata;
    if (n_strata > n)
        return config_scenario_error(scenario, "exam.select.strata", err, ERR_INPUT,
                                     "%zu, but the bank has only %s", n_strata,
                                     wording_count(n, "scored item").text);
    return ERR_OK;
}

const struct cat_select_rule cat_select_a_stratified = {
    .name = "a_stratified",
    .doc = "layers of rising discrimination, one a stage, nearest difficulty (Chang & Ying 1999)",
    .parameters = "exam.select.strata",
    .needs_estimate = true,
    .init = init,
    .criterion = criterion,
};
