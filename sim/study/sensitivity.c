/* The indices of a sweep: from its result, whether it was run at once or merged from shards.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/sensitivity.h>

#include <retake/study/record.h>
#include <retake/study/sweep.h>
#include <retake/tally/address.h>

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_NAMES = 64 };

struct table {
    struct store_result *result;
    size_t n, d, n_statistics;
    uint64_t seed;
    bool independent;
    const char *parameters[MAX_NAMES], *statistics[MAX_NAMES];
    double *f, *noise; /* [n][d + 2] of the statistic at hand */
    double *indices;   /* [6][n_statistics][d] */
    double *summary;   /* [2][n_statistics]: variance, share of noise */
    int64_t *used;     /* [n_statistics] */
    struct arena arena;
    struct err *err;
};

/* Split a text at one of the separators into words of the arena. */
static size_t split(struct table *self, const char *name, char separator, const char **out)
{
    const struct store_attribute *found = store_attribute_find(&self->result->provenance, name);
    size_t n = 0;
    for (const char *p = found && found->text ? found->text : ""; *p && n < MAX_NAMES;) {
        const char *end = strchr(p, separator);
        size_t length = end ? (size_t)(end - p) : strlen(p);
        out[n] = arena_text(&self->arena, p, length);
        if (!out[n++])
            err_set(self->err, ERR_MEMORY, "no memory for names");
        p += length + (end != NULL);
    }
    return n;
}

enum { ADDRESS_BYTES = ADDRESS_TEXT_BYTES };

