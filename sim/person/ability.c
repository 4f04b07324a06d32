/* Shapes of ability.
 *
 * skew normal (Azzalini 1985; two normals, Henze 1986): delta |z'| + sqrt(1 - delta^2) z, with
 *     delta = alpha/sqrt(1 + alpha^2), mean delta sqrt(2/pi), variance 1 - 2 delta^2/pi
 * mixture: z with probability 1 - w, else offset + sd z; mean w offset,
 *     variance 1 - w + w sd^2 + w (1 - w) offset^2
 * empirical: the values of a file with their weights, by inversion.
 *
 * Each is standardised by its own mean and standard deviation, so that theta_mean and theta_sd keep
 * their meaning, and the correlation of the score with speed is theta_speed_corr exactly.
 * SPDX-License-Identifier: Apache-2.0 */
#include "ability.h"

#include "person_table.h"

#include <retake/base/dist.h>
#include <retake/base/wording.h>

#include <stdio.h>

static const double two_over_pi = 0.63661977236758134308;

static void init_skew_normal(const struct scenario_group *group, struct person_ability *self)
{
    double alpha = group->theta_skew;
    self->delta = alpha / sqrt(1 + alpha * alpha);
    self->rest = sqrt(1 - self->delta * self->delta);
    self->mean = self->delta * sqrt(two_over_pi);
    self->sd = sqrt(1 - self->mean * self->mean);
}

static void init_mixture(const struct scenario_group *group, struct person_ability *self)
{
    double w = group->theta_mixture_share, offset = group->theta_mixture_offset;
    double sd = group->theta_mixture_sd;
    self->weight = w;
    self->offset = offset;
    self->other_sd = sd;
    self->mean = w * offset;
    self->sd = sqrt(1 - w + w * sd * sd + w * (1 - w) * offset * offset);
}

/* Weighted moments; share is made cumulative. */
static void summarise(double *share, struct person_ability *self)
{
    double total = 0, mean = 0, variance = 0;
    for (size_t i = 0; i < self->n_values; i++)
        total += share[i];
    for (size_t i = 0; i < self->n_values; i++)
        mean += share[i] / total * self->values[i];
    for (size_t i = 0; i < self->n_values; i++)
        variance += share[i] / total * (self->values[i] - mean) * (self->values[i] - mean);
    for (size_t i = 1; i < self->n_values; i++)
        share[i] += share[i - 1];
    for (size_t i = 0; i < self->n_values; i++)
        share[i] /= total;
    share[self->n_values - 1] = 1;
    self->share = share;
    self->mean = mean;
    self->sd = sqrt(variance);
}

static enum err_code read_values(const struct person_table *table, double *values, double *share,
                                 struct err *err)
{
    enum { THETA, WEIGHT };
    double total = 0;
    for (size_t row = 0; row < table->csv.n_rows; row++) {
        share[row] = 1;
        if (person_table_real(table, row, THETA, -20, 20, &values[row], err) != ERR_OK ||
            person_table_real(table, row, WEIGHT, 0, 1e9, &share[row], err) != ERR_OK)
            return err->code;
        total += share[row];
    }
    if (total > 0)
        return ERR_OK;
    return config_csv_error(&table->csv, CSV_HEADER, table->at[WEIGHT], err,
                            "the weights sum to 0, must be positive");
}

static enum err_code init_empirical(const struct scenario *scenario, size_t g, struct arena *arena,
                                    struct person_ability *self, struct err *err)
{
    static const char *const columns[] = {"theta", "weight"};
    struct person_table table = {
        .what = "a file of abilities", .n_columns = 2, .n_required = 1, .names = columns};
    char key[300];
    const char *file = scenario->groups[g].theta_file;
    snprintf(key, sizeof key, "population.groups.%s.theta_%s", scenario->groups[g].name,
             *file ? "file" : "shape");
    if (!*file)
        return config_scenario_error(scenario, key, err, ERR_INPUT,
                                     "empirical needs theta_file, a CSV file with a column theta");
    if (person_table_read(scenario, key, file, arena, &table, err) != ERR_OK)
        return err->code;
    size_t n = table.csv.n_rows;
    double *values = arena_alloc(arena, n * sizeof *values);
    double *share = arena_alloc(arena, n * sizeof *share);
    if (!values || !share)
        return err_set(err, ERR_MEMORY, "no memory for %s", wording_count(n, "ability").text);
    if (read_values(&table, values, share, err) != ERR_OK)
        return err->code;
    self->n_values = n;
    self->values = values;
    summarise(share, self);
    return ERR_OK;
}

enum err_code person_ability_init(const struct scenario *scenario, size_t g, struct arena *arena,
                                  struct person_ability *self, struct err *err)
{
    const struct scenario_group *group = &scenario->groups[g];
    *self = (struct person_ability){.shape = (enum person_shape)group->theta_shape};
    if (self->shape == PERSON_SHAPE_EMPIRICAL)
        return init_empirical(scenario, g, arena, self, err);
    if (self->shape == PERSON_SHAPE_SKEW_NORMAL)
        init_skew_normal(group, self);
    if (self->shape == PERSON_SHAPE_MIXTURE)
        init_mixture(group, self);
    return ERR_OK;
}

/* The first value whose cumulative weight exceeds u. */
static double value_at(const struct person_ability *self, double u)
{
    size_t low = 0, high = self->n_values - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (u < self->share[middle])
            high = middle;
        else
            low = middle + 1;
    }
    return self->values[low];
}

static struct person_score standardised(const struct person_ability *self, double x)
{
    double score = self->sd > 0 ? (x - self->mean) / self->sd : 0;
    return (struct person_score){score, score};
}

struct person_score person_ability_draw(const struct person_ability *self, double u, double u_shape)
{
    if (self->shape == PERSON_SHAPE_EMPIRICAL) {
        double value = value_at(self, u);
        return (struct person_score){value, standardised(self, value).standard};
    }
    double z = dist_normal_quantile(u);
    if (self->shape == PERSON_SHAPE_NORMAL)
        return (struct person_score){z, z};
    if (self->shape == PERSON_SHAPE_MIXTURE)
        return standardised(self, u_shape < self->weight ? self->offset + self->other_sd * z : z);
    double half = dist_normal_quantile(u_shape);
    return standardised(self, self->delta * (half < 0 ? -half : half) + self->rest * z);
}
