/* A sitting as probabilities.
 *
 * exam.form: normal: P(pass) = Phi((theta - cut)/sem).
 * Items that are all alike: what the examiner knows after n answers is the number right R, and
 * every way to (n, R) has the probability P^R Q^(n - R). The number of ways that did not stop
 * before is a recursion of its own, free of theta: ways(n + 1, R) = going(n, R) + going(n, R - 1)
 * Estimates, stop rules and decisions at (n, R) are the engine's own: a session is driven there.
 * Linear forms of Rasch items: the distribution of the number right by Lord and Wingersky (1984).
 * SPDX-License-Identifier: Apache-2.0 */
#include "exact_parts.h"

#include <retake/base/dist.h>
#include <retake/base/real.h>
#include <retake/irt/model.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- what the examiner makes of (n, R) ---- */

struct cells {
    size_t width;           /* max_items + 1 */
    struct exact_end *ends; /* [n][right]; stop is CAT_GOING where the test goes on */
};

/* Answer scored items until one was recorded; pilots on the way are missed. */
static void answer(const struct cat_design *design, struct cat_session *session, bool is_right)
{
    uint32_t n = session->seen.n_scored;
    while (session->seen.n_scored == n && session->stop != CAT_STOP_NO_ITEM) {
        cat_sessions_select(design, &session, 1);
        const uint8_t category = is_right && session->item < design->n_scored;
        const double seconds = 0;
        cat_sessions_record(design, &session, 1, &category, &seconds);
    }
}

static void note(const struct engine_plan *plan, struct cat_session *session, struct cells *out,
                 uint32_t right)
{
    uint32_t n = session->seen.n_scored;
    out->ends[n * out->width + right] = (struct exact_end){
        .n = n,
        .right = right,
        .stop = session->stop,
        .theta = session->seen.theta,
        .passes = session->stop != CAT_GOING && cat_session_passes(&plan->cat, session),
        .score = pathway_report_score(plan->scenario, session->seen.theta)};
    session->stop = CAT_GOING;
}

/* Right answers first, then wrong ones: this comes by every (n, R) once. */
static void visit(const struct engine_plan *plan, struct cat_session *session, struct cells *out)
{
    uint32_t max = plan->cat.exam.max_items;
    for (uint32_t right = 0; right <= max; right++) {
        cat_session_begin(&plan->cat, rng_keyed(0, right, 0, RNG_SELECT), NULL, session);
        for (uint32_t n = 1; n <= max; n++) {
            answer(&plan->cat, session, n <= right);
            if (n >= right)
                note(plan, session, out, right);
            session->stop = CAT_GOING;
        }
    }
}

/* ---- the ways to an end ---- */

/* ln(exp(a) + exp(b)) */
static double log_sum(double a, double b)
{
    double high = a > b ? a : b, low = a > b ? b : a;
    return isinf(low) ? high : high + vec_log1(1 + vec_exp1(low - high));
}

/* Ends in the order of (n, right); those of a test that nobody can reach are left out. */
static void collect(const struct cells *cells, double *going, struct exact_sitting *self)
{
    uint32_t max = (uint32_t)cells->width - 1;
    for (uint32_t right = 0; right <= max; right++)
        going[right] = right == 0 ? 0 : -(double)INFINITY;
    for (uint32_t n = 1; n <= max; n++) {
        for (uint32_t right = n; right > 0; right--)
            going[right] = log_sum(going[right], going[right - 1]);
        for (uint32_t right = 0; right <= n; right++) {
            const struct exact_end *end = &cells->ends[n * cells->width + right];
            if (end->stop == CAT_GOING || isinf(going[right]))
                continue;
            self->log_paths[self->n_ends] = going[right];
            self->ends[self->n_ends++] = *end;
            going[right] = -(double)INFINITY;
        }
    }
}

static bool allocate(struct exact_sitting *self, size_t most)
{
    size_t n = (most + VEC_LANES - 1) / VEC_LANES * VEC_LANES;
    self->ends = arena_alloc(&self->arena, most * sizeof *self->ends);
    self->log_paths = arena_alloc(&self->arena, 3 * n * sizeof *self->log_paths);
    if (!self->ends || !self->log_paths)
        return false;
    self->right = self->log_paths + n;
    self->wrong = self->log_paths + 2 * n;
    return true;
}

static void finish(struct exact_sitting *self)
{
    self->n_vectors = (self->n_ends + VEC_LANES - 1) / VEC_LANES;
    for (size_t k = 0; k < self->n_vectors * VEC_LANES; k++) {
        bool is_there = k < self->n_ends;
        self->right[k] = is_there ? self->ends[k].right : 0;
        self->wrong[k] = is_there ? self->ends[k].n - self->ends[k].right : 0;
        self->log_paths[k] = is_there ? self->log_paths[k] : -1e6;
    }
}

