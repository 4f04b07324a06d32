/* Stop rules joined: exam.stop.rule is NAME, any(X, Y, ...) or all(X, Y, ...), nested at will. any
 * stops as soon as one of its rules would, all when every one of them would after the same answer.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/real.h>
#include <retake/cat/adequacy.h>

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lists.h"
#include "lookup.h"
#include "stop.h"

enum { MAX_DEPTH = 16 };

enum kind { RULE, ANY, ALL };

struct cat_stop_node {
    enum kind kind;
    const struct rule_stop *rule;      /* of RULE */
    const struct cat_stop_node *first; /* of ANY, ALL */
    const struct cat_stop_node *next;  /* among the children of one node */
};

struct parser {
    const struct scenario *scenario;
    struct arena *arena;
    const char *text, *at;
    unsigned needs;
    struct err *err;
};

static enum err_code refuse(struct parser *self, const char *what)
{
    return config_scenario_error(self->scenario, "exam.stop.rule", self->err, ERR_INPUT,
                                 "'%s': %s at character %zu", self->text, what,
                                 (size_t)(self->at - self->text) + 1);
}

static void skip_blanks(struct parser *self)
{
    while (isspace((unsigned char)*self->at))
        self->at++;
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-';
}

static const struct rule_stop *find_rule(const struct parser *self, const char *word, size_t n)
{
    struct cat_found found;
    if (!cat_lookup(self->scenario->rules, "exam.stop.rule", word, n, &found))
        return NULL;
    return found.is_outside ? self->scenario->rules->stops[found.k] : cat_stop_rules[found.k];
}

static enum err_code parse_node(struct parser *self, int depth, struct cat_stop_node *out);

/* The children of any and all, from the opening parenthesis. */
static enum err_code parse_children(struct parser *self, int depth, struct cat_stop_node *out)
{
    const struct cat_stop_node **link = &out->first;
    do {
        struct cat_stop_node *child = arena_alloc(self->arena, sizeof *child);
        self->at++;
        if (!child)
            return err_set(self->err, ERR_MEMORY, "no memory for a stop rule");
        if (parse_node(self, depth + 1, child) != ERR_OK)
            return self->err->code;
        *link = child;
        link = &child->next;
        skip_blanks(self);
    } while (*self->at == ',');
    if (*self->at != ')')
        return refuse(self, "',' or ')' is missing");
    self->at++;
    return ERR_OK;
}

static enum err_code parse_node(struct parser *self, int depth, struct cat_stop_node *out)
{
    skip_blanks(self);
    const char *word = self->at;
    while (is_word(*self->at))
        self->at++;
    size_t n = (size_t)(self->at - word);
    skip_blanks(self);
    *out = (struct cat_stop_node){.kind = RULE};
    if (n == 0 || depth > MAX_DEPTH)
        return refuse(self, n == 0 ? "the name of a rule is missing" : "too deeply nested");
    if (*self->at == '(') {
        out->kind = n == 3 && strncmp(word, "any", n) == 0 ? ANY : ALL;
        if (out->kind == ALL && (n != 3 || strncmp(word, "all", n) != 0))
            return refuse(self, "only any(...) and all(...) join rules, not '('");
        return parse_children(self, depth, out);
    }
    out->rule = find_rule(self, word, n);
    if (!out->rule)
        return cat_lookup_refuse(self->scenario, "exam.stop.rule", word, n, self->err);
    self->needs |= out->rule->needs;
    return ERR_OK;
}

enum err_code cat_stop_parse(const struct scenario *scenario, struct cat_design *design,
                             struct cat_needs *needs, struct err *err)
{
    struct parser parser = {.scenario = scenario,
                            .arena = &design->arena,
                            .text = scenario->exam_stop_rule,
                            .at = scenario->exam_stop_rule,
                            .err = err};
    struct cat_stop_node *root = arena_alloc(&design->arena, sizeof *root);
    if (!root)
        return err_set(err, ERR_MEMORY, "no memory for a stop rule");
    if (parse_node(&parser, 0, root) != ERR_OK)
        return err->code;
    skip_blanks(&parser);
    if (*parser.at)
        return refuse(&parser, "the end was expected");
    design->stop = root;
    needs->at_stop |= parser.needs;
    return ERR_OK;
}

