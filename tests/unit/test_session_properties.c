/* What holds of every session, whatever the bank and the rules: random banks of every model, and at
 * random a selection rule, a first rule, an estimator with its prior, standard error and constant
 * patterns, a stop expression, content, exposure, enemies, pilots and randomesque.
 * SPDX-License-Identifier: Apache-2.0 */
#include "hall.h"
#include "rules.h"

#ifdef __SANITIZE_ADDRESS__
enum { N_EXAMS = 250 };
#else
enum { N_EXAMS = 1000 };
#endif
enum { N_SEATS = 4, MAX_POOL = 40, MAX_SEEN = 48 };

static const char *const domains[] = {"airway", "cardiac", "trauma"};

/* ---- an exam at random ---- */

static const char *pick(struct rng *rng, const char *const *words, size_t n)
{
    return words[rng_below(rng, (uint32_t)n)];
}

/* One of the rules that a key can say. */
static const char *pick_rule(struct rng *rng, const char *key)
{
    struct config_rule rule;
    uint32_t n = 0;
    while (cat_rule_describe(key, n, &rule))
        n++;
    cat_rule_describe(key, rng_below(rng, n), &rule);
    return rule.name;
}

static void set(struct hall *self, const char *key, const char *value)
{
    char text[512];
    snprintf(text, sizeof text, "%s=%s", key, value);
    fixture_set(&self->scenario, text);
}

static void set_number(struct hall *self, const char *key, double value)
{
    char text[64];
    snprintf(text, sizeof text, "%.10g", value);
    set(self, key, text);
}

static void write_stop(struct rng *rng, int depth, FILE *out)
{
    if (depth == 0 || rng_unit(rng) < 0.4) {
        fputs(pick_rule(rng, "exam.stop.rule"), out);
        return;
    }
    fputs(rng_unit(rng) < 0.5 ? "any(" : "all(", out);
    write_stop(rng, depth - 1, out);
    fputs(", ", out);
    write_stop(rng, depth - 1, out);
    fputs(")", out);
}

static void make_bank(struct hall *self, struct rng *rng, enum hall_kind kind)
{
    size_t n = 24 + rng_below(rng, MAX_POOL - 24), n_enemies = rng_below(rng, 4);
    hall_bank(self, n);
    fixture_pilots(&self->bank, 4);
    self->bank.domains = domains;
    self->bank.n_domains = 3;
    self->bank.n_enemies = n_enemies;
    for (size_t i = 0; i < n; i++) {
        hall_random_item(self, rng, kind, i);
        self->bank.items[i].domain = (uint16_t)(i % 3);
        if (n_enemies > 0 && rng_unit(rng) < 0.2)
            self->bank.items[i].enemy = (uint16_t)(1 + rng_below(rng, (uint32_t)n_enemies));
    }
}

static void set_estimator(struct hall *self, struct rng *rng)
{
    static const char *const priors[] = {"normal", "uniform", "jeffreys"};
    static const char *const errors[] = {"default", "expected", "observed", "asymptotic"};
    static const char *const constants[] = {"bounds", "dodd", "start", "bound_then_start", "map"};
    static const char *const quadratures[] = {"trapezoid", "sum", "simpson38"};
    set(self, "exam.estimate.rule", pick_rule(rng, "exam.estimate.rule"));
    set(self, "exam.estimate.prior", pick(rng, priors, 3));
    set_number(self, "exam.estimate.prior_sd", 0.5 + rng_unit(rng));
    set(self, "exam.estimate.se", pick(rng, errors, 4));
    set(self, "exam.estimate.constant", pick(rng, constants, 5));
    set(self, "exam.estimate.quadrature", pick(rng, quadratures, 3));
    set_number(self, "exam.estimate.points", 31);
}

static void set_stop(struct hall *self, struct rng *rng)
{
    char text[400] = "";
    FILE *out = fmemopen(text, sizeof text, "w");
    cr_assert(out);
    write_stop(rng, 3, out);
    fclose(out);
    set(self, "exam.stop.rule", text);
    set_number(self, "exam.stop.se", 0.3 + 0.5 * rng_unit(rng));
    set_number(self, "exam.stop.level", 0.6 + 0.35 * rng_unit(rng));
    set_number(self, "exam.stop.information", rng_unit(rng));
    set(self, "exam.stop.curtail", rng_unit(rng) < 0.5 ? "true" : "false");
}

static void set_selection(struct hall *self, struct rng *rng)
{
    set(self, "exam.start.rule", pick_rule(rng, "exam.start.rule"));
    set(self, "exam.select.rule", pick_rule(rng, "exam.select.rule"));
    set_number(self, "exam.select.randomesque", 1 + rng_below(rng, 3));
    set(self, "exam.exposure.rule", pick_rule(rng, "exam.exposure.rule"));
    set(self, "exam.content.rule", pick_rule(rng, "exam.content.rule"));
    set(self, "exam.content.domains.airway.target", "0.5");
    set(self, "exam.content.domains.cardiac.target", "0.3");
    set(self, "exam.content.domains.trauma.target", "0.2");
    set_number(self, "exam.content.domains.cardiac.min_items", rng_below(rng, 2));
    if (rng_unit(rng) < 0.3)
        set_number(self, "exam.content.domains.airway.max_items", 5);
}

