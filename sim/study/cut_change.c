/* What more items, a better bank or a second stage would buy: exams that differ from the
 * operational one in one thing, on the same candidates.
 *
 * A bank that is too small for a longer test gets copies of its items: parallel ones, which belong
 * to no enemy group. SPDX-License-Identifier: Apache-2.0 */
#include "cut_rates.h"

#include <retake/base/wording.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double near_cut = 0.5; /* logit */

/* ---- banks ---- */

/* A bank with room for n_more items, which has none of them yet. */
static bool copy_bank(struct cut_study *self, size_t n_more, struct irt_bank *out)
{
    const struct irt_bank *from = &self->base.bank;
    size_t n = from->n_items + n_more;
    struct irt_item *items = study_cut_alloc(self, n, sizeof *items);
    const char **ids = study_cut_alloc(self, n, sizeof *ids);
    const char **enemies = study_cut_alloc(self, n, sizeof *enemies);
    *out = *from;
    if (!items || !ids || !enemies)
        return false;
    memcpy(items, from->items, from->n_items * sizeof *items);
    memcpy(ids, from->ids, from->n_items * sizeof *ids);
    memcpy(enemies, from->enemies, from->n_items * sizeof *enemies);
    out->items = items;
    out->ids = ids;
    out->enemies = enemies;
    return true;
}

/* Put a row of one bank at the end of another. */
static void put(const struct irt_bank *from, size_t row, struct irt_bank *bank, uint8_t *taken)
{
    size_t at = bank->n_items++;
    bank->items[at] = from->items[row];
    ((const char **)bank->ids)[at] = from->ids[row];
    ((const char **)bank->enemies)[at] = from->enemies[row];
    taken[row] = 1;
}

/* A copy belongs to no enemy group. */
static void put_copy(const struct irt_bank *from, size_t row, struct irt_bank *bank, uint8_t *taken)
{
    put(from, row, bank, taken);
    bank->items[bank->n_items - 1].enemy = 0;
    ((const char **)bank->enemies)[bank->n_items - 1] = "";
}

struct place {
    double distance;
    size_t row;
};

static int by_distance(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->distance != y->distance)
        return x->distance < y->distance ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* Rows of the scored items, the nearest to the cut first. */
static struct place *by_nearness(struct cut_study *self, size_t *n)
{
    const struct irt_bank *bank = &self->base.bank;
    struct place *out = study_cut_alloc(self, bank->n_items, sizeof *out);
    *n = 0;
    for (size_t i = 0; out && i < bank->n_items; i++)
        if (!bank->items[i].is_pilot)
            out[(*n)++] =
                (struct place){fabs(bank->items[i].b - self->scenario->exam_cut_theta), i};
    if (out)
        qsort(out, *n, sizeof *out, by_distance);
    return out;
}

/* Copies of the n_more items that are nearest to the cut, or spread over the bank evenly. */
static void extend(struct cut_study *self, size_t n_more, bool is_near, struct irt_bank *out)
{
    size_t n;
    struct place *places = by_nearness(self, &n);
    uint8_t *taken = study_cut_alloc(self, self->base.bank.n_items, 1);
    if (!places || !taken || !copy_bank(self, n_more, out))
        return;
    for (size_t k = 0; k < n_more; k++)
        put_copy(&self->base.bank, places[(is_near ? k : k * n / n_more) % n].row, out, taken);
}

/* ---- the changes ---- */

static size_t n_scored(const struct cut_study *self)
{
    return self->base.bank.n_items - self->base.bank.n_pilots;
}

static void lengthen(struct cut_study *self, int64_t n_more, bool is_near, struct cut_policy *out)
{
    struct scenario *s = &out->scenario;
    s->exam_max_items += n_more;
    if ((size_t)s->exam_max_items > n_scored(self))
        extend(self, (size_t)s->exam_max_items - n_scored(self), is_near, &out->bank);
}

static bool more_items(struct cut_study *self, struct cut_policy *out)
{
    int64_t n = self->scenario->validate_more_items;
    if (n <= 0)
        return false;
    snprintf(out->name, sizeof out->name, "%s", wording_count((uint64_t)n, "more item").text);
    out->scenario.exam_min_items += n;
    lengthen(self, n, false, out);
    return true;
}

