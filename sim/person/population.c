/* Candidates.
 *
 * theta = theta_mean + theta_sd s, speed = speed_mean + speed_sd (r s + sqrt(1 - r^2) z): the
 * hierarchical model of van der Linden (2007), s being the standardised score of ability.c.
 * Deficits are lognormal or gamma with the given means and one coefficient of variation, joined by
 * a Gaussian copula, independent of ability.
 *
 * A group is drawn by its weight; the draws of a candidate are the same under every policy. The
 * uniform numbers behind them are those of sampling.c.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/person/population.h>

#include <retake/base/dist.h>
#include <retake/base/rng.h>
#include <retake/base/wording.h>

#include <assert.h>
#include <string.h>

#include "ability.h"
#include "by_day.h"
#include "roster.h"
#include "sampling.h"

static_assert(PERSON_N_BUCKETS + 3 == VEC_LANES, "ability, speed, deficits, their common part");

const char *const person_bucket_names[PERSON_N_BUCKETS] = {"knowledge", "sequence", "scope",
                                                           "reading", "pacing"};

static enum err_code init_shares(const struct scenario *scenario, struct person_design *self,
                                 struct err *err)
{
    double *share = arena_alloc(&self->arena, scenario->n_groups * sizeof *share), total = 0;
    if (!share)
        return err_set(err, ERR_MEMORY, "no memory for %s",
                       wording_count(scenario->n_groups, "group").text);
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

static enum err_code init_abilities(const struct scenario *scenario, struct person_design *self,
                                    struct err *err)
{
    struct person_ability *abilities =
        arena_alloc(&self->arena, scenario->n_groups * sizeof *abilities);
    if (!abilities)
        return err_set(err, ERR_MEMORY, "no memory for %s",
                       wording_count(scenario->n_groups, "group").text);
    for (size_t g = 0; g < scenario->n_groups; g++)
        if (person_ability_init(scenario, g, &self->arena, &abilities[g], err) != ERR_OK)
            return err->code;
    self->abilities = abilities;
    return ERR_OK;
}

static struct person_pacing pacing_of(const struct scenario *s)
{
    return (struct person_pacing){
        .limit_s = s->exam_time_limit_min * 60,
        .n_items = (double)(s->exam_max_items + s->exam_pilot_items),
        .most_speedup = s->pacing_rush_speedup,
        .after_s = s->pacing_rush_after * s->exam_time_limit_min * 60,
        .loss = s->pacing_rush_loss,
        .guess = s->pacing_guess,
    };
}

static void init_study(const struct scenario *s, struct person_design *self)
{
    const double rates[PERSON_N_BUCKETS] = {s->study_repair_knowledge, s->study_repair_sequence,
                                            s->study_repair_scope, s->study_repair_reading,
                                            s->study_repair_pacing};
    self->p_none = s->study_none;
    self->p_broad = s->study_broad;
    self->targeted_buckets = (uint32_t)s->study_targeted_buckets;
    self->keeps_plan = s->study_plan != 0;
    self->repair_per_day = s->study_hours_per_day * s->study_repair_per_hour;
    self->repair_power = s->study_repair_power;
    memcpy(self->repair_rate, rates, sizeof rates);
    self->decay_per_day = 0.6931471805599453 / s->study_half_life_days;
    self->course_gain = s->study_course_gain;
}

enum err_code person_design_init(const struct scenario *scenario, struct person_design *self,
                                 struct err *err)
{
    *self = (struct person_design){
        .seed = (uint64_t)scenario->engine_seed,
        .sampling = scenario->engine_sampling,
        .deficit_mean = {scenario->deficits_knowledge, scenario->deficits_sequence,
                         scenario->deficits_scope, scenario->deficits_reading,
                         scenario->deficits_pacing},
        .deficit_cv = scenario->deficits_cv,
        .is_gamma = scenario->deficits_distribution != 0,
        .deficit_correlation = scenario->deficits_correlation,
        .p_misread = scenario->deficits_misread,
        .domain_spread = scenario->deficits_domain_spread,
        .pacing = pacing_of(scenario),
        .refresher_repairs = scenario->policy_refresher_repairs,
        .competent_theta = scenario->population_competent_theta,
    };
    init_study(scenario, self);
    self->by_day = person_by_day_new(self, &self->arena);
    if (!self->by_day)
        return err_set(err, ERR_MEMORY, "no memory for study by days");
    if (init_shares(scenario, self, err) != ERR_OK || init_abilities(scenario, self, err) != ERR_OK)
        return err->code;
    if (*scenario->population_candidates_file &&
        person_roster_read(scenario, &self->arena, &self->roster, err) == ERR_OK)
        memcpy(self->digest, self->roster->digest, sizeof self->digest);
    return err->code;
}

/* The blueprint's share of each domain: the targets of the exam, or else the bank's scored items.
 */