/* Exposure parameters as if they had been calibrated. */
static void draw_exposure(struct hall *self, struct rng *rng)
{
    double *p = arena_alloc(&self->design.arena, self->design.n_scored * sizeof *p);
    cr_assert(p);
    for (size_t i = 0; i < self->design.n_scored; i++)
        p[i] = rng_unit(rng) < 0.5 ? 1 : 0.3 + 0.7 * rng_unit(rng);
    self->design.p_shown = p;
}

/* @return whether the exam is possible: limits on content may not be */
static bool make_exam(struct hall *self, struct rng *rng, enum hall_kind kind)
{
    struct err err = {0};
    make_bank(self, rng, kind);
    uint32_t min = 1 + rng_below(rng, 8);
    fixture_scenario(&self->scenario, "exam.time_limit_min=none", NULL);
    set_number(self, "exam.min_items", min);
    bool is_whole_pool = rng_unit(rng) < 0.1;
    set_number(self, "exam.max_items",
               is_whole_pool ? (double)(self->bank.n_items - 4) : min + rng_below(rng, 8));
    set_number(self, "exam.pilot_items", rng_below(rng, 3));
    set(self, "exam.form", rng_unit(rng) < 0.1 ? "linear" : "cat");
    set_estimator(self, rng);
    set_stop(self, rng);
    set_selection(self, rng);
    if (cat_design_init(&self->scenario, &self->bank, &self->design, &err) != ERR_OK) {
        cr_assert_eq(err.code, ERR_INPUT, "%s", err.detail);
        return false;
    }
    if (self->design.exposure && self->design.exposure->is_calibrated)
        draw_exposure(self, rng);
    cr_assert_eq(cat_workspace_init(&self->design, N_SEATS, &self->workspace, &err), ERR_OK);
    return true;
}

/* ---- what must hold ---- */

static double information_at(const struct hall *self, const struct cat_session *session,
                             double theta)
{
    double total = 0;
    for (uint32_t k = 0; k < session->seen.n_scored; k++)
        total += irt_information(&self->design.items[session->scored[k]], theta);
    return total;
}

/* ML and WL give 1/sqrt(I): more information, less error, exactly. */
static void check_error(const struct hall *self, const struct cat_session *session)
{
    const struct irt_estimator *estimator = &self->design.estimator;
    double theta = session->seen.theta, se = session->seen.se;
    bool is_ml = estimator->method == IRT_WL ||
                 (estimator->method == IRT_ML && estimator->constant != IRT_CONSTANT_MAP);
    cr_assert(se >= 0, "se %g", se);
    if (is_ml && estimator->se <= IRT_SE_EXPECTED && isfinite(se))
        cr_assert_float_eq(se * sqrt(information_at(self, session, theta)), 1, 1e-9);
    if (estimator->method == IRT_EAP && estimator->se == IRT_SE_DEFAULT)
        cr_assert(isfinite(se) && se < estimator->theta_max - estimator->theta_min);
    bool is_concave = self->design.is_monotone;
    if (estimator->method == IRT_EAP && estimator->se == IRT_SE_DEFAULT && is_concave &&
        estimator->prior == IRT_PRIOR_NORMAL)
        cr_assert_leq(se, estimator->prior_sd * (1 + 1e-3), "a posterior wider than its prior");
}

static void check_step(const struct hall *self, const struct cat_session *session)
{
    const struct irt_estimator *estimator = &self->design.estimator;
    cr_assert(session->seen.theta >= estimator->theta_min - 1e-9 &&
                  session->seen.theta <= estimator->theta_max + 1e-9,
              "theta %g", session->seen.theta);
    cr_assert_leq(session->seen.n_scored, self->design.exam.max_items);
    if (!self->design.is_lazy && session->seen.n_scored > 0)
        check_error(self, session);
}

static void check_items(const struct hall *self, const struct cat_session *session)
{
    bool seen[MAX_POOL] = {false}, met[5] = {false};
    uint32_t n_pilots = 0, n_domain[3] = {0};
    cr_assert_leq(session->seen.n_seen, self->design.max_seen);
    for (uint32_t k = 0; k < session->seen.n_seen; k++) {
        uint32_t item = session->items[k];
        uint16_t enemy = self->design.items[item].enemy;
        bool is_pilot = item >= self->design.n_scored;
        cr_assert(item < self->design.n_items && !seen[item], "item %u again", item);
        cr_assert(enemy == 0 || !met[enemy], "two of the enemies %u", enemy);
        seen[item] = met[enemy] = true;
        n_pilots += is_pilot;
        n_domain[self->design.items[item].domain] += !is_pilot;
    }
    cr_assert_eq(session->seen.n_seen, session->seen.n_scored + n_pilots);
}

