/* An examination hall for the tests of sessions: bank, scenario, design and seats; examinees who
 * answer by the model, whatever the model, or by a script.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_UNIT_HALL_H
#define RETAKE_UNIT_HALL_H

#include <retake/base/rng.h>

#include "fixture.h"

struct hall {
    struct irt_bank bank;
    struct scenario scenario;
    struct cat_design design;
    struct cat_workspace workspace;
};

/* n equal Rasch items at 0, in a hall that is otherwise empty. */
static inline void hall_bank(struct hall *self, size_t n)
{
    memset(self, 0, sizeof *self);
    fixture_bank(&self->bank, n);
}

/* From bank and scenario: the design and n seats. */
static inline void hall_open(struct hall *self, size_t n)
{
    struct err err = {0};
    fixture_design(&self->scenario, &self->bank, &self->design);
    cr_assert_eq(cat_workspace_init(&self->design, n, &self->workspace, &err), ERR_OK);
}

static inline void hall_close(struct hall *self)
{
    cat_workspace_free(&self->workspace);
    cat_design_free(&self->design);
    config_scenario_free(&self->scenario);
    irt_bank_free(&self->bank);
}

/* A category by the model: the uniform number is cut from the highest category down. */
static inline uint8_t hall_answer(const struct irt_item *item, double theta, double u)
{
    double p[IRT_MAX_CATEGORIES];
    irt_probabilities(item, theta, p);
    size_t x = irt_n_categories(item) - 1;
    for (double above = p[x]; x > 0 && u >= above; x--)
        above += p[x - 1];
    return (uint8_t)x;
}

/* What an item of a bank made at random is. */
enum hall_kind {
    HALL_1PL,
    HALL_2PL,
    HALL_3PL,
    HALL_4PL,
    HALL_PCM,
    HALL_GPCM,
    HALL_GRM,
    HALL_MIXED
};

/* Replace item i by one at random: a kind, or any kind. */
static inline void hall_random_item(struct hall *self, struct rng *rng, enum hall_kind kind,
                                    size_t i)
{
    struct irt_item *item = &self->bank.items[i];
    if (kind == HALL_MIXED)
        kind = (enum hall_kind)rng_below(rng, HALL_MIXED);
    bool has_a = kind != HALL_1PL && kind != HALL_PCM;
    item->a = has_a ? 0.4 + 1.6 * rng_unit(rng) : 1;
    item->b = 4 * rng_unit(rng) - 2;
    item->c = kind == HALL_3PL || kind == HALL_4PL ? 0.25 * rng_unit(rng) : 0;
    item->d = kind == HALL_4PL ? 1 - 0.1 * rng_unit(rng) : 1;
    if (kind < HALL_PCM)
        return;
    item->model = kind == HALL_GRM ? IRT_GRM : IRT_GPCM;
    item->n_categories = (uint8_t)(2 + rng_below(rng, 4));
    double *steps = arena_alloc(&self->bank.arena, 5 * sizeof *steps), sum = 0;
    cr_assert(steps);
    for (size_t k = 0; k + 1 < item->n_categories; k++) {
        double rise = kind == HALL_GRM ? 0.1 + rng_unit(rng) : 2 * rng_unit(rng) - 0.5;
        steps[k] = k ? steps[k - 1] + rise : item->b - 1;
        sum += steps[k];
    }
    item->steps = steps;
    item->b = sum / (item->n_categories - 1);
}

static inline struct cat_session *hall_begin(struct hall *self, uint64_t key, size_t seat)
{
    struct cat_session *session = &self->workspace.sessions[seat];
    cat_session_begin(&self->design, rng_keyed(1, key, 1, RNG_SELECT), NULL, session);
    return session;
}

/* One whole session of an examinee of ability theta, on the first seat, untimed. */
static inline struct cat_session *hall_sit(struct hall *self, uint64_t key, double theta)
{
    struct cat_session *session = hall_begin(self, key, 0);
    struct rng rng = rng_keyed(1, key, 1, RNG_RESPONSE);
    double seconds = 0;
    while (session->stop == CAT_GOING) {
        cat_sessions_select(&self->design, &session, 1);
        if (session->stop != CAT_GOING)
            break;
        uint8_t answer = hall_answer(&self->design.items[session->item], theta, rng_unit(&rng));
        cat_sessions_record(&self->design, &session, 1, &answer, &seconds);
    }
    return session;
}

/* The same with scripted answers: "10" is right, wrong, right, ... */
static inline struct cat_session *hall_sit_script(struct hall *self, uint64_t key,
                                                  const char *script)
{
    struct cat_session *session = hall_begin(self, key, 0);
    double seconds = 0;
    size_t n = strlen(script);
    for (size_t k = 0; session->stop == CAT_GOING; k++) {
        cat_sessions_select(&self->design, &session, 1);
        if (session->stop != CAT_GOING)
            break;
        uint8_t answer = (uint8_t)(script[k % n] - '0');
        cat_sessions_record(&self->design, &session, 1, &answer, &seconds);
    }
    return session;
}

#endif
