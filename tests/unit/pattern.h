/* A pattern of answers in the shape that the estimators want, and its estimates.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_UNIT_PATTERN_H
#define RETAKE_UNIT_PATTERN_H

#include <retake/base/rng.h>
#include <retake/irt/grid.h>

#include "fixture.h"

enum { MAX_ITEMS = 64 };

struct pattern {
    double a[MAX_ITEMS], b[MAX_ITEMS], c[MAX_ITEMS], d[MAX_ITEMS], x[MAX_ITEMS];
    struct irt_item items[MAX_ITEMS];
    double steps[MAX_ITEMS][IRT_MAX_CATEGORIES];
    uint8_t categories[MAX_ITEMS];
    const struct irt_item *shown[MAX_ITEMS];
    size_t n;
    bool is_monotone, is_logistic;
} __attribute__((aligned(64)));

/* The steps of a polytomous item are copied. */
static inline void pattern_add(struct pattern *self, const struct irt_item *item, int answer)
{
    size_t k = self->n++;
    cr_assert_lt(k, MAX_ITEMS);
    if (k == 0)
        self->is_monotone = self->is_logistic = true;
    self->items[k] = *item;
    if (item->model != IRT_LOGISTIC) {
        memcpy(self->steps[k], item->steps, (item->n_categories - 1u) * sizeof(double));
        self->is_logistic = false;
    }
    self->a[k] = item->a;
    self->b[k] = item->b;
    self->c[k] = item->c;
    self->d[k] = item->d;
    self->x[k] = answer;
    self->categories[k] = (uint8_t)answer;
    self->is_monotone &= item->c == 0 && item->d == 1;
}

/* Points into the pattern, which must stay where it is. */
static inline struct irt_answers pattern_answers(struct pattern *self)
{
    for (size_t k = 0; k < self->n; k++) {
        self->shown[k] = &self->items[k];
        if (self->items[k].model != IRT_LOGISTIC)
            self->items[k].steps = self->steps[k];
    }
    return (struct irt_answers){.n = self->n,
                                .a = self->a,
                                .b = self->b,
                                .c = self->c,
                                .d = self->d,
                                .x = self->x,
                                .items = self->shown,
                                .categories = self->categories,
                                .is_monotone = self->is_monotone,
                                .is_logistic = self->is_logistic};
}

static inline struct irt_estimate pattern_root(struct pattern *self,
                                               const struct irt_estimator *estimator, double start)
{
    struct irt_answers answers = pattern_answers(self);
    return irt_estimate_root(estimator, &answers, start);
}

static inline struct irt_estimate pattern_ml(struct pattern *self, double low, double high,
                                             double start)
{
    struct irt_estimator estimator = {.method = IRT_ML, .theta_min = low, .theta_max = high};
    return pattern_root(self, &estimator, start);
}

static inline struct irt_estimate pattern_eap(struct pattern *self,
                                              const struct irt_estimator *estimator)
{
    struct arena arena = {0};
    struct irt_grid grid;
    struct err err = {0};
    double *rows, *information;
    uint32_t *first_row;
    struct irt_answers answers = pattern_answers(self);
    cr_assert_eq(irt_grid_init(estimator, &arena, &grid, &err), ERR_OK, "%s", err.detail);
    cr_assert_eq(irt_grid_likelihood(&grid, self->items, self->n, &arena, &rows, &first_row, &err),
                 ERR_OK);
    cr_assert_eq(irt_grid_information(&grid, self->items, self->n, &arena, &information, &err),
                 ERR_OK);
    size_t n = grid.n_vectors * VEC_LANES;
    double *weight = arena_alloc(&arena, n * sizeof *weight);
    double *total = arena_alloc(&arena, n * sizeof *total);
    memcpy(weight, grid.prior, n * sizeof *weight);
    for (size_t i = 0; i < self->n; i++)
        for (size_t q = 0; q < n; q++) {
            weight[q] *= rows[(first_row[i] + self->categories[i]) * n + q];
            total[q] += information[i * n + q];
        }
    struct irt_estimate estimate = irt_eap(&grid, weight);
    if (estimator->prior == IRT_PRIOR_JEFFREYS)
        cr_assert(irt_eap_jeffreys(&grid, weight, total, &estimate));
    if (estimator->se != IRT_SE_DEFAULT)
        estimate.se = irt_standard_error(estimator, &answers, estimate.theta);
    arena_free(&arena);
    return estimate;
}

/* The estimate by any method. */
static inline struct irt_estimate pattern_estimate(struct pattern *self,
                                                   const struct irt_estimator *estimator)
{
    return estimator->method == IRT_EAP ? pattern_eap(self, estimator)
                                        : pattern_root(self, estimator, 0);
}

#endif
