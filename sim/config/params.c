/* The run-time table of parameters, made from params.def.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/config/params.h>

#include <string.h>

/* A default is kept as its text. Unlike the others the limits are expanded before they are made
 * text, so that INFINITY reads none; this file must therefore not need <math.h>. */
#undef INFINITY
#define INFINITY none
#define TEXT_OF(expanded) #expanded

#define GRADE_RULE "rule"
#define GRADE_PUBLISHED "published"
#define GRADE_ASSUMED "assumed"
#define GRADE_TECHNICAL "technical"

#define NUMBER(of, kind, key, section, member, text, low, high, units, level, words, about)        \
    {.path = key,                                                                                  \
     .type = kind,                                                                                 \
     .family = FAMILY_##of,                                                                        \
     .offset = offsetof(struct section, member),                                                   \
     .default_text = text,                                                                         \
     .min = (double)(low),                                                                         \
     .max = (double)(high),                                                                        \
     .unit = units,                                                                                \
     .grade = GRADE_##level,                                                                       \
     .label = words,                                                                               \
     .doc = about},
#define WORD(kind, key, member, allowed, text, level, words, about)                                \
    {.path = key,                                                                                  \
     .type = kind,                                                                                 \
     .offset = offsetof(struct scenario, member),                                                  \
     .default_text = text,                                                                         \
     .unit = "",                                                                                   \
     .choices = allowed,                                                                           \
     .grade = GRADE_##level,                                                                       \
     .label = words,                                                                               \
     .doc = about},
#define GROUP(kind, key, field, ...)                                                               \
    NUMBER(GROUP, kind, "population.groups.*." key, scenario_group, field, __VA_ARGS__)
#define GROUP_WORD(kind, key, member, allowed, text, level, words, about)                          \
    {.path = "population.groups.*." key,                                                           \
     .type = kind,                                                                                 \
     .family = FAMILY_GROUP,                                                                       \
     .offset = offsetof(struct scenario_group, member),                                            \
     .default_text = text,                                                                         \
     .unit = "",                                                                                   \
     .choices = allowed,                                                                           \
     .grade = GRADE_##level,                                                                       \
     .label = words,                                                                               \
     .doc = about},
#define DOMAIN(kind, key, field, ...)                                                              \
    NUMBER(DOMAIN, kind, "exam.content.domains.*." key, scenario_domain, field, __VA_ARGS__)
#define CONSTRAINT(kind, key, field, ...)                                                          \
    NUMBER(CONSTRAINT, kind, "exam.content.constraints.*." key, scenario_constraint, field,        \
           __VA_ARGS__)

const struct param *config_params(size_t *n_params)
{
    static const struct param table[] = {
#define REAL(path, field, def, ...)                                                                \
    NUMBER(NONE, PARAM_REAL, path, scenario, field, #def, __VA_ARGS__)
#define LIMIT(path, field, def, ...)                                                               \
    NUMBER(NONE, PARAM_LIMIT, path, scenario, field, TEXT_OF(def), __VA_ARGS__)
#define COUNT(path, field, def, ...)                                                               \
    NUMBER(NONE, PARAM_COUNT, path, scenario, field, #def, __VA_ARGS__)
#define FLAG(path, field, def, ...) WORD(PARAM_FLAG, path, field, "", #def, __VA_ARGS__)
#define CHOICE(path, field, choices, def, ...)                                                     \
    WORD(PARAM_CHOICE, path, field, choices, def, __VA_ARGS__)
#define NAME(path, field, def, ...) WORD(PARAM_NAME, path, field, "", def, __VA_ARGS__)
#define TEXT(path, field, def, ...) WORD(PARAM_TEXT, path, field, "", def, __VA_ARGS__)
#define DAY(path, field, def, ...) WORD(PARAM_DAY, path, field, "", def, __VA_ARGS__)
#define REALS(path, field, def, ...)                                                               \
    NUMBER(NONE, PARAM_REALS, path, scenario, field, #def, __VA_ARGS__)
#define DAYS(path, field, def, ...) WORD(PARAM_DAYS, path, field, "", def, __VA_ARGS__)
#define WORDS(path, field, choices, def, ...)                                                      \
    WORD(PARAM_WORDS, path, field, choices, def, __VA_ARGS__)
#define GROUP_REAL(key, field, def, ...) GROUP(PARAM_REAL, key, field, #def, __VA_ARGS__)
#define GROUP_CHOICE(key, field, choices, def, ...)                                                \
    GROUP_WORD(PARAM_CHOICE, key, field, choices, def, __VA_ARGS__)
#define GROUP_TEXT(key, field, def, ...) GROUP_WORD(PARAM_TEXT, key, field, "", def, __VA_ARGS__)
#define DOMAIN_REAL(key, field, def, ...) DOMAIN(PARAM_REAL, key, field, #def, __VA_ARGS__)
#define DOMAIN_LIMIT(key, field, def, ...)                                                         \
    DOMAIN(PARAM_LIMIT, key, field, TEXT_OF(def), __VA_ARGS__)
#define DOMAIN_COUNT(key, field, def, ...) DOMAIN(PARAM_COUNT, key, field, #def, __VA_ARGS__)
#define CONSTRAINT_REAL(key, field, def, ...) CONSTRAINT(PARAM_REAL, key, field, #def, __VA_ARGS__)
#define CONSTRAINT_LIMIT(key, field, def, ...)                                                     \
    CONSTRAINT(PARAM_LIMIT, key, field, TEXT_OF(def), __VA_ARGS__)
#define CONSTRAINT_COUNT(key, field, def, ...)                                                     \
    CONSTRAINT(PARAM_COUNT, key, field, #def, __VA_ARGS__)
#include <retake/config/params.def>
    };
    *n_params = sizeof table / sizeof *table;
    return table;
}

bool config_param_is_file(const struct param *self)
{
    return self->type == PARAM_TEXT && strcmp(self->path, "title") != 0;
}

bool config_param_is_input(const struct param *self)
{
    return config_param_is_file(self) && strcmp(self->path, "engine.library.folder") != 0;
}

bool config_param_is_list(const struct param *self)
{
    return self->type == PARAM_REALS || self->type == PARAM_DAYS || self->type == PARAM_WORDS;
}

const struct param_family *config_family(enum family family)
{
    static const struct param_family table[N_FAMILIES] = {
#define FAMILY(id, member, section, by_default, adds, about)                                       \
    [FAMILY_##id] = {.path = section,                                                              \
                     .word = #member,                                                              \
                     .default_name = by_default,                                                   \
                     .set_adds = adds,                                                             \
                     .doc = about,                                                                 \
                     .member_size = sizeof(struct scenario_##member),                              \
                     .n_members_offset = offsetof(struct scenario, n_##member##s),                 \
                     .members_offset = offsetof(struct scenario, member##s)},
#include <retake/config/params.def>
    };
    return &table[family];
}
