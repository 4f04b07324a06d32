/* Whether a bank suffices for an exam, from the pool and the statistics of a run.
 *
 * With r_i the share of sittings that meet scored item i (item_exposure_rate), independent
 * candidates have sum r_i^2 items in common on average, of sum r_i: the test overlap of Chen,
 * Ankenmann & Spray (2003). Sittings use sum r_i items of a domain and difficulty each; with no
 * item in more than a share g of them that takes (sum r_i)/g items. SPDX-License-Identifier:
 * Apache-2.0
 */
#include <retake/base/real.h>
#include <retake/study/cut_bank.h>

#include <retake/cat/adequacy.h>

#include <math.h>

/* Difficulties beyond these fall into the first and the last bin. */
static const double farthest_b = 5, bin_width = 0.5;

struct builder {
    const struct engine_plan *plan;
    const struct cat_design *cat;
    const struct dataset *run;
    const struct study_bank_demand *demand;
    struct tally_bins bins;
    struct dataset *out;
    struct arena scratch;
    struct err *err;
};

static void *scratch(struct builder *self, size_t n, size_t n_bytes)
{
    void *memory = arena_alloc(&self->scratch, (n > 0 ? n : 1) * n_bytes);
    if (!memory)
        err_set(self->err, ERR_MEMORY, "no memory for the adequacy of the bank");
    return memory;
}

static bool has_items(const struct engine_plan *plan)
{
    return plan->scenario->exam_form != CONFIG_FORM_NORMAL;
}

/* ---- dimensions ---- */

/* Whole bins that hold the scored items. */
static struct tally_bins difficulty_bins(const struct cat_design *cat)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < cat->n_scored; i++) {
        low = real_min(low, real_max(cat->items[i].b, -farthest_b));
        high = real_max(high, real_min(cat->items[i].b, farthest_b));
    }
    double first = floor(low / bin_width), last = floor(high / bin_width);
    return (struct tally_bins){
        .low = first * bin_width, .width = bin_width, .n = (size_t)(last - first) + 1};
}

static size_t bin_of(const struct tally_bins *self, double b)
{
    double position = (b - self->low) / self->width;
    if (!(position > 0))
        return 0;
    return position < (double)self->n ? (size_t)position : self->n - 1;
}

enum err_code study_bank_dims(const struct engine_plan *plan, struct dataset *out, struct err *err)
{
    const struct irt_bank *bank = &plan->bank;
    if (!has_items(plan))
        return ERR_OK;
    const struct tally_bins bins = difficulty_bins(&plan->cat);
    dataset_add_names(out, "domain", bank->n_domains, bank->domains, "content domain of the bank",
                      err);
    dataset_add_bins(out, "difficulty_bin", bins.low, bins.width, bins.n, "logit",
                     "difficulty of scored items (polytomous: mean of the thresholds); the first "
                     "and last bins also hold what lies beyond",
                     err);
    dataset_add_names(out, "item", bank->n_items, bank->ids, "item of the bank", err);
    return err->code;
}

/* ---- variables ---- */

static void add(struct builder *self, struct dataset_var var, const char *const *dims)
{
    var.n = 1;
    for (size_t k = 0; dims && dims[k] && !self->err->code; k++) {
        const struct dataset_dim *dim = dataset_dim(self->out, dims[k]);
        if (!dim) {
            err_set(self->err, ERR_INTERNAL, "%s: no dimension %s", var.name, dims[k]);
            return;
        }
        var.dim[var.n_dims++] = (size_t)(dim - self->out->dims);
        var.n *= dim->n;
    }
    if (!self->err->code)
        dataset_add_var(self->out, &var, self->err);
}

#define DIMS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void add_real(struct builder *self, const char *name, const double *real, const char *unit,
                     const char *const *dims, const char *long_name)
{
    add(self,
        (struct dataset_var){
            .name = name, .type = DATASET_REAL, .real = real, .unit = unit, .long_name = long_name},
        dims);
}

static void add_count(struct builder *self, const char *name, const int64_t *count,
                      const char *const *dims, const char *long_name)
{
    add(self,
        (struct dataset_var){.name = name,
                             .type = DATASET_COUNT,
                             .count = count,
                             .unit = "1",
                             .long_name = long_name},
        dims);
}

