/* Root finding on common random numbers. Every evaluation simulates the same candidates, so that
 * the statistic is a plain function of the parameter: a staircase of tiny steps about a smooth
 * curve.
 *
 * 1. A scan across the range with a sixteenth of the candidates: which steps cross the target, and
 *    whether the statistic goes one way only (by more than three standard errors).
 * 2. Regula falsi with the Illinois rule (Dowell & Jarratt 1971) in that step, with a quarter of
 * the candidates, then near its result with all of them.
 * 3. The slope by a central difference on the same candidates; se = mcse/|slope|, the interval
 *    +- 1.96 se.
 * 4. The statistic at the value found, by other candidates.
 *
 * Whole numbers are bisected; the interval holds the value and all that may be meant, since the
 * statistic is within 1.96 standard errors of the target.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/real.h>
#include <retake/study/solve.h>

#include <retake/study/evaluate.h>
#include <retake/study/exact_solver.h>
#include <retake/tally/address.h>
#include <retake/tally/rate_interval.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_CANDIDATES = 4096, MOST_STEPS = 60, MOST_WIDER = 8 };

static const double z95 = 1.959963984540054;

struct search {
    struct scenario *scenario;
    const struct study_question *question;
    const struct study_solve_options *options;
    struct study_solution *out;
    uint64_t n_candidates, seed; /* of the next evaluation */
    struct err *err;
};

/* ---- one evaluation ---- */

/* What holds "by attempt a" holds on where the policy allows fewer: nobody sits later. */
static void within_attempts(const struct dataset *data, const char *statistic,
                            char text[ADDRESS_TEXT_BYTES])
{
    static const char *const cumulative[] = {"cumulative_pass_rate", "false_pass_rate",
                                             "false_fail_rate"};
    struct tally_address address;
    char quoted[CONFIG_QUOTED_BYTES];
    struct err ignored = {0};
    const struct dataset_dim *attempt = dataset_dim(data, "attempt");
    bool is_cumulative = false;
    snprintf(text, ADDRESS_TEXT_BYTES, "%s", statistic);
    if (!attempt || tally_address_parse(statistic, &address, NULL, &ignored) != ERR_OK)
        return;
    for (size_t k = 0; k < sizeof cumulative / sizeof *cumulative; k++)
        is_cumulative = is_cumulative || strcmp(address.variable, cumulative[k]) == 0;
    int n = snprintf(text, ADDRESS_TEXT_BYTES, "%s", address.variable);
    for (size_t k = 0; k < address.n_dims; k++) {
        char *label = address.at[k].label;
        if (is_cumulative && strcmp(address.at[k].dim, "attempt") == 0 &&
            strtod(label, NULL) > (double)attempt->n)
            snprintf(label, sizeof address.at[k].label, "%zu", attempt->n);
        config_name_quote(label, quoted);
        n += snprintf(text + n, (size_t)(ADDRESS_TEXT_BYTES - n), "%s%s=%s", k ? "," : "[",
                      address.at[k].dim, quoted);
    }
    if (address.n_dims > 0)
        snprintf(text + n, (size_t)(ADDRESS_TEXT_BYTES - n), "]");
}

/* Limits of a rate whose standard error says nothing. */
static void set_limits(const struct dataset *data, const char *statistic,
                       struct study_solve_point *out)
{
    struct tally_series series;
    struct err none = {0};
    bool is_found = out->mcse == 0 &&
                    tally_series_find(data, statistic, "scenario", &series, &none) == ERR_OK &&
                    !series.bottom.var;
    err_clear(&none);
    if (!is_found)
        return;
    struct tally_interval limits = tally_rate_interval(data, series.top.var, series.top.first);
    if (isfinite(limits.low) && isfinite(limits.high)) {
        out->low = limits.low;
        out->high = limits.high;
    }
}

static enum err_code read_statistic(struct search *self, const struct dataset *data,
                                    struct study_solve_point *out)
{
    struct tally_number number;
    char statistic[ADDRESS_TEXT_BYTES];
    within_attempts(data, self->question->statistic, statistic);
    if (tally_address_read(data, statistic, &number, self->err) != ERR_OK)
        return self->err->code;
    if (number.is_count)
        return err_set(self->err, ERR_INPUT,
                       "%s: a count grows with the candidates simulated; divide it, e.g. by "
                       "n_attempted[attempt=1]",
                       self->question->statistic);
    if (!isfinite(number.value))
        return err_set(self->err, ERR_INPUT, "%s has no value at %s=%.15g",
                       self->question->statistic, self->question->key, out->x);
    out->value = number.value;
    out->mcse = !self->out->is_exact && isfinite(number.mcse) ? number.mcse : 0;
    if (!self->out->is_exact)
        set_limits(data, statistic, out);
    return ERR_OK;
}

