/* Candidates.
 *
 * theta = theta_mean + theta_sd z1, speed = speed_mean + speed_sd (r z1 + sqrt(1 - r^2) z2): the
 * hierarchical model of van der Linden (2007). Deficits are lognormal with the given means and one
 * coefficient of variation, independent of each other and of ability.
 *
 * A group is drawn by its weight; the draws of a candidate are the same under every policy.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/person/population.h>

#include <retake/base/dist.h>
#include <retake/base/rng.h>

const char *const person_bucket_names[PERSON_N_BUCKETS] = {"knowledge", "sequence", "scope",
                                                           "reading", "pacing"};

static enum err_code init_shares(const struct scenario *scenario, struct person_design *self,
                                 struct err *err)
{
    double *share = arena_alloc(&self->arena, scenario->n_groups * sizeof *share), total = 0;
    if (!share)
        return err_set(err, ERR_MEMORY, "no memory for %zu groups", scenario->n_groups);
    for (size_t g = 0; g < scenario->n_groups; g++) {
        total += scenario->groups[g].weight;
        share[g] = total;
    }
    for (size_t g = 0; g < scenario->n_groups; g++)
        share[g] /= total;
    self->n_groups = scenario->n_groups;
    self->groups = scenario->groups;
    self->share = share;
    return ERR_OK;
}

enum err_code person_design_init(const struct scenario *scenario, struct person_design *self,
                                 struct err *err)
{
    *self = (struct person_design){
        .seed = (uint64_t)scenario->engine_seed,
        .deficit_mean = {scenario->deficits_knowledge, scenario->deficits_sequence,
                         scenario->deficits_scope, scenario->deficits_reading,
                         scenario->deficits_pacing},
        .deficit_cv = scenario->deficits_cv,
        .p_none = scenario->study_none,
        .p_broad = scenario->study_broad,
        .repair_per_day = scenario->study_hours_per_day * scenario->study_repair_per_hour,
        .decay_per_day = 0.6931471805599453 / scenario->study_half_life_days,
        .course_gain = scenario->study_course_gain,
        .refresher_repairs = scenario->policy_refresher_repairs,
        .competent_theta = scenario->population_competent_theta,
    };
    return init_shares(scenario, self, err);
}

void person_design_free(struct person_design *self)
{
    arena_free(&self->arena);
    *self = (struct person_design){0};
}

void person_draw(const struct person_design *design, uint64_t candidate, struct person *out)
{
    struct rng rng = rng_keyed(design->seed, candidate, 0, RNG_PERSON);
    *out = (struct person){.candidate = candidate};
    double u = rng_unit(&rng);
    while (out->group + 1 < design->n_groups && u >= design->share[out->group])
        out->group++;
    const struct scenario_group *group = &design->groups[out->group];
    double z1 = dist_normal_quantile(rng_unit(&rng)), z2 = dist_normal_quantile(rng_unit(&rng));
    double r = group->theta_speed_corr;
    out->theta = group->theta_mean + group->theta_sd * z1;
    out->speed = group->speed_mean + group->speed_sd * (r * z1 + sqrt(1 - r * r) * z2);
    for (int k = 0; k < PERSON_N_BUCKETS; k++) {
        double unit = rng_unit(&rng), mean = design->deficit_mean[k];
        out->initial[k] = mean > 0 ? dist_lognormal(unit, mean, mean * design->deficit_cv) : 0;
    }
}

void person_state(const struct person_design *design, const struct person *self,
                  struct person_state *out)
{
    double kept = vec_exp1(-design->decay_per_day * (self->day - self->renewed_day));
    out->ability = self->theta - design->course_gain * (1 - kept);
    for (int k = 0; k < PERSON_N_BUCKETS; k++)
        out->deficit[k] = self->initial[k] - self->repaired[k];
    out->speed = self->speed - out->deficit[PERSON_PACING];
    out->proficiency = out->ability - out->deficit[PERSON_KNOWLEDGE] -
                       out->deficit[PERSON_SEQUENCE] - out->deficit[PERSON_SCOPE];
    out->is_competent = out->proficiency >= design->competent_theta;
}
