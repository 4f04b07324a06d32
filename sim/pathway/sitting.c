/* A sitting: the examiner puts an item on the screen, the examinee answers, the examiner records.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sitting.h"

#include <retake/base/vec.h>
#include <retake/pathway/draw.h>
#include <retake/pathway/timeline.h>

#include <math.h>
#include <string.h>

enum { EXCLUDE_NONE, EXCLUDE_LAST, EXCLUDE_ALL }; /* exam.exclude_seen */

double pathway_report_score(const struct scenario *s, double theta)
{
    double score = s->exam_scale_cut + s->exam_scale_per_logit * (theta - s->exam_cut_theta);
    if (score < s->exam_scale_min)
        return s->exam_scale_min;
    return score > s->exam_scale_max ? s->exam_scale_max : score;
}

double pathway_cut_raise(const struct scenario *s, uint32_t attempt)
{
    return attempt < 2 ? 0 : config_list_at(&s->policy_retake_cut_raise, attempt - 2);
}

bool pathway_reaches_cut(const struct scenario *s, double theta, double raise)
{
    const struct rule_exam exam = {.cut_theta = s->exam_cut_theta + raise,
                                   .tie_passes = s->exam_tie_passes};
    return rule_passes(&exam, theta);
}

static void finish_normal(const struct pathway_design *design, struct lane *self,
                          struct pathway_sitting *sitting)
{
    const struct scenario *s = design->scenario;
    sitting->theta = person_normal_score(&self->examinee, s->exam_sem);
    sitting->se = s->exam_sem;
    sitting->stop = CAT_STOP_MAXIMUM;
    sitting->passed =
        pathway_reaches_cut(s, sitting->theta, pathway_cut_raise(s, self->outcome.n_sittings));
}

static void draw(const struct pathway_design *design, struct lane *lanes, const bool *is_sitting,
                 size_t n)
{
    struct pathway_sitter sitters[VEC_LANES];
    size_t n_sitters = 0;
    for (size_t k = 0; k < n; k++) {
        struct lane *lane = &lanes[k];
        if (is_sitting[k]) {
            person_state(design->person, &lane->person, &lane->examinee.state);
            sitters[n_sitters++] = (struct pathway_sitter){
                &lane->person, &lane->examinee.state, lane->outcome.n_sittings + 1, &lane->drawn};
        }
        if (n_sitters == VEC_LANES || (k + 1 == n && n_sitters > 0)) {
            pathway_library_draw(design->library, design->person, sitters, n_sitters);
            n_sitters = 0;
        }
    }
}

void pathway_sitting_begin(const struct pathway_design *design, struct lane *self)
{
    static const bool is_sitting[] = {true};
    uint32_t attempt = self->outcome.n_sittings + 1, key = attempt + design->key_offset;
    if (design->library) {
        draw(design, self, is_sitting, 1);
        return;
    }
    person_lane_begin(design->person, &self->person, key, &self->examinee);
    if (!design->cat)
        return;
    size_t n_bytes = design->cat->n_words * sizeof(uint64_t);
    if (attempt == 1) {
        memset(self->seen_last, 0, n_bytes);
        memset(self->seen_all, 0, n_bytes);
    }
    int exclude = design->scenario->exam_exclude_seen;
    const uint64_t *excluded = exclude == EXCLUDE_LAST  ? self->seen_last
                               : exclude == EXCLUDE_ALL ? self->seen_all
                                                        : NULL;
    struct rng rng = rng_keyed(design->person->seed, self->person.candidate, key, RNG_SELECT);
    cat_session_begin(design->cat, rng, excluded, self->session);
}

void pathway_sittings_begin(const struct pathway_design *design, struct lane *lanes,
                            const bool *is_sitting, size_t n)
{
    if (design->library)
        draw(design, lanes, is_sitting, n);
    for (size_t k = 0; !design->library && k < n; k++)
        if (is_sitting[k])
            pathway_sitting_begin(design, &lanes[k]);
}