/* ---- information ---- */

static double theta_of(const struct scenario *s, double points)
{
    return s->exam_cut_theta + (points - s->exam_scale_cut) / s->exam_scale_per_logit;
}

static void add_information(struct builder *self, struct cat_ranked *ranked)
{
    const struct dataset_dim *points = dataset_dim(self->out, "score_point");
    size_t n = points ? points->n : 0;
    double *best = scratch(self, n, sizeof *best), *needed = scratch(self, n, sizeof *needed);
    if (!best || !needed)
        return;
    for (size_t k = 0; k < n; k++) {
        double theta = theta_of(self->plan->scenario, points->real[k]);
        best[k] = cat_best_information(self->cat, theta, ranked);
        needed[k] = cat_information_needed(self->cat, theta);
    }
    add_real(self, "bank_information_best", best, "1", DIMS("score_point"),
             "information [1/logit^2] of the most informative test of exam.max_items items that "
             "the content rules allow");
    add_real(self, "bank_information_needed", needed, "1", DIMS("score_point"),
             "information [1/logit^2] at which the stop rule ends a test with the estimate there; "
             "NaN: it asks for none");
}

static bool is_decided(const struct builder *self, double theta, struct cat_ranked *ranked)
{
    double needed = cat_information_needed(self->cat, theta);
    return !isnan(needed) && cat_best_information(self->cat, theta, ranked) >= needed;
}

/* The distance from the cut from which on the bank decides, on one side: the first of a row of
 * abilities, then halving. NaN: the rule asks for no information, or not within the row. */
static double distance_decided(const struct builder *self, int side, struct cat_ranked *ranked)
{
    const double step = 0.01, farthest = 6, cut = self->cat->exam.cut_theta;
    double high = step;
    while (high <= farthest && !is_decided(self, cut + side * high, ranked))
        high += step;
    if (high > farthest)
        return NAN;
    double low = high - step;
    for (int k = 0; k < 30; k++) {
        double middle = 0.5 * (low + high);
        *(is_decided(self, cut + side * middle, ranked) ? &high : &low) = middle;
    }
    return high;
}

static void add_undecidable(struct builder *self, struct cat_ranked *ranked)
{
    static const char *const names[] = {"bank_undecidable_below", "bank_undecidable_above"};
    static const char *const long_names[] = {
        "the nearest score below the cut that the bank can decide in exam.max_items items; NaN: "
        "none, or the stop rule asks for no information",
        "the nearest score above the cut that the bank can decide in exam.max_items items; NaN: "
        "none, or the stop rule asks for no information"};
    const struct scenario *s = self->plan->scenario;
    for (int k = 0; k < 2; k++) {
        int side = k == 0 ? -1 : 1;
        double points = s->exam_scale_cut +
                        side * s->exam_scale_per_logit * distance_decided(self, side, ranked);
        add_real(self, names[k], &points, "points", NULL, long_names[k]);
    }
}

/* ---- items ---- */

/* A variable over items of the run, in the bank's order; NULL: it has none. */
static const struct dataset_var *of_items(const struct builder *self, const char *name)
{
    const struct dataset_var *var = self->run ? dataset_var(self->run, name) : NULL;
    return var && var->type == DATASET_REAL && var->n == self->plan->bank.n_items ? var : NULL;
}

static void copy_items(struct builder *self, const char *name)
{
    const struct dataset_var *var = of_items(self, name);
    if (!var)
        return;
    struct dataset_var copy = *var;
    copy.n_dims = 0;
    add(self, copy, DIMS("item"));
}

static void add_a_year(struct builder *self, const char *name, const char *rate_name,
                       const char *long_name)
{
    const struct dataset_var *rate = of_items(self, rate_name);
    size_t n = self->plan->bank.n_items;
    double *value = scratch(self, n, sizeof *value);
    for (size_t i = 0; rate && value && i < n; i++)
        value[i] = self->demand->volume * rate->real[i];
    if (rate && value)
        add_real(self, name, value, "1", DIMS("item"), long_name);
}

