/* Expressions in reverse Polish order, made by recursive descent and evaluated on a stack.
 *
 *     condition = clause {"or" clause}        clause = relation {"and" relation}
 *     relation  = sum [("<=" | "<" | ">=" | ">" | "==" | "!=") sum]
 *     sum = term {("+" | "-") term}           term = factor {("*" | "/") factor}
 *     factor = number | parameter | "-" factor | "not" factor | "(" condition ")"
 *
 * A parameter that no axis sets has the value of the base.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sweep_where.h"

#include <retake/config/params.h>
#include <retake/config/reference.h>

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_STEPS = 200, MAX_DEPTH = 50, MAX_CONDITIONS = 100 };

enum step_kind {
    NUMBER,
    PARAMETER,
    NEGATE,
    NOT,
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    LESS,
    LESS_EQUAL,
    GREATER,
    GREATER_EQUAL,
    EQUAL,
    UNEQUAL,
    AND,
    OR
};

struct step {
    enum step_kind kind;
    double number;
    const char *key;
};

struct study_condition {
    const char *text;
    size_t line, column; /* of its first character */
    size_t n_steps;
    struct step *steps;
};

struct parser {
    const struct study_sweep *sweep;
    struct study_condition *condition;
    const char *at;
    int depth;
    struct arena *arena;
    struct err *err;
};

static void parse_condition(struct parser *self);

static void refuse(struct parser *self, const char *message)
{
    size_t column = self->condition->column + (size_t)(self->at - self->condition->text);
    if (!self->err->code)
        study_sweep_refuse(self->sweep, self->condition->line, column, "where", self->err,
                           ERR_INPUT, "%s", message);
}

static void push(struct parser *self, struct step step)
{
    if (self->err->code)
        return;
    if (self->condition->n_steps == MAX_STEPS) {
        refuse(self, "the condition is too long");
        return;
    }
    self->condition->steps[self->condition->n_steps++] = step;
}

static void skip_blanks(struct parser *self)
{
    self->at += strspn(self->at, " \t\n");
}

/* Take a sign or a whole word. */
static bool take(struct parser *self, const char *word)
{
    size_t n = strlen(word);
    skip_blanks(self);
    bool is_word = isalpha((unsigned char)*word) != 0;
    if (strncmp(self->at, word, n) != 0 || (is_word && (isalnum((unsigned char)self->at[n]) ||
                                                        self->at[n] == '_' || self->at[n] == '.')))
        return false;
    self->at += n;
    return true;
}

static void parse_parameter(struct parser *self)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.";
    char message[400], hint[256], tidy[512];
    size_t n = strspn(self->at, letters);
    while (self->at[n] == '"') { /* a name within the key */
        n += 1 + strcspn(self->at + n + 1, "\"");
        n += self->at[n] == '"';
        n += strspn(self->at + n, letters);
    }
    const char *key = arena_text(self->arena, self->at, n);
    if (key && config_path_tidy(key, tidy, sizeof tidy))
        key = arena_text(self->arena, tidy, strlen(tidy));
    if (!key) {
        err_set(self->err, ERR_MEMORY, "no memory for a condition");
        return;
    }
    if (!config_param_find(key)) {
        config_reference_hint(key, hint, sizeof hint);
        snprintf(message, sizeof message, "unknown parameter '%.80s'%s", key, hint);
        refuse(self, message);
        return;
    }
    self->at += n;
    push(self, (struct step){.kind = PARAMETER, .key = key});
}

static void parse_factor(struct parser *self)
{
    char *end;
    if (++self->depth > MAX_DEPTH)
        refuse(self, "too many brackets");
    if (self->err->code)
        return;
    if (take(self, "-")) {
        parse_factor(self);
        push(self, (struct step){.kind = NEGATE});
    } else if (take(self, "not")) {
        parse_factor(self);
        push(self, (struct step){.kind = NOT});
    } else if (take(self, "(")) {
        parse_condition(self);
        if (!take(self, ")"))
            refuse(self, "expected )");
    } else if (isdigit((unsigned char)*self->at) || *self->at == '.') {
        double number = strtod(self->at, &end);
        self->at = end;
        push(self, (struct step){.kind = NUMBER, .number = number});
    } else if (isalpha((unsigned char)*self->at)) {
        parse_parameter(self);
    } else {
        refuse(self, "expected a number or a parameter");
    }
    self->depth--;
}

static void parse_term(struct parser *self)
{
    parse_factor(self);
    while (!self->err->code) {
        bool times = take(self, "*");
        if (!times && !take(self, "/"))
            return;
        parse_factor(self);
        push(self, (struct step){.kind = times ? MULTIPLY : DIVIDE});
    }
}

static void parse_sum(struct parser *self)
{
    parse_term(self);
    while (!self->err->code) {
        bool plus = take(self, "+");
        if (!plus && !take(self, "-"))
            return;
        parse_term(self);
        push(self, (struct step){.kind = plus ? ADD : SUBTRACT});
    }
}

