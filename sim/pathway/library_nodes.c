/* The nodes of a library and where its sittings lie.
 *
 * Ability, relative to the cut: steps of 1/32 logit within 2, of 1/16 within 4, of 1/2 within 10.
 * Speed, below the safe one: node k lies k (1 + k/12)/25 below it, from steps of 0.04 to 0.2.
 * A replicate holds [node][n_sittings], then [coarse node][n_spread] at the second level of spread,
 * then [coarse node][speed][n_slow].
 * SPDX-License-Identifier: Apache-2.0 */
#include "library_nodes.h"

#include <math.h>
#include <string.h>

static const double speed_step = 0.04, speed_growth = 12;

double pathway_library_node(size_t node)
{
    size_t k = LIBRARY_N_ZONES - 1;
    while (node < library_zones[k].first)
        k--;
    return library_zones[k].low + library_zones[k].step * (double)(node - library_zones[k].first);
}

double pathway_library_slowness(size_t node)
{
    double k = (double)node;
    return speed_step * k * (1 + k / speed_growth);
}

double pathway_library_slow_place(double slowness)
{
    return 0.5 * speed_growth * (sqrt(1 + 4 * slowness / (speed_step * speed_growth)) - 1);
}

struct library_parts pathway_library_parts(const struct library_size *size)
{
    struct library_parts out = {.plain = 0};
    out.spread = (size_t)LIBRARY_N_NODES * size->n_sittings;
    out.slow = out.spread + (size_t)LIBRARY_N_COARSE * size->n_spread;
    out.end = out.slow + (size_t)LIBRARY_N_COARSE * size->n_speeds * size->n_slow;
    return out;
}

size_t pathway_library_per_replicate(const struct library_size *size)
{
    return pathway_library_parts(size).end;
}

size_t pathway_library_n_coarse(void)
{
    return LIBRARY_N_COARSE;
}

void pathway_library_meet(struct pathway_library *self, const struct cat_design *cat)
{
    double mean[IRT_N_DEMANDS] = {0}, n = (double)cat->n_scored;
    for (size_t i = 0; i < cat->n_scored; i++)
        for (int k = 0; k < IRT_N_DEMANDS; k++)
            mean[k] += (double)cat->items[i].demand[k] / n;
    memset(self->covariance, 0, sizeof self->covariance);
    for (size_t i = 0; i < cat->n_scored; i++)
        for (int k = 0; k < IRT_N_DEMANDS; k++)
            for (int l = 0; l < IRT_N_DEMANDS; l++)
                self->covariance[k][l] += ((double)cat->items[i].demand[k] - mean[k]) *
                                          ((double)cat->items[i].demand[l] - mean[l]) / n;
    double sum = 0;
    for (int k = 0; k < IRT_N_DEMANDS; k++)
        for (int l = 0; l < IRT_N_DEMANDS; l++)
            sum += self->covariance[k][l];
    self->spread_deficit = self->spread > 0 ? sqrt(self->spread / sum) : 0;
}

enum err_code pathway_library_init(const struct library_size *size, double spread,
                                   const struct cat_design *cat, struct pathway_library *self,
                                   struct err *err)
{
    *self =
        (struct pathway_library){.size = *size, .center = cat->exam.cut_theta, .spread = spread};
    size_t n = size->n_replicates, n_coarse = LIBRARY_N_COARSE;
    self->per_replicate = pathway_library_per_replicate(size);
    self->sittings = arena_alloc(&self->arena, n * self->per_replicate * sizeof *self->sittings);
    self->profiles = arena_alloc(&self->arena, n * n_coarse * sizeof *self->profiles);
    self->demands = arena_alloc(&self->arena, n_coarse * sizeof *self->demands);
    if (!self->sittings || !self->profiles || !self->demands)
        return err_set(err, ERR_MEMORY, "no memory for a library of %zu sittings",
                       n * self->per_replicate);
    pathway_library_meet(self, cat);
    return ERR_OK;
}

void pathway_library_free(struct pathway_library *self)
{
    arena_free(&self->arena);
    *self = (struct pathway_library){.seed = 0};
}

void pathway_library_gather(struct pathway_library *self, const struct library_demands *sums)
{
    for (size_t c = 0; c < LIBRARY_N_COARSE; c++) {
        struct library_demands *to = &self->demands[c];
        double weight = 0;
        for (size_t r = 0; r < self->size.n_replicates; r++) {
            const struct library_demands *from = &sums[r * LIBRARY_N_COARSE + c];
            for (int k = 0; k < IRT_N_DEMANDS; k++)
                to->mean[k] += from->mean[k];
            for (int d = 0; d < PERSON_MAX_DOMAINS; d++) {
                to->domain[d] += from->domain[d];
                weight += from->domain[d];
            }
        }
        for (int k = 0; k < IRT_N_DEMANDS && weight > 0; k++)
            to->mean[k] /= weight;
        for (int d = 0; d < PERSON_MAX_DOMAINS && weight > 0; d++)
            to->domain[d] /= weight;
    }
}