/* The scored items of the form, then what else there is, the nearest to the cut first, then copies
 * of the nearest; pilots last. */
static void stage_bank(struct cut_study *self, size_t n_form, size_t n_stage, struct irt_bank *out)
{
    const struct irt_bank *from = &self->base.bank;
    size_t n, n_left = n_scored(self) - n_form;
    struct place *places = by_nearness(self, &n);
    uint8_t *taken = study_cut_alloc(self, from->n_items, 1);
    if (!places || !taken || !copy_bank(self, n_stage, out))
        return;
    out->n_items = 0;
    for (size_t i = 0; i < from->n_items && out->n_items < n_form; i++)
        if (!from->items[i].is_pilot)
            put(from, i, out, taken);
    for (size_t k = 0; k < n && n_left > 0; k++)
        if (!taken[places[k].row])
            put(from, places[k].row, out, taken);
    for (size_t k = n_left; k < n_stage; k++)
        put_copy(from, places[(k - n_left) % n].row, out, taken);
    for (size_t i = 0; i < from->n_items; i++)
        if (from->items[i].is_pilot)
            put(from, i, out, taken);
}

/* Those whom the rule has not decided go on: an adaptive test as it is, one of a fixed length by
 * the rule of confidence from there on, a fixed form with the items nearest to the cut. */
static bool second_stage(struct cut_study *self, struct cut_policy *out)
{
    int64_t n = self->scenario->validate_stage_items;
    struct scenario *s = &out->scenario;
    if (n <= 0)
        return false;
    bool is_length = self->is_fixed || strcmp(s->exam_stop_rule, "fixed") == 0;
    snprintf(out->name, sizeof out->name, "up to %s %s",
             wording_count((uint64_t)n, "more item").text,
             is_length || self->decides != CAT_DECIDES_NOTHING ? "for the undecided"
                                                               : "as the stop rule asks");
    if (is_length) {
        s->exam_min_items = s->exam_max_items;
        s->exam_stop_rule = "confidence";
    }
    if (!self->is_fixed) {
        lengthen(self, n, true, out);
        return true;
    }
    out->n_form = (uint32_t)s->exam_max_items;
    s->exam_form = CONFIG_FORM_LINEAR;
    s->exam_max_items += n;
    stage_bank(self, out->n_form, (size_t)n, &out->bank);
    return true;
}

static bool better_items(struct cut_study *self, struct cut_policy *out)
{
    double gain = self->scenario->validate_bank_gain;
    if (gain == 1 || !copy_bank(self, 0, &out->bank))
        return false;
    snprintf(out->name, sizeof out->name, "items %g %% %s discriminating",
             floor(1e4 * fabs(gain - 1) + 0.5) / 100, gain > 1 ? "more" : "less");
    for (size_t i = 0; i < out->bank.n_items; i++)
        if (!out->bank.items[i].is_pilot)
            out->bank.items[i].a *= gain;
    return true;
}

/* Of no use to a linear form, which takes what it took. */
static bool more_near_cut(struct cut_study *self, struct cut_policy *out)
{
    size_t n, n_near = 0;
    struct place *places = by_nearness(self, &n);
    if (out->scenario.exam_form == CONFIG_FORM_LINEAR || !places)
        return false;
    while (n_near < n && places[n_near].distance <= near_cut)
        n_near++;
    snprintf(out->name, sizeof out->name, "twice the items within %g logit of the cut", near_cut);
    if (n_near > 0)
        extend(self, n_near, true, &out->bank);
    return n_near > 0;
}

size_t study_cut_changes_list(struct cut_study *self, struct cut_policy *out)
{
    static bool (*const makers[])(struct cut_study *, struct cut_policy *) = {
        more_items, second_stage, better_items, more_near_cut};
    size_t n = 0;
    if (self->scenario->exam_form == CONFIG_FORM_NORMAL)
        return 0;
    for (size_t k = 0; k < sizeof makers / sizeof *makers; k++)
        n += makers[k](self, &out[n]);
    return self->err->code ? 0 : n;
}