static void fill_blueprint(const struct scenario *scenario, const struct irt_bank *bank,
                           double *share)
{
    double total = 0;
    for (size_t d = 0; d < scenario->n_domains; d++)
        total += scenario->domains[d].target;
    for (size_t i = 0; total == 0 && i < bank->n_items; i++)
        if (!bank->items[i].is_pilot)
            share[bank->items[i].domain] += 1 / (double)(bank->n_items - bank->n_pilots);
    for (size_t k = 0; total > 0 && k < bank->n_domains; k++)
        for (size_t d = 0; d < scenario->n_domains; d++)
            if (strcmp(scenario->domains[d].name, bank->domains[k]) == 0)
                share[k] = scenario->domains[d].target / total;
}

enum err_code person_design_meet_bank(const struct scenario *scenario, const struct irt_bank *bank,
                                      struct person_design *self, struct err *err)
{
    if (self->domain_spread <= 0)
        return ERR_OK;
    if (bank->n_domains > PERSON_MAX_DOMAINS)
        return config_scenario_error(scenario, "deficits.domain_spread", err, ERR_INPUT,
                                     "the bank has %s; knowledge is spread over at most %d",
                                     wording_count(bank->n_domains, "domain").text,
                                     PERSON_MAX_DOMAINS);
    double *share = arena_alloc(&self->arena, bank->n_domains * sizeof *share);
    if (!share)
        return err_set(err, ERR_MEMORY, "no memory for %s",
                       wording_count(bank->n_domains, "domain").text);
    fill_blueprint(scenario, bank, share);
    self->n_domains = bank->n_domains;
    self->domain_share = share;
    return ERR_OK;
}

enum err_code person_design_fix(struct person_design *self, const double *theta, size_t n_thetas,
                                struct err *err)
{
    struct person_roster *roster = arena_alloc(&self->arena, sizeof *roster);
    struct person_entry *rows = arena_alloc(&self->arena, n_thetas * sizeof *rows);
    if (!roster || !rows)
        return err_set(err, ERR_MEMORY, "no memory for %s",
                       wording_count(n_thetas, "ability").text);
    for (size_t k = 0; k < n_thetas; k++)
        rows[k] = (struct person_entry){.theta = theta[k], .speed = (double)NAN};
    roster->n_rows = n_thetas;
    roster->rows = rows;
    self->roster = roster;
    return ERR_OK;
}

void person_design_free(struct person_design *self)
{
    arena_free(&self->arena);
    *self = (struct person_design){0};
}

/* One deficit from a normal score. */
static double deficit(const struct person_design *design, double mean, double unit, double z)
{
    double cv = design->deficit_cv;
    if (cv <= 0)
        return mean;
    if (!design->is_gamma)
        return dist_lognormal_z(z, mean, mean * cv);
    return mean * cv * cv * dist_gamma_quantile(unit, 1 / (cv * cv));
}

/* Gaussian copula: normal scores share a common part, sqrt(r) z + sqrt(1 - r) z_k.
 * @param unit   [PERSON_N_BUCKETS] uniforms
 * @param normal [PERSON_N_BUCKETS + 1]: the same as normal scores, and the common part */
