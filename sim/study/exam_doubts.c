/* Doubts about an exam. Two examinees take it, one with every answer wrong, one with every answer
 * right: what becomes of them says whether its cut decides anything.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/exam_doubts.h>

#include <retake/base/real.h>
#include <retake/base/wording.h>
#include <retake/cat/adequacy.h>
#include <retake/pathway/timeline.h>
#include <retake/person/density.h>
#include <retake/study/grid_doubt.h>
#include <retake/study/reach_doubt.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct doubter {
    const struct engine_plan *plan;
    const struct scenario *scenario;
    struct study_exam_doubts *out;
};

/* A doubt is a message with a place, as errors are. */
#define ADD_DOUBT(self, key, ...)                                                                  \
    do {                                                                                           \
        if ((self)->out->n < STUDY_MOST_DOUBTS)                                                    \
            config_scenario_error((self)->scenario, key, &(self)->out->list[(self)->out->n++],     \
                                  ERR_INPUT, __VA_ARGS__);                                         \
    } while (0)

/* ---- the cut against what estimates there are ---- */

/* @return whether there was a doubt */
static bool doubt_cut(struct doubter *self)
{
    struct study_reach_doubt found[STUDY_MOST_REACH_DOUBTS];
    size_t n = study_reach_doubts(self->scenario, &self->plan->cat.estimator,
                                  self->plan->pathway.max_attempts, found);
    for (size_t k = 0; k < n; k++)
        ADD_DOUBT(self, found[k].key, "%s", found[k].text);
    return n > 0;
}

/* ---- examinees with every answer wrong, or right ---- */

static void answer_all(const struct cat_design *design, bool is_right, struct cat_session *session)
{
    const double seconds = 0;
    cat_session_begin(design, rng_keyed(0, is_right, 1, RNG_SELECT), NULL, session);
    while (session->stop == CAT_GOING) {
        cat_sessions_select(design, &session, 1);
        if (session->stop != CAT_GOING)
            break;
        size_t n = irt_n_categories(&design->items[session->item]);
        uint8_t answer = is_right ? (uint8_t)(n - 1) : 0;
        cat_sessions_record(design, &session, 1, &answer, &seconds);
    }
}

static void doubt_all_wrong(struct doubter *self, const struct cat_session *session)
{
    const struct cat_design *design = &self->plan->cat;
    double cut = design->exam.cut_theta, theta = session->seen.theta;
    if (!cat_session_passes(design, session))
        return;
    bool is_constant = design->estimator.method == IRT_ML;
    const char *key = is_constant ? "exam.estimate.constant" : "exam.cut_theta";
    if (fabs(theta - cut) <= RULE_TIE)
        ADD_DOUBT(self, key,
                  "an examinee with every answer wrong passes by the tie: the estimate is the cut, "
                  "%g, and exam.tie_passes is true",
                  cut);
    else
        ADD_DOUBT(self, key,
                  "an examinee with every answer wrong passes: the estimate is %.3g, the cut %g",
                  theta, cut);
}

static void doubt_all_right(struct doubter *self, const struct cat_session *session)
{
    const struct cat_design *design = &self->plan->cat;
    double theta = session->seen.theta;
    uint32_t attempt = study_reach_first(self->scenario, theta, self->plan->pathway.max_attempts);
    bool is_constant = design->estimator.method == IRT_ML;
    if (attempt == 1)
        ADD_DOUBT(self, is_constant ? "exam.estimate.constant" : "exam.cut_theta",
                  "an examinee with every answer right fails: the estimate is %.3g, the cut %g",
                  theta, self->scenario->exam_cut_theta);
    else if (attempt > 1)
        ADD_DOUBT(self, "policy.retake_cut_raise",
                  "an examinee with every answer right fails attempt %u: the estimate is %.3g, the "
                  "cut %g + %g",
                  attempt, theta, self->scenario->exam_cut_theta,
                  pathway_cut_raise(self->scenario, attempt));
}