static enum err_code evaluate(struct search *self, double x, struct study_solve_point *out)
{
    char text[320];
    const char *set = text;
    struct scenario *s = self->scenario;
    int64_t n_candidates = s->engine_candidates, seed = s->engine_seed;
    struct engine_options engine = {.n_threads = self->options->n_threads,
                                    .stop = self->options->stop};
    struct dataset data = {0};
    *out = (struct study_solve_point){.x = x};
    snprintf(text, sizeof text, "%s=%.15g", self->question->key, x);
    s->engine_candidates = (int64_t)self->n_candidates;
    s->engine_seed = (int64_t)self->seed;
    study_evaluate(s, &set, 1, &engine, &data, self->err);
    s->engine_candidates = n_candidates;
    s->engine_seed = seed;
    if (!self->err->code)
        read_statistic(self, &data, out);
    dataset_free(&data);
    self->out->n_evaluations++;
    if (!self->err->code && self->options->progress)
        self->options->progress(out, self->options->context);
    return self->err->code;
}

static double miss(const struct search *self, const struct study_solve_point *at)
{
    return at->value - self->question->target;
}

static bool is_crossed(const struct search *self, const struct study_solve_point *a,
                       const struct study_solve_point *b)
{
    return (miss(self, a) <= 0) != (miss(self, b) <= 0);
}

/* A part of the candidates, whole blocks of them. */
static uint64_t part_of(const struct search *self, uint64_t divisor)
{
    uint64_t all = self->options->n_candidates, n = all / divisor / TALLY_BLOCK * TALLY_BLOCK;
    if (self->out->is_exact)
        return all;
    n = n < LEAST_CANDIDATES ? LEAST_CANDIDATES : n;
    return n < all ? n : all;
}

/* ---- the scan ---- */

static void judge_scan(struct search *self)
{
    struct study_solution *out = self->out;
    const struct study_solve_point *scan = out->scan, *last = &scan[out->n_scanned - 1];
    double sign = last->value >= scan[0].value ? 1 : -1;
    out->is_monotone = true;
    out->n_crossings = 0;
    for (size_t k = 1; k < out->n_scanned; k++) {
        double now = scan[k].mcse, before = scan[k - 1].mcse;
        double noise = 3 * sqrt(now * now + before * before) + 1e-12;
        if (sign * (scan[k].value - scan[k - 1].value) < -noise)
            out->is_monotone = false;
        out->n_crossings += is_crossed(self, &scan[k - 1], &scan[k]);
    }
}

static enum err_code refuse(struct search *self)
{
    const struct study_question *q = self->question;
    const struct study_solve_point *a = &self->out->scan[0];
    const struct study_solve_point *b = &self->out->scan[self->out->n_scanned - 1];
    return err_set(self->err, ERR_INPUT,
                   "%s is %.6g at %s=%.10g and %.6g at %.10g, and nowhere in between looked at "
                   "crosses %.10g: take other bounds",
                   q->statistic, a->value, q->key, a->x, b->value, b->x, q->target);
}

/* Evaluate across the range; *first is the step that crosses the target. */
static enum err_code scan(struct search *self, size_t *first)
{
    const struct study_question *q = self->question;
    struct study_solution *out = self->out;
    double n_steps = STUDY_SOLVE_MOST_SCANNED - 1;
    if (q->is_whole && q->high - q->low < n_steps)
        n_steps = q->high - q->low;
    for (double k = 0; k <= n_steps; k++) {
        double x = q->low + (q->high - q->low) * k / n_steps;
        if (evaluate(self, q->is_whole ? floor(x + 0.5) : x, &out->scan[out->n_scanned++]))
            return self->err->code;
    }
    judge_scan(self);
    if (out->n_crossings == 0)
        return refuse(self);
    *first = 1;
    while (!is_crossed(self, &out->scan[*first - 1], &out->scan[*first]))
        ++*first;
    return ERR_OK;
}

/* ---- a bracket with more candidates ---- */

