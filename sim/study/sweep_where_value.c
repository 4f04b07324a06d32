/* Conditions on the policies of a design, evaluated on a stack. A value is a number, a text, or
 * both: a text that is a number is one. Flags are 1 and 0, and "none" is a limit of infinity.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sweep_where.h"

#include <retake/config/params.h>
#include <retake/config/reference.h>

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sweep_where_steps.h"

static enum err_code __attribute__((format(printf, 5, 6)))
refuse(const struct study_sweep *self, const struct study_condition *condition, size_t at,
       struct err *err, const char *format, ...)
{
    char message[600];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return study_sweep_refuse(self, condition->line, condition->column + at, "where", err,
                              ERR_INPUT, "%s", message);
}

/* ---- words, before the first policy ---- */

static bool is_leaf(const struct where_step *step)
{
    return step->kind <= WHERE_AXIS;
}

/* The words that a value may be; where any may be, 0. */
struct vocabulary {
    size_t n, n_room;
    const char **words;
    char choices[512]; /* cut apart */
};

static void vocabulary_add(struct vocabulary *self, const char *word)
{
    if (self->n < self->n_room)
        self->words[self->n++] = word;
}

static void add_choices(struct vocabulary *self, const struct param *param)
{
    char *rest = self->choices;
    snprintf(self->choices, sizeof self->choices, "%s", param->choices);
    for (char *word; (word = strsep(&rest, "|"));)
        vocabulary_add(self, word);
}

static void add_values(struct vocabulary *self, const struct study_sweep *sweep, size_t column)
{
    for (size_t k = 0; column < sweep->n_columns && k < sweep->n_drawn; k++)
        vocabulary_add(self, sweep->values[k * sweep->n_columns + column]);
}

static void vocabulary_fill(struct vocabulary *self, const struct study_sweep *sweep,
                            const struct where_step *of)
{
    const struct study_axis *axis = of->kind == WHERE_AXIS ? &sweep->axes[of->axis] : NULL;
    const struct param *param = axis ? NULL : config_param_find(of->text);
    for (size_t k = 0; axis && axis->labels && k < axis->n_values; k++)
        vocabulary_add(self, axis->labels[k]);
    if (param && (param->type == PARAM_CHOICE || param->type == PARAM_WORDS))
        add_choices(self, param);
    else if (param)
        add_values(self, sweep, of->column);
}

/* A word that stands for a number: of a flag, of a limit. */
static bool becomes_number(struct where_step *word, const struct param *param)
{
    bool is_yes = strcasecmp(word->text, "true") == 0 || strcasecmp(word->text, "yes") == 0;
    bool is_no = strcasecmp(word->text, "false") == 0 || strcasecmp(word->text, "no") == 0;
    if (param->type == PARAM_FLAG && (is_yes || is_no))
        word->number = is_yes;
    else if (param->type == PARAM_LIMIT && strcmp(word->text, "none") == 0)
        word->number = INFINITY;
    else
        return false;
    word->kind = WHERE_NUMBER;
    return true;
}

static enum err_code refuse_kind(const struct study_sweep *self,
                                 const struct study_condition *condition,
                                 const struct where_step *word, const struct where_step *other,
                                 struct err *err)
{
    if (other->kind == WHERE_AXIS)
        return refuse(self, condition, word->at, err,
                      "axis %s has no labels: its values are 1 to %zu, not '%.80s'", other->text,
                      self->axes[other->axis].n_values, word->text);
    return refuse(self, condition, word->at, err, "%s is %s, not '%.80s'", other->text,
                  config_param_find(other->text)->type == PARAM_FLAG ? "true or false" : "a number",
                  word->text);
}

