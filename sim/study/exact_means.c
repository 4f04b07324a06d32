/* What a candidate comes to on average, as a sweep has it: unrounded.
 * SPDX-License-Identifier: Apache-2.0 */
#include "exact_parts.h"

#include <math.h>

enum mean { MEAN_OUTCOME, MEAN_SEATS, MEAN_REFRESHERS, MEAN_COST, MEAN_DAYS };

static const struct {
    const char *name, *unit, *long_name;
} means[] = {[MEAN_OUTCOME] = {"outcome_rate", "1", "share of the candidates who ended there"},
             [MEAN_SEATS] = {"seats_per_candidate", "1", "mean number of sittings"},
             [MEAN_REFRESHERS] = {"refreshers_per_candidate", "1",
                                  "mean number of refreshers and whole new courses"},
             [MEAN_COST] = {"cost_per_candidate", "USD", "mean of all fees that a candidate pays"},
             [MEAN_DAYS] = {"days_to_certification_mean", "day",
                            "mean days from the end of the course to certification, of those "
                            "certified"}};

static double sum(const double *values, size_t n)
{
    double total = 0;
    for (size_t k = 0; k < n; k++)
        total += values[k];
    return total;
}

static double seats(const struct engine_plan *plan, const struct exact_group *group)
{
    double total = 0;
    for (size_t a = 1; a <= plan->shape.n_attempts; a++)
        total += (double)a * group->used[a];
    return total;
}

/* Of one group: the numerator, and the denominator where it is not 1. */
static double value_of(const struct engine_plan *plan, const struct exact_group *group,
                       enum mean which, size_t inner, double *n)
{
    const struct scenario *s = plan->scenario;
    double refreshers = sum(group->refreshers, plan->shape.n_cycles), days = 0;
    double courses = sum(group->courses, plan->shape.n_cycles);
    *n = 1;
    if (which == MEAN_OUTCOME)
        return group->outcome[inner];
    if (which == MEAN_SEATS)
        return seats(plan, group);
    if (which == MEAN_REFRESHERS)
        return refreshers + courses;
    if (which == MEAN_COST)
        return s->policy_fee * seats(plan, group) + s->policy_refresher_fee * refreshers +
               s->policy_course_fee * courses + s->gates_authorization_fee * group->n_forfeited;
    for (size_t d = 0; d < group->n_days; d++)
        days += (double)d * group->certified_on[d];
    *n = sum(group->certified_on, group->n_days);
    return days;
}

static void fill(const struct engine_plan *plan, const struct exact_group *groups, enum mean which,
                 size_t n_inner, double *out)
{
    size_t n_groups = plan->shape.n_groups;
    for (size_t i = 0; i < n_inner; i++) {
        double total = 0, n_total = 0;
        for (size_t g = 0; g < n_groups; g++) {
            double n, value = value_of(plan, &groups[g], which, i, &n);
            total += groups[g].weight * value;
            n_total += groups[g].weight * n;
            if (plan->shape.n_rows > 1)
                out[(g + 1) * n_inner + i] = n > 0 ? value / n : (double)NAN;
        }
        out[i] = n_total > 0 ? total / n_total : (double)NAN;
    }
}

static enum err_code add_mean(const struct engine_plan *plan, const struct exact_group *groups,
                              enum mean which, struct dataset *out, struct err *err)
{
    const struct dataset_dim *group = dataset_dim(out, "group");
    const struct dataset_dim *outcome = dataset_dim(out, "outcome");
    size_t n_inner = which == MEAN_OUTCOME ? PATHWAY_N_ENDS : 1;
    struct dataset_var var = {.name = means[which].name,
                              .type = DATASET_REAL,
                              .unit = means[which].unit,
                              .long_name = means[which].long_name,
                              .n_dims = which == MEAN_OUTCOME ? 2 : 1,
                              .n = plan->shape.n_rows * n_inner};
    double *values = arena_alloc(&out->arena, var.n * sizeof *values);
    double *zeros = arena_alloc(&out->arena, var.n * sizeof *zeros);
    if (!values || !zeros || !group || !outcome)
        return err_set(err, ERR_MEMORY, "no memory for the statistics");
    fill(plan, groups, which, n_inner, values);
    var.dim[0] = (size_t)(group - out->dims);
    var.dim[1] = (size_t)(outcome - out->dims);
    var.real = values;
    return study_exact_add_pair(out, &var, zeros, err);
}

enum err_code study_exact_means(const struct engine_plan *plan, const struct exact_group *groups,
                                struct dataset *out, struct err *err)
{
    for (int k = 0; k <= MEAN_DAYS && !err->code; k++)
        add_mean(plan, groups, (enum mean)k, out, err);
    return err->code;
}
