/* Trials of a rate: the counts that it is of, in the same dataset. SPDX-License-Identifier:
 * Apache-2.0
 */
#include <retake/tally/rate_interval.h>

#include <retake/base/dist.h>

#include <math.h>
#include <string.h>

enum { FAILED, PASSED, N_PASSED }; /* along the last dimension of n_decision */

/* What a rate is of. */
static const struct trials {
    const char *rate, *counts;
    bool of_first;    /* attempt: everybody's */
    int competent;    /* of n_decision; -1: no decisions */
    const char *less; /* counts that are not of it, place by place; NULL: none */
} table[] = {
    {"pass_rate", "n_attempted", false, -1, NULL},
    {"cumulative_pass_rate", "n_attempted", true, -1, NULL},
    {"pass_rate_theta", "n_theta", false, -1, NULL},
    {"outcome_rate", "n_candidates", false, -1, NULL},
    {"false_pass_rate", "n_not_competent", false, -1, NULL},
    {"false_fail_rate", "n_attempted", true, -1, "n_not_competent"},
    {"false_pass_rate", "n_decision", false, 0, NULL},
    {"false_fail_rate", "n_decision", false, 1, NULL},
};

static const struct dataset_var *find_counts(const struct dataset *dataset, const char *name)
{
    const struct dataset_var *var = dataset_var(dataset, name);
    return var && var->type == DATASET_COUNT ? var : NULL;
}

static const struct trials *find_trials(const struct dataset *dataset,
                                        const struct dataset_var *rate,
                                        const struct dataset_var **counts)
{
    for (size_t k = 0; k < sizeof table / sizeof *table; k++) {
        if (strcmp(table[k].rate, rate->name) != 0)
            continue;
        *counts = find_counts(dataset, table[k].counts);
        bool is_whole = !table[k].less || find_counts(dataset, table[k].less);
        if (rate->type == DATASET_REAL && *counts && is_whole)
            return &table[k];
    }
    return NULL;
}

bool tally_rate_is_known(const struct dataset *dataset, const struct dataset_var *rate)
{
    const struct dataset_var *counts;
    return find_trials(dataset, rate, &counts) != NULL;
}

/* Where a value of the rate lies along a dimension; 0 along one that the rate has not. */
static size_t place_along(const struct dataset *dataset, const struct dataset_var *rate,
                          size_t index, size_t dim)
{
    size_t after = rate->n;
    for (size_t d = 0; d < rate->n_dims; d++) {
        after /= dataset->dims[rate->dim[d]].n;
        if (rate->dim[d] == dim)
            return index / after % dataset->dims[dim].n;
    }
    return 0;
}

static bool is_dim(const struct dataset *dataset, size_t dim, const char *name)
{
    return strcmp(dataset->dims[dim].name, name) == 0;
}

/* The first count of a value's place, and its attempt. */
static size_t first_count(const struct dataset *dataset, const struct dataset_var *rate,
                          size_t index, const struct dataset_var *counts, bool of_first,
                          int competent, size_t *attempt)
{
    size_t at = 0;
    *attempt = 0;
    for (size_t d = 0; d < counts->n_dims; d++) {
        size_t dim = counts->dim[d], place = place_along(dataset, rate, index, dim);
        if (is_dim(dataset, dim, "attempt")) {
            place = of_first ? 0 : place;
            *attempt = place;
        }
        if (is_dim(dataset, dim, "competent") && competent >= 0)
            place = (size_t)competent;
        at = at * dataset->dims[dim].n + place;
    }
    return at;
}

static bool is_decisions(const struct dataset *dataset, const struct dataset_var *counts)
{
    size_t n = counts->n_dims;
    return n >= 3 && is_dim(dataset, counts->dim[n - 1], "passed") &&
           is_dim(dataset, counts->dim[n - 2], "competent") &&
           is_dim(dataset, counts->dim[n - 3], "attempt") &&
           dataset->dims[counts->dim[n - 1]].n == N_PASSED &&
           dataset->dims[counts->dim[n - 2]].n == 2;
}

static int64_t n_trials(const struct dataset *dataset, const struct dataset_var *rate, size_t index,
                        const struct dataset_var *counts, const struct trials *trials)
{
    size_t attempt, at = first_count(dataset, rate, index, counts, trials->of_first,
                                     trials->competent, &attempt);
    if (trials->less) {
        const struct dataset_var *less = find_counts(dataset, trials->less);
        return counts->count[at] -
               less->count[first_count(dataset, rate, index, less, false, -1, &attempt)];
    }
    if (trials->competent < 0)
        return counts->count[at];
    if (!is_decisions(dataset, counts))
        return 0;
    int64_t n = counts->count[at + FAILED] + counts->count[at + PASSED];
    for (size_t before = 1; before <= attempt; before++)
        n += counts->count[at - before * 2 * N_PASSED + PASSED];
    return n;
}

/* Computed, not simulated: an error of 0 beside a share of many, more than a block of them, that is
 * neither none nor all. The first value that has an error, or is such, decides. */
static bool is_exact(const struct dataset *dataset, const struct dataset_var *rate,
                     const struct dataset_var *error, const struct dataset_var *counts,
                     const struct trials *trials)
{
    enum { BLOCK = 256 };
    for (size_t i = 0; i < rate->n; i++) {
        if (error->real[i] > 0)
            return false;
        bool is_inside = rate->real[i] > 0 && rate->real[i] < 1 && error->real[i] == 0;
        if (is_inside && n_trials(dataset, rate, i, counts, trials) > BLOCK)
            return true;
    }
    return false;
}

struct tally_interval tally_rate_interval(const struct dataset *dataset,
                                          const struct dataset_var *rate, size_t index)
{
    struct tally_interval out = {NAN, NAN};
    const struct dataset_var *counts,
        *error = rate->ancillary ? dataset_var(dataset, rate->ancillary) : NULL;
    const struct trials *trials = find_trials(dataset, rate, &counts);
    if (!trials || !error || error->type != DATASET_REAL || error->n != rate->n ||
        index >= rate->n || !isfinite(rate->real[index]) || error->real[index] > 0 ||
        is_exact(dataset, rate, error, counts, trials))
        return out;
    int64_t n = n_trials(dataset, rate, index, counts, trials);
    double share = rate->real[index];
    if (n > 0 && share >= 0 && share <= 1)
        dist_binomial_interval(floor(share * (double)n + 0.5), (double)n, 0.95, &out.low,
                               &out.high);
    return out;
}