static void check_end(const struct hall *self, const struct cat_session *session)
{
    const struct rule_exam *exam = &self->design.exam;
    uint32_t n = session->seen.n_scored;
    check_items(self, session);
    if (session->stop == CAT_STOP_MAXIMUM)
        cr_assert_eq(n, exam->max_items);
    else if (session->stop == CAT_STOP_RULE)
        cr_assert(n >= exam->min_items && n <= exam->max_items);
    else
        cr_assert_eq(session->stop, CAT_STOP_NO_ITEM);
    for (uint32_t i = 0; session->stop == CAT_STOP_NO_ITEM && i < self->design.n_scored; i++)
        cr_assert(session->blocked[i >> 6] >> (i & 63) & 1, "item %u was free", i);
}

/* ---- sittings ---- */

struct record {
    struct rule_session seen;
    enum cat_stop stop;
    uint32_t items[MAX_SEEN];
    uint8_t answers[MAX_SEEN];
};

/* Sessions first .. first + n - 1 together, each with its own key. */
static void sit_together(struct hall *self, uint64_t first, size_t n, struct record *out)
{
    struct cat_session *going[N_SEATS];
    struct rng rng[N_SEATS], *rng_of[N_SEATS];
    double theta[N_SEATS];
    uint8_t answers[N_SEATS];
    for (size_t i = 0; i < n; i++) {
        hall_begin(self, first + i, i);
        rng[i] = rng_keyed(1, first + i, 1, RNG_RESPONSE);
    }
    for (size_t n_going = n; n_going > 0;) {
        n_going = 0;
        for (size_t i = 0; i < n; i++)
            if (self->workspace.sessions[i].stop == CAT_GOING) {
                rng_of[n_going] = &rng[i];
                theta[n_going] = (double)((first + i) % 5) - 2;
                going[n_going++] = &self->workspace.sessions[i];
            }
        cat_sessions_select(&self->design, going, n_going);
        size_t n_asked = 0;
        for (size_t i = 0; i < n_going; i++)
            if (going[i]->stop == CAT_GOING) {
                answers[n_asked] =
                    hall_answer(&self->design.items[going[i]->item], theta[i], rng_unit(rng_of[i]));
                going[n_asked++] = going[i];
            }
        cat_sessions_record(&self->design, going, n_asked, answers, NULL);
        for (size_t i = 0; i < n_asked; i++)
            check_step(self, going[i]);
    }
    for (size_t i = 0; i < n; i++) {
        const struct cat_session *session = &self->workspace.sessions[i];
        check_end(self, session);
        memset(&out[i], 0, sizeof out[i]);
        out[i].seen = session->seen;
        out[i].seen.items = NULL; /* the seat's own memory */
        out[i].seen.answers = NULL;
        out[i].stop = session->stop;
        memcpy(out[i].items, session->items, session->seen.n_seen * sizeof out[i].items[0]);
        memcpy(out[i].answers, session->answers, session->seen.n_seen);
    }
}

/* Together as alone, bit for bit. */
static void check_exam(struct hall *self, uint64_t first)
{
    struct record alone, together[N_SEATS];
    sit_together(self, first, N_SEATS, together);
    for (size_t i = 0; i < N_SEATS; i++) {
        sit_together(self, first + i, 1, &alone);
        cr_assert_eq(memcmp(&alone, &together[i], sizeof alone), 0, "%s, seat %zu: %.17g, %.17g",
                     self->scenario.exam_select_rule, i, alone.seen.theta, together[i].seen.theta);
    }
}

Test(session_properties, random_exams, .timeout = 300)
{
    struct rng rng = rng_keyed(20, 1, 1, RNG_POOL);
    int n_possible = 0, n_stops[CAT_N_STOPS] = {0};
    for (int exam = 0; exam < N_EXAMS; exam++) {
        struct hall hall;
        if (make_exam(&hall, &rng, (enum hall_kind)(exam % (HALL_MIXED + 1)))) {
            check_exam(&hall, (uint64_t)exam * 100);
            n_possible++;
            n_stops[hall.workspace.sessions[0].stop]++;
        }
        hall_close(&hall);
    }
    printf("%d exams of %d possible; stops: rule %d, maximum %d, no item %d\n", n_possible, N_EXAMS,
           n_stops[CAT_STOP_RULE], n_stops[CAT_STOP_MAXIMUM], n_stops[CAT_STOP_NO_ITEM]);
    cr_assert_gt(n_possible, N_EXAMS / 2);
    cr_assert(n_stops[CAT_STOP_RULE] > 20 && n_stops[CAT_STOP_MAXIMUM] > 20);
}
