/* Bank adequacy on banks small enough to be worked out by hand.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/cut_bank.h>

#include <unistd.h>

#include "fixture.h"

/* ---- a bank file and its plan ---- */

static const char four_items[] = "id,b,domain,pilot\n"
                                 "A,-0.3,x,0\n"
                                 "P,0.1,y,1\n"
                                 "B,0.2,x,0\n"
                                 "C,0.4,y,0\n"
                                 "D,7,y,0\n";

static const char mixed_items[] = "id,model,a,b1,b2,domain\n"
                                  "A,gpcm,1,-1,1,x\n"
                                  "B,gpcm,1,-1,1,x\n"
                                  "C,gpcm,1,0,2,x\n";

struct study {
    struct scenario scenario;
    struct engine_plan plan;
    struct dataset out;
    char path[64];
};

static void begin(struct study *self, const char *bank, const char *const *sets)
{
    struct err err = {0};
    char set[96];
    snprintf(self->path, sizeof self->path, "cut_bank_%d.csv", (int)getpid());
    cr_assert_eq(file_write(self->path, bank, strlen(bank), &err), ERR_OK, "%s", err.detail);
    fixture_scenario(&self->scenario, "exam.min_items=1", "exam.max_items=2", "exam.pilot_items=0",
                     "exam.time_limit_min=none", "exam.scale.cut=950", "exam.scale.per_logit=200",
                     "engine.candidates=512", NULL);
    snprintf(set, sizeof set, "bank=%s", self->path);
    fixture_set(&self->scenario, set);
    for (; *sets; sets++)
        fixture_set(&self->scenario, *sets);
    cr_assert_eq(engine_plan_init(&self->scenario, &self->plan, &err), ERR_OK, "%s", err.detail);
    self->out = (struct dataset){0};
}

static void end(struct study *self)
{
    dataset_free(&self->out);
    engine_plan_free(&self->plan);
    config_scenario_free(&self->scenario);
    remove(self->path);
}

static void add_points(struct study *self, const double *points, size_t n)
{
    struct err err = {0};
    struct dataset_dim dim = {.name = "score_point",
                              .n = n,
                              .type = DATASET_REAL,
                              .real = points,
                              .unit = "points",
                              .long_name = "ability"};
    cr_assert_eq(dataset_add_dim(&self->out, &dim, &err), ERR_OK);
}

/* Statistics of a run that was not run: rates of items in the bank's order. */
static void fake_run(struct study *self, const double *exposure, const double *again,
                     struct dataset *out)
{
    static const double no_error[8] = {0};
    static const char *const names[] = {"item_exposure_rate_mcse", "item_exposure_rate",
                                        "item_seen_again_rate_mcse", "item_seen_again_rate"};
    const double *values[] = {no_error, exposure, no_error, again};
    const struct irt_bank *bank = &self->plan.bank;
    struct err err = {0};
    *out = (struct dataset){0};
    struct dataset_dim dim = {.name = "item",
                              .n = bank->n_items,
                              .type = DATASET_TEXT,
                              .text = bank->ids,
                              .unit = "",
                              .long_name = "item"};
    cr_assert_eq(dataset_add_dim(out, &dim, &err), ERR_OK);
    for (int k = 0; k < 4; k++) {
        struct dataset_var var = {.name = names[k],
                                  .type = DATASET_REAL,
                                  .n_dims = 1,
                                  .n = bank->n_items,
                                  .real = values[k],
                                  .unit = "1",
                                  .long_name = names[k]};
        cr_assert_eq(dataset_add_var(out, &var, &err), ERR_OK);
    }
}

static void fill(struct study *self, const struct dataset *run)
{
    static const struct study_bank_demand demand = {.volume = 1000, .greatest_exposure = 0.4};
    struct err err = {0};
    cr_assert_eq(study_bank_dims(&self->plan, &self->out, &err), ERR_OK, "%s", err.detail);
    cr_assert_eq(study_bank_add(&self->plan, run, &demand, &self->out, &err), ERR_OK, "%s",
                 err.detail);
}

static double real_at(const struct study *self, const char *name, size_t k)
{
    const struct dataset_var *var = dataset_var(&self->out, name);
    cr_assert(var && var->type == DATASET_REAL && k < var->n, "no %s[%zu]", name, k);
    return var->real[k];
}

static int64_t count_at(const struct study *self, const char *name, size_t k)
{
    const struct dataset_var *var = dataset_var(&self->out, name);
    cr_assert(var && var->type == DATASET_COUNT && k < var->n, "no %s[%zu]", name, k);
    return var->count[k];
}

static double rasch_information(double distance)
{
    double p = 1 / (1 + exp(-distance));
    return p * (1 - p);
}

/* ---- by hand ---- */

/* Scored items A -.3, B .2, C .4, D 7 (in the last bin, which ends at 5.5); P is a pilot.
 * Bins of .5 from -.5: A in 0, B and C in 1, D in 11. */