static void parse_relation(struct parser *self)
{
    static const struct {
        const char *sign;
        enum step_kind kind;
    } signs[] = {{"<=", LESS_EQUAL}, {"<", LESS},   {">=", GREATER_EQUAL},
                 {">", GREATER},     {"==", EQUAL}, {"!=", UNEQUAL}};
    parse_sum(self);
    for (size_t k = 0; k < sizeof signs / sizeof *signs && !self->err->code; k++)
        if (take(self, signs[k].sign)) {
            parse_sum(self);
            push(self, (struct step){.kind = signs[k].kind});
            return;
        }
}

static void parse_clause(struct parser *self)
{
    parse_relation(self);
    while (!self->err->code && take(self, "and")) {
        parse_relation(self);
        push(self, (struct step){.kind = AND});
    }
}

static void parse_condition(struct parser *self)
{
    parse_clause(self);
    while (!self->err->code && take(self, "or")) {
        parse_clause(self);
        push(self, (struct step){.kind = OR});
    }
}

static enum err_code add(struct study_sweep *self, const struct yaml_node *node, struct err *err)
{
    if (node->kind != YAML_KIND_SCALAR || config_yaml_is_null(node))
        return study_sweep_refuse(self, node->line, node->column, "where", err, ERR_INPUT,
                                  "expected a condition such as policy.wait_days <= 30");
    if (self->n_conditions == MAX_CONDITIONS)
        return study_sweep_refuse(self, node->line, node->column, "where", err, ERR_INPUT,
                                  "more than %d conditions", MAX_CONDITIONS);
    struct study_condition *condition = &self->conditions[self->n_conditions++];
    *condition = (struct study_condition){
        .text = node->text,
        .line = node->line,
        .column = node->column + node->quoted,
        .steps = arena_alloc(&self->arena, MAX_STEPS * sizeof(struct step))};
    struct parser parser = {
        .sweep = self, .condition = condition, .at = node->text, .arena = &self->arena, .err = err};
    if (study_sweep_memory(condition->steps, err) != ERR_OK)
        return err->code;
    parse_condition(&parser);
    skip_blanks(&parser);
    if (*parser.at)
        refuse(&parser, "expected an operator: + - * / <= < >= > == != and or");
    return err->code;
}

enum err_code study_where_read(struct study_sweep *self, const struct yaml_node *node,
                               struct err *err)
{
    self->conditions = arena_alloc(&self->arena, MAX_CONDITIONS * sizeof *self->conditions);
    if (study_sweep_memory(self->conditions, err) != ERR_OK)
        return err->code;
    if (node->kind != YAML_KIND_LIST)
        return add(self, node, err);
    for (const struct yaml_node *child = node->first; child; child = child->next)
        if (add(self, child, err) != ERR_OK)
            return err->code;
    return ERR_OK;
}

/* ---- evaluation ---- */

static bool value_of(const struct study_sweep *self, const struct scenario *base, size_t k,
                     const char *key, double *out)
{
    char text[CONFIG_LIST_BYTES];
    size_t column = study_sweep_column(self, key);
    if (column < self->n_columns)
        return study_sweep_number(self->values[k * self->n_columns + column], out);
    if (!study_values_format(base, key, text))
        return false;
    if (strcmp(text, "none") == 0)
        *out = INFINITY;
    return strcmp(text, "none") == 0 || study_sweep_number(text, out);
}

static double combine(enum step_kind kind, double a, double b)
{
    switch (kind) {
    case ADD:
        return a + b;
    case SUBTRACT:
        return a - b;
    case MULTIPLY:
        return a * b;
    case DIVIDE:
        return a / b;
    case LESS:
        return a < b;
    case LESS_EQUAL:
        return a <= b;
    case GREATER:
        return a > b;
    case GREATER_EQUAL:
        return a >= b;
    case EQUAL:
        return a == b;
    case UNEQUAL:
        return a != b;
    case AND:
        return a != 0 && b != 0;
    default:
        return a != 0 || b != 0;
    }
}

static enum err_code evaluate(const struct study_sweep *self, const struct scenario *base, size_t k,
                              const struct study_condition *condition, double *out, struct err *err)
{
    double stack[MAX_STEPS + 1] = {0};
    size_t n = 0;
    for (size_t s = 0; s < condition->n_steps; s++) {
        const struct step *step = &condition->steps[s];
        if (step->kind == NUMBER) {
            stack[n++] = step->number;
        } else if (step->kind == PARAMETER) {
            if (!value_of(self, base, k, step->key, &stack[n++]))
                return study_sweep_refuse(self, condition->line, condition->column, "where", err,
                                          ERR_INPUT, "%s is not a number in policy %zu", step->key,
                                          k + 1);
        } else if (step->kind == NEGATE || step->kind == NOT) {
            stack[n - 1] = step->kind == NOT ? stack[n - 1] == 0 : -stack[n - 1];
        } else {
            n--;
            stack[n - 1] = combine(step->kind, stack[n - 1], stack[n]);
        }
    }
    *out = stack[0];
    return ERR_OK;
}

enum err_code study_where_meets(const struct study_sweep *self, const struct scenario *base,
                                size_t k, bool *meets, struct err *err)
{
    *meets = true;
    for (size_t c = 0; c < self->n_conditions && *meets; c++) {
        double value;
        if (evaluate(self, base, k, &self->conditions[c], &value, err) != ERR_OK)
            return err->code;
        *meets = value != 0;
    }
    return ERR_OK;
}
