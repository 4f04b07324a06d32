/* YAML: the tree with its places, and everything that is refused.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/config/yaml.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum err_code parse(const char *text, struct arena *arena, struct yaml_node **root,
                           struct err *err)
{
    return config_yaml_parse("a.yaml", text, strlen(text), NULL, arena, root, err);
}

Test(yaml, tree_and_places)
{
    struct arena arena = {0};
    struct yaml_node *root;
    struct err err = {0};
    const char *text = "exam:\n  form: cat  # comment\n  'stop': {rule: \"x y\"}\naxes: [1, two]\n";
    cr_assert_eq(parse(text, &arena, &root, &err), ERR_OK, "%s", err.detail);
    const struct yaml_node *exam = config_yaml_child(root, "exam");
    const struct yaml_node *form = config_yaml_child(exam, "form");
    const struct yaml_node *rule = config_yaml_child(config_yaml_child(exam, "stop"), "rule");
    const struct yaml_node *axes = config_yaml_child(root, "axes");
    cr_expect(root->n_children == 2 && exam->n_children == 2 && exam->kind == YAML_KIND_MAPPING);
    cr_expect(form->line == 2 && form->column == 9 && form->key_column == 3 && !form->quoted);
    cr_expect_str_eq(form->text, "cat");
    cr_expect(rule->quoted && rule->line == 3 && rule->column == 18);
    cr_expect_str_eq(rule->text, "x y");
    cr_expect(axes->kind == YAML_KIND_LIST && axes->n_children == 2);
    cr_expect_str_eq(axes->first->next->text, "two");
    cr_expect(!axes->first->key && axes->first->next->column == 11);
    cr_expect_null(config_yaml_child(root, "absent"));
    arena_free(&arena);
}

Test(yaml, a_byte_order_mark_and_markers_are_accepted)
{
    struct arena arena = {0};
    struct yaml_node *root;
    struct err err = {0};
    cr_assert_eq(parse("\xEF\xBB\xBF---\na: 1\n...\n", &arena, &root, &err), ERR_OK, "%s",
                 err.detail);
    cr_expect_str_eq(root->first->text, "1");
    cr_assert_eq(parse("\xEF\xBB\xBF"
                       "a: 1",
                       &arena, &root, &err),
                 ERR_OK, "%s", err.detail);
    cr_expect_eq(root->first->column, 4);
    arena_free(&arena);
}

Test(yaml, null_is_nothing_tilde_or_null_without_quotes)
{
    struct arena arena = {0};
    struct yaml_node *root;
    struct err err = {0};
    cr_assert_eq(parse("a:\nb: ~\nc: null\nd: ''\ne: '~'\nf: {}\ng: NULL\n", &arena, &root, &err),
                 ERR_OK);
    const char *expected = "1110001";
    for (const struct yaml_node *node = root->first; node; node = node->next)
        cr_expect_eq(config_yaml_is_null(node), *expected++ == '1', "%s", node->key);
    cr_expect(root->first->line == 1 && root->first->column == 1);
    arena_free(&arena);
}

/* clang-format off */
static const char *const refused[][2] = {
    {"", "a.yaml:1:1: empty; expected a mapping of keys to values"},
    {"# only a comment\n", "a.yaml:2:1: empty; expected a mapping of keys to values"},
    {"---\n", "a.yaml:2:1: expected a mapping of keys to values"},
    {"just text", "a.yaml:1:1: expected a mapping of keys to values"},
    {"- a\n- b\n", "a.yaml:1:1: expected a mapping of keys to values, not a list"},
    {"a: 1\n---\nb: 2\n", "a.yaml:2:1: a second document; one is accepted"},
    {"a: &x 1\n", "a.yaml:1:4: anchors, aliases and tags are not accepted; write the value out"},
    {"a: *x\n", "a.yaml:1:4: anchors, aliases and tags are not accepted; write the value out"},
    {"a: !!str 1\n", "a.yaml:1:4: anchors, aliases and tags are not accepted; write the value out"},
    {"a: !<x> {}\n", "a.yaml:1:4: anchors, aliases and tags are not accepted; write the value out"},
    {"a: &x [1]\n", "a.yaml:1:4: anchors, aliases and tags are not accepted; write the value out"},
    {"&x a: 1\n", "a.yaml:1:1: anchors, aliases and tags are not accepted; write the value out"},
    {"a: 1\nb: 2\na: 3\n", "a.yaml:3:1: a: repeated key; it stands at line 1 already"},
    {"a:\n  b: {c: 1, c: 2}\n", "a.yaml:2:13: a.b.c: repeated key; it stands at line 2 already"},
    {"a: [{c: 1, c: 2}]\n", "a.yaml:1:12: a.-.c: repeated key; it stands at line 1 already"},
    {"{[a]: 1}\n", "a.yaml:1:2: a key must be a word, not a mapping or a list"},
    {"? {a: 1}\n: 2\n", "a.yaml:1:3: a key must be a word, not a mapping or a list"},
    {"a: \"x\\0y\"\n", "a.yaml:1:4: a NUL character"},
    {"\"a\\0b\": 1\n", "a.yaml:1:1: a NUL character"},
    {"a:\n\tb: 1\n", "a.yaml:2:1: not valid YAML: found character that cannot start any token while scanning for the next token"},
    {"a: 1\n b: 2\n", "a.yaml:2:3: not valid YAML: mapping values are not allowed in this context"},
    {"a: [1, 2\n", "a.yaml:2:1: not valid YAML: did not find expected ',' or ']' while parsing a flow sequence"},
    {"a: 'x\n", "a.yaml:2:1: not valid YAML: found unexpected end of stream while scanning a quoted scalar"},
    {"a: {b: 1\n", "a.yaml:2:1: not valid YAML: did not find expected ',' or '}' while parsing a flow mapping"},
    {"a: 1\nb: \001\n", "a.yaml:2:4: not valid YAML: control characters are not allowed"},
    {"a: \xC3\xA9\xFF\n", "a.yaml:1:5: not valid YAML: invalid leading UTF-8 octet"},
    {"a: \xC3", "a.yaml:1:4: not valid YAML: incomplete UTF-8 octet sequence"},
    {"%YAML 9.9\n---\na: 1\n", "a.yaml:1:1: not valid YAML: found incompatible YAML document"},
};
/* clang-format on */

