/* The nodes of a library and where its sittings lie.
 *
 * Ability, relative to the cut: steps of 1/32 logit within 2, of 1/16 within 4, of 1/2 within 10.
 * Speed, below the safe one: node k lies k (1 + k/12)/25 below it, from steps of 0.04 to 0.2.
 * A replicate holds [node][n_sittings], then [coarse node][speed][n_slow].
 * SPDX-License-Identifier: Apache-2.0 */
#include "library_nodes.h"

#include <retake/base/wording.h>

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

void pathway_library_lay_out(struct pathway_library *self)
{
    const struct library_size *size = &self->size;
    struct library_parts *out = &self->parts;
    out->plain = 0;
    out->slow = (size_t)LIBRARY_N_NODES * size->n_sittings;
    out->end = out->slow + (size_t)LIBRARY_N_COARSE * size->n_speeds * size->n_slow;
    self->per_replicate = out->end;
}

size_t pathway_library_n_details(const struct library_size *size)
{
    return (LIBRARY_BY_DOMAIN + 2 * (size_t)size->n_domains + 3) / 4 * 4;
}

size_t pathway_library_n_coarse(void)
{
    return LIBRARY_N_COARSE;
}

/* The mean square of slopes of the log likelihood, within half a logit of the cut. */
static double information(const struct pathway_library *self)
{
    double sum = 0;
    size_t first = LIBRARY_N_NODES, end = 0, n_sittings = self->size.n_sittings;
    for (size_t node = 0; node < LIBRARY_N_NODES; node++)
        if (fabs(pathway_library_node(node)) <= 0.5) {
            first = node < first ? node : first;
            end = node + 1;
        }
    for (size_t r = 0; r < self->size.n_replicates; r++)
        for (size_t s = first * n_sittings; s < end * n_sittings; s++) {
            double slope = (double)self->sittings[r * self->per_replicate + s].slope[0] /
                           (double)LIBRARY_SLOPE;
            sum += slope * slope;
        }
    return sum / (double)(self->size.n_replicates * (end - first) * n_sittings);
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
    self->information = information(self);
}

enum err_code pathway_library_init(const struct library_size *size, const struct cat_design *cat,
                                   struct pathway_library *self, struct err *err)
{
    *self = (struct pathway_library){.size = *size, .center = cat->exam.cut_theta};
    size_t n = size->n_replicates, n_coarse = LIBRARY_N_COARSE;
    pathway_library_lay_out(self);
    size_t n_sittings = n * self->per_replicate, n_details = pathway_library_n_details(size);
    self->sittings = arena_alloc(&self->arena, n_sittings * sizeof *self->sittings);
    self->details = arena_alloc(&self->arena, n_sittings * n_details * sizeof *self->details);
    self->profiles = arena_alloc(&self->arena, n * n_coarse * sizeof *self->profiles);
    self->demands = arena_alloc(&self->arena, n_coarse * sizeof *self->demands);
    if (!self->sittings || !self->details || !self->profiles || !self->demands)
        return err_set(err, ERR_MEMORY, "no memory for a library of %s",
                       wording_count(n_sittings, "sitting").text);
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
