/* Conditions are read by recursive descent, into reverse Polish order.
 *
 *     condition = clause {"or" clause}        clause = relation {"and" relation}
 *     relation  = sum [("<=" | "<" | ">=" | ">" | "==" | "!=") sum]
 *               | sum ["not"] "in" "[" sum {"," sum} "]"
 *     sum = term {("+" | "-") term}           term = factor {("*" | "/") factor}
 *     factor = number | parameter | axis | word | "-" factor | "not" factor | "(" condition ")"
 *
 * A parameter that no axis sets has the value of the base. A word is in quotes, or is any name that
 * is no parameter and no axis; what may stand beside it is known when the policies are made.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sweep_where.h"

#include "sweep_where_steps.h"

#include <retake/config/params.h>
#include <retake/config/reference.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 50, MAX_CONDITIONS = 100 };

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

static void push(struct parser *self, struct where_step step)
{
    if (self->err->code)
        return;
    if (self->condition->n_steps == WHERE_MAX_STEPS) {
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

/* ---- names and words ---- */

static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";

/* The length of a name, hyphens and names in quotes within it included. */
static size_t name_length(const char *at)
{
    size_t n = strspn(at, letters);
    while (n > 0 && at[n] == '"') {
        n += 1 + strcspn(at + n + 1, "\"");
        n += at[n] == '"';
        n += strspn(at + n, letters);
    }
    return n;
}

/* The key of the first n characters, tidied; NULL when memory is out. */
static const char *key_of(struct parser *self, size_t n)
{
    char tidy[512];
    const char *key = arena_text(self->arena, self->at, n);
    if (key && config_path_tidy(key, tidy, sizeof tidy))
        key = arena_text(self->arena, tidy, strlen(tidy));
    if (!key)
        err_set(self->err, ERR_MEMORY, "no memory for a condition");
    return key;
}

static size_t axis_named(const struct study_sweep *sweep, const char *name)
{
    size_t a = 0;
    while (a < sweep->n_axes && strcmp(sweep->axes[a].name, name) != 0)
        a++;
    return a;
}

/* The longest parameter or axis that begins here: a hyphen may be of its name, or a minus behind
 * it.
 * @return its length; 0: there is none */
static size_t find_name(struct parser *self, size_t n, struct where_step *out)
{
    while (n > 0 && !self->err->code) {
        const char *key = key_of(self, n);
        if (!key)
            return 0;
        size_t axis = axis_named(self->sweep, key);
        bool is_param = config_param_find(key) != NULL;
        out->text = key;
        out->axis = axis;
        out->kind = is_param ? WHERE_PARAMETER : WHERE_AXIS;
        if (is_param || axis < self->sweep->n_axes)
            return n;
        while (n > 0 && self->at[--n] != '-')
            continue;
    }
    return 0;
}

static void parse_name(struct parser *self)
{
    struct where_step step = {.at = (size_t)(self->at - self->condition->text)};
    char message[400], hint[256];
    size_t n = name_length(self->at), n_found = find_name(self, n, &step);
    if (self->err->code)
        return;
    if (n_found == 0) {
        step.kind = WHERE_WORD;
        step.text = key_of(self, n);
        n_found = n;
    }
    if (step.kind == WHERE_WORD && step.text && strchr(step.text, '.')) {
        config_reference_hint(step.text, hint, sizeof hint);
        snprintf(message, sizeof message, "unknown parameter '%.80s'%s", step.text, hint);
        refuse(self, message);
        return;
    }
    self->at += n_found;
    push(self, step);
}

static void parse_quoted(struct parser *self)
{
    char quote[] = {*self->at, '\0'};
    size_t n = strcspn(self->at + 1, quote);
    struct where_step step = {.kind = WHERE_WORD,
                              .at = (size_t)(self->at - self->condition->text),
                              .is_quoted = true,
                              .text = arena_text(self->arena, self->at + 1, n)};
    if (!step.text)
        err_set(self->err, ERR_MEMORY, "no memory for a condition");
    else if (!self->at[n + 1])
        refuse(self, "the quote is not closed");
    self->at += n + 1 + (self->at[n + 1] != '\0');
    push(self, step);
}