static void expect_refused(size_t row)
{
    struct arena arena = {0};
    struct yaml_node *root;
    struct err err = {0};
    cr_expect_eq(parse(refused[row][0], &arena, &root, &err), ERR_INPUT);
    cr_expect_str_eq(err.detail, refused[row][1]);
    cr_expect_null(root);
    arena_free(&arena);
}

Test(yaml, refusals)
{
    for (size_t row = 0; row < sizeof refused / sizeof *refused; row++)
        expect_refused(row);
}

static enum err_code parse_repeated(const char *head, const char *piece, size_t n, struct err *err)
{
    struct arena arena = {0};
    struct yaml_node *root;
    size_t n_head = strlen(head), n_piece = strlen(piece);
    char *text = malloc(n_head + n * n_piece);
    cr_assert_not_null(text);
    memcpy(text, head, n_head);
    for (size_t i = 0; i < n; i++)
        memcpy(text + n_head + i * n_piece, piece, n_piece);
    enum err_code code =
        config_yaml_parse("a.yaml", text, n_head + n * n_piece, NULL, &arena, &root, err);
    free(text);
    arena_free(&arena);
    return code;
}

Test(yaml, deep_nesting_is_refused)
{
    static const char *const pieces[] = {"[", "{a: ", "? ", "- ", "[{"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct err err = {0};
        cr_expect_eq(parse_repeated("a:\n  ", pieces[i], 100000, &err), ERR_INPUT, "%s", pieces[i]);
    }
    struct err err = {0};
    parse_repeated("a: ", "[", 40, &err);
    cr_expect_str_eq(err.detail, "a.yaml:1:35: nested too deeply");
}

Test(yaml, huge_files_are_refused)
{
    struct err err = {0};
    cr_expect_eq(parse_repeated("a: ", "x", YAML_MAX_BYTES, &err), ERR_INPUT);
    cr_expect_str_eq(err.detail, "a.yaml: 4194307 bytes are too many for a YAML file; the limit is "
                                 "4194304");
}

Test(yaml, too_many_keys_are_refused)
{
    struct arena arena = {0};
    struct yaml_node *root;
    struct err err = {0};
    char *text = malloc(20 * (YAML_MAX_KEYS + 1));
    size_t n = 0;
    for (int i = 0; i <= YAML_MAX_KEYS; i++)
        n += (size_t)sprintf(text + n, "k%d: %d\n", i, i);
    cr_expect_eq(config_yaml_parse("a.yaml", text, n, NULL, &arena, &root, &err), ERR_INPUT);
    cr_expect_str_eq(err.detail, "a.yaml:10001:1: k10000: too many keys in one mapping");
    free(text);
    arena_free(&arena);
}
