/* The reference of all parameters, made from their table: for the terminal and as a Markdown page.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/config/reference.h>

#include "path.h"
#include "value.h"

#include <string.h>

enum { ACCEPTED_BYTES = 512 };

/* The names of the rules that a parameter can say, after each other; "" where none are known. */
static void list_rules(const struct param *param, config_describe_rule *describe, char *out,
                       size_t n_out)
{
    struct config_rule rule;
    size_t n = 0;
    out[0] = '\0';
    for (size_t k = 0; describe && n < n_out && describe(param->path, k, &rule); k++)
        n += (size_t)snprintf(out + n, n_out - n, "%s%s", k ? ", " : "", rule.name);
}

/* What a parameter accepts: its range, its words, or its form. */
static void describe_accepted(const struct param *param, config_describe_rule *describe, char *out,
                              size_t n_out)
{
    config_value_range(param, out, n_out);
    size_t n = strlen(out);
    if (param->type == PARAM_LIMIT)
        snprintf(out + n, n_out - n, ", or none");
    if (param->type == PARAM_REALS)
        snprintf(out + n, n_out - n, ", or a list");
    if (param->type == PARAM_NAME)
        list_rules(param, describe, out, n_out);
    if (!*out)
        config_value_expected(param, out, n_out);
}

static const char *unit_text(const struct param *param)
{
    return strcmp(param->unit, "1") == 0 ? "" : param->unit;
}

static void print_rules(const struct param *param, config_describe_rule *describe, FILE *out)
{
    struct config_rule rule;
    if (!describe || param->type != PARAM_NAME)
        return;
    for (size_t k = 0; describe(param->path, k, &rule); k++) {
        fprintf(out, "        %-20s  %s\n", rule.name, rule.doc);
        if (rule.parameters && *rule.parameters)
            fprintf(out, "        %-20s  reads %s\n", "", rule.parameters);
    }
}

static void print_param(const struct param *param, config_describe_rule *describe, FILE *out)
{
    char accepted[ACCEPTED_BYTES];
    const char *unit = strcmp(param->default_text, "none") == 0 ? "" : unit_text(param);
    describe_accepted(param, describe, accepted, sizeof accepted);
    fprintf(out, "%s: %s%s%s   (%s)  [%s]\n    %s: %s\n", param->path,
            *param->default_text ? param->default_text : "\"\"", *unit ? " " : "", unit, accepted,
            param->grade, param->label, param->doc);
    print_rules(param, describe, out);
}

/* Whether a parameter is, or lies within, what path names. */
static bool is_named(const struct param *param, const struct path_match *match, const char *path)
{
    if (match->kind == PATH_PARAM)
        return param == match->param;
    size_t n = match->kind == PATH_MEMBER ? strcspn(match->param->path, "*") + 1 : strlen(path);
    return strncmp(param->path, match->param->path, n) == 0 && param->path[n] == '.';
}

size_t config_reference_print(const char *path, config_describe_rule *describe, FILE *out)
{
    size_t n_params, n_printed = 0;
    const struct param *params = config_params(&n_params);
    struct path_match match = {.kind = PATH_UNKNOWN};
    if (path)
        match = config_path_match(path);
    if (path && match.kind == PATH_UNKNOWN)
        return 0;
    for (size_t i = 0; i < n_params; i++) {
        if (path && !is_named(&params[i], &match, path))
            continue;
        print_param(&params[i], describe, out);
        n_printed++;
    }
    return n_printed;
}

void config_reference_hint(const char *path, char *out, size_t n_out)
{
    struct path_match match = config_path_match(path);
    if (match.kind != PATH_SECTION && match.kind != PATH_MEMBER) {
        snprintf(out, n_out, "%s", config_path_hint(path).text);
        return;
    }
    const char *rest = match.param->path;
    rest += match.name ? strcspn(rest, "*") + 1 : strlen(path);
    size_t n_rest = strcspn(rest, "*");
    snprintf(out, n_out, "; it is a section: name a key of it, such as %s%.*s%s%s", path,
             (int)n_rest, rest, rest[n_rest] ? "NAME" : "", rest[n_rest] ? rest + n_rest + 1 : "");
}

/* A cell of a table: | would end it, * would start italics. */
static void print_cell(const char *text, FILE *out)
{
    for (; *text; text++) {
        if (strchr("|*<", *text))
            fputc('\\', out);
        fputc(*text, out);
    }
}

static void print_row(const struct param *param, config_describe_rule *describe, FILE *out)
{
    char accepted[ACCEPTED_BYTES];
    describe_accepted(param, describe, accepted, sizeof accepted);
    fprintf(out, "| `%s` | %s | %s%s%s | ", param->path, param->label,
            *param->default_text ? "`" : "", param->default_text, *param->default_text ? "`" : "");
    print_cell(accepted, out);
    fprintf(out, " | %s | %s | ", unit_text(param), param->grade);
    print_cell(param->doc, out);
    fputs(" |\n", out);
}