void pathway_sittings_step(const struct pathway_design *design, struct lane *const *lanes, size_t n)
{
    struct cat_session *sessions[CAT_MAX_LANES], *going[CAT_MAX_LANES];
    struct person_lane *examinees[CAT_MAX_LANES];
    const struct irt_item *items[CAT_MAX_LANES];
    uint8_t answers[CAT_MAX_LANES];
    double seconds[CAT_MAX_LANES];
    size_t n_going = 0;
    if (n == 0)
        return;
    for (size_t i = 0; i < n; i++)
        sessions[i] = lanes[i]->session;
    cat_sessions_select(design->cat, sessions, n);
    for (size_t i = 0; i < n; i++) {
        if (sessions[i]->stop != CAT_GOING)
            continue;
        going[n_going] = sessions[i];
        examinees[n_going] = &lanes[i]->examinee;
        items[n_going++] = &design->cat->items[sessions[i]->item];
    }
    bool is_timed = isfinite(design->cat->time_limit_s);
    person_answer(items, examinees, n_going, answers, is_timed ? seconds : NULL);
    cat_sessions_record(design->cat, going, n_going, answers, seconds);
    for (size_t i = 0; i < n_going; i++)
        if (going[i]->stop != CAT_STOP_TIME)
            person_log_miss(examinees[i]);
}

/* Copy the items shown, as numbers of the bank, marking those that the candidate had seen before.
 */
static void log_items(const struct pathway_design *design, struct lane *self)
{
    const struct cat_session *session = self->session;
    uint64_t *last = self->seen_last, *all = self->seen_all;
    uint32_t *out = self->items + self->n_items;
    memset(last, 0, design->cat->n_words * sizeof *last);
    for (uint32_t i = 0; i < session->seen.n_seen; i++) {
        size_t bit = cat_item_bit(design->cat, session->items[i]);
        bool again = all[bit >> 6] >> (bit & 63) & 1;
        out[i] = design->cat->order[session->items[i]] | (again ? PATHWAY_SEEN_BEFORE : 0);
        last[bit >> 6] |= UINT64_C(1) << (bit & 63);
    }
    for (size_t w = 0; w < design->cat->n_words; w++)
        all[w] |= last[w];
    self->n_items += session->seen.n_seen;
}

/* The passing point of an attempt may lie above that of the first. */
static void raise_cut(const struct pathway_design *design, struct lane *self,
                      struct pathway_sitting *sitting)
{
    double raise = pathway_cut_raise(design->scenario, self->outcome.n_sittings);
    if (raise > 0)
        sitting->passed =
            sitting->passed && pathway_reaches_cut(design->scenario, sitting->theta, raise);
}

static void finish_cat(const struct pathway_design *design, struct lane *self,
                       struct pathway_sitting *sitting)
{
    const struct cat_session *session = self->session;
    sitting->theta = session->seen.theta;
    sitting->se = session->seen.se;
    sitting->minutes = (float)(session->seen.elapsed_s / 60);
    sitting->n_scored = (uint16_t)session->seen.n_scored;
    sitting->n_seen = (uint16_t)session->seen.n_seen;
    sitting->stop = (uint8_t)session->stop;
    sitting->passed = cat_session_passes(design->cat, session);
    sitting->misses_limits = cat_session_misses_limits(design->cat, session);
    raise_cut(design, self, sitting);
    sitting->first_item = self->n_items;
    log_items(design, self);
}

static void finish_drawn(const struct pathway_design *design, struct lane *self,
                         struct pathway_sitting *sitting)
{
    pathway_drawn_read(&self->drawn, sitting);
    sitting->first_item = self->n_items;
    raise_cut(design, self, sitting);
    if (!sitting->passed)
        pathway_lane_fail(design, self);
    if (design->counts_misses ||
        (!sitting->passed && person_plan_heeds_misses(design->person, self->progress.draws.u_plan)))
        pathway_library_deal(design->person, &self->person, &self->examinee.state, &self->drawn,
                             sitting->misses);
}

void pathway_sitting_finish(const struct pathway_design *design, struct lane *self)
{
    struct pathway_sitting *sitting = &self->sittings[self->outcome.n_sittings++];
    *sitting = (struct pathway_sitting){
        .day = (int32_t)self->progress.next_day,
        .proficiency = self->examinee.state.proficiency,
        .is_competent = self->examinee.state.is_competent,
    };
    if (design->library)
        finish_drawn(design, self, sitting);
    else if (design->cat)
        finish_cat(design, self, sitting);
    else
        finish_normal(design, self, sitting);
    sitting->score = pathway_report_score(design->scenario, sitting->theta);
    if (design->library)
        return;
    if (!sitting->passed)
        pathway_lane_fail(design, self);
    for (int k = 0; k < PERSON_N_BUCKETS; k++)
        sitting->misses[k] = (uint16_t)self->examinee.misses[k];
    sitting->n_rushed = (uint16_t)self->examinee.n_rushed;
}
