/* Values of a cut study by place. A variable may lack any dimension and has no others.
 * SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "summary_cut.h"

static double number_of(const struct store_provenance *provenance, const char *name)
{
    for (size_t i = 0; i < provenance->n_attributes; i++)
        if (strcmp(provenance->attributes[i].name, name) == 0 && !provenance->attributes[i].text)
            return provenance->attributes[i].number;
    return NAN;
}

/* The index of what is nearest; 0 where there is no such dimension. */
static size_t nearest(const struct dataset *dataset, const char *name, double to)
{
    const struct dataset_dim *dim = dataset_dim(dataset, name);
    size_t best = 0;
    for (size_t i = 1; dim && dim->type == DATASET_REAL && i < dim->n; i++)
        if (fabs(dim->real[i] - to) < fabs(dim->real[best] - to))
            best = i;
    return best;
}

void report_cut_open(struct report_cut *self, const struct dataset *dataset,
                     const struct store_provenance *provenance, const struct report_sheet *sheet)
{
    const struct dataset_dim *attempts = dataset_dim(dataset, "attempt");
    *self = (struct report_cut){.dataset = dataset,
                                .provenance = provenance,
                                .sheet = sheet,
                                .n_attempts = attempts ? attempts->n : 1,
                                .operational = number_of(provenance, "exam.scale.cut"),
                                .per_logit = number_of(provenance, "exam.scale.per_logit")};
    self->here.cut = nearest(dataset, "cut", self->operational);
    self->here.competence =
        nearest(dataset, "competence", number_of(provenance, "population.competent_theta"));
}

static size_t index_of(const struct report_cut_place *place, const char *dim)
{
    const struct {
        const char *name;
        size_t index;
    } all[] = {{"cut", place->cut},
               {"competence", place->competence},
               {"cost_ratio", place->cost_ratio},
               {"attempt", place->attempt},
               {"score_point", place->score_point},
               {"score_band", place->score_band},
               {"panel_se", place->panel_se},
               {"change", place->change}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(all[i].name, dim) == 0)
            return all[i].index;
    return SIZE_MAX;
}

bool report_cut_has(const struct report_cut *self, const char *name)
{
    return dataset_var(self->dataset, name) != NULL;
}

double report_cut_value(const struct report_cut *self, const char *name,
                        const struct report_cut_place *place)
{
    const struct dataset_var *var = dataset_var(self->dataset, name);
    if (!var || var->type == DATASET_TEXT)
        return NAN;
    size_t at = 0;
    for (size_t k = 0; k < var->n_dims; k++) {
        const struct dataset_dim *dim = &self->dataset->dims[var->dim[k]];
        size_t i = index_of(place, dim->name);
        if (i >= dim->n)
            return NAN;
        at = at * dim->n + i;
    }
    return var->type == DATASET_REAL ? var->real[at] : (double)var->count[at];
}

static double error_of(const struct report_cut *self, const char *name,
                       const struct report_cut_place *place)
{
    char mcse[96];
    snprintf(mcse, sizeof mcse, "%s_mcse", name);
    return report_cut_value(self, mcse, place);
}

void report_cut_rate(const struct report_cut *self, struct report_table *table, const char *name,
                     const struct report_cut_place *place)
{
    report_table_rate(table, report_cut_value(self, name, place), error_of(self, name, place));
}

void report_cut_number(const struct report_cut *self, struct report_table *table, const char *name,
                       const struct report_cut_place *place, int digits, double scale)
{
    report_table_number(table, scale * report_cut_value(self, name, place),
                        scale * error_of(self, name, place), digits);
}
