/* The files that a scenario names: bank, people, abilities, holidays, exposure parameters. Each is
 * read once, so that its digest is of the bytes that were used.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CONFIG_INPUTS_H
#define RETAKE_CONFIG_INPUTS_H

#include <retake/base/file.h>
#include <retake/config/params.h>

/** A file as it was when it was first looked at. */
struct config_input {
    struct config_input *next;
    const char *path;
    struct err failure;    /* ERR_OK: it was read */
    struct file_text text; /* lives as long as the inputs */
    char digest[33];       /* of the text */
};

/** All that were looked at. A zeroed struct: none. Not for several threads at a time. */
struct config_inputs {
    struct config_input *first;
    bool is_shared; /* by scenarios: freed by none of them */
    struct arena arena;
};

/**
 * The file under a path: as it was at the first look, when there was one.
 * @param max_bytes  as for file_read
 * @param out  the caller looks at its failure; lives as long as self
 * @return ERR_OK, of a file that cannot be read too; ERR_MEMORY
 */
enum err_code config_inputs_look(struct config_inputs *self, const char *path, size_t max_bytes,
                                 const struct config_input **out, struct err *err);

/** Forget them, e.g. for another run of the same scenario; texts are gone. */
void config_inputs_free(struct config_inputs *self);

/**
 * The file under a path that a scenario names.
 * @param key  which parameter does, for messages; NULL: the path is from elsewhere
 * @return ERR_OK; what file_read returns
 */
enum err_code config_scenario_input(const struct scenario *self, const char *key, const char *path,
                                    const struct config_input **out, struct err *err);

/**
 * Call a function for each file that a scenario names and uses.
 * @param param, member  which parameter names it
 * @return ERR_OK; ERR_MEMORY; what the function returns, which ends it
 */
enum err_code
config_scenario_each_input(struct scenario *self,
                           enum err_code (*take)(void *context, const struct param *param,
                                                 size_t member, const char *path, struct err *err),
                           void *context, struct err *err);

#endif
