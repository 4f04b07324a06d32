/* The exact solver and a simulation of the same policy: forgetting, study, leaving by attempt and
 * score, refreshers and a whole new course, authorisations that run out, tries of the skills
 * check. Every rate is held against its own Monte Carlo standard error, every
 * count against that of independent candidates. Over a thousand numbers: P(|N(0, 1)| > 4.5) = 7e-6.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/exact_solver.h>

#include "stat_run.h"

#define POLICY                                                                                     \
    "exam: {form: normal, sem: 0.3, cut_theta: 0.1}\n"                                             \
    "population:\n"                                                                                \
    "  first_test_days: {mean: 15, sd: 5}\n"                                                       \
    "  groups:\n"                                                                                  \
    "    a: {weight: 2, theta_mean: 0.4, theta_sd: 0.8, theta_shape: skew_normal, theta_skew: "    \
    "3}\n"                                                                                         \
    "    b: {weight: 1, theta_mean: -0.2, theta_sd: 1.1, theta_shape: mixture,\n"                  \
    "      theta_mixture: {share: 0.3, offset: 2, sd: 0.5}}\n"                                     \
    "deficits: {knowledge: 0.2, sequence: 0.1, scope: 0.1, reading: 0.1, cv: 0}\n"                 \
    "study: {none: 0, broad: 1, targeted: 0, repair_per_hour: 0.02, half_life_days: 200,\n"        \
    "  course_gain: 0.2}\n"                                                                        \
    "policy: {wait_days: [15, 30], attempts_per_cycle: 2, max_cycles: 3, max_attempts: 5,\n"       \
    "  retake_cut_raise: [0, 0.05], window_days: 300, horizon_days: 320,\n"                        \
    "  after_cycle: [refresher, course]}\n"                                                        \
    "leave: {after_fail: 0.2, per_attempt: 0.1, per_100_points_short: 0.3}\n"                      \
    "gates:\n"                                                                                     \
    "  verification: {probability: 0.98, delay_days: {mean: 7, sd: 3}}\n"                          \
    "  authorization: {valid_days: 30, delay_days: {mean: 4, sd: 0}}\n"                            \
    "  skills: {probability: 0.95, p_pass: 0.8, delay_days: {mean: 14, sd: 10}}\n"

static void solve(const char *text, struct dataset *out)
{
    struct scenario scenario;
    struct engine_plan plan = {0};
    struct err err = {0};
    bool good =
        config_scenario_parse("exact.yaml", text, strlen(text), &scenario, &err) == ERR_OK &&
        engine_plan_init(&scenario, &plan, &err) == ERR_OK &&
        study_exact_solve(&plan, NULL, out, &err) == ERR_OK;
    cr_assert(good, "%s", err.detail);
    engine_plan_free(&plan);
    config_scenario_free(&scenario);
}

static double z_of(const struct dataset_var *var, const struct dataset_var *error,
                   const struct dataset_var *exact, size_t k, double n)
{
    if (error)
        return error->real[k] > 0 ? (var->real[k] - exact->real[k]) / error->real[k] : 0;
    double expected = (double)exact->count[k], share = expected / n;
    double difference = (double)(var->count[k] - exact->count[k]);
    /* counts below 20 are far from normal; those of the many others say enough */
    return expected < 20 ? 0 : difference / sqrt(expected * (1 - fmin(share, 1)) + 1);
}

Test(exact_agrees, with_a_simulation, .timeout = 600)
{
    struct dataset simulated, exact;
    double n = 300000, worst = 0;
    size_t n_compared = 0;
    stat_run("engine: {candidates: 300000, seed: 12}\n" POLICY, &simulated);
    solve("engine: {candidates: 300000}\n" POLICY, &exact);
    for (size_t v = 0; v < exact.n_vars; v++) {
        const struct dataset_var *var = dataset_var(&simulated, exact.vars[v].name);
        if (!var || strstr(var->name, "_mcse") || (!var->ancillary && var->type == DATASET_REAL) ||
            strcmp(var->name, "seats") == 0 || strcmp(var->name, "n_candidates") == 0 ||
            strcmp(var->name, "n_authorizations_forfeited") == 0)
            continue;
        const struct dataset_var *error =
            var->ancillary ? dataset_var(&simulated, var->ancillary) : NULL;
        for (size_t k = 0; k < var->n; k++, n_compared++) {
            double z = z_of(var, error, &exact.vars[v], k, n);
            worst = fmax(worst, fabs(z));
            cr_expect(fabs(z) < 4.5, "%s[%zu]: z %.2f", var->name, k, z);
        }
    }
    printf("%zu compared, greatest |z| %.2f\n", n_compared, worst);
    cr_expect(n_compared > 500);
    dataset_free(&simulated);
    dataset_free(&exact);
}
