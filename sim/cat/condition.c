/* Conditions, read by recursive descent once for each item: a bank is read once, and short.
 *
 *     condition = clause {"or" clause}        clause = relation {"and" relation}
 *     relation  = "not" relation | "(" condition ")"
 *               | ATTRIBUTE ("=" | "==" | "!=" | "<" | "<=" | ">" | ">=") VALUE
 *               | ATTRIBUTE "in" "(" VALUE {"," VALUE} ")"
 *
 * An ATTRIBUTE is the NAME of a column attribute_NAME of the bank, or one of domain, enemy and id.
 * A name or a value that is more than one word stands in quotes, single or double. An item without
 * a value has "". < and its like compare numbers. SPDX-License-Identifier: Apache-2.0 */
#include "condition.h"

#include <retake/config/params.h>

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_BYTES = CONFIG_NAME_BYTES, MAX_DEPTH = 30, ALL_BYTES = 1024 };

/* Attributes that every bank has, before its own. */
enum { OF_DOMAIN, OF_ENEMY, OF_ID, N_COMMON };
static const char *const common[N_COMMON] = {"domain", "enemy", "id"};

struct condition_reader {
    const char *at;
    const struct irt_bank *bank;
    size_t item;
    int depth;
    char *asked; /* [ALL_BYTES]: the attributes met, or NULL */
    struct err *err;
};

static bool read_condition(struct condition_reader *self);

static bool refuse_text(struct condition_reader *self, const char *what)
{
    err_set(self->err, ERR_INPUT,
            "%s at '%.40s': such as level = 3 and dok >= 2, or type in (a, b)", what, self->at);
    return false;
}

static void skip_blanks(struct condition_reader *self)
{
    self->at += strspn(self->at, " \t");
}

static bool take_sign(struct condition_reader *self, const char *sign)
{
    skip_blanks(self);
    if (strncmp(self->at, sign, strlen(sign)) != 0)
        return false;
    self->at += strlen(sign);
    return true;
}

static bool take_keyword(struct condition_reader *self, const char *word)
{
    size_t n = strlen(word);
    skip_blanks(self);
    if (strncmp(self->at, word, n) != 0 || (self->at[n] && !strchr(" \t(", self->at[n])))
        return false;
    self->at += n;
    return true;
}

/* A name or a value. */
static bool read_word(struct condition_reader *self, const char *what, char out[WORD_BYTES])
{
    skip_blanks(self);
    char quote = *self->at;
    bool is_quoted = quote == '"' || quote == '\'';
    const char *from = self->at + is_quoted;
    const char stops[] = {quote, '\0'};
    size_t n = strcspn(from, is_quoted ? stops : " \t,()=!<>\"'");
    if (n >= WORD_BYTES || (is_quoted ? !from[n] : n == 0))
        return refuse_text(self, what);
    memcpy(out, from, n);
    out[n] = '\0';
    self->at = from + n + is_quoted;
    return true;
}

/* ---- attributes ---- */

static const char *value_of(const struct irt_bank *bank, size_t attribute, size_t item)
{
    switch (attribute) {
    case OF_DOMAIN:
        return bank->domains[bank->items[item].domain];
    case OF_ENEMY:
        return bank->enemies[item];
    case OF_ID:
        return bank->ids[item];
    default:
        return bank->values[item * bank->n_attributes + attribute - N_COMMON];
    }
}

static bool read_attribute(struct condition_reader *self, size_t *out)
{
    char word[WORD_BYTES];
    const char *names[N_COMMON + IRT_MAX_ATTRIBUTES];
    size_t n = N_COMMON + self->bank->n_attributes;
    if (!read_word(self, "expected an attribute", word))
        return false;
    for (size_t k = 0; k < n; k++) {
        names[k] = k < N_COMMON ? common[k] : self->bank->attributes[k - N_COMMON];
        *out = k;
        if (strcmp(names[k], word) == 0) {
            size_t used = self->asked ? strlen(self->asked) : 0;
            if (self->asked)
                snprintf(self->asked + used, ALL_BYTES - used, "%zu ", k);
            return true;
        }
    }
    const char *near = config_nearest_word(word, names, n);
    err_set(self->err, ERR_INPUT, "%s has no column " IRT_ATTRIBUTE_PREFIX "%s%s%s%s",
            self->bank->path, word, near ? "; did you mean '" : "", near ? near : "",
            near ? "'?" : "");
    return false;
}