static void append(char out[ADDRESS_BYTES], const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What is too long is cut, and no address then. */
static void append(char out[ADDRESS_BYTES], const char *format, ...)
{
    size_t n = strlen(out);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(out + n, ADDRESS_BYTES - n, format, arguments);
    va_end(arguments);
}

/* An address of a sweep's statistic for one policy; of a ratio, of both. */
static void of_policy(const char *statistic, size_t policy, char out[ADDRESS_BYTES])
{
    out[0] = '\0';
    for (const char *p = statistic; *p && strlen(out) + 1 < ADDRESS_BYTES;) {
        int length = (int)tally_address_length(p), bracket = (int)strcspn(p, "[/");
        if (bracket < length)
            append(out, "%.*s[scenario=%zu,%.*s", bracket, p, policy, length - bracket - 1,
                   p + bracket + 1);
        else
            append(out, "%.*s[scenario=%zu]", length, p, policy);
        p += length;
        if (*p == '/') {
            append(out, "/");
            p++;
        }
    }
}

static bool has_failed(const struct table *self, size_t k)
{
    const struct dataset_var *status =
        dataset_var_over(&self->result->dataset, "policy_status", DATASET_COUNT,
                         (const char *const[]){"scenario", NULL});
    return status && status->count[k] != 0;
}

static enum err_code read_values(struct table *self, const char *statistic)
{
    size_t n = self->n * (self->d + 2);
    for (size_t k = 0; k < n; k++) {
        char address[ADDRESS_BYTES];
        self->f[k] = (double)NAN; /* a policy that failed has counts of 0: its values are none */
        self->noise[k] = 0;
        if (has_failed(self, k))
            continue;
        struct tally_number number;
        of_policy(statistic, k + 1, address);
        if (tally_address_read(&self->result->dataset, address, &number, self->err) != ERR_OK)
            return self->err->code;
        self->f[k] = number.value;
        self->noise[k] = isfinite(number.mcse) ? number.mcse * number.mcse : 0;
    }
    return ERR_OK;
}

static enum err_code estimate(struct table *self, size_t s)
{
    size_t each = self->n_statistics * self->d;
    double *at = self->indices + s * self->d;
    struct study_indices out = {.first = at,
                                .first_low = at + each,
                                .first_high = at + 2 * each,
                                .total = at + 3 * each,
                                .total_low = at + 4 * each,
                                .total_high = at + 5 * each};
    if (read_values(self, self->statistics[s]) != ERR_OK)
        return self->err->code;
    study_indices_estimate(self->f, self->noise, self->independent, self->n, self->d, self->seed,
                           &out, self->err);
    self->summary[s] = out.variance;
    self->summary[self->n_statistics + s] = out.noise_share;
    self->used[s] = (int64_t)out.n_used;
    return self->err->code;
}

/* ---- writing ---- */

static void add_names(struct table *self, const char *name, size_t n, const char *const *words,
                      const char *long_name)
{
    const struct dataset_dim dim = {.name = name,
                                    .n = n,
                                    .type = DATASET_TEXT,
                                    .text = words,
                                    .unit = "",
                                    .long_name = long_name};
    if (!self->err->code)
        dataset_add_dim(&self->result->dataset, &dim, self->err);
}

static void add_values(struct table *self, const char *name, size_t n_dims, const double *real,
                       const int64_t *count, const char *unit, const char *long_name)
{
    struct dataset *out = &self->result->dataset;
    const struct dataset_dim *statistic = dataset_dim(out, "statistic");
    const struct dataset_dim *parameter = dataset_dim(out, "parameter");
    if (self->err->code || !statistic || !parameter)
        return;
    const struct dataset_var var = {
        .name = name,
        .type = real ? DATASET_REAL : DATASET_COUNT,
        .n_dims = n_dims,
        .dim = {(size_t)(statistic - out->dims), (size_t)(parameter - out->dims)},
        .n = self->n_statistics * (n_dims > 1 ? self->d : 1),
        .real = real,
        .count = count,
        .unit = unit,
        .long_name = long_name};
    dataset_add_var(out, &var, self->err);
}

static void write(struct table *self)
{
    static const char *const names[][2] = {
        {"sobol_first", "first-order Sobol' index: share of the variance by this parameter alone"},
        {"sobol_first_low", "lower end of the 95 % bootstrap interval of sobol_first"},
        {"sobol_first_high", "upper end of the 95 % bootstrap interval of sobol_first"},
        {"sobol_total", "total Sobol' index: share of the variance in which this parameter has a "
                        "part"},
        {"sobol_total_low", "lower end of the 95 % bootstrap interval of sobol_total"},
        {"sobol_total_high", "upper end of the 95 % bootstrap interval of sobol_total"}};
    size_t each = self->n_statistics * self->d;
    add_names(self, "statistic", self->n_statistics, self->statistics,
              "statistic of which the variance is shared out");
    add_names(self, "parameter", self->d, self->parameters, "axis of the sweep");
    for (size_t k = 0; k < 6; k++)
        add_values(self, names[k][0], 2, self->indices + k * each, NULL, "1", names[k][1]);
    add_values(self, "sobol_variance", 1, self->summary, NULL, NULL,
               "variance of the statistic over the distributions of the parameters");
    add_values(self, "sobol_noise_share", 1, self->summary + self->n_statistics, NULL, "1",
               "mean squared Monte Carlo standard error over the variance as observed");
    add_values(self, "sobol_n", 1, NULL, self->used, "1", "base points used");
}

static bool allocate(struct table *self)
{
    size_t n = self->n * (self->d + 2), n_indices = 6 * self->n_statistics * self->d;
    self->f = arena_alloc(&self->arena, n * sizeof *self->f);
    self->noise = arena_alloc(&self->arena, n * sizeof *self->noise);
    self->indices = arena_alloc(&self->arena, n_indices * sizeof *self->indices);
    self->summary = arena_alloc(&self->arena, 2 * self->n_statistics * sizeof *self->summary);
    self->used = arena_alloc(&self->arena, self->n_statistics * sizeof *self->used);
    return self->f && self->noise && self->indices && self->summary && self->used;
}

enum err_code study_sensitivity_add(struct store_result *result, struct err *err)
{
    struct table self = {
        .result = result,
        .n = study_record_count(&result->provenance, STUDY_SALTELLI_N, STUDY_MAX_POLICIES),
        .seed = 1,
        .independent = study_record_count(&result->provenance, STUDY_SALTELLI_NOISE, 1) == 1,
        .err = err};
    const struct dataset_dim *scenario = dataset_dim(&result->dataset, "scenario");
    if (self.n == 0 || !scenario || dataset_dim(&result->dataset, "statistic"))
        return ERR_OK;
    self.d = split(&self, STUDY_SALTELLI_AXES, ' ', self.parameters);
    self.n_statistics = split(&self, STUDY_SENSITIVITY, '\n', self.statistics);
    if (!err->code && self.d > 0 && self.n_statistics > 0 && scenario->n == self.n * (self.d + 2)) {
        if (!allocate(&self))
            err_set(err, ERR_MEMORY, "no memory for the indices");
        for (size_t s = 0; s < self.n_statistics && !err->code; s++)
            estimate(&self, s);
        write(&self);
    }
    arena_free(&self.arena);
    return err->code;
}