Test(cut_bank, by_hand)
{
    static const double points[] = {950, 1150}, exposure[] = {0.5, 0.9, 0.8, 0.7, 0},
                        again[] = {0.1, 0.3, 0.2, 0.4, 0};
    struct study study;
    struct dataset run;
    begin(&study, four_items, (const char *const[]){NULL});
    add_points(&study, points, 2);
    fake_run(&study, exposure, again, &run);
    fill(&study, &run);
    const struct dataset_dim *bins = dataset_dim(&study.out, "difficulty_bin");
    cr_assert_eq(bins->n, 12);
    cr_assert_eq(bins->bounds[0], -0.5);
    /* two items of four: at theta 0 B and A, at 1 (1150) C and B */
    cr_assert_float_eq(real_at(&study, "bank_information_best", 0),
                       rasch_information(0.2) + rasch_information(0.3), 1e-12);
    cr_assert_float_eq(real_at(&study, "bank_information_best", 1),
                       rasch_information(0.6) + rasch_information(0.8), 1e-12);
    cr_assert(isinf(real_at(&study, "bank_information_needed", 0)));
    cr_assert_float_eq(real_at(&study, "bank_information_needed", 1), 3.841458820694124, 1e-9);
    /* x, bin 0: A, used .5, needed ceil(.5/.4) = 2; y, bin 1: C, .7, 2; x, bin 1: B, .8, 2 */
    size_t x0 = 0, x1 = 1, y1 = 12 + 1, y11 = 12 + 11;
    const size_t cells[] = {x0, x1, y1, y11};
    static const int64_t needed[] = {2, 2, 2, 0}, missing[] = {1, 1, 1, 0}, over[] = {1, 1, 1, 0};
    static const double used[] = {0.5, 0.8, 0.7, 0};
    int64_t n_items = 0;
    for (int k = 0; k < 4; k++) {
        cr_assert_eq(count_at(&study, "bank_n_items", cells[k]), 1);
        cr_assert_eq(count_at(&study, "bank_n_needed", cells[k]), needed[k]);
        cr_assert_eq(count_at(&study, "bank_n_short", cells[k]), missing[k]);
        cr_assert_eq(count_at(&study, "bank_n_overexposed", cells[k]), over[k]);
        cr_assert_float_eq(real_at(&study, "bank_items_used_mean", cells[k]), used[k], 1e-15);
    }
    for (size_t k = 0; k < 24; k++)
        n_items += count_at(&study, "bank_n_items", k);
    cr_assert_eq(n_items, 4, "the pilot is none");
    /* overlap (.25 + .64 + .49)/2; a retake meets .1 + .2 + .4 */
    cr_assert_float_eq(real_at(&study, "bank_overlap_rate", 0), 1.38 / 2, 1e-15);
    cr_assert_float_eq(real_at(&study, "bank_seen_again_mean", 0), 0.7, 1e-15);
    cr_assert_float_eq(real_at(&study, "item_exposures_a_year", 1), 900, 1e-12);
    cr_assert_eq(real_at(&study, "item_seen_again_rate", 3), 0.4);
    dataset_free(&run);
    end(&study);
}

/* Forty equal items at the cut: I(d) = 40 P Q, decided where d sqrt(I) = z. */
Test(cut_bank, undecidable)
{
    static const double point[] = {950};
    char bank[2000] = "id,b\n";
    struct study study;
    for (int i = 0; i < 50; i++)
        sprintf(bank + strlen(bank), "I%d,0.25\n", i);
    begin(&study, bank, (const char *const[]){"exam.max_items=40", "exam.cut_theta=0.25", NULL});
    add_points(&study, point, 1);
    fill(&study, NULL);
    double above = real_at(&study, "bank_undecidable_above", 0);
    double d = (above - 950) / 200, z = 1.959963984540054;
    cr_assert_float_eq(d * sqrt(40 * rasch_information(d)), z, 1e-6);
    cr_assert_float_eq(real_at(&study, "bank_undecidable_below", 0), 1900 - above, 1e-6);
    cr_assert_null(dataset_var(&study.out, "bank_n_needed"), "no run, no use");
    cr_assert_null(dataset_var(&study.out, "item_exposure_rate"));
    end(&study);
    begin(&study, bank, (const char *const[]){"exam.stop.rule=fixed", NULL});
    add_points(&study, point, 1);
    fill(&study, NULL);
    cr_assert(isnan(real_at(&study, "bank_undecidable_above", 0)));
    cr_assert(isnan(real_at(&study, "bank_information_needed", 0)));
    end(&study);
}

/* GPCM with a = 1 and steps -1, 1 at theta 0: logits 0, 1, 0, so P = 1, e, 1 over 2 + e, and the
 * variance of the category is 2/(2 + e). */
