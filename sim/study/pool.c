/* Item pools. Item i draws from its own stream, so that a longer pool begins with the shorter one.
 *
 * Domains are dealt by largest remainder, so that their shares are exact at any length. Demands on
 * sequence, scope and reading are squares of uniforms: most items demand a little, some a lot.
 * Pilots follow the scored items and are like them.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/pool.h>

#include <retake/base/dist.h>
#include <retake/base/rng.h>
#include <retake/base/stream.h>
#include <retake/base/wording.h>
#include <retake/config/csv.h>

#include <stdio.h>
#include <stdlib.h>

struct study_pool study_pool_emr(void)
{
    static const struct study_domain domains[] = {{"scene", 21},
                                                  {"primary_assessment", 39},
                                                  {"secondary_assessment", 6},
                                                  {"treatment_transport", 22},
                                                  {"operations", 12}};
    return (struct study_pool){
        .model = STUDY_RASCH,
        .n_items = 1000,
        .n_pilots = 300,
        .seed = 20250401,
        .b_mean = 0,
        .b_sd = 1.2,
        .log_a_sd = 0.25,
        .c_min = 0.1,
        .c_max = 0.3,
        .intensity_mean = 3.54,
        .intensity_sd = 0.33,
        .discrimination_mean = 2.02,
        .discrimination_sd = 0.27,
        .n_domains = sizeof domains / sizeof domains[0],
        .domains = domains,
        .prefix = "EMR",
    };
}

/* The domain of item i: the one furthest behind its share of i + 1 items. */
static size_t deal_domain(const struct study_pool *self, size_t i, double *dealt)
{
    double total = 0, most = -1e300;
    size_t next = 0;
    for (size_t k = 0; k < self->n_domains; k++)
        total += self->domains[k].weight;
    for (size_t k = 0; k < self->n_domains; k++) {
        double behind = self->domains[k].weight / total * (double)(i + 1) - dealt[k];
        if (behind > most) {
            most = behind;
            next = k;
        }
    }
    dealt[next]++;
    return next;
}

static double normal(struct rng *rng, double mean, double sd)
{
    return mean + sd * dist_normal_quantile(rng_unit(rng));
}

static void print_item(const struct study_pool *self, size_t i, const char *domain, FILE *out)
{
    static const char *const models[] = {"rasch", "2PL", "3PL"};
    struct rng rng = rng_keyed(self->seed, i, 0, RNG_POOL);
    double b = normal(&rng, self->b_mean, self->b_sd);
    double log_a = normal(&rng, 0, self->log_a_sd);
    double c = self->c_min + (self->c_max - self->c_min) * rng_unit(&rng);
    double intensity = normal(&rng, self->intensity_mean, self->intensity_sd);
    double discrimination = normal(&rng, self->discrimination_mean, self->discrimination_sd);
    double u[3] = {rng_unit(&rng), rng_unit(&rng), rng_unit(&rng)};
    fprintf(out, "%s%05zu,%s,%.6f,%.6f,%.6f,", self->prefix, i + 1, models[self->model],
            self->model == STUDY_RASCH ? 1.0 : vec_exp1(log_a), b,
            self->model == STUDY_3PL ? c : 0.0);
    config_csv_print(domain, out);
    fprintf(out, ",%d,%.6f,%.6f,%.4f,%.4f,%.4f\n", i >= self->n_items, intensity,
            discrimination < 0.5 ? 0.5 : discrimination, u[0] * u[0], u[1] * u[1], u[2] * u[2]);
}

enum err_code study_pool_csv(const struct study_pool *self, char **out, size_t *n_bytes,
                             struct err *err)
{
    double *dealt = calloc(2 * self->n_domains, sizeof *dealt);
    FILE *stream = dealt ? stream_to_memory(out, n_bytes) : NULL;
    if (!stream) {
        free(dealt);
        return err_set(err, ERR_MEMORY, "no memory for a pool of %s",
                       wording_count(self->n_items, "item").text);
    }
    fputs("id,model,a,b,c,domain,pilot,time_intensity,time_discrimination,demand_sequence,"
          "demand_scope,demand_reading\n",
          stream);
    for (size_t i = 0; i < self->n_items + self->n_pilots; i++) {
        bool is_pilot = i >= self->n_items;
        size_t domain = deal_domain(self, is_pilot ? i - self->n_items : i,
                                    dealt + (is_pilot ? self->n_domains : 0));
        print_item(self, i, self->domains[domain].name, stream);
    }
    free(dealt);
    if (fclose(stream) != 0)
        return err_set(err, ERR_MEMORY, "no memory for a pool of %s",
                       wording_count(self->n_items, "item").text);
    return ERR_OK;
}
