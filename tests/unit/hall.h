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
