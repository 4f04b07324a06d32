/* What a scenario's text says of the evidence for the values it sets: the comment behind a key, or
 * behind the section that the key stands in.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CONFIG_STATEMENTS_H
#define RETAKE_CONFIG_STATEMENTS_H

#include <retake/config/scenario.h>

struct yaml_node;

struct config_statements {
    const char *text;             /* of the scenario */
    const struct yaml_node *root; /* NULL: the text is no scenario, and says nothing */
    struct scenario was;          /* the text by itself */
    struct arena arena;           /* owns what is found */
};

/** What is said of one value. */
struct config_statement {
    const char *grades; /* "rule", "published", "assumed", "technical" or "tuned"; of a comment that
                           says several of its values all, with commas; "" where it says none */
    const char *source; /* the comment, without the grade where that is the only one; "" */
};

/**
 * Read a scenario's text; what an earlier or a later version wrote, and this one does not read,
 * says nothing.
 * @param text  must live on; NULL says nothing
 * @param self  config_statements_free it, even after failure
 * @return ERR_OK; ERR_MEMORY
 */
enum err_code config_statements_init(const char *text, struct config_statements *self,
                                     struct err *err);
void config_statements_free(struct config_statements *self);

/**
 * What the text says of a parameter.
 * @param path   with the name of a group or a domain in place of *
 * @param value  as config_param_format writes it: what is said of another value, which --set has
 *               replaced, does not hold
 * @param out    texts of self; empty where nothing is said
 * @return ERR_OK; ERR_MEMORY
 */
enum err_code config_statements_find(struct config_statements *self, const char *path,
                                     const char *value, struct config_statement *out,
                                     struct err *err);

#endif