/* ---- expressions ---- */

static void parse_factor(struct parser *self)
{
    char *end;
    if (++self->depth > MAX_DEPTH)
        refuse(self, "too many brackets");
    if (self->err->code)
        return;
    if (take(self, "-")) {
        parse_factor(self);
        push(self, (struct where_step){.kind = WHERE_NEGATE});
    } else if (take(self, "not")) {
        parse_factor(self);
        push(self, (struct where_step){.kind = WHERE_NOT});
    } else if (take(self, "(")) {
        parse_condition(self);
        if (!take(self, ")"))
            refuse(self, "expected )");
    } else if (isdigit((unsigned char)*self->at) || *self->at == '.') {
        double number = strtod(self->at, &end);
        self->at = end;
        push(self, (struct where_step){.kind = WHERE_NUMBER, .number = number});
    } else if (isalpha((unsigned char)*self->at)) {
        parse_name(self);
    } else if (*self->at == '\'' || *self->at == '"') {
        parse_quoted(self);
    } else {
        refuse(self, "expected a number, a parameter, an axis or a word");
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
        push(self, (struct where_step){.kind = times ? WHERE_MULTIPLY : WHERE_DIVIDE});
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
        push(self, (struct where_step){.kind = plus ? WHERE_ADD : WHERE_SUBTRACT});
    }
}

/* "x in [a, b]" is "x == a or x == b". @param first  of the steps of x */
static void parse_members(struct parser *self, size_t first, bool is_not)
{
    size_t n = self->condition->n_steps - first;
    bool is_first = true;
    if (!take(self, "["))
        refuse(self, "expected [ and the values, as in cut in [today, raised]");
    do {
        for (size_t k = 0; k < n && !is_first; k++)
            push(self, self->condition->steps[first + k]);
        parse_sum(self);
        push(self, (struct where_step){.kind = WHERE_EQUAL});
        if (!is_first)
            push(self, (struct where_step){.kind = WHERE_OR});
        is_first = false;
    } while (!self->err->code && take(self, ","));
    if (!self->err->code && !take(self, "]"))
        refuse(self, "expected ]");
    if (is_not)
        push(self, (struct where_step){.kind = WHERE_NOT});
}

static void parse_relation(struct parser *self)
{
    static const struct {
        const char *sign;
        enum where_kind kind;
    } signs[] = {{"<=", WHERE_LESS_EQUAL}, {"<", WHERE_LESS},   {">=", WHERE_GREATER_EQUAL},
                 {">", WHERE_GREATER},     {"==", WHERE_EQUAL}, {"!=", WHERE_UNEQUAL}};
    size_t first = self->condition->n_steps;
    parse_sum(self);
    const char *behind = self->at;
    bool is_not = take(self, "not");
    if (!self->err->code && take(self, "in")) {
        parse_members(self, first, is_not);
        return;
    }
    self->at = behind;
    for (size_t k = 0; k < sizeof signs / sizeof *signs && !self->err->code; k++)
        if (take(self, signs[k].sign)) {
            parse_sum(self);
            push(self, (struct where_step){.kind = signs[k].kind});
            return;
        }
}

static void parse_clause(struct parser *self)
{
    parse_relation(self);
    while (!self->err->code && take(self, "and")) {
        parse_relation(self);
        push(self, (struct where_step){.kind = WHERE_AND});
    }
}

static void parse_condition(struct parser *self)
{
    parse_clause(self);
    while (!self->err->code && take(self, "or")) {
        parse_clause(self);
        push(self, (struct where_step){.kind = WHERE_OR});
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
        .steps = arena_alloc(&self->arena, WHERE_MAX_STEPS * sizeof(struct where_step))};
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
