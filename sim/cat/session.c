/* Sessions: begin, select, record. The work of one step is done for all lanes before the next step
 * of any, so that the processor can overlap what is independent.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/cat/session.h>

#include <math.h>
#include <string.h>

#include "content.h"
#include "rules.h"
#include "select.h"
#include "session_estimate.h"
#include "sets.h"
#include "stop.h"

/* ---- begin and select ---- */

static size_t bytes_of(size_t n_vectors)
{
    return n_vectors * sizeof(vec8);
}

void cat_session_begin(const struct cat_design *design, struct rng rng, const uint64_t *excluded,
                       struct cat_session *self)
{
    self->seen = (struct rule_session){.theta = design->estimator.start_theta,
                                       .se = INFINITY,
                                       .items = self->scored,
                                       .answers = self->scored_answers};
    self->stop = CAT_GOING;
    self->n_pilots = self->n_aside = 0;
    self->rng = rng;
    memcpy(self->weight, design->grid.prior, bytes_of(design->grid.n_vectors));
    if (design->grid_information)
        memset(self->information, 0, bytes_of(design->grid.n_vectors));
    if (design->curves)
        for (size_t q = 0; q < design->curves->grid.n_vectors * VEC_LANES; q++)
            self->likelihood[q] = design->curves->ones.prior[q];
    if (excluded)
        memcpy(self->blocked, excluded, design->n_words * sizeof *self->blocked);
    else
        memset(self->blocked, 0, design->n_words * sizeof *self->blocked);
    if (design->keeps_shown && !excluded)
        memset(self->shown, 0, design->n_scored);
    else if (design->keeps_shown)
        for (size_t i = 0; i < design->n_scored; i++)
            self->shown[i] = self->blocked[i >> 6] >> (i & 63) & 1;
    if (design->content)
        cat_content_begin(design, excluded != NULL, self);
    if (design->exposure && design->exposure->begin)
        design->exposure->begin(design, self);
    if (design->evidence)
        cat_evidence_begin(design, self);
}

/* Whether the next item is a pilot: the pilots are a random subset of the first n_slots positions.
 */
static bool is_pilot_next(const struct cat_design *design, struct cat_session *self)
{
    uint32_t left = design->pilot_items - self->n_pilots;
    if (left == 0 || self->seen.n_seen >= design->n_slots)
        return false;
    return rng_below(&self->rng, design->n_slots - self->seen.n_seen) < left;
}

static uint32_t pilot_item(const struct cat_design *design, struct cat_session *self)
{
    size_t n_pilots = design->n_items - design->n_scored;
    uint32_t n_free = cat_count_clear(self->blocked, design->pilot_bit, n_pilots);
    self->n_pilots++;
    if (n_free == 0)
        return UINT32_MAX;
    uint32_t bit =
        cat_clear_bit(self->blocked, design->pilot_bit, n_pilots, rng_below(&self->rng, n_free));
    return bit - (uint32_t)design->pilot_bit + (uint32_t)design->n_scored;
}

static void stop_without_item(const struct cat_design *design, struct cat_session *self)
{
    self->stop = CAT_STOP_NO_ITEM;
    cat_estimate_settle(design, self);
}

/* Nothing but the selection rule has a say. */
static void select_plainly(const struct cat_design *design, struct cat_session *const *sessions,
                           size_t n)
{
    design->select->best_of_each(design, sessions, n);
    for (size_t i = 0; i < n; i++) {
        uint32_t item = sessions[i]->item;
        if (item == UINT32_MAX)
            stop_without_item(design, sessions[i]);
        else
            sessions[i]->blocked[item >> 6] |= UINT64_C(1) << (item & 63);
        __builtin_prefetch(&design->items[item < design->n_items ? item : 0]);
        if (design->keeps_shown && item != UINT32_MAX)
            sessions[i]->shown[item] = 1;
    }
}

void cat_sessions_select(const struct cat_design *design, struct cat_session *const *sessions,
                         size_t n)
{
    if (design->is_plain) {
        select_plainly(design, sessions, n);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        struct cat_session *self = sessions[i];
        self->item = is_pilot_next(design, self) ? pilot_item(design, self) : UINT32_MAX;
        if (self->item == UINT32_MAX)
            self->item = cat_select_next(design, self);
        if (self->item == UINT32_MAX) {
            stop_without_item(design, self);
            continue;
        }
        cat_block_with_enemies(design, self, self->item);
    }
}

/* ---- record ---- */

/* Log an answer and charge its time; false when time ran out before it was given. */
static bool take_answer(const struct cat_design *design, struct cat_session *self, uint8_t answer,
                        double seconds)
{
    if (self->seen.elapsed_s + seconds > design->time_limit_s) {
        self->stop = CAT_STOP_TIME;
        self->seen.elapsed_s = design->time_limit_s;
        cat_estimate_settle(design, self);
        return false;
    }
    self->seen.elapsed_s += seconds;
    self->items[self->seen.n_seen] = self->item;
    self->answers[self->seen.n_seen] = answer;
    self->seen.n_seen++;
    return true;
}

static void take_scored(const struct cat_design *design, struct cat_session *self, uint8_t answer)
{
    uint32_t k = self->seen.n_scored++;
    self->scored[k] = self->item;
    self->scored_answers[k] = answer;
    if (design->content)
        self->n_by_domain[design->items[self->item].domain]++;
}

static void check_stop(const struct cat_design *design, struct cat_session *self, uint8_t answer)
{
    struct rule_session *seen = &self->seen;
    uint32_t is_above = seen->theta - design->exam.cut_theta > RULE_TIE;
    seen->n_above_cut = (seen->n_above_cut + 1) & -is_above; /* no branch: it is a toss-up */
    if (design->evidence)
        cat_evidence_add(design, self, answer);
    if (seen->n_scored >= design->exam.min_items && cat_stop_step(design, seen))
        self->stop = CAT_STOP_RULE;
    else if (seen->n_scored >= design->exam.max_items)
        self->stop = CAT_STOP_MAXIMUM;
}

void cat_sessions_record(const struct cat_design *design, struct cat_session *const *sessions,
                         size_t n, const uint8_t *answer, const double *seconds)
{
    struct cat_session *scored[CAT_MAX_LANES];
    uint8_t scored_answer[CAT_MAX_LANES];
    bool is_timed = isfinite(design->time_limit_s);
    size_t n_scored = 0;
    scored[0] = NULL; /* the others need no beginning */
    scored_answer[0] = 0;
    for (size_t i = 0; i < n; i++) {
        if (!take_answer(design, sessions[i], answer[i], is_timed ? seconds[i] : 0) ||
            sessions[i]->item >= design->n_scored)
            continue;
        take_scored(design, sessions[i], answer[i]);
        cat_estimate_prefetch(design, sessions[i]->item, answer[i]);
        scored[n_scored] = sessions[i];
        scored_answer[n_scored++] = answer[i];
    }
    cat_estimate_update(design, scored, n_scored, scored_answer);
    for (size_t i = 0; i < n_scored; i++)
        check_stop(design, scored[i], scored_answer[i]);
}

bool cat_session_passes(const struct cat_design *design, const struct cat_session *self)
{
    const struct rule_out_of_time *rule =
        self->stop == CAT_STOP_TIME ? design->out_of_time : cat_out_of_time_rules[0];
    return rule->passes(&design->exam, &self->seen);
}