static enum err_code init_ends(struct exact_sitting *self, struct err *err)
{
    const struct cat_design *cat = &self->plan->cat;
    size_t width = (size_t)cat->exam.max_items + 1;
    struct cat_workspace workspace = {0};
    struct cells cells = {.width = width, .ends = calloc(width * width, sizeof *cells.ends)};
    double *going = calloc(width, sizeof *going);
    /* the last test length has `width` ends, each shorter one at most as many */
    if (!cells.ends || !going || !allocate(self, width * (width + 1) / 2)) {
        err_set(err, ERR_MEMORY, "no memory for the exact solver");
    } else if (cat_workspace_init(cat, 1, &workspace, err) == ERR_OK) {
        visit(self->plan, &workspace.sessions[0], &cells);
        collect(&cells, going, self);
        finish(self);
    }
    cat_workspace_free(&workspace);
    free(cells.ends);
    free(going);
    return err->code;
}

static bool are_alike(const struct cat_design *cat)
{
    const struct irt_item *first = &cat->items[0];
    for (size_t i = 0; i < cat->n_scored; i++) {
        const struct irt_item *item = &cat->items[i];
        if (item->model != IRT_LOGISTIC || item->b != first->b || item->a != first->a ||
            item->c != first->c || item->d != first->d ||
            memcmp(item->demand, first->demand, sizeof item->demand) != 0)
            return false;
    }
    return true;
}

enum err_code study_exact_sitting_init(const struct engine_plan *plan, struct exact_sitting *self,
                                       struct err *err)
{
    *self = (struct exact_sitting){.plan = plan, .is_normal = !plan->pathway.cat};
    if (self->is_normal) {
        size_t n = plan->scenario->leave_per_100_points_short != 0 ? plan->pathway.max_attempts : 0;
        self->tables = arena_alloc(&self->arena, (n + 1) * sizeof *self->tables);
        if (!self->tables)
            return err_set(err, ERR_MEMORY, "no memory for the exact solver");
        for (size_t k = 0; k < n; k++)
            self->tables[k].years = (double)NAN;
        return ERR_OK;
    }
    self->is_alike = plan->scenario->exam_form == CONFIG_FORM_CAT || are_alike(&plan->cat);
    return init_ends(self, err);
}

void study_exact_sitting_free(struct exact_sitting *self)
{
    arena_free(&self->arena);
    *self = (struct exact_sitting){0};
}

/* ---- probabilities ---- */

/* As person/response.c has it. */
static double ability_on(const struct pathway_step *step, const struct irt_item *item, double theta)
{
    theta += step->ability - step->deficit[PERSON_KNOWLEDGE];
    theta -= (double)item->demand[0] * step->deficit[PERSON_SEQUENCE];
    theta -= (double)item->demand[1] * step->deficit[PERSON_SCOPE];
    return theta - (double)item->demand[2] * step->deficit[PERSON_READING];
}

/* The number right on items that are not alike. */
static void count_right(const struct cat_design *cat, const struct pathway_step *step, double theta,
                        double *p)
{
    p[0] = 1;
    for (uint32_t i = 0; i < cat->exam.max_items; i++) {
        double right = irt_p(&cat->items[i], ability_on(step, &cat->items[i], theta));
        p[i + 1] = p[i] * right;
        for (uint32_t r = i; r > 0; r--)
            p[r] = p[r] * (1 - right) + p[r - 1] * right;
        p[0] *= 1 - right;
    }
}

VEC_CLONES static void weigh_paths(const struct exact_sitting *self, double log_p, double log_q,
                                   double *out)
{
    const vec8 *paths = (const vec8 *)self->log_paths, *right = (const vec8 *)self->right;
    const vec8 *wrong = (const vec8 *)self->wrong;
    for (size_t v = 0; v < self->n_vectors; v++)
        ((vec8 *)out)[v] = vec_exp(paths[v] + right[v] * log_p + wrong[v] * log_q);
}

void study_exact_ends(const struct exact_sitting *self, const struct pathway_step *step,
                      double theta, double *p)
{
    if (!self->is_alike) {
        memset(p, 0, self->n_vectors * sizeof(vec8));
        count_right(&self->plan->cat, step, theta, p);
        return;
    }
    const struct irt_item *item = &self->plan->cat.items[0];
    struct irt_curve8 curve = irt_curve8(vec_all(item->a), vec_all(item->b), vec_all(item->c),
                                         vec_all(item->d), vec_all(ability_on(step, item, theta)));
    weigh_paths(self, vec_log1(curve.p[0]), vec_log1(curve.q[0]), p);
}

/* ---- decisions ---- */

static double normal_ability(const struct pathway_step *step, double theta)
{
    theta += step->ability;
    for (int k = 0; k < PERSON_PACING; k++)
        theta -= step->deficit[k];
    return theta;
}

static double stay_at(const struct exact_sitting *self, const struct exact_attempt *attempt,
                      double estimate)
{
    double score = pathway_report_score(self->plan->scenario, estimate);
    return 1 -
           pathway_p_leaves(&self->plan->pathway, attempt->attempt, score, attempt->step->years);
}

