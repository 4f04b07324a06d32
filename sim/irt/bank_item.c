/* The parameters of one item from its row, whatever the layout.
 * SPDX-License-Identifier: Apache-2.0 */
#include "bank_reader.h"

#include <string.h>
#include <strings.h>

/* The parameters that a model leaves free beyond b or the thresholds. */
static const struct {
    const char *name;
    enum irt_model model;
    bool free_a, free_c, free_d;
} models[] = {
    {"rasch", IRT_LOGISTIC, false, false, false}, {"1pl", IRT_LOGISTIC, true, false, false},
    {"2pl", IRT_LOGISTIC, true, false, false},    {"3pl", IRT_LOGISTIC, true, true, false},
    {"4pl", IRT_LOGISTIC, true, true, true},      {"pcm", IRT_GPCM, false, false, false},
    {"gpcm", IRT_GPCM, true, false, false},       {"grm", IRT_GRM, true, false, false},
    {"pc", IRT_GPCM, false, false, false},        {"gpc", IRT_GPCM, true, false, false},
    {"gr", IRT_GRM, true, false, false},          {"graded", IRT_GRM, true, false, false}};

enum { N_MODELS = sizeof models / sizeof models[0] };

static const double max_size = 100; /* of a, b and thresholds */

/* ---- model ---- */

static bool has_steps(const struct irt_bank_reader *self, size_t row)
{
    for (size_t k = 0; k < IRT_MAX_STEPS; k++)
        if (irt_bank_filled(self, row, COL_STEP + k))
            return true;
    return false;
}

/* Without a column 'model' the layout tells, all but in R's tables of one kind. */
static enum err_code infer_model(struct irt_bank_reader *self, size_t row,
                                 struct irt_parameters *out)
{
    enum irt_layout layout = self->layout;
    out->free_a = out->free_c = out->free_d = true;
    if (layout == LAYOUT_TESTDESIGN)
        return err_set(self->err, ERR_INPUT, "%s:1:1: a TestDesign pool needs a column 'MODEL'",
                       self->table->path);
    if (!has_steps(self, row))
        return ERR_OK;
    if (layout == LAYOUT_PLAIN || layout == LAYOUT_MIRT_IRT) {
        size_t k = COL_STEP;
        while (!irt_bank_filled(self, row, k))
            k++;
        return IRT_BANK_FAULT(self, row, self->at[k],
                              "thresholds need a column 'model': pcm, gpcm or grm");
    }
    bool is_partial = layout == LAYOUT_CATR_PARTIAL || irt_bank_filled(self, row, COL_SCORE);
    out->model = is_partial ? IRT_GPCM : IRT_GRM;
    out->free_c = out->free_d = false;
    return ERR_OK;
}

static enum err_code read_model(struct irt_bank_reader *self, size_t row,
                                struct irt_parameters *out)
{
    const char *name = irt_bank_text(self, row, COL_MODEL);
    size_t k = 0;
    if (!irt_has_column(self, COL_MODEL))
        return infer_model(self, row, out);
    while (k < N_MODELS && strcasecmp(name, models[k].name) != 0)
        k++;
    if (k < N_MODELS) {
        out->model = models[k].model;
        out->free_a = models[k].free_a;
        out->free_c = models[k].free_c;
        out->free_d = models[k].free_d;
        return ERR_OK;
    }
    out->free_a = out->free_c = out->free_d = true;
    return IRT_BANK_FAULT(self, row, self->at[COL_MODEL],
                          "unknown model '%s'; known: rasch, 1PL, 2PL, 3PL, 4PL, pcm, gpcm, grm",
                          name);
}

/* ---- cells ---- */

static enum err_code read_value(struct irt_bank_reader *self, size_t row, size_t part,
                                bool may_be_empty, double *out, size_t *at)
{
    if (!irt_has_column(self, part) || (may_be_empty && !irt_bank_filled(self, row, part)))
        return ERR_OK;
    *at = self->at[part];
    return irt_bank_number(self, row, *at, out);
}

/* Thresholds in the columns from first on. */
static enum err_code read_steps(struct irt_bank_reader *self, size_t row, size_t first,
                                struct irt_parameters *out)
{
    size_t n = COL_STEP + IRT_MAX_STEPS - first;
    while (n > 0 && !irt_bank_filled(self, row, first + n - 1))
        n--;
    out->n_steps = n;
    for (size_t k = 0; k < n; k++) {
        if (!irt_has_column(self, first + k))
            return err_set(self->err, ERR_INPUT, "%s:1:%zu: a column of thresholds is missing",
                           self->table->path, self->table->header[self->at[first + n - 1]].column);
        if (read_value(self, row, first + k, false, &out->steps[k], &out->at_steps[k]) != ERR_OK)
            return self->err->code;
    }
    return ERR_OK;
}

