/* Dotted paths against the table: what a path names, and what it was probably meant to name.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_CONFIG_PATH_H
#define RETAKE_SIM_CONFIG_PATH_H

#include <retake/config/params.h>

enum { CONFIG_PATH_BYTES = 384 }; /* a longer path is of no known key */

enum path_kind {
    PATH_UNKNOWN,
    PATH_PARAM,   /* one parameter */
    PATH_SECTION, /* the beginning of several, e.g. exam.stop */
    PATH_MEMBER,  /* the section of one member of a family, e.g. population.groups.NAME */
};

struct path_match {
    enum path_kind kind;
    const struct param *param; /* the parameter; else the first of the section */
    const char *name; /* the NAME within the path as it is written, NULL outside families */
    size_t n_name;
};

/** Bytes of the component that a path begins with: up to a dot outside quotes. */
size_t config_path_component(const char *path);

/** The name of a match without its quotes. @return whether it is one, see config_name_fault */
bool config_path_name(const struct path_match *match, char out[CONFIG_NAME_BYTES]);

struct path_match config_path_match(const char *path);

/** "; did you mean 'NEAREST'?" for an unknown path, a parameter or a section; else "". */
struct path_hint {
    char text[CONFIG_PATH_BYTES];
};
struct path_hint config_path_hint(const char *path);

/** The same for a word among n. */
struct path_hint config_path_word_hint(const char *word, const char *const *words, size_t n_words);

#endif
