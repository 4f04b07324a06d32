/* The parameter table at run time: what `retake params`, docs/parameters.md and the provenance of a
 * result are made of.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CONFIG_PARAMS_H
#define RETAKE_CONFIG_PARAMS_H

#include <retake/config/scenario.h>

enum param_type {
    PARAM_REAL,
    PARAM_LIMIT,
    PARAM_REALS,
    PARAM_COUNT,
    PARAM_FLAG,
    PARAM_CHOICE,
    PARAM_NAME,
    PARAM_TEXT,
    PARAM_DAY,
    PARAM_DAYS,
    PARAM_WORDS
};

/** Where a parameter's field is: in the scenario itself, or in each member of a family. */
enum family {
    FAMILY_NONE,
#define FAMILY(id, ...) FAMILY_##id,
#include <retake/config/params.def>
    N_FAMILIES
};

/** A family of named sections, e.g. population.groups.NAME. Strings are static. */
struct param_family {
    const char *path;         /* "population.groups" */
    const char *word;         /* what one member is called: "group" */
    const char *default_name; /* of the member that a scenario without any has; "" = none */
    bool set_adds;            /* --set may name a new member */
    const char *doc;          /* what the members are: "each group by its name" */
    size_t member_size, n_members_offset, members_offset; /* in struct scenario: count and array */
};

/** One parameter. Strings are static. */
struct param {
    const char *path; /* "policy.wait_days"; of a group "population.groups.*.weight" */
    enum param_type type;
    enum family family;
    size_t offset;            /* of the field, in struct scenario or in a member of the family */
    const char *default_text; /* as one would write it in YAML */
    double min, max;          /* numeric types */
    const char *unit;         /* "" where there is none */
    const char *choices;      /* "first|second", CHOICE only */
    const char *grade;        /* "rule", "published", "assumed", "technical" */
    const char *label;        /* in a few words, for people: "waiting time" */
    const char *doc;
};

/** The table, in the order of params.def; *n_params receives its length. */
const struct param *config_params(size_t *n_params);

/** A family; not of FAMILY_NONE. */
const struct param_family *config_family(enum family family);

/** A parameter by its path; population.groups.ANY.weight finds population.groups.*.weight. NULL if
 * unknown. */
const struct param *config_param_find(const char *path);

/** The known path nearest to a misspelt one (edit distance), or NULL when nothing is near. */
const char *config_param_nearest(const char *path);

/** Whether a path is that of a parameter, of a section of them, or nearly so. */
bool config_param_is_near(const char *path);

/** Names of domains, groups, constraints: up to 128 bytes without control characters. */
enum { CONFIG_NAME_BYTES = 129, CONFIG_QUOTED_BYTES = 2 * CONFIG_NAME_BYTES + 2 };

/** Why a text can be no such name, or NULL. */
const char *config_name_fault(const char *name, size_t n_name);

/** A name as it stands in a key or an address: in double quotes, a quote in it twice, where it has
 * one of . = , [ ] " or a blank at an end. */
void config_name_quote(const char *name, char out[CONFIG_QUOTED_BYTES]);

/** Bytes of the key that KEY=VALUE begins with: up to the first = outside quotes. */
size_t config_key_length(const char *text);

/** Append a key of a mapping to the dotted path of the mapping, which may be "". Where names are
 * expected a key with a section below it is one name, dots included, unless it is a known path.
 * @return whether it fits */
bool config_path_append(char *path, size_t n_path, const char *key, bool is_section);

/** The path with its name quoted as config_param_path would. @return whether it fits */
bool config_path_tidy(const char *path, char *out, size_t n_out);

/** The nearest of n words to a misspelt one, or NULL when nothing is near. For rule names and
 * columns. */
const char *config_nearest_word(const char *word, const char *const *words, size_t n_words);

/** How many values of a parameter a scenario has: one for each member of its family; 1 for a
 * parameter of no family, whose member is 0. */
size_t config_param_n_members(const struct param *self, const struct scenario *scenario);

/** The field that holds a value: a double, int64_t, bool, int, const char * or struct
 * scenario_list, by type. */
const void *config_param_field(const struct param *self, const struct scenario *scenario,
                               size_t member);

/** The path of one value, with the member's name for *, into path[n_path]. */
void config_param_path(const struct param *self, const struct scenario *scenario, size_t member,
                       char *path, size_t n_path);

/** Whether a parameter may be a list. */
bool config_param_is_list(const struct param *self);

/** Whether its text names a file or a folder. */
bool config_param_is_file(const struct param *self);

/** Whether that is a file that is read, and no folder. */
bool config_param_is_input(const struct param *self);

/** Write a value as one would write it in YAML into text[n_text]. Numbers round-trip (shortest
 * form). */
void config_param_format(const struct param *self, const struct scenario *scenario, size_t member,
                         char *text, size_t n_text);

/** A number as the value of a parameter is written: the shortest form that reads back; none for
 * infinity. n_text of 32 is always enough. */
void config_param_format_number(double value, char *text, size_t n_text);

#endif