static enum err_code read_columns(struct irt_bank_reader *self, size_t row,
                                  struct irt_parameters *out)
{
    bool is_foreign = self->layout != LAYOUT_PLAIN, is_polytomous = out->model != IRT_LOGISTIC;
    if (read_value(self, row, COL_A, !out->free_a, &out->a, &out->at_a) ||
        read_value(self, row, COL_C, is_foreign || !out->free_c, &out->c, &out->at_c) ||
        read_value(self, row, COL_D, is_foreign || !out->free_d, &out->d, &out->at_d))
        return self->err->code;
    if (!is_polytomous && is_foreign && !irt_has_column(self, COL_B))
        return IRT_BANK_FAULT(self, row, out->at_a, "an item without difficulty or thresholds");
    if (!is_polytomous)
        return read_value(self, row, COL_B, false, &out->b, &out->at_b);
    if (irt_bank_filled(self, row, COL_B) &&
        IRT_BANK_FAULT(self, row, self->at[COL_B],
                       "a polytomous item has thresholds, one a column, in place of this"))
        return self->err->code;
    return read_steps(self, row, COL_STEP, out);
}

/* ---- TestDesign ---- */

static enum err_code read_testdesign(struct irt_bank_reader *self, size_t row,
                                     struct irt_parameters *out)
{
    const char *name = irt_bank_text(self, row, COL_MODEL);
    bool has_a = out->free_a && strcasecmp(name, "1pl") != 0;
    size_t next = COL_STEP;
    if (has_a && read_value(self, row, next++, false, &out->a, &out->at_a) != ERR_OK)
        return self->err->code;
    if (out->model != IRT_LOGISTIC)
        return read_steps(self, row, next, out);
    if (read_value(self, row, next++, false, &out->b, &out->at_b) ||
        (out->free_c && read_value(self, row, next++, false, &out->c, &out->at_c)) ||
        (out->free_d && read_value(self, row, next++, false, &out->d, &out->at_d)))
        return self->err->code;
    for (; next < COL_STEP + IRT_MAX_STEPS; next++)
        if (irt_bank_filled(self, row, next) &&
            IRT_BANK_FAULT(self, row, self->at[next], "one parameter too many for model %s", name))
            return self->err->code;
    return ERR_OK;
}

/* ---- mirt ---- */

/* From intercepts to difficulties. */
static enum err_code convert_mirt(struct irt_bank_reader *self, size_t row,
                                  struct irt_parameters *out)
{
    double last = 0, score;
    if (!(out->a > 0))
        return ERR_OK;               /* refused later */
    out->b = -out->b / out->a + 0.0; /* no -0 */
    if (out->model == IRT_GPCM && irt_bank_filled(self, row, COL_D0) &&
        irt_bank_number(self, row, self->at[COL_D0], &last) != ERR_OK)
        return self->err->code;
    for (size_t k = 0; k < out->n_steps; k++) {
        double intercept = out->steps[k];
        out->steps[k] = (last - intercept) / out->a;
        if (out->model == IRT_GPCM)
            last = intercept;
    }
    for (size_t k = 0; k <= out->n_steps && out->model == IRT_GPCM; k++) {
        score = (double)k;
        if (irt_bank_filled(self, row, COL_SCORE + k) &&
            irt_bank_number(self, row, self->at[COL_SCORE + k], &score) != ERR_OK)
            return self->err->code;
        if (score != (double)k && IRT_BANK_FAULT(self, row, self->at[COL_SCORE + k],
                                                 "%g: the score of category %zu must be %zu in "
                                                 "a partial-credit model",
                                                 score, k, k))
            return self->err->code;
    }
    return ERR_OK;
}

/* ---- what must hold ---- */

static enum err_code check_range(struct irt_bank_reader *self, size_t row, size_t at, double min,
                                 double max, double instead, double *value)
{
    bool is_open = min == 0 && max > 1; /* a */
    double bad = *value;
    if (bad >= min && bad <= max && !(is_open && bad == min))
        return ERR_OK;
    *value = instead;
    return IRT_BANK_FAULT(self, row, at, "%g is out of range (%g to %g%s)", bad, min, max,
                          is_open ? ", above the first" : "");
}