static enum err_code doubt_extremes(struct doubter *self, struct err *err)
{
    const struct cat_design *design = &self->plan->cat;
    struct cat_workspace workspace = {0};
    if (cat_workspace_init(design, 1, &workspace, err) == ERR_OK) {
        answer_all(design, false, &workspace.sessions[0]);
        doubt_all_wrong(self, &workspace.sessions[0]);
        answer_all(design, true, &workspace.sessions[0]);
        doubt_all_right(self, &workspace.sessions[0]);
    }
    cat_workspace_free(&workspace);
    return err->code;
}

/* ---- the grid ---- */

enum { N_ABILITIES = 161 };

/* Over abilities from -8 to 8. */
static double ability_at(size_t k)
{
    return 0.1 * ((double)k - N_ABILITIES / 2);
}

/* The share of all groups near each ability. */
static void fill_shares(const struct person_design *person, double *share)
{
    for (size_t g = 0; g < person->n_groups; g++) {
        struct person_density density;
        double of_group = person->share[g] - (g > 0 ? person->share[g - 1] : 0), weight;
        person_density_init(person, g, &density);
        for (size_t k = 0; k < N_ABILITIES; k++)
            share[k] += of_group * 0.1 * person_density_at(&density, ability_at(k));
        for (size_t i = 0; i < density.n_atoms; i++) {
            double at = person_density_atom(&density, i, &weight) / 0.1 + N_ABILITIES / 2;
            share[(size_t)real_min(real_max(at + 0.5, 0), N_ABILITIES - 1)] += of_group * weight;
        }
    }
}

static enum err_code doubt_grid(struct doubter *self, struct err *err)
{
    const struct cat_design *design = &self->plan->cat;
    const struct irt_estimator *estimator = &design->estimator;
    double bound = study_grid_least_se(self->scenario), least = INFINITY, below = 0;
    double shares[N_ABILITIES] = {0};
    char text[STUDY_GRID_DOUBT_BYTES];
    if (bound == 0)
        return ERR_OK;
    struct cat_ranked *scratch = malloc(design->n_scored * sizeof *scratch);
    if (!scratch)
        return err_set(err, ERR_MEMORY, "no memory for %s",
                       wording_count(design->n_scored, "item").text);
    fill_shares(&self->plan->person, shares);
    for (size_t k = 0; k < N_ABILITIES; k++) {
        double information = cat_best_information(design, ability_at(k), scratch);
        if (estimator->prior == IRT_PRIOR_NORMAL)
            information += 1 / (estimator->prior_sd * estimator->prior_sd);
        double se = 1 / sqrt(information);
        if (!(se < bound))
            continue;
        below += shares[k];
        least = shares[k] > 0.001 ? real_min(least, se) : least;
    }
    free(scratch);
    if (isfinite(least) && study_grid_doubt(self->scenario, least, below, text))
        ADD_DOUBT(self, STUDY_GRID_KEY, "%s", text + strlen(STUDY_GRID_KEY ": "));
    return ERR_OK;
}

/* ---- targets ---- */

/* Without a content rule a CAT works towards no target. */
static void doubt_targets(struct doubter *self)
{
    const struct scenario *s = self->scenario;
    const char *of = NULL;
    if (s->exam_form != CONFIG_FORM_CAT || strcmp(s->exam_content_rule, "none") != 0)
        return;
    for (size_t k = 0; k < s->n_constraints; k++)
        of = s->constraints[k].target > 0 ? "exam.content.constraints" : of;
    for (size_t k = 0; k < s->n_domains; k++)
        of = s->domains[k].target > 0 ? "exam.content.domains" : of;
    if (of)
        ADD_DOUBT(self, "exam.content.rule",
                  "nothing works towards the targets of %s: take kingsbury_zara or "
                  "modified_multinomial, not none",
                  of);
}

enum err_code study_exam_doubts_find(const struct engine_plan *plan, struct study_exam_doubts *out,
                                     struct err *err)
{
    struct doubter self = {plan, plan->scenario, out};
    *out = (struct study_exam_doubts){0};
    if (!plan->pathway.cat)
        return ERR_OK;
    doubt_targets(&self);
    if (!doubt_cut(&self) && doubt_extremes(&self, err) != ERR_OK)
        return err->code;
    return doubt_grid(&self, err);
}
