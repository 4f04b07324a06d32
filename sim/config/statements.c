/* Comments as evidence. A grade stands where a comment begins, or behind ": " or "; ", as in
 * "published (handbook); two-sided: assumed"; elsewhere its word is a word like any other.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/config/statements.h>

#include <retake/config/params.h>
#include <retake/config/yaml.h>

#include <stdio.h>
#include <string.h>

enum { VALUE_BYTES = CONFIG_LIST_BYTES, GRADES_BYTES = 128 };

/* Those of the table, and what was moved until targets came out. */
static const char *const grade_words[] = {"rule", "published", "assumed", "technical", "tuned"};

enum { N_GRADES = sizeof grade_words / sizeof *grade_words };

enum err_code config_statements_init(const char *text, struct config_statements *self,
                                     struct err *err)
{
    struct yaml_node *root = NULL;
    struct err own = {0};
    *self = (struct config_statements){.text = text};
    if (!text)
        return ERR_OK;
    size_t n = strlen(text);
    if (config_scenario_parse("scenario", text, n, &self->was, &own) == ERR_OK)
        config_yaml_parse("scenario", text, n, NULL, &self->arena, &root, &own);
    if (own.code == ERR_MEMORY)
        return err_set(err, own.code, "%s", own.detail);
    self->root = own.code ? NULL : root;
    return ERR_OK;
}

void config_statements_free(struct config_statements *self)
{
    config_scenario_free(&self->was);
    arena_free(&self->arena);
    *self = (struct config_statements){0};
}

/* ---- comments ---- */

static const char *line_begin(const char *text, size_t line)
{
    for (size_t k = 1; k < line && text; k++) {
        text = strchr(text, '\n');
        text += text != NULL;
    }
    return text;
}

/* A quote opens a text where a value may begin, not within a word. */
static bool opens_text(const char *line, const char *at)
{
    return (*at == '"' || *at == '\'') && (at == line || strchr(" \t[{,:", at[-1]));
}

/* Behind the text that begins with a quote; the end of the line where that does not close. */
static const char *skip_text(const char *at)
{
    char quote = *at++;
    while (*at && *at != '\n' && *at != quote)
        at += *at == '\\' && quote == '"' && at[1] && at[1] != '\n' ? 2 : 1;
    return at + (*at == quote);
}

/* The comment that ends a line, trimmed; n_bytes 0 where there is none. */
static const char *line_comment(const char *line, size_t *n_bytes)
{
    const char *at = line;
    *n_bytes = 0;
    while (*at && *at != '\n' && !(*at == '#' && (at == line || strchr(" \t", at[-1]))))
        at = opens_text(line, at) ? skip_text(at) : at + 1;
    if (*at != '#')
        return at;
    at += 1 + strspn(at + 1, " \t");
    size_t n = strcspn(at, "\r\n");
    while (n > 0 && strchr(" \t", at[n - 1]))
        n--;
    *n_bytes = n;
    return at;
}

/* ---- grades ---- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The grade that stands at a place of a comment, or N_GRADES. */
static size_t grade_at(const char *comment, size_t at)
{
    bool is_place = at == 0 || (at > 1 && comment[at - 1] == ' ' && strchr(":;", comment[at - 2]));
    for (size_t g = 0; is_place && g < N_GRADES; g++) {
        size_t n = strlen(grade_words[g]);
        if (strncmp(comment + at, grade_words[g], n) == 0 && !is_letter(comment[at + n]))
            return g;
    }
    return N_GRADES;
}

/* All grades, in the order in which they appear. @return how many */
static size_t grades_list(const char *comment, char text[GRADES_BYTES])
{
    bool is_said[N_GRADES + 1] = {false};
    size_t n = 0, to = 0;
    text[0] = '\0';
    for (size_t at = 0; comment[at]; at++) {
        size_t g = grade_at(comment, at);
        if (g == N_GRADES || is_said[g])
            continue;
        is_said[g] = true;
        to +=
            (size_t)snprintf(text + to, GRADES_BYTES - to, "%s%s", n++ ? ", " : "", grade_words[g]);
    }
    return n;
}

/* Behind a grade that a comment begins with. */
static const char *skip_grade(const char *comment)
{
    size_t g = grade_at(comment, 0);
    if (g == N_GRADES)
        return comment;
    comment += strlen(grade_words[g]);
    return comment + strspn(comment, ":;, ");
}

static enum err_code make_statement(struct config_statements *self, const char *comment,
                                    size_t n_bytes, struct config_statement *out, struct err *err)
{
    char grades[GRADES_BYTES];
    const char *own = arena_text(&self->arena, comment, n_bytes);
    size_t n = own ? grades_list(own, grades) : 0;
    out->grades = own ? arena_text(&self->arena, n ? grades : "", n ? strlen(grades) : 0) : NULL;
    if (!out->grades)
        return err_set(err, ERR_MEMORY, "no memory for what a scenario says");
    out->source = n == 1 ? skip_grade(own) : own;
    return ERR_OK;
}

/* ---- keys ---- */

/* What a comment says that is nearest to a key. */
struct found {
    const char *comment;
    size_t n_bytes;
    bool is_set;
};

static void take_comment(const char *text, size_t line, struct found *out)
{
    size_t n = 0;
    const char *begin = line_begin(text, line);
    const char *comment = begin ? line_comment(begin, &n) : NULL;
    if (n > 0) {
        out->comment = comment;
        out->n_bytes = n;
    }
}

/* Down a dotted path, whose parts may stand together as one key; the tree is bounded in depth. */
static void follow(const char *text, const struct yaml_node *node, const char *path,
                   struct found *out)
{
    for (const struct yaml_node *child = node->first; child && !out->is_set; child = child->next) {
        size_t n = child->key ? strlen(child->key) : 0;
        bool is_within = n > 0 && strncmp(path, child->key, n) == 0;
        if (!is_within || (path[n] && path[n] != '.'))
            continue;
        struct found here = *out;
        take_comment(text, child->key_line, &here);
        if (!path[n]) {
            take_comment(text, child->line, &here);
            here.is_set = true;
        } else if (child->kind == YAML_KIND_MAPPING) {
            follow(text, child, path + n + 1, &here);
        }
        if (here.is_set)
            *out = here;
    }
}

/* Whether the text by itself gives a parameter this value. */
static bool has_value(const struct scenario *was, const char *path, const char *value)
{
    char name[512], text[VALUE_BYTES];
    const struct param *param = config_param_find(path);
    for (size_t m = 0; param && m < config_param_n_members(param, was); m++) {
        config_param_path(param, was, m, name, sizeof name);
        if (strcmp(name, path) != 0)
            continue;
        config_param_format(param, was, m, text, sizeof text);
        return strcmp(text, value) == 0;
    }
    return false;
}

enum err_code config_statements_find(struct config_statements *self, const char *path,
                                     const char *value, struct config_statement *out,
                                     struct err *err)
{
    struct found found = {.comment = ""};
    *out = (struct config_statement){"", ""};
    if (self->root)
        follow(self->text, self->root, path, &found);
    if (!found.is_set || !has_value(&self->was, path, value))
        return ERR_OK;
    return make_statement(self, found.comment, found.n_bytes, out, err);
}
