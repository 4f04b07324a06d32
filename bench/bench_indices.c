/* What the indices of accuracy and consistency cost a cut study: 170 items, 101 abilities, 41 cuts.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/irt/classification.h>

#include <math.h>

#include "kernel.h"

enum { N_ITEMS = 170, N_NODES = 101, N_CUTS = 41 };

struct setting {
    struct irt_item items[N_ITEMS];
    const struct irt_item *form[N_ITEMS];
    double theta[N_NODES], weight[N_NODES], se[N_NODES];
    struct irt_nodes nodes;
    struct arena arena;
    struct irt_scores scores;
    struct irt_true_scores true_scores;
    struct irt_classification out;
    struct err err;
};

static void make_scores(struct setting *self)
{
    arena_free(&self->arena);
    irt_scores_init(self->form, N_ITEMS, &self->nodes, &self->arena, &self->scores, &self->err);
}

static double cut_theta(int k)
{
    return -0.5 + 0.025 * k;
}

static void lee(struct setting *self)
{
    for (int k = 0; k < N_CUTS; k++) {
        double cut = cut_theta(k);
        size_t score = irt_score_cut(self->form, N_ITEMS, cut, true);
        irt_lee(&self->scores, &self->nodes, &score, &cut, 1, &self->out, &self->err);
    }
}

static void rudner(struct setting *self)
{
    for (int k = 0; k < N_CUTS; k++) {
        double cut = cut_theta(k);
        irt_rudner(&self->nodes, NULL, self->se, &cut, NULL, 1, &self->out, &self->err);
    }
}

static void livingston_lewis(struct setting *self)
{
    for (int k = 0; k < N_CUTS; k++) {
        double share = irt_expected_score(self->form, N_ITEMS, cut_theta(k)) / (double)N_ITEMS;
        irt_livingston_lewis(&self->true_scores, &share, NULL, 1, &self->out, &self->err);
    }
}

static void time_one(const char *name, void (*step)(struct setting *), struct setting *self)
{
    int n = 0;
    double began = bench_now_s();
    for (; bench_now_s() - began < 0.3; n++)
        step(self);
    if (self->err.code) {
        fprintf(stderr, "bench_indices: %s\n", self->err.detail);
        exit(1);
    }
    printf("%-28s  %10.3f\n", name, 1e3 * (bench_now_s() - began) / n);
}

int main(void)
{
    static struct setting self;
    struct irt_score_moments moments;
    for (int i = 0; i < N_ITEMS; i++) {
        self.items[i] = (struct irt_item){.a = 1, .b = 4.0 * i / (double)N_ITEMS - 2, .d = 1};
        self.form[i] = &self.items[i];
    }
    self.nodes = (struct irt_nodes){N_NODES, self.theta, self.weight};
    for (int q = 0; q < N_NODES; q++) {
        self.theta[q] = -4 + 0.08 * q;
        self.weight[q] = exp(-0.5 * self.theta[q] * self.theta[q]);
        self.se[q] = 0.2;
    }
    printf("indices  ms\n");
    time_one("Lord-Wingersky", make_scores, &self);
    time_one("Lee, 41 cuts", lee, &self);
    time_one("Rudner, 41 cuts", rudner, &self);
    irt_score_moments(&self.scores, &self.nodes, &moments);
    irt_true_scores_fit(&moments, 4, &self.true_scores, &self.err);
    time_one("Livingston-Lewis, 41 cuts", livingston_lewis, &self);
    arena_free(&self.arena);
    return 0;
}
