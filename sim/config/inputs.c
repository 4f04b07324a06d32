/* A list of files, each with its bytes, its digest, or why it could not be read.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/config/inputs.h>

#include <retake/base/digest.h>
#include <retake/config/csv.h>

#include <string.h>

enum err_code config_inputs_look(struct config_inputs *self, const char *path, size_t max_bytes,
                                 const struct config_input **out, struct err *err)
{
    struct config_input *input = self->first;
    while (input && strcmp(input->path, path) != 0)
        input = input->next;
    if (!input) {
        input = arena_alloc(&self->arena, sizeof *input);
        const char *own = input ? arena_text(&self->arena, path, strlen(path)) : NULL;
        if (!own)
            return err_set(err, ERR_MEMORY, "no memory for the path of %s", path);
        *input = (struct config_input){.next = self->first, .path = own};
        if (file_read(own, max_bytes, &self->arena, &input->text, &input->failure) == ERR_OK)
            digest_hex(input->text.bytes, input->text.n_bytes, input->digest);
        self->first = input;
    }
    *out = input;
    return ERR_OK;
}

void config_inputs_free(struct config_inputs *self)
{
    arena_free(&self->arena);
    self->first = NULL;
}

enum err_code config_scenario_input(const struct scenario *self, const char *key, const char *path,
                                    const struct config_input **out, struct err *err)
{
    if (config_inputs_look(self->inputs, path, CSV_MAX_BYTES, out, err) != ERR_OK)
        return err->code;
    const struct err *failure = &(*out)->failure;
    if (failure->code && key)
        return config_scenario_error(self, key, err, failure->code, "%s", failure->detail);
    return failure->code ? err_set(err, failure->code, "%s", failure->detail) : ERR_OK;
}

/* The path of the file that one parameter names; NULL: none, or memory is out. */
static const char *path_of(struct scenario *self, const struct param *param, size_t member,
                           struct err *err)
{
    const char *file = *(const char *const *)config_param_field(param, self, member), *path;
    if (strcmp(param->path, "bank") == 0) {
        if (self->exam_form == CONFIG_FORM_NORMAL)
            return NULL;
        path = config_scenario_bank_path(self);
    } else if (file[0] == '\0') {
        return NULL;
    } else {
        path = config_scenario_file_path(self, file);
    }
    if (!path)
        err_set(err, ERR_MEMORY, "no memory for the path of %s", file);
    return path;
}

enum err_code
config_scenario_each_input(struct scenario *self,
                           enum err_code (*take)(void *context, const struct param *param,
                                                 size_t member, const char *path, struct err *err),
                           void *context, struct err *err)
{
    size_t n;
    const struct param *params = config_params(&n);
    for (size_t k = 0; k < n; k++)
        for (size_t m = 0; m < config_param_n_members(&params[k], self); m++) {
            const char *path =
                config_param_is_input(&params[k]) ? path_of(self, &params[k], m, err) : NULL;
            if (err->code || (path && take(context, &params[k], m, path, err) != ERR_OK))
                return err->code;
        }
    return ERR_OK;
}
