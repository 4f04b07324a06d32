/* Rules from outside the tree: by kind and number, and whether they can be used.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/cat/design.h>

#include <ctype.h>
#include <string.h>

#include "lookup.h"

static const struct {
    const char *key, *word, *function;
} kinds[] = {{"exam.stop.rule", "stop rule", "step"},
             {"exam.select.rule", "selection rule", "values"},
             {"exam.exposure.rule", "exposure rule", "p_shown"},
             {"exam.out_of_time.rule", "out-of-time rule", "passes"}};

enum kind { STOP, SELECT, EXPOSURE, OUT_OF_TIME, N_KINDS };

/* What all kinds have. */
struct about {
    const char *name, *doc;
    unsigned needs;
    bool has_function;
};

#define ABOUT(list, function)                                                                      \
    for (size_t i = 0; rules->list && rules->list[i]; i++)                                         \
        if (i == k) {                                                                              \
            *out = (struct about){rules->list[i]->name, rules->list[i]->doc,                       \
                                  rules->list[i]->needs, rules->list[i]->function != NULL};        \
            return true;                                                                           \
        }

static bool about(const struct rule_set *rules, enum kind kind, size_t k, struct about *out)
{
    if (kind == STOP) {
        ABOUT(stops, step)
    } else if (kind == SELECT) {
        ABOUT(selects, values)
    } else if (kind == EXPOSURE) {
        ABOUT(exposures, p_shown)
    } else {
        ABOUT(outs_of_time, passes)
    }
    return false;
}

const char *cat_rule_set_name(const struct rule_set *rules, const char *key, size_t k)
{
    struct about one;
    if (strcmp(key, "exam.start.rule") == 0)
        key = kinds[SELECT].key;
    for (size_t kind = 0; rules && kind < N_KINDS; kind++)
        if (strcmp(kinds[kind].key, key) == 0)
            return about(rules, (enum kind)kind, k, &one) ? one.name : NULL;
    return NULL;
}

/* ---- whether they can be used ---- */

static bool is_word(const char *name)
{
    const char *at = name;
    while (isalnum((unsigned char)*at) || *at == '_' || *at == '-')
        at++;
    return *at == '\0' && at > name && at - name < 64;
}

/* Whether retake has a rule of this name, or the word means something else. */
static bool is_taken(enum kind kind, const char *name)
{
    struct cat_found found;
    size_t n = strlen(name);
    if (kind == STOP && (strcmp(name, "any") == 0 || strcmp(name, "all") == 0))
        return true;
    if (kind == SELECT && cat_lookup(NULL, "exam.start.rule", name, n, &found))
        return true;
    return cat_lookup(NULL, kinds[kind].key, name, n, &found);
}

static bool is_repeated(const struct rule_set *rules, enum kind kind, size_t k, const char *name)
{
    struct about other;
    for (size_t i = 0; i < k && about(rules, kind, i, &other); i++)
        if (strcmp(other.name, name) == 0)
            return true;
    return false;
}

static enum err_code check_rule(const struct rule_set *rules, enum kind kind, size_t k,
                                const struct about *one, struct err *err)
{
    const char *word = kinds[kind].word;
    if (k >= RULE_MAX)
        return err_set(err, ERR_INPUT, "rules: more than %d %ss", RULE_MAX, word);
    if (!one->name || !is_word(one->name))
        return err_set(err, ERR_INPUT,
                       "rules: %s %zu has the name '%.80s'; a name is up to 63 letters, digits, _ "
                       "and -",
                       word, k + 1, one->name ? one->name : "");
    if (is_taken(kind, one->name))
        return err_set(err, ERR_INPUT, "rules: %s '%s': retake has a rule of this name", word,
                       one->name);
    if (is_repeated(rules, kind, k, one->name))
        return err_set(err, ERR_INPUT, "rules: %s '%s' is there twice", word, one->name);
    if (!one->has_function)
        return err_set(err, ERR_INPUT, "rules: %s '%s' has no function %s", word, one->name,
                       kinds[kind].function);
    if (one->needs & ~(unsigned)RULE_NEEDS_ALL)
        return err_set(err, ERR_INPUT, "rules: %s '%s' needs what is not known (%#x)", word,
                       one->name, one->needs & ~(unsigned)RULE_NEEDS_ALL);
    return ERR_OK;
}

enum err_code cat_rule_set_check(const struct rule_set *rules, struct err *err)
{
    struct about one;
    if (rules->version != RULE_VERSION)
        return err_set(err, ERR_INPUT,
                       "rules: made for version %u of retake/rule.h, this is version %d",
                       rules->version, RULE_VERSION);
    for (enum kind kind = STOP; kind < N_KINDS; kind++)
        for (size_t k = 0; about(rules, kind, k, &one); k++)
            if (check_rule(rules, kind, k, &one, err) != ERR_OK)
                return err->code;
    return ERR_OK;
}