/* Evaluate the ends anew; where they no longer lie on either side, move them outwards. */
static enum err_code bracket(struct search *self, double low, double high,
                             struct study_solve_point *a, struct study_solve_point *b)
{
    const struct study_question *q = self->question;
    if (evaluate(self, low, a) || evaluate(self, high, b))
        return self->err->code;
    double width = high - low;
    for (int k = 0; k < MOST_WIDER && !is_crossed(self, a, b); k++, width *= 2) {
        double from = real_max(a->x - width, q->low), to = real_min(b->x + width, q->high);
        if (from < a->x && evaluate(self, from, a))
            return self->err->code;
        if (!is_crossed(self, a, b) && to > b->x && evaluate(self, to, b))
            return self->err->code;
    }
    return is_crossed(self, a, b) ? ERR_OK : refuse(self);
}

/* ---- real numbers ---- */

/* Where the line through two points meets the target. */
static double meet(const struct search *self, const struct study_solve_point *a,
                   const struct study_solve_point *b)
{
    double f = miss(self, a), g = miss(self, b);
    return f == g ? 0.5 * (a->x + b->x) : a->x - f * (b->x - a->x) / (g - f);
}

/* Illinois: an end that stays twice counts half. Until the target is met within part of the
 * standard error or the bracket is as narrow as a part of the range. */
static enum err_code narrow(struct search *self, double within, double least_width,
                            struct study_solve_point *a, struct study_solve_point *b)
{
    double f = miss(self, a), g = miss(self, b);
    int side = 0;
    for (int k = 0; k < MOST_STEPS && b->x - a->x > least_width; k++) {
        struct study_solve_point c;
        double x = a->x - f * (b->x - a->x) / (g - f);
        if (!(x > a->x && x < b->x))
            x = 0.5 * (a->x + b->x);
        if (!(x > a->x && x < b->x))
            break;
        if (evaluate(self, x, &c))
            return self->err->code;
        double h = miss(self, &c);
        bool is_left = (h <= 0) == (miss(self, a) <= 0);
        *(is_left ? a : b) = c;
        if (is_left) {
            f = h;
            g *= side == 1 ? 0.5 : 1;
        } else {
            g = h;
            f *= side == -1 ? 0.5 : 1;
        }
        side = is_left ? 1 : -1;
        if (fabs(h) <= within * c.mcse || h == 0)
            break;
    }
    return ERR_OK;
}

/* The end nearer to the target where it is met, else the line between the ends. */
static double best_of(const struct search *self, const struct study_solve_point *a,
                      const struct study_solve_point *b)
{
    double f = fabs(miss(self, a)), g = fabs(miss(self, b));
    const struct study_solve_point *near = f < g ? a : b;
    return real_min(f, g) <= 0.02 * near->mcse ? near->x : meet(self, a, b);
}

/* The slope at x over a distance in which it is clear of the noise. */
static enum err_code find_slope(struct search *self, double x, double half, double *slope)
{
    const struct study_question *q = self->question;
    struct study_solve_point a, b;
    double from = real_max(x - half, q->low), to = real_min(x + half, q->high);
    if (evaluate(self, from, &a) || evaluate(self, to, &b))
        return self->err->code;
    *slope = (b.value - a.value) / (to - from);
    return ERR_OK;
}

static double se_of(double mcse, double slope)
{
    return mcse > 0 ? mcse / fabs(slope) : 0;
}

static enum err_code solve_real(struct search *self, size_t first)
{
    const struct study_question *q = self->question;
    struct study_solution *out = self->out;
    struct study_solve_point a = out->scan[first - 1], b = out->scan[first];
    double range = q->high - q->low, least_width = 1e-12 * range;
    if (!out->is_exact) {
        double slope = (b.value - a.value) / (b.x - a.x);
        self->n_candidates = part_of(self, 4);
        if (bracket(self, a.x, b.x, &a, &b) ||
            narrow(self, 0.5, real_min(0.2 * se_of(a.mcse, slope), 0.01 * range), &a, &b))
            return self->err->code;
        double x = best_of(self, &a, &b), se = se_of(real_max(a.mcse, b.mcse), slope);
        double half = real_max(real_min(2 * z95 * se, 0.1 * range), 1e-6 * range);
        self->n_candidates = self->options->n_candidates;
        least_width = real_max(real_min(0.02 * se, 1e-3 * range), least_width);
        if (bracket(self, real_max(x - half, q->low), real_min(x + half, q->high), &a, &b))
            return self->err->code;
    }
    if (narrow(self, 0.02, least_width, &a, &b))
        return self->err->code;
    out->value = best_of(self, &a, &b);
    out->below = a;
    out->above = b;
    double mcse = real_max(a.mcse, b.mcse);
    double half = real_max(2 * se_of(mcse, (b.value - a.value) / (b.x - a.x)), 0.005 * range);
    if (find_slope(self, out->value, isfinite(half) ? real_min(half, 0.05 * range) : 0.05 * range,
                   &out->slope))
        return self->err->code;
    double se = se_of(mcse, out->slope);
    out->low = out->is_exact ? real_min(a.x, out->value) : out->value - z95 * se;
    out->high = out->is_exact ? real_max(b.x, out->value) : out->value + z95 * se;
    return ERR_OK;
}