static void print_families(FILE *out)
{
    for (int i = FAMILY_NONE + 1; i < N_FAMILIES; i++) {
        const struct param_family *family = config_family((enum family)i);
        fprintf(out, "%s `%s.*` %s %s", i == FAMILY_NONE + 1 ? "" : ",\nand", family->path,
                i == FAMILY_NONE + 1 ? "stands for" : "for", family->doc);
    }
    fputs(".\n\n", out);
}

/* The keys that a rule reads, each as code. */
static void print_keys(const char *keys, FILE *out)
{
    for (const char *at = keys; *at;) {
        size_t n = strcspn(at, " ");
        fprintf(out, "%s `%.*s`", at == keys ? "; reads" : ",", (int)n, at);
        at += n + strspn(at + n, " ");
    }
}

static void print_rule_list(const struct param *param, config_describe_rule *describe, FILE *out)
{
    struct config_rule rule;
    for (size_t k = 0; describe(param->path, k, &rule); k++) {
        fprintf(out, "- `%s`: ", rule.name);
        print_cell(rule.doc, out);
        print_keys(rule.parameters ? rule.parameters : "", out);
        fputs("\n", out);
    }
}

/* The doc of the last rule: two keys that share it take the same rules. */
static const char *last_doc(const struct param *param, config_describe_rule *describe)
{
    struct config_rule rule = {0};
    for (size_t k = 0; param->type == PARAM_NAME && describe(param->path, k, &rule); k++)
        ;
    return rule.doc;
}

/* What each rule of a section does; where two keys take the same rules, below the second. */
static void print_rule_lists(const struct param *params, size_t n, config_describe_rule *describe,
                             FILE *out)
{
    for (size_t i = 0; describe && i < n; i++) {
        const char *doc = last_doc(&params[i], describe);
        size_t j = i + 1;
        while (j < n && last_doc(&params[j], describe) != doc)
            j++;
        if (!doc)
            continue;
        fprintf(out, "\n### %s\n\n", params[i].path);
        if (j < n)
            fprintf(out, "The first of its words, or a rule of %s.\n", params[j].path);
        else
            print_rule_list(&params[i], describe, out);
    }
}

static bool same_section(const struct param *a, const struct param *b)
{
    size_t n = strcspn(a->path, ".");
    return a->path[n] && strncmp(a->path, b->path, n + 1) == 0;
}

/* Whether two neighbours of the table stand in one section of the page. */
static bool is_together(const struct param *a, const struct param *b)
{
    bool is_top = !strchr(a->path, '.');
    return is_top ? !strchr(b->path, '.') : same_section(a, b);
}

static void print_section_head(const struct param *param, FILE *out)
{
    size_t n = strcspn(param->path, ".");
    if (param->path[n])
        fprintf(out, "\n## %.*s\n\n", (int)n, param->path);
    else
        fputs("\n## The scenario itself\n\n", out);
    fputs("| key | in words | default | accepts | unit | grade | description |\n"
          "|---|---|---|---|---|---|---|\n",
          out);
}

void config_reference_markdown(config_describe_rule *describe, FILE *out)
{
    size_t n_params;
    const struct param *params = config_params(&n_params);
    fputs(
        "<!-- Made by `retake params --markdown`; do not edit. SPDX-License-Identifier: Apache-2.0 "
        "-->\n"
        "# Parameters\n\n"
        "Each key can stand in a scenario file, nested or dotted, and in `--set key=value`; a key "
        "that is\nabsent takes its default. The name of a file is relative to the scenario file; "
        "with `--set`, to the\nworking directory.",
        out);
    print_families(out);
    fputs("A name with a dot, an equals sign, a comma, a bracket or a quote in it stands in double "
          "quotes, a\nquote in it twice: `--set 'exam.content.domains.\"Vol. 1\".min_items=3'`. "
          "Nested in YAML\nit needs no quotes of its own: `domains: {\"Airway, respiration & "
          "ventilation\": {target: 0.2}}`.\n\n",
          out);
    fputs("Grades: *rule*, stated by the exam body or the pathway text; *published*, a figure in a "
          "cited\nsource; *assumed*, ours, to be swept; *technical*, a setting of the computation "
          "that claims nothing ([evidence](evidence.md)). [All pages](README.md)\n",
          out);
    for (size_t i = 0, first = 0; i < n_params; i++) {
        if (i == first)
            print_section_head(&params[i], out);
        print_row(&params[i], describe, out);
        if (i + 1 < n_params && is_together(&params[i + 1], &params[i]))
            continue;
        print_rule_lists(params + first, i + 1 - first, describe, out);
        first = i + 1;
    }
}
