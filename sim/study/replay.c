/* Post-hoc simulation. A session is begun, asked for items and told the answers by the functions
 * that `retake run` uses; the answers come from a file. An item without an answer is excluded, as
 * items that a retaker has seen are. SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/replay.h>

#include <retake/base/real.h>
#include <retake/base/stream.h>
#include <retake/cat/session.h>
#include <retake/config/csv.h>
#include <retake/engine/plan.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "replay_matrix.h"

struct player {
    const struct cat_design *design;
    const struct irt_bank *bank;
    const struct replay_matrix *answers, *times; /* times: NULL when untimed */
    struct cat_session *session;
    uint64_t *excluded; /* [n_words] */
    uint64_t seed;
    double least_se; /* by information, of all examinees; INFINITY: no answer yet */
    size_t n_below;  /* examinees below what the grid can hold */
    double too_fine; /* study_grid_least_se */
    struct study_replay *out;
    FILE *stream;
};

/* ---- the trace ---- */

/* One line up to and including se; the session has just recorded the answer, if any. */
static void print_step(const struct player *self, size_t row)
{
    const struct cat_session *session = self->session;
    uint32_t n = session->seen.n_seen;
    config_csv_print(self->answers->examinees[row], self->stream);
    fprintf(self->stream, ",%u,", n);
    if (n > 0) {
        uint32_t item = session->items[n - 1];
        config_csv_print(self->bank->ids[self->design->order[item]], self->stream);
        fprintf(self->stream, ",%u", session->answers[n - 1]);
    } else {
        fputc(',', self->stream);
    }
    fprintf(self->stream, ",%.17g,%.17g", session->seen.theta,
            cat_session_se(self->design, session));
}

/* The rest of the last line of a session. */
static void print_end(const struct player *self)
{
    const struct cat_session *session = self->session;
    char rules[256] = "";
    if (session->stop == CAT_STOP_RULE)
        cat_session_stop_rules(self->design, session, rules, sizeof rules);
    fprintf(self->stream, ",%s,%s,%d\n", cat_stop_names[session->stop], rules,
            cat_session_passes(self->design, session));
}

/* ---- a session ---- */

static void begin(struct player *self, size_t row)
{
    const struct cat_design *design = self->design;
    const double *answers = self->answers->values + row * design->n_scored;
    for (size_t w = 0; w < design->n_words; w++)
        self->excluded[w] = 0;
    for (uint32_t i = 0; i < design->n_scored; i++)
        if (isnan(answers[i]))
            self->excluded[i >> 6] |= UINT64_C(1) << (i & 63);
    struct rng rng = rng_keyed(self->seed, row, 1, RNG_SELECT);
    cat_session_begin(design, rng, self->excluded, self->session);
}

/* Show an item and give its answer. */
static void step(struct player *self, size_t row)
{
    struct cat_session *session = self->session;
    size_t first = row * self->design->n_scored;
    cat_sessions_select(self->design, &session, 1);
    if (session->stop != CAT_GOING)
        return;
    uint8_t answer = (uint8_t)self->answers->values[first + session->item];
    double seconds = self->times ? self->times->values[first + session->item] : 0;
    cat_sessions_record(self->design, &session, 1, &answer, &seconds);
}

/* On a grid that is too coarse the posterior's own standard error is whatever the nearest points
 * make of it; 1/sqrt(information) is what a fine one would give. */
static void note_error(struct player *self)
{
    const struct cat_session *session = self->session;
    const struct irt_estimator *estimator = &self->design->estimator;
    double information = 0;
    for (uint32_t k = 0; k < session->seen.n_scored; k++)
        information +=
            irt_information(&self->design->items[session->scored[k]], session->seen.theta);
    if (estimator->prior == IRT_PRIOR_NORMAL)
        information += 1 / (estimator->prior_sd * estimator->prior_sd);
    double se = information > 0 ? 1 / sqrt(information) : INFINITY;
    self->least_se = real_min(self->least_se, se);
    self->n_below += se < self->too_fine;
}