/* Programs that estimate report a reversed item by the sign of its slope. */
static enum err_code check_slope(struct irt_bank_reader *self, size_t row, struct irt_parameters *p)
{
    double bad = p->a;
    if (bad > 0)
        return check_range(self, row, p->at_a, 0, max_size, 1, &p->a);
    p->a = 1;
    if (bad == 0)
        return IRT_BANK_FAULT(self, row, p->at_a, "0: a discrimination is above 0");
    return IRT_BANK_FAULT(self, row, p->at_a,
                          "%g is negative: the item has a wrong key or is scored in reverse, or, "
                          "where most are negative, the solution is reflected (mirt: turn the sign "
                          "of every slope)",
                          bad);
}

/* d is an upper asymptote; D, and what is about 1.7, the constant that scales logits. */
static bool is_scaling(const struct irt_bank_reader *self, const struct irt_parameters *p)
{
    return p->d > 1 &&
           (strcmp(self->table->header[p->at_d].text, "D") == 0 || (p->d > 1.65 && p->d < 1.75));
}

static enum err_code check_upper(struct irt_bank_reader *self, size_t row, struct irt_parameters *p)
{
    double bad = p->d;
    if (!is_scaling(self, p))
        return check_range(self, row, p->at_d, 0, 1, 1, &p->d);
    p->d = 1;
    return IRT_BANK_FAULT(self, row, p->at_d, "%g is above 1; " IRT_SCALING_HINT, bad);
}

static enum err_code check_free(struct irt_bank_reader *self, size_t row,
                                const struct irt_parameters *p)
{
    const char *name = irt_bank_text(self, row, COL_MODEL);
    size_t at = SIZE_MAX;
    if (!p->free_a && p->a != 1)
        at = p->at_a;
    else if (!p->free_c && p->c != 0)
        at = p->at_c;
    else if (!p->free_d && p->d != 1)
        at = p->at_d;
    if (at == SIZE_MAX)
        return ERR_OK;
    return IRT_BANK_FAULT(self, row, at, "model %s does not have this parameter",
                          *name                 ? name
                          : p->model == IRT_GRM ? "grm"
                                                : "gpcm");
}

static enum err_code check_steps(struct irt_bank_reader *self, size_t row, struct irt_parameters *p)
{
    size_t at = irt_has_column(self, COL_MODEL) ? self->at[COL_MODEL] : 0;
    const char *name = irt_bank_text(self, row, COL_MODEL);
    if (p->model == IRT_LOGISTIC) {
        for (size_t k = 0; k < IRT_MAX_STEPS && self->layout != LAYOUT_TESTDESIGN; k++)
            if (*name && irt_bank_filled(self, row, COL_STEP + k))
                return IRT_BANK_FAULT(self, row, self->at[COL_STEP + k],
                                      "model %s has no thresholds", name);
        return ERR_OK;
    }
    if (p->n_steps == 0) {
        p->model = IRT_LOGISTIC;
        return IRT_BANK_FAULT(self, row, at, "model %s needs thresholds (b1, b2, ...)", name);
    }
    for (size_t k = 0; k < p->n_steps; k++)
        if (check_range(self, row, p->at_steps[k], -max_size, max_size,
                        p->steps[k] < 0 ? -max_size : max_size, &p->steps[k]))
            return self->err->code;
    for (size_t k = 1; k < p->n_steps && p->model == IRT_GRM; k++)
        if (p->steps[k] <= p->steps[k - 1] &&
            IRT_BANK_FAULT(self, row, p->at_steps[k],
                           "%g after %g: the thresholds of a graded item must rise", p->steps[k],
                           p->steps[k - 1]))
            return self->err->code;
    return ERR_OK;
}

static enum err_code check_parameters(struct irt_bank_reader *self, size_t row,
                                      struct irt_parameters *p)
{
    if (check_slope(self, row, p) ||
        check_range(self, row, p->at_b, -max_size, max_size, 0, &p->b) ||
        check_range(self, row, p->at_c, 0, 1, 0, &p->c) || check_upper(self, row, p))
        return self->err->code;
    if (p->c >= p->d && IRT_BANK_FAULT(self, row, irt_has_column(self, COL_C) ? p->at_c : p->at_d,
                                       "c must be below d"))
        return self->err->code;
    if (check_free(self, row, p) != ERR_OK)
        return self->err->code;
    return check_steps(self, row, p);
}

enum err_code irt_bank_parameters(struct irt_bank_reader *self, size_t row,
                                  struct irt_parameters *out)
{
    *out = (struct irt_parameters){.a = 1, .d = 1};
    if (read_model(self, row, out) != ERR_OK)
        return self->err->code;
    enum err_code code = self->layout == LAYOUT_TESTDESIGN ? read_testdesign(self, row, out)
                                                           : read_columns(self, row, out);
    if (code == ERR_OK && self->layout == LAYOUT_MIRT)
        code = convert_mirt(self, row, out);
    return code == ERR_OK ? check_parameters(self, row, out) : code;
}
