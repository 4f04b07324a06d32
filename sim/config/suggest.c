/* The nearest known word: least number of insertions, deletions, substitutions and swaps of
 * neighbours (optimal string alignment; Damerau 1964). Case, and - for _, cost nothing.
 * SPDX-License-Identifier: Apache-2.0 */
#include "path.h"
#include "utf8.h"

#include <stdio.h>
#include <string.h>

enum { MAX_WORD = 96 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static char folded(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c - 'A' + 'a');
    return c == '-' ? '_' : c;
}

static void fold(const char *text, size_t n, char *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = folded(text[i]);
}

/* The changes that make b of a; SIZE_MAX where they are plainly more than most. */
static size_t distance(const char *text_a, size_t n_a, const char *text_b, size_t n_b, size_t most)
{
    size_t rows[3][MAX_WORD + 1];
    char a[MAX_WORD], b[MAX_WORD];
    size_t difference = n_a > n_b ? n_a - n_b : n_b - n_a;
    if (n_a > MAX_WORD || n_b > MAX_WORD || difference > most)
        return SIZE_MAX;
    fold(text_a, n_a, a);
    fold(text_b, n_b, b);
    for (size_t j = 0; j <= n_b; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= n_a; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *above2 = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= n_b; j++) {
            size_t replaced = above[j - 1] + (a[i - 1] != b[j - 1]);
            row[j] = least(replaced, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], above2[j - 2] + 1);
        }
    }
    return rows[n_a % 3][n_b];
}

/* Near: one change and one more for each eight letters, and not every letter. */
static size_t most_changes(size_t n_word)
{
    return 1 + n_word / 8;
}

static bool is_near(size_t changes, size_t n_word, size_t n_known)
{
    return changes <= most_changes(n_word) && changes < (n_word > n_known ? n_word : n_known);
}

const char *config_nearest_word(const char *word, const char *const *words, size_t n_words)
{
    const char *nearest = NULL;
    size_t fewest = SIZE_MAX, n_word = strlen(word);
    for (size_t i = 0; i < n_words; i++) {
        size_t n_known = strlen(words[i]),
               changes = distance(word, n_word, words[i], n_known, most_changes(n_word));
        if (changes >= fewest || !is_near(changes, n_word, n_known))
            continue;
        fewest = changes;
        nearest = words[i];
    }
    return nearest;
}

/* A path of the table, and how many of its bytes are meant: all, or a section. */
struct nearest {
    const struct param *param;
    size_t n_chars, changes;
};

/* The beginnings of text and of a path of the table that stand for the same member of a family. */
struct family_heads {
    size_t n_text, n_known; /* 0, 0 where the two are not of the same family */
};

static struct family_heads family_heads(const char *text, const char *known)
{
    const char *star = strchr(known, '*');
    size_t n = star ? (size_t)(star - known) : 0;
    if (!star || strncmp(text, known, n) != 0 || text[n] == '\0' || text[n] == '.')
        return (struct family_heads){0, 0};
    return (struct family_heads){n + config_path_component(text + n), n + 1};
}

static void consider(struct nearest *self, const char *path, const struct param *param,
                     size_t n_known)
{
    struct family_heads heads = family_heads(path, param->path);
    if (n_known < heads.n_known)
        return;
    size_t n_path = strlen(path) - heads.n_text, n_tail = n_known - heads.n_known;
    size_t changes = distance(path + heads.n_text, n_path, param->path + heads.n_known, n_tail,
                              most_changes(n_path));
    if (changes < self->changes && is_near(changes, n_path, n_tail))
        *self = (struct nearest){param, n_known, changes};
}

static void consider_sections(struct nearest *self, const char *path, const struct param *param)
{
    for (size_t i = 0; param->path[i]; i++)
        if (param->path[i] == '.' && param->path[i - 1] != '*')
            consider(self, path, param, i);
}

/* The only parameter whose path ends in the same word, for a key that stands in the wrong section.
 */
static const struct param *same_last_word(const char *path)
{
    const char *dot = strrchr(path, '.'), *last = dot ? dot + 1 : path;
    size_t n_params, n_last = strlen(last);
    const struct param *params = config_params(&n_params), *found = NULL;
    for (size_t i = 0; i < n_params; i++) {
        const char *known = strrchr(params[i].path, '.');
        known = known ? known + 1 : params[i].path;
        if (distance(last, n_last, known, strlen(known), 0) != 0)
            continue;
        if (found)
            return NULL;
        found = &params[i];
    }
    return found;
}