static void play(struct player *self, size_t row)
{
    struct cat_session *session = self->session;
    uint32_t n_printed = 0;
    begin(self, row);
    while (session->stop == CAT_GOING) {
        step(self, row);
        if (session->seen.n_seen == n_printed)
            continue; /* nothing was answered: no item, or no time */
        if (n_printed > 0)
            fputs(",,,\n", self->stream);
        print_step(self, row);
        n_printed = session->seen.n_seen;
    }
    if (n_printed == 0)
        print_step(self, row);
    print_end(self);
    note_error(self);
    self->out->n_steps += n_printed;
    self->out->n_passed += cat_session_passes(self->design, session);
}

static enum err_code play_all(struct player *self, struct err *err)
{
    struct cat_workspace workspace = {0};
    struct study_replay *out = self->out;
    self->excluded = calloc(self->design->n_words, sizeof *self->excluded);
    self->stream = stream_to_memory(&out->csv, &out->n_bytes);
    if (!self->excluded || !self->stream) {
        err_set(err, ERR_MEMORY, "no memory for the replay");
        goto out;
    }
    if (cat_workspace_init(self->design, 1, &workspace, err) != ERR_OK)
        goto out;
    self->session = workspace.sessions;
    out->n_examinees = self->answers->n_examinees;
    fputs("examinee,step,item,response,theta,se,stop_reason,stop_rules,passed\n", self->stream);
    for (size_t row = 0; row < out->n_examinees; row++)
        play(self, row);
out:
    if (self->stream && fclose(self->stream) != 0)
        err_set(err, ERR_MEMORY, "no memory for the trace");
    free(self->excluded);
    cat_workspace_free(&workspace);
    return err->code;
}

/* ---- the whole ---- */

static enum err_code prepare(struct scenario *scenario, const struct study_replay_options *options,
                             struct engine_plan *plan, struct err *err)
{
    scenario->exam_pilot_items = 0;
    if (!options->times)
        scenario->exam_time_limit_min = INFINITY;
    if (scenario->exam_form == CONFIG_FORM_NORMAL)
        return config_scenario_error(scenario, "exam.form", err, ERR_INPUT,
                                     "normal has no items to replay; take cat or linear");
    if (engine_plan_init(scenario, plan, err) != ERR_OK)
        return err->code;
    plan->cat.is_lazy = false; /* the trace shows every estimate */
    return ERR_OK;
}

enum err_code study_replay_run(struct scenario *scenario,
                               const struct study_replay_options *options, struct study_replay *out,
                               struct err *err)
{
    struct engine_plan plan = {0};
    struct replay_matrix answers = {0}, times = {0};
    *out = (struct study_replay){0};
    if (prepare(scenario, options, &plan, err) != ERR_OK)
        goto out;
    if (study_replay_matrix_answers(options->responses, &plan.bank, &plan.cat,
                                    options->missing_is_unavailable, &answers, err) != ERR_OK)
        goto out;
    if (options->times && study_replay_matrix_times(options->times, &plan.bank, &plan.cat, &answers,
                                                    &times, err) != ERR_OK)
        goto out;
    struct player player = {.design = &plan.cat,
                            .bank = &plan.bank,
                            .answers = &answers,
                            .times = options->times ? &times : NULL,
                            .seed = (uint64_t)scenario->engine_seed,
                            .least_se = INFINITY,
                            .too_fine = study_grid_least_se(scenario),
                            .out = out};
    if (play_all(&player, err) == ERR_OK) {
        out->n_reach = study_reach_doubts(scenario, &plan.cat.estimator, 1, out->reach);
        study_grid_doubt(scenario, player.least_se,
                         (double)player.n_below / (double)out->n_examinees, out->warning);
    }
out:
    study_replay_matrix_free(&answers);
    study_replay_matrix_free(&times);
    engine_plan_free(&plan);
    return err->code;
}

void study_replay_free(struct study_replay *self)
{
    free(self->csv);
    *self = (struct study_replay){0};
}
