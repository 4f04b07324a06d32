/* The run-time table of parameters, made from params.def.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/config/params.h>

/* A default is kept as its text. Unlike the others the limits are expanded before they are made
 * text, so that INFINITY reads none; this file must therefore not need <math.h>. */
#undef INFINITY
#define INFINITY none
#define TEXT_OF(expanded) #expanded

#define GRADE_RULE "rule"
#define GRADE_PUBLISHED "published"
#define GRADE_ASSUMED "assumed"
#define GRADE_TECHNICAL "technical"

#define NUMBER(kind, key, member, text, low, high, units, level, about)                            \
    {.path = key,                                                                                  \
     .type = kind,                                                                                 \
     .offset = offsetof(struct scenario, member),                                                  \
     .default_text = text,                                                                         \
     .min = (double)(low),                                                                         \
     .max = (double)(high),                                                                        \
     .unit = units,                                                                                \
     .grade = GRADE_##level,                                                                       \
     .doc = about},
#define WORD(kind, key, member, words, text, level, about)                                         \
    {.path = key,                                                                                  \
     .type = kind,                                                                                 \
     .offset = offsetof(struct scenario, member),                                                  \
     .default_text = text,                                                                         \
     .unit = "",                                                                                   \
     .choices = words,                                                                             \
     .grade = GRADE_##level,                                                                       \
     .doc = about},

#define REAL(path, field, def, min, max, unit, grade, doc)                                         \
    NUMBER(PARAM_REAL, path, field, #def, min, max, unit, grade, doc)
#define LIMIT(path, field, def, min, max, unit, grade, doc)                                        \
    NUMBER(PARAM_LIMIT, path, field, TEXT_OF(def), min, max, unit, grade, doc)
#define COUNT(path, field, def, min, max, unit, grade, doc)                                        \
    NUMBER(PARAM_COUNT, path, field, #def, min, max, unit, grade, doc)
#define FLAG(path, field, def, grade, doc) WORD(PARAM_FLAG, path, field, "", #def, grade, doc)
#define CHOICE(path, field, choices, def, grade, doc)                                              \
    WORD(PARAM_CHOICE, path, field, choices, def, grade, doc)
#define NAME(path, field, def, grade, doc) WORD(PARAM_NAME, path, field, "", def, grade, doc)
#define TEXT(path, field, def, grade, doc) WORD(PARAM_TEXT, path, field, "", def, grade, doc)
#define DAY(path, field, def, grade, doc) WORD(PARAM_DAY, path, field, "", def, grade, doc)
#define GROUP_REAL(key, member, def, low, high, units, level, about)                               \
    {.path = "population.groups.*." key,                                                           \
     .type = PARAM_REAL,                                                                           \
     .of_group = true,                                                                             \
     .offset = offsetof(struct scenario_group, member),                                            \
     .default_text = #def,                                                                         \
     .min = (low),                                                                                 \
     .max = (high),                                                                                \
     .unit = units,                                                                                \
     .grade = GRADE_##level,                                                                       \
     .doc = about},

const struct param *config_params(size_t *n_params)
{
    static const struct param table[] = {
#include <retake/config/params.def>
#include <retake/config/params_undef.h>
    };
    *n_params = sizeof table / sizeof *table;
    return table;
}