/* Integral of phi((x - ability)/sem)/sem P(stays | x) over [low, high]. */
static double stay_between(const struct exact_sitting *self, const struct exact_attempt *attempt,
                           double ability, double low, double high)
{
    double sem = self->plan->scenario->exam_sem, sum = 0;
    double n_panels = ceil((high - low) / (2.5 * sem)), width = (high - low) / n_panels;
    for (double k = 0; k < n_panels; k++)
        for (size_t i = 0; i < STUDY_GAUSS_POINTS; i++) {
            double x = low + (k + study_gauss[i].at) * width, z = (x - ability) / sem;
            sum += study_gauss[i].weight * vec_exp1(-0.5 * z * z) * stay_at(self, attempt, x);
        }
    return sum * width * 0.39894228040143267794 / sem;
}

/* P(fails and does not leave) where leaving depends on the score; the kinks are ends of panels. */
static double stay_by_score(const struct exact_sitting *self, const struct exact_attempt *attempt,
                            double ability, double cut)
{
    const struct scenario *s = self->plan->scenario;
    double per_logit = s->exam_scale_per_logit, sem = s->exam_sem;
    double from = ability - 7.5 * sem, to = real_min(cut, ability + 7.5 * sem), sum = 0;
    double kinks[] = {s->exam_cut_theta + (s->exam_scale_min - s->exam_scale_cut) / per_logit,
                      s->exam_cut_theta,
                      s->exam_cut_theta + (s->exam_scale_max - s->exam_scale_cut) / per_logit};
    for (size_t k = 0; k <= sizeof kinks / sizeof *kinks; k++) {
        double end = k < sizeof kinks / sizeof *kinks ? real_min(kinks[k], to) : to;
        if (end <= from)
            continue;
        sum += stay_between(self, attempt, ability, from, end);
        from = end;
    }
    return sum;
}

/* The same by interpolation: a smooth function of ability, whatever the kinks, on a grid filled as
 * it is needed. Twelve points an eighth of sem apart leave an error below 1e-11. */
static double stay_from_table(const struct exact_sitting *self, const struct exact_attempt *attempt,
                              double ability, double cut)
{
    enum { POINTS = 12, HALF = EXACT_TABLE_POINTS / 2 };
    static const double choose[POINTS] = {1, 11, 55, 165, 330, 462, 462, 330, 165, 55, 11, 1};
    double step = self->plan->scenario->exam_sem / 8;
    double at = (ability - cut) / step + (double)HALF, first = floor(at) - POINTS / 2 + 1;
    double top = 0, bottom = 0;
    if (!(first >= 0 && first + (double)POINTS <= (double)EXACT_TABLE_POINTS))
        return stay_by_score(self, attempt, ability, cut);
    double *table = attempt->table + (size_t)first;
    for (int k = 0; k < POINTS; k++) {
        double distance = at - first - k, sign = k % 2 ? -1 : 1;
        if (isnan(table[k]))
            table[k] = stay_by_score(self, attempt, cut + (first + k - (double)HALF) * step, cut);
        if (distance == 0)
            return table[k];
        top += sign * choose[k] / distance * table[k];
        bottom += sign * choose[k] / distance;
    }
    return top / bottom;
}

static void decide_normal(const struct exact_sitting *self, const struct exact_attempt *attempt,
                          double theta, double *pass, double *stay)
{
    const struct scenario *s = self->plan->scenario;
    double ability = normal_ability(attempt->step, theta), sem = s->exam_sem;
    if (sem > 0) {
        double cut = study_exact_cut(s, attempt->raise);
        *pass = dist_normal_cdf((ability - cut) / sem);
        *stay = attempt->by_score ? stay_from_table(self, attempt, ability, cut)
                                  : (1 - *pass) * attempt->stay;
        return;
    }
    *pass = pathway_reaches_cut(s, ability, attempt->raise);
    *stay = (1 - *pass) * (attempt->by_score ? stay_at(self, attempt, ability) : attempt->stay);
}

double study_exact_cut(const struct scenario *s, double raise)
{
    return s->exam_cut_theta + raise + (s->exam_tie_passes ? -RULE_TIE : RULE_TIE);
}

double study_exact_normal_shift(const struct pathway_step *step)
{
    return normal_ability(step, 0);
}

void study_exact_decide(const struct exact_sitting *self, const struct exact_attempt *attempt,
                        double theta, const double *p, double *pass, double *stay)
{
    if (self->is_normal) {
        decide_normal(self, attempt, theta, pass, stay);
        return;
    }
    vec8 passed = {0}, stayed = {0};
    const vec8 *chance = (const vec8 *)p, *passes = (const vec8 *)attempt->pass;
    const vec8 *stays = (const vec8 *)attempt->stay_by_end;
    for (size_t v = 0; v < self->n_vectors; v++) {
        passed += chance[v] * passes[v];
        stayed += chance[v] * stays[v];
    }
    *pass = vec_sum(passed);
    *stay = vec_sum(stayed);
}
