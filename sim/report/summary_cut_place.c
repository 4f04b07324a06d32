/* Values of a cut study by place. A variable may lack any dimension and has no others.
 * SPDX-License-Identifier: Apache-2.0 */
#include "summary_cut.h"

#include <retake/base/dist.h>
#include <retake/tally/rate_interval.h>

#include <math.h>
#include <string.h>

static double number_of(const struct store_provenance *provenance, const char *name)
{
    const struct store_attribute *found = store_attribute_find(provenance, name);
    return found && !found->text ? found->number : (double)NAN;
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

/* The variable that has a value at a place, and its index; NULL: there is none. */
static const struct dataset_var *find_value(const struct report_cut *self, const char *name,
                                            const struct report_cut_place *place, size_t *index)
{
    const struct dataset_var *var = dataset_var(self->dataset, name);
    if (!var || var->type == DATASET_TEXT)
        return NULL;
    size_t at = 0;
    for (size_t k = 0; k < var->n_dims; k++) {
        const struct dataset_dim *dim = &self->dataset->dims[var->dim[k]];
        size_t i = index_of(place, dim->name);
        if (i >= dim->n)
            return NULL;
        at = at * dim->n + i;
    }
    *index = at;
    return var;
}

double report_cut_value(const struct report_cut *self, const char *name,
                        const struct report_cut_place *place)
{
    size_t at = 0;
    const struct dataset_var *var = find_value(self, name, place, &at);
    if (!var)
        return NAN;
    return var->type == DATASET_REAL ? var->real[at] : (double)var->count[at];
}

static double error_of(const struct report_cut *self, const char *name,
                       const struct report_cut_place *place)
{
    char mcse[96];
    snprintf(mcse, sizeof mcse, "%s_mcse", name);
    return report_cut_value(self, mcse, place);
}

/* Sittings at a score are as many as were asked for; of another rate its dataset knows. */
static struct tally_interval interval_at_score(const struct report_cut *self, const char *name,
                                               const struct report_cut_place *place)
{
    struct tally_interval out = {NAN, NAN};
    double share = report_cut_value(self, name, place);
    double n = number_of(self->provenance, "validate.sittings");
    bool is_none_or_all = share == 0 || share == 1;
    if (strcmp(name, "p_pass") == 0 && is_none_or_all && n > 0 &&
        !(error_of(self, name, place) > 0))
        dist_binomial_interval(share * n, n, 0.95, &out.low, &out.high);
    return out;
}

void report_cut_rate(const struct report_cut *self, struct report_table *table, const char *name,
                     const struct report_cut_place *place)
{
    size_t at = 0;
    const struct dataset_var *rate = find_value(self, name, place, &at);
    struct tally_interval interval = interval_at_score(self, name, place);
    if (!isfinite(interval.low) && rate && rate->type == DATASET_REAL)
        interval = tally_rate_interval(self->dataset, rate, at);
    if (isfinite(interval.low))
        report_table_interval(table, interval.low, interval.high);
    else
        report_table_rate(table, report_cut_value(self, name, place), error_of(self, name, place));
}

void report_cut_number(const struct report_cut *self, struct report_table *table, const char *name,
                       const struct report_cut_place *place, int digits, double scale)
{
    report_table_number(table, scale * report_cut_value(self, name, place),
                        scale * error_of(self, name, place), digits);
}