/* Whether a word can be what it is compared with. */
static enum err_code check_word(const struct study_sweep *self,
                                const struct study_condition *condition, struct where_step *word,
                                const struct where_step *other, struct err *err)
{
    const struct param *param =
        other->kind == WHERE_PARAMETER ? config_param_find(other->text) : NULL;
    bool has_numbers = param ? param->type == PARAM_REAL || param->type == PARAM_LIMIT ||
                                   param->type == PARAM_COUNT || param->type == PARAM_FLAG
                             : !self->axes[other->axis].labels;
    if (param && becomes_number(word, param))
        return ERR_OK;
    if (has_numbers)
        return refuse_kind(self, condition, word, other, err);
    struct vocabulary known = {.n_room = 64 + self->n_drawn +
                                         (param ? 0 : self->axes[other->axis].n_values)};
    known.words = calloc(known.n_room, sizeof *known.words);
    if (study_sweep_memory(known.words, err) != ERR_OK)
        return err->code;
    vocabulary_fill(&known, self, other);
    bool is_known = known.n == 0;
    for (size_t k = 0; k < known.n; k++)
        is_known = is_known || strcmp(known.words[k], word->text) == 0;
    const char *near = is_known ? NULL : config_nearest_word(word->text, known.words, known.n);
    if (!is_known)
        refuse(self, condition, word->at, err, "%s is never '%.80s'%s%.80s%s", other->text,
               word->text, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    free(known.words);
    return err->code;
}

static enum err_code refuse_stray(const struct study_sweep *self,
                                  const struct study_condition *condition,
                                  const struct where_step *word, struct err *err)
{
    char hint[256];
    if (word->is_quoted)
        return refuse(self, condition, word->at, err,
                      "a text stands beside ==, != or in, opposite a parameter or an axis");
    config_reference_hint(word->text, hint, sizeof hint);
    return refuse(self, condition, word->at, err, "unknown parameter or axis '%.80s'%s", word->text,
                  hint);
}

static bool is_named(const struct where_step *step)
{
    return step->kind == WHERE_PARAMETER || step->kind == WHERE_AXIS;
}

/* Operands of == that are single steps are the two before it. */
static enum err_code check_words(const struct study_sweep *self, struct study_condition *condition,
                                 struct err *err)
{
    struct where_step *steps = condition->steps;
    for (size_t s = 0; s < condition->n_steps && !err->code; s++) {
        bool is_right = s >= 1 && is_named(&steps[s - 1]) && s + 1 < condition->n_steps;
        bool is_left = s + 2 < condition->n_steps && is_leaf(&steps[s + 1]);
        const struct where_step *other = NULL;
        if (steps[s].kind != WHERE_WORD)
            continue;
        if (is_left && is_named(&steps[s + 1]) &&
            (steps[s + 2].kind == WHERE_EQUAL || steps[s + 2].kind == WHERE_UNEQUAL))
            other = &steps[s + 1];
        else if (is_right &&
                 (steps[s + 1].kind == WHERE_EQUAL || steps[s + 1].kind == WHERE_UNEQUAL))
            other = &steps[s - 1];
        const struct param *param = s >= 1 && steps[s - 1].kind == WHERE_PARAMETER
                                        ? config_param_find(steps[s - 1].text)
                                        : NULL;
        bool is_day = param && param->type == PARAM_DAY && s + 1 < condition->n_steps &&
                      steps[s + 1].kind >= WHERE_LESS && steps[s + 1].kind <= WHERE_GREATER_EQUAL;
        if (other)
            check_word(self, condition, &steps[s], other, err);
        else if (!is_day)
            refuse_stray(self, condition, &steps[s], err);
    }
    return err->code;
}

static enum err_code resolve_step(const struct study_sweep *self,
                                  const struct study_condition *condition,
                                  const struct scenario *base, struct where_step *step,
                                  struct arena *arena, struct err *err)
{
    char text[CONFIG_LIST_BYTES];
    if (step->kind != WHERE_PARAMETER)
        return ERR_OK;
    step->column = study_sweep_column(self, step->text);
    if (step->column < self->n_columns)
        return ERR_OK;
    if (!study_values_format(base, step->text, text))
        return refuse(self, condition, step->at, err, "the base has no %s", step->text);
    step->base_text = arena_text(arena, text, strlen(text));
    return study_sweep_memory(step->base_text, err);
}

enum err_code study_where_resolve(struct study_sweep *self, const struct scenario *base,
                                  struct err *err)
{
    for (size_t c = 0; c < self->n_conditions; c++) {
        struct study_condition *condition = &self->conditions[c];
        for (size_t s = 0; s < condition->n_steps; s++)
            if (resolve_step(self, condition, base, &condition->steps[s], &self->arena, err) !=
                ERR_OK)
                return err->code;
        if (check_words(self, condition, err) != ERR_OK)
            return err->code;
    }
    return ERR_OK;
}

/* ---- values ---- */

struct value {
    bool is_number;
    double number;
    const char *text; /* NULL: of a calculation */
};

static struct value value_number(double number)
{
    return (struct value){true, number, NULL};
}

static struct value value_text(const char *text, const struct param *param)
{
    struct value out = {.text = text};
    out.is_number = study_sweep_number(text, &out.number);
    if (param && param->type == PARAM_FLAG)
        out = value_number(strchr("tTyY", text[0]) != NULL);
    if (param && param->type == PARAM_LIMIT && strcmp(text, "none") == 0)
        out = value_number(INFINITY);
    return out;
}

static struct value value_of(const struct study_sweep *self, size_t k,
                             const struct where_step *step)
{
    if (step->kind == WHERE_NUMBER)
        return value_number(step->number);
    if (step->kind == WHERE_WORD)
        return value_text(step->text, NULL);
    if (step->kind == WHERE_PARAMETER)
        return value_text(step->column < self->n_columns
                              ? self->values[k * self->n_columns + step->column]
                              : step->base_text,
                          config_param_find(step->text));
    size_t choice = self->choices[k * self->n_axes + step->axis];
    const struct study_axis *axis = &self->axes[step->axis];
    return axis->labels ? value_text(axis->labels[choice], NULL) : value_number((double)choice + 1);
}

static double combine(enum where_kind kind, double a, double b)
{
    switch (kind) {
    case WHERE_ADD:
        return a + b;
    case WHERE_SUBTRACT:
        return a - b;
    case WHERE_MULTIPLY:
        return a * b;
    case WHERE_DIVIDE:
        return a / b;
    case WHERE_LESS:
        return a < b;
    case WHERE_LESS_EQUAL:
        return a <= b;
    case WHERE_GREATER:
        return a > b;
    case WHERE_GREATER_EQUAL:
        return a >= b;
    case WHERE_EQUAL:
        return a == b;
    case WHERE_UNEQUAL:
        return a != b;
    case WHERE_AND:
        return a != 0 && b != 0;
    default:
        return a != 0 || b != 0;
    }
}

/* Texts are compared as such, which puts dates in order. False: the two do not go together. */
static bool values_combine(enum where_kind kind, struct value *a, const struct value *b)
{
    bool is_comparison = kind >= WHERE_LESS && kind <= WHERE_UNEQUAL;
    if (a->is_number && b->is_number) {
        *a = value_number(combine(kind, a->number, b->number));
        return true;
    }
    if (!is_comparison || !a->text || !b->text)
        return false;
    *a = value_number(combine(kind, (double)strcmp(a->text, b->text), 0));
    return true;
}

/* What stands on the stack that a step cannot use. */
static enum err_code refuse_value(const struct study_sweep *self,
                                  const struct study_condition *condition, size_t k,
                                  const struct value *a, const struct value *b, struct err *err)
{
    const char *text = !a->is_number ? a->text : b && !b->is_number ? b->text : "";
    return refuse(self, condition, 0, err, "'%.80s' is not a number in policy %zu", text, k + 1);
}

static enum err_code evaluate(const struct study_sweep *self, size_t k,
                              const struct study_condition *condition, bool *out, struct err *err)
{
    struct value stack[WHERE_MAX_STEPS + 1];
    size_t n = 0;
    for (size_t s = 0; s < condition->n_steps; s++) {
        const struct where_step *step = &condition->steps[s];
        if (is_leaf(step)) {
            stack[n++] = value_of(self, k, step);
        } else if (step->kind == WHERE_NEGATE || step->kind == WHERE_NOT) {
            struct value *top = &stack[n - 1];
            if (!top->is_number)
                return refuse_value(self, condition, k, top, NULL, err);
            *top = value_number(step->kind == WHERE_NOT ? top->number == 0 : -top->number);
        } else {
            n--;
            if (!values_combine(step->kind, &stack[n - 1], &stack[n]))
                return refuse_value(self, condition, k, &stack[n - 1], &stack[n], err);
        }
    }
    if (!stack[0].is_number)
        return refuse_value(self, condition, k, &stack[0], NULL, err);
    *out = stack[0].number != 0;
    return ERR_OK;
}

enum err_code study_where_meets(const struct study_sweep *self, size_t k, bool *meets,
                                struct err *err)
{
    *meets = true;
    for (size_t c = 0; c < self->n_conditions && *meets; c++)
        if (evaluate(self, k, &self->conditions[c], meets, err) != ERR_OK)
            return err->code;
    return ERR_OK;
}