/* A misspelt value would name no item; found once, at the first item. */
static bool check_value(struct condition_reader *self, size_t attribute, const char *value)
{
    const struct irt_bank *bank = self->bank;
    const char *near = NULL;
    if (self->item > 0)
        return true;
    for (size_t i = 0; i < bank->n_items; i++)
        if (strcmp(value_of(bank, attribute, i), value) == 0)
            return true;
    for (size_t i = 0; i < bank->n_items && !near; i++) {
        const char *known = value_of(bank, attribute, i);
        near = config_nearest_word(value, &known, 1);
    }
    err_set(self->err, ERR_INPUT, "no item of %s has the value '%s'%s%s%s", bank->path, value,
            near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    return false;
}

static bool read_number(struct condition_reader *self, const char *text, double *out)
{
    char *end;
    *out = strtod(text, &end);
    if (end != text && !*end && isfinite(*out))
        return true;
    err_set(self->err, ERR_INPUT, "'%s' is no number to compare", text);
    return false;
}

/* ---- relations ---- */

static bool compare(struct condition_reader *self, size_t attribute, const char *sign)
{
    const char *has = value_of(self->bank, attribute, self->item);
    char word[WORD_BYTES];
    double left, right;
    if (!read_word(self, "expected a value", word))
        return false;
    if (strchr("=!", sign[0]))
        return check_value(self, attribute, word) && (strcmp(has, word) == 0) == (sign[0] == '=');
    if (!read_number(self, word, &right) || !*has || !read_number(self, has, &left))
        return false;
    bool is_equal = sign[1] == '=' && left == right;
    return is_equal || (sign[0] == '<' ? left < right : left > right);
}

static bool read_list(struct condition_reader *self, size_t attribute)
{
    const char *has = value_of(self->bank, attribute, self->item);
    char word[WORD_BYTES];
    bool is_in = false;
    if (!take_sign(self, "("))
        return refuse_text(self, "expected (");
    do {
        if (!read_word(self, "expected a value", word) || !check_value(self, attribute, word))
            return false;
        is_in = is_in || strcmp(has, word) == 0;
    } while (take_sign(self, ","));
    return take_sign(self, ")") ? is_in : refuse_text(self, "expected )");
}

static bool read_relation(struct condition_reader *self)
{
    static const char *const signs[] = {"==", "=", "!=", "<=", "<", ">=", ">"};
    size_t attribute;
    if (self->err->code)
        return false;
    if (++self->depth > MAX_DEPTH)
        return refuse_text(self, "too many brackets");
    bool holds = false;
    if (take_keyword(self, "not")) {
        holds = !read_relation(self);
    } else if (take_sign(self, "(")) {
        holds = read_condition(self);
        if (!self->err->code && !take_sign(self, ")"))
            refuse_text(self, "expected )");
    } else if (read_attribute(self, &attribute)) {
        size_t k = 0;
        if (take_keyword(self, "in")) {
            holds = read_list(self, attribute);
        } else {
            while (k < sizeof signs / sizeof *signs && !take_sign(self, signs[k]))
                k++;
            holds = k < sizeof signs / sizeof *signs
                        ? compare(self, attribute, signs[k])
                        : refuse_text(self, "expected = or another sign");
        }
    }
    self->depth--;
    return holds;
}

static bool read_clause(struct condition_reader *self)
{
    bool holds = read_relation(self);
    while (!self->err->code && take_keyword(self, "and")) {
        bool other = read_relation(self);
        holds = holds && other;
    }
    return holds;
}

static bool read_condition(struct condition_reader *self)
{
    bool holds = read_clause(self);
    while (!self->err->code && take_keyword(self, "or")) {
        bool other = read_clause(self);
        holds = holds || other;
    }
    return holds;
}

enum err_code cat_condition_read(const char *text, const struct irt_bank *bank, bool *out,
                                 struct err *err)
{
    for (size_t i = 0; i < bank->n_items && !err->code; i++) {
        struct condition_reader reader = {.at = text, .bank = bank, .item = i, .err = err};
        out[i] = read_condition(&reader);
        skip_blanks(&reader);
        if (!err->code && *reader.at)
            refuse_text(&reader, "expected and, or, or the end");
    }
    return err->code;
}

bool cat_condition_is_alike(const char *left, const char *right, const struct irt_bank *bank)
{
    const char *texts[] = {left, right};
    char asked[2][ALL_BYTES] = {"", ""};
    struct err ignored = {0};
    for (int k = 0; k < 2; k++) {
        struct condition_reader reader = {
            .at = texts[k], .bank = bank, .asked = asked[k], .err = &ignored};
        read_condition(&reader);
    }
    return strcmp(asked[0], asked[1]) == 0;
}