static bool step(const struct cat_stop_node *node, const struct rule_exam *exam,
                 const struct rule_session *seen)
{
    if (node->kind == RULE)
        return node->rule->step(exam, seen);
    for (const struct cat_stop_node *child = node->first; child; child = child->next)
        if (step(child, exam, seen) == (node->kind == ANY))
            return node->kind == ANY;
    return node->kind == ALL;
}

bool cat_stop_step(const struct cat_design *design, const struct rule_session *seen)
{
    return design->stop && step(design->stop, &design->exam, seen);
}

/* ---- decisions ---- */

/* A fixed length never ends a test by itself, so any(...) is what its other rules are; all(...)
 * waits for each of its rules, so one that looks at the cut is enough. */
static enum cat_decides decides(const struct cat_stop_node *node)
{
    bool some = false, all = true;
    if (node->kind == RULE)
        return cat_stop_rule_decides(node->rule) ? CAT_DECIDES_ALL : CAT_DECIDES_NOTHING;
    for (const struct cat_stop_node *child = node->first; child; child = child->next) {
        enum cat_decides of_child = decides(child);
        if (node->kind == ALL && of_child == CAT_DECIDES_ALL)
            return CAT_DECIDES_ALL;
        some = some || of_child != CAT_DECIDES_NOTHING;
        all = all && (of_child == CAT_DECIDES_ALL || child->rule == &cat_stop_fixed);
    }
    return !some ? CAT_DECIDES_NOTHING : all ? CAT_DECIDES_ALL : CAT_DECIDES_SOME;
}

enum cat_decides cat_design_decides(const struct cat_design *self)
{
    return self->stop ? decides(self->stop) : CAT_DECIDES_NOTHING;
}

bool cat_stop_text_decides(const char *text)
{
    while (*text) {
        size_t n = 0;
        while (is_word(text[n]))
            n++;
        const char *end = text + n + strspn(text + n, " \t");
        struct cat_found found;
        if (n > 0 && *end != '(' &&
            (!cat_lookup(NULL, "exam.stop.rule", text, n, &found) ||
             cat_stop_rule_decides(cat_stop_rules[found.k])))
            return true;
        text = n > 0 ? end : text + 1;
    }
    return false;
}

/* ---- the information needed ---- */

/* real_min and real_max leave out the rules that ask for nothing. */
static double information_needed(const struct cat_stop_node *node, const struct rule_exam *exam,
                                 double theta)
{
    double needed = NAN;
    if (node->kind == RULE)
        return cat_stop_rule_needed(node->rule, exam, theta);
    for (const struct cat_stop_node *child = node->first; child; child = child->next) {
        double of_child = information_needed(child, exam, theta);
        needed = node->kind == ANY ? real_min(needed, of_child) : real_max(needed, of_child);
    }
    return needed;
}

double cat_information_needed(const struct cat_design *self, double theta)
{
    return self->stop ? information_needed(self->stop, &self->exam, theta) : NAN;
}

/* Append the names of the rules that hold below a node; returns how long the text is. */
static size_t name_rules(const struct cat_stop_node *node, const struct rule_exam *exam,
                         const struct rule_session *seen, char *text, size_t n_text, size_t at)
{
    if (node->kind == RULE && node->rule->step(exam, seen) && at < n_text) {
        int n = snprintf(text + at, n_text - at, "%s%s", at > 0 ? "+" : "", node->rule->name);
        return at + (size_t)n;
    }
    for (const struct cat_stop_node *child = node->kind == RULE ? NULL : node->first; child;
         child = child->next)
        at = name_rules(child, exam, seen, text, n_text, at);
    return at;
}

void cat_session_stop_rules(const struct cat_design *design, const struct cat_session *self,
                            char *text, size_t n_text)
{
    text[0] = '\0';
    if (design->stop)
        name_rules(design->stop, &design->exam, &self->seen, text, n_text, 0);
}