static void add_items(struct builder *self)
{
    copy_items(self, "item_exposure_rate_mcse");
    copy_items(self, "item_exposure_rate");
    copy_items(self, "item_seen_again_rate_mcse");
    copy_items(self, "item_seen_again_rate");
    add_a_year(self, "item_exposures_a_year", "item_exposure_rate",
               "sittings a year in which the item is answered, at the volume");
}

/* ---- by domain and difficulty ---- */

static void add_bins(struct builder *self)
{
    const struct dataset_var *rate = of_items(self, "item_exposure_rate");
    size_t n = self->plan->bank.n_domains * self->bins.n;
    int64_t *items = scratch(self, n, sizeof *items), *over = scratch(self, n, sizeof *over);
    int64_t *needed = scratch(self, n, sizeof *needed),
            *missing = scratch(self, n, sizeof *missing);
    double *used = scratch(self, n, sizeof *used), greatest = self->demand->greatest_exposure;
    if (!items || !over || !needed || !missing || !used)
        return;
    for (size_t i = 0; i < self->cat->n_scored; i++) {
        const struct irt_item *item = &self->cat->items[i];
        size_t cell = item->domain * self->bins.n + bin_of(&self->bins, item->b);
        double r = rate ? rate->real[self->cat->order[i]] : 0;
        items[cell]++;
        used[cell] += r;
        over[cell] += r > greatest + 1e-12;
    }
    for (size_t k = 0; k < n; k++) {
        needed[k] = (int64_t)ceil(used[k] / greatest - 1e-9);
        missing[k] = needed[k] > items[k] ? needed[k] - items[k] : 0;
    }
    const char *const dims[] = {"domain", "difficulty_bin", NULL};
    add_count(self, "bank_n_items", items, dims, "scored items of the bank");
    if (!rate)
        return;
    add_real(self, "bank_items_used_mean", used, "1", dims, "scored items that a sitting uses");
    add_count(self, "bank_n_overexposed", over, dims,
              "scored items in more than the greatest share of sittings");
    add_count(self, "bank_n_needed", needed, dims,
              "scored items with which no item is in more than the greatest share of sittings, if "
              "those of the domain and difficulty share its use evenly");
    add_count(self, "bank_n_short", missing, dims, "scored items that are missing for that");
}

/* ---- in all ---- */

static void add_overlap(struct builder *self)
{
    const struct dataset_var *rate = of_items(self, "item_exposure_rate");
    const struct dataset_var *again = of_items(self, "item_seen_again_rate");
    double length = 0, common = 0, met = 0;
    if (!rate || !again)
        return;
    for (size_t i = 0; i < self->cat->n_scored; i++) {
        double r = rate->real[self->cat->order[i]];
        length += r;
        common += r * r;
        met += again->real[self->cat->order[i]];
    }
    common /= length;
    add_real(self, "bank_overlap_rate", &common, "1", NULL,
             "expected share of scored items that two candidates have in common: sum r^2 / sum r "
             "over item_exposure_rate r (Chen, Ankenmann & Spray 2003)");
    add_real(self, "bank_seen_again_mean", &met, "1", NULL,
             "scored items of a retake that the candidate had met before; NaN: no retakes");
}

enum err_code study_bank_add(const struct engine_plan *plan, const struct dataset *run,
                             const struct study_bank_demand *demand, struct dataset *out,
                             struct err *err)
{
    if (plan->scenario->n_constraints > 0)
        err_note(err,
                 "%s: exam.content.constraints: not counted in what the bank can give, which is "
                 "an upper bound",
                 plan->scenario->path);
    struct builder self = {
        .plan = plan, .cat = &plan->cat, .run = run, .demand = demand, .out = out, .err = err};
    if (!has_items(plan))
        return ERR_OK;
    struct cat_ranked *ranked = scratch(&self, self.cat->n_scored, sizeof *ranked);
    if (ranked) {
        self.bins = difficulty_bins(self.cat);
        add_information(&self, ranked);
        add_undecidable(&self, ranked);
        add_bins(&self);
        add_items(&self);
        add_overlap(&self);
    }
    arena_free(&self.scratch);
    return err->code;
}