/* What people write for a key, by its last word. A section that has the key is asked first. */
static const struct {
    const char *written, *path;
} synonyms[] = {
    {"share", "exam.content.domains.*.target"},
    {"proportion", "exam.content.domains.*.target"},
    {"percent", "exam.content.domains.*.target"},
    {"weight", "exam.content.domains.*.target"},
    {"min", "exam.content.domains.*.min_items"},
    {"max", "exam.content.domains.*.max_items"},
    {"min", "exam.min_items"},
    {"max", "exam.max_items"},
    {"length", "exam.max_items"},
    {"items", "exam.max_items"},
    {"pilots", "exam.pilot_items"},
    {"time_limit", "exam.time_limit_min"},
    {"minutes", "exam.time_limit_min"},
    {"pass_mark", "exam.cut_theta"},
    {"passing_score", "exam.scale.cut"},
    {"cut_score", "exam.scale.cut"},
    {"cutscore", "exam.scale.cut"},
    {"cut", "exam.cut_theta"},
    {"d", "exam.scaling_constant"},
    {"n", "engine.candidates"},
    {"n_candidates", "engine.candidates"},
    {"examinees", "engine.candidates"},
    {"iterations", "engine.candidates"},
    {"candidates", "engine.candidates"},
    {"seed", "engine.seed"},
    {"random_seed", "engine.seed"},
    {"rng_seed", "engine.seed"},
    {"attempts", "policy.attempts_per_cycle"},
    {"n_attempts", "policy.attempts_per_cycle"},
    {"max_tries", "policy.max_attempts"},
    {"cycles", "policy.max_cycles"},
    {"wait", "policy.wait_days"},
    {"waiting_time", "policy.wait_days"},
    {"waiting_period", "policy.wait_days"},
    {"delay", "policy.wait_days"},
    {"window", "policy.window_days"},
    {"horizon", "policy.horizon_days"},
    {"price", "policy.fee"},
    {"cost", "policy.fee"},
    {"mean", "population.groups.*.theta_mean"},
    {"sd", "population.groups.*.theta_sd"},
    {"share", "population.groups.*.weight"},
    {"proportion", "population.groups.*.weight"},
};

/* Whether two paths are of one section, a name standing for *. */
static bool is_same_section(const char *text, const char *known)
{
    struct family_heads heads = family_heads(text, known);
    const char *rest = text + heads.n_text, *tail = known + heads.n_known;
    const char *dot = strrchr(rest, '.'), *known_dot = strrchr(tail, '.');
    return dot && known_dot && dot - rest == known_dot - tail &&
           strncmp(rest, tail, (size_t)(dot - rest)) == 0;
}

static const struct param *by_synonym(const char *path)
{
    const char *dot = strrchr(path, '.'), *last = dot ? dot + 1 : path, *first = NULL;
    size_t n_last = strlen(last);
    for (size_t k = 0; k < sizeof synonyms / sizeof *synonyms; k++) {
        if (distance(last, n_last, synonyms[k].written, strlen(synonyms[k].written), 0) != 0)
            continue;
        if (is_same_section(path, synonyms[k].path))
            return config_param_find(synonyms[k].path);
        first = first ? first : synonyms[k].path;
    }
    return first && !strchr(first, '*') ? config_param_find(first) : NULL;
}

/* The only parameter whose path begins with the text: a key cut short. */
static const struct param *same_beginning(const char *path)
{
    size_t n_params, n = strlen(path);
    const struct param *params = config_params(&n_params), *found = NULL;
    for (size_t i = 0; i < n_params; i++) {
        if (!strchr(path, '.') || strncmp(params[i].path, path, n) != 0)
            continue;
        if (found)
            return NULL;
        found = &params[i];
    }
    return found;
}

/* @param any_word  whether it may be a synonym, which may be a word of anything */
static struct nearest nearest_path(const char *path, bool sections, bool any_word)
{
    struct nearest nearest = {.changes = SIZE_MAX};
    size_t n_params;
    const struct param *params = config_params(&n_params);
    for (size_t i = 0; i < n_params; i++) {
        consider(&nearest, path, &params[i], strlen(params[i].path));
        if (sections)
            consider_sections(&nearest, path, &params[i]);
    }
    const struct param *synonym = any_word ? by_synonym(path) : NULL;
    if (synonym && (!nearest.param || is_same_section(path, synonym->path)))
        nearest = (struct nearest){.param = synonym, .changes = SIZE_MAX};
    if (!nearest.param && !(nearest.param = same_last_word(path)))
        nearest.param = same_beginning(path);
    if (nearest.param && nearest.changes == SIZE_MAX)
        nearest.n_chars = strlen(nearest.param->path);
    return nearest;
}

const char *config_param_nearest(const char *path)
{
    struct nearest nearest = nearest_path(path, false, true);
    return nearest.param ? nearest.param->path : NULL;
}

struct path_hint config_path_hint(const char *path)
{
    struct path_hint hint = {""};
    struct nearest nearest = nearest_path(path, true, true);
    if (!nearest.param)
        return hint;
    const char *known = nearest.param->path;
    struct family_heads heads = family_heads(path, known);
    char tail[CONFIG_PATH_BYTES];
    snprintf(tail, sizeof tail, "%.*s", (int)(nearest.n_chars - heads.n_known),
             known + heads.n_known);
    size_t star = strcspn(tail, "*");
    snprintf(hint.text, sizeof hint.text, "; did you mean '%.*s%.*s%s%s'?", (int)heads.n_text, path,
             (int)star, tail, tail[star] ? "NAME" : "", tail[star] ? tail + star + 1 : "");
    return hint;
}

bool config_param_is_near(const char *path)
{
    return config_path_match(path).kind != PATH_UNKNOWN || nearest_path(path, true, false).param;
}

struct path_hint config_path_word_hint(const char *word, const char *const *words, size_t n_words)
{
    struct path_hint hint = {""};
    const char *nearest = config_nearest_word(word, words, n_words);
    if (nearest)
        snprintf(hint.text, sizeof hint.text, "; did you mean '%s'?", nearest);
    return hint;
}