static void draw_deficits(const struct person_design *design, double scale, const double *unit,
                          const double *normal, double *out)
{
    double r = design->deficit_correlation;
    double common = r > 0 ? sqrt(r) * normal[PERSON_N_BUCKETS] : 0;
    for (int k = 0; k < PERSON_N_BUCKETS; k++) {
        if (design->deficit_mean[k] * scale <= 0)
            continue;
        double u = unit[k], z = normal[k];
        if (r > 0) {
            z = common + sqrt(1 - r) * z;
            u = dist_inner(dist_normal_cdf(z));
        }
        out[k] = deficit(design, design->deficit_mean[k] * scale, u, z);
    }
}

/* Lognormal multiples of mean 1 over candidates, divided by their mean over the blueprint. */
static void draw_domains(const struct person_design *design, struct rng *rng, double *out)
{
    double mean = 0;
    for (size_t k = 0; k < design->n_domains; k++) {
        out[k] = dist_lognormal(rng_unit(rng), 1, design->domain_spread);
        mean += design->domain_share[k] * out[k];
    }
    for (size_t k = 0; k < design->n_domains; k++)
        out[k] /= mean;
}

static void enter(const struct person_entry *entry, struct person *out)
{
    out->theta = entry->theta;
    out->speed = isnan(entry->speed) ? out->speed : entry->speed;
    for (int k = 0; k < PERSON_N_BUCKETS; k++)
        if (!isnan(entry->deficit[k]))
            out->initial[k] = entry->deficit[k];
}

void person_draw(const struct person_design *design, uint64_t candidate, struct person *out)
{
    struct rng rng = rng_keyed(design->seed, candidate, 0, RNG_PERSON);
    const struct person_roster *roster = design->roster;
    const struct person_entry *entry = roster ? &roster->rows[candidate % roster->n_rows] : NULL;
    enum { ABILITY, SPEED, DEFICITS, COMMON = DEFICITS + PERSON_N_BUCKETS };
    double unit[VEC_LANES] __attribute__((aligned(64)));
    double normal[VEC_LANES] __attribute__((aligned(64)));
    struct person_units u;
    person_sample(design, candidate, &rng, &u);
    memset(out, 0, offsetof(struct person, domain));
    out->candidate = candidate;
    out->group = entry ? entry->group : u.group;
    const struct scenario_group *group = &design->groups[out->group];
    unit[ABILITY] = u.ability;
    unit[SPEED] = u.speed;
    memcpy(unit + DEFICITS, u.deficit, sizeof u.deficit);
    unit[COMMON] = u.common;
    dist_normal_quantiles((const vec8 *)unit, (vec8 *)normal);
    const struct person_ability *ability = &design->abilities[out->group];
    struct person_score score = {normal[ABILITY], normal[ABILITY]};
    if (ability->shape != PERSON_SHAPE_NORMAL)
        score = person_ability_draw(ability, unit[ABILITY], u.shape);
    if (entry && group->theta_sd > 0)
        score.standard = (entry->theta - group->theta_mean) / group->theta_sd;
    double r = group->theta_speed_corr;
    out->theta = group->theta_mean + group->theta_sd * score.value;
    out->speed = group->speed_mean +
                 group->speed_sd * (r * score.standard + sqrt(1 - r * r) * normal[SPEED]);
    draw_deficits(design, group->deficits, unit + DEFICITS, normal + DEFICITS, out->initial);
    draw_domains(design, &rng, out->domain);
    if (entry)
        enter(entry, out);
}

void person_state(const struct person_design *design, const struct person *self,
                  struct person_state *out)
{
    double kept = person_kept(design, self->day - self->renewed_day);
    out->ability = self->theta - design->course_gain * (1 - kept);
    for (int k = 0; k < PERSON_N_BUCKETS; k++)
        out->deficit[k] = self->initial[k] - self->repaired[k];
    out->speed = self->speed - out->deficit[PERSON_PACING];
    out->proficiency = out->ability - out->deficit[PERSON_KNOWLEDGE] -
                       out->deficit[PERSON_SEQUENCE] - out->deficit[PERSON_SCOPE];
    out->is_competent = out->proficiency >= design->competent_theta;
}