/* ---- whole numbers ---- */

static bool is_near(const struct search *self, const struct study_solve_point *at)
{
    return fabs(miss(self, at)) <= z95 * at->mcse;
}

/* How far outwards from an end the answer may lie: where the noise does not tell a statistic from
 * the target, it may keep to the relation or not; if it seems to, the next value may be the answer.
 */
static enum err_code walk(struct search *self, struct study_solve_point at, double step,
                          bool seems_kept, double *out)
{
    double end = step < 0 ? self->question->low : self->question->high;
    for (int k = 0; is_near(self, &at) && k < 100; k++) {
        *out = seems_kept && at.x != end ? at.x + step : at.x;
        if (at.x == end)
            break;
        if (evaluate(self, at.x + step, &at))
            return self->err->code;
    }
    return ERR_OK;
}

static const struct study_solve_point *choose(const struct search *self,
                                              const struct study_solve_point *a,
                                              const struct study_solve_point *b)
{
    double f = miss(self, a), g = miss(self, b);
    if (self->question->relation == STUDY_NEAREST)
        return fabs(f) <= fabs(g) ? a : b;
    return (self->question->relation == STUDY_AT_MOST) == (f < g) ? a : b;
}

static enum err_code solve_whole(struct search *self, size_t first)
{
    const struct study_question *q = self->question;
    struct study_solution *out = self->out;
    struct study_solve_point a = out->scan[first - 1], b = out->scan[first];
    self->n_candidates = self->options->n_candidates;
    if (bracket(self, a.x, b.x, &a, &b))
        return self->err->code;
    while (b.x - a.x > 1) {
        struct study_solve_point c;
        if (evaluate(self, floor(0.5 * (a.x + b.x)), &c))
            return self->err->code;
        *((miss(self, &c) <= 0) == (miss(self, &a) <= 0) ? &a : &b) = c;
    }
    const struct study_solve_point *chosen = choose(self, &a, &b);
    bool is_sided = q->relation != STUDY_NEAREST;
    out->value = out->low = out->high = chosen->x;
    out->slope = (double)NAN;
    out->below = a;
    out->above = b;
    if (walk(self, a, -1, is_sided && chosen == &a, &out->low) ||
        walk(self, b, 1, is_sided && chosen == &b, &out->high))
        return self->err->code;
    out->low = real_min(out->low, out->value);
    out->high = real_max(out->high, out->value);
    return ERR_OK;
}

/* ---- all of it ---- */

/* Decimals that are worth writing down: a fiftieth of the interval. */
static double rounded(const struct study_solution *self, double range)
{
    char text[64];
    double unit = self->is_exact ? 1e-10 * range : (self->high - self->low) / 200;
    int decimals = 0;
    for (double power = 1; decimals < 15 && unit * power < 1 - 1e-9; power *= 10)
        decimals++;
    snprintf(text, sizeof text, "%.*f", decimals, self->value);
    double value = self->value;
    return sscanf(text, "%lf", &value) == 1 ? value : self->value;
}

/* Another seed, as study_calibrate takes it. */
static uint64_t seed_of_check(uint64_t seed)
{
    return seed ^ UINT64_C(0x1E3779B97F4A7C15);
}

enum err_code study_solve(struct scenario *scenario, const struct study_question *question,
                          const struct study_solve_options *options, struct study_solution *self,
                          struct err *err)
{
    struct search search = {.scenario = scenario,
                            .question = question,
                            .options = options,
                            .out = self,
                            .seed = options->seed,
                            .err = err};
    size_t first = 1;
    *self = (struct study_solution){.is_exact = scenario->engine_sessions == STUDY_EXACT,
                                    .n_candidates = options->n_candidates,
                                    .seed = options->seed};
    search.n_candidates = part_of(&search, 16);
    if (scan(&search, &first) != ERR_OK)
        return err->code;
    if ((question->is_whole ? solve_whole(&search, first) : solve_real(&search, first)) != ERR_OK)
        return err->code;
    if (!question->is_whole)
        self->value = real_min(
            real_max(rounded(self, question->high - question->low), question->low), question->high);
    search.seed = seed_of_check(options->seed);
    search.n_candidates = options->n_candidates;
    return evaluate(&search, self->value, &self->reached);
}