/* ---- what they come to ---- */

struct row {
    const char *name, *unit, *long_name;
    enum cut_rate which;
    bool is_last;  /* attempt */
    bool is_kappa; /* in place of which */
};

static void evaluate(struct cut_study *self, const struct row *row, size_t policy, double value[2],
                     double error[2])
{
    const struct cut_grid *grid = &self->grid;
    size_t attempt = row->is_last ? grid->n_attempts - 1 : 0, base = grid->operational;
    if (row->is_kappa) {
        study_cut_kappa_value(self, base, policy, value, error);
    } else {
        study_cut_rate_value(self, policy, row->which, attempt, grid->given, &value[0], &error[0]);
        study_cut_rate_difference(self, base, policy, row->which, attempt, grid->given, &value[1],
                                  &error[1]);
    }
}

static void add_row(struct cut_study *self, const struct row *row)
{
    size_t n = self->n_changes + 1;
    double *value[2], *error[2];
    for (int k = 0; k < 2; k++) {
        value[k] = study_cut_alloc(self, n, sizeof **value);
        error[k] = study_cut_alloc(self, n, sizeof **error);
    }
    for (size_t k = 0; k < n && !self->err->code; k++) {
        double v[2], e[2] = {0};
        size_t policy = k == 0 ? self->grid.operational : self->grid.n_cuts + k - 1;
        evaluate(self, row, policy, v, e);
        for (int j = 0; j < 2; j++) {
            value[j][k] = v[j];
            error[j][k] = e[j];
        }
    }
    char name[96], text[300];
    snprintf(name, sizeof name, "change_%s_difference", row->name);
    snprintf(text, sizeof text, "less that of the operational exam: %s", row->long_name);
    const struct cut_var difference = {
        .name = name, .unit = row->unit, .long_name = text, .value = value[1], .error = error[1]};
    char full[96];
    snprintf(full, sizeof full, "change_%s", row->name);
    study_cut_add(self,
                  &(struct cut_var){.name = full,
                                    .unit = row->unit,
                                    .long_name = row->long_name,
                                    .value = value[0],
                                    .error = error[0]},
                  CUT_DIMS("change"));
    study_cut_add(self, &difference, CUT_DIMS("change"));
}

static void add_dim(struct cut_study *self)
{
    const char *names[CUT_MAX_CHANGES + 1] = {"operational"};
    for (size_t k = 0; k < self->n_changes; k++)
        names[k + 1] = self->policies[self->grid.n_cuts + k].name;
    const struct dataset_dim dim = {.name = "change",
                                    .n = self->n_changes + 1,
                                    .type = DATASET_TEXT,
                                    .text = names,
                                    .unit = "",
                                    .long_name = "change to the exam, at the operational cut"};
    if (!self->err->code)
        dataset_add_dim(&self->out->dataset, &dim, self->err);
}

void study_cut_change_add(struct cut_study *self)
{
    static const struct row rows[] = {
        {"accuracy", "1", "first sittings whose decision agrees with true competence",
         CUT_RATE_ACCURACY, false, false},
        {"consistency", "1", "two independent first sittings decided alike", CUT_RATE_CONSISTENCY,
         false, false},
        {"kappa", "1", "Cohen's kappa of these decisions", CUT_RATE_CONSISTENCY, false, true},
        {"false_pass_rate", "1", "passed within the pathway, of those not competent",
         CUT_RATE_FALSE_PASS, true, false},
        {"false_fail_rate", "1", "not passed within the pathway, of those competent",
         CUT_RATE_FALSE_FAIL, true, false},
        {"session_length_mean", "items", "mean number of scored items of first sittings",
         CUT_RATE_LENGTH, false, false},
        {"cumulative_pass_rate", "1", "passed within the pathway, of candidates who attempted",
         CUT_RATE_CUMULATIVE, true, false},
    };
    if (self->n_changes == 0)
        return;
    add_dim(self);
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        add_row(self, &rows[k]);
}