Test(cut_bank, partial_credit)
{
    static const double point[] = {950};
    struct study study;
    begin(&study, mixed_items, (const char *const[]){NULL});
    add_points(&study, point, 1);
    fill(&study, NULL);
    cr_assert_float_eq(real_at(&study, "bank_information_best", 0), 2 * 2 / (2 + exp(1)), 1e-12);
    cr_assert_eq(count_at(&study, "bank_n_items", 0), 2); /* mean of the steps 0 */
    cr_assert_eq(count_at(&study, "bank_n_items", 2), 1); /* and 1 */
    end(&study);
}

/* ---- a run ---- */

/* Two items of two for everybody: every rate is 1, any two candidates share all. Test length 2. */
Test(cut_bank, of_a_run)
{
    struct study_bank_demand demand = {.volume = 500, .greatest_exposure = 0.25};
    struct engine_options options = {.n_threads = 1};
    struct study study;
    struct dataset out = {0};
    struct err err = {0};
    begin(&study, "id,b\nA,0\nB,0.7\n", (const char *const[]){"exam.min_items=2", NULL});
    cr_assert_eq(study_bank_adequacy(&study.scenario, &options, &demand, &out, &err), ERR_OK, "%s",
                 err.detail);
    cr_assert_float_eq(dataset_var(&out, "bank_overlap_rate")->real[0], 1, 1e-12);
    cr_assert_float_eq(dataset_var(&out, "bank_seen_again_mean")->real[0], 2, 1e-12);
    cr_assert_eq(dataset_var(&out, "bank_n_needed")->count[0], 4);
    cr_assert_eq(dataset_var(&out, "bank_n_short")->count[0], 3);
    cr_assert_eq(dataset_var(&out, "item_exposures_a_year")->real[1], 500);
    cr_assert_eq(dataset_dim(&out, "score_point")->real[8], 950);
    dataset_free(&out);
    end(&study);
}

/* Two of four items at random: any two candidates share 2/4 of theirs on average, and a retaker
 * meets 2 2/4 = 1 again (hypergeometric, variance 1/3). The cut is out of reach: all of 4,096 fail
 * and sit twice. */
Test(cut_bank, of_items_at_random)
{
    struct study_bank_demand demand = {.volume = 500, .greatest_exposure = 0.5};
    struct engine_options options = {.n_threads = 1};
    struct study study;
    struct dataset out = {0};
    struct err err = {0};
    begin(&study, "id,b\nA,0\nB,0\nC,0.7\nD,-0.7\n",
          (const char *const[]){"exam.min_items=2", "exam.select.rule=random", "exam.cut_theta=6",
                                "engine.candidates=4096", "leave.after_fail=0",
                                "policy.attempts_per_cycle=2", "policy.max_cycles=1",
                                "deficits.knowledge=0", NULL});
    cr_assert_eq(study_bank_adequacy(&study.scenario, &options, &demand, &out, &err), ERR_OK, "%s",
                 err.detail);
    const struct dataset_var *again = dataset_var(&out, "bank_seen_again_mean");
    double n_retakes = 3000, sd = sqrt(1.0 / 3 / n_retakes); /* some never test */
    cr_assert_float_eq(again->real[0], 1, 4 * sd, "%g", again->real[0]);
    /* rates vary about 1/2 with variance 1/4n, so sum r^2 exceeds 1 by 1/n on average */
    double overlap = dataset_var(&out, "bank_overlap_rate")->real[0];
    cr_assert(overlap >= 0.5 && overlap < 0.5 + 20 / n_retakes, "%g", overlap);
    dataset_free(&out);
    end(&study);
}

/* ---- errors ---- */

Test(cut_bank, errors)
{
    static const struct study_bank_demand demand = {.volume = 1, .greatest_exposure = 1};
    const struct engine_options options = {.n_threads = 1};
    struct study study;
    struct err err = {0};
    begin(&study, four_items, (const char *const[]){NULL});
    cr_assert_eq(study_bank_add(&study.plan, NULL, &demand, &study.out, &err), ERR_INTERNAL,
                 "no score_point");
    err_clear(&err);
    cr_assert_eq(study_bank_dims(&study.plan, &study.out, &err), ERR_OK);
    cr_assert_eq(study_bank_dims(&study.plan, &study.out, &err), ERR_INTERNAL, "twice");
    end(&study);
    err_clear(&err);
    begin(&study, four_items, (const char *const[]){"exam.form=normal", NULL});
    struct dataset out;
    cr_assert_eq(study_bank_adequacy(&study.scenario, &options, &demand, &out, &err), ERR_INPUT);
    err_clear(&err);
    cr_assert_eq(study_bank_dims(&study.plan, &study.out, &err), ERR_OK);
    cr_assert_eq(study_bank_add(&study.plan, NULL, &demand, &study.out, &err), ERR_OK);
    cr_assert_eq(study.out.n_dims + study.out.n_vars, 0, "no items, nothing");
    end(&study);
}
