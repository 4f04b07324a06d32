/* A scenario from its file: the defaults, then the keys of the file, then the checks.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/config/scenario.h>

#include "entry.h"
#include "family.h"

#include <retake/base/file.h>
#include <retake/config/inputs.h>

#include <string.h>

/* The member that a family has where the file names none. */
static enum err_code add_default_members(struct scenario *self, struct err *err)
{
    enum err_code code = ERR_OK;
    for (int i = FAMILY_NONE + 1; i < N_FAMILIES && code == ERR_OK; i++) {
        enum family family = (enum family)i;
        const char *name = config_family(family)->default_name;
        if (*name && config_family_n_members(self, family) == 0)
            code = config_family_add(self, family, name, strlen(name), err);
    }
    return code;
}

enum err_code config_scenario_parse(const char *path, const char *text, size_t n_bytes,
                                    struct scenario *self, struct err *err)
{
    static const struct yaml_wanted wanted = {"a scenario", config_param_is_near};
    struct yaml_node *root;
    *self = (struct scenario){0};
    self->path = arena_text(&self->arena, path, strlen(path));
    self->source_text = arena_text(&self->arena, text, n_bytes);
    self->inputs = arena_alloc(&self->arena, sizeof *self->inputs);
    if (!self->path || !self->source_text || !self->inputs)
        return err_set(err, ERR_MEMORY, "%s: no memory for a scenario", path);
    if (config_place_init(self, err) != ERR_OK ||
        config_family_set_defaults(self, FAMILY_NONE, 0, err) != ERR_OK ||
        config_yaml_parse(path, text, n_bytes, &wanted, &self->arena, &root, err) != ERR_OK ||
        config_entry_apply_file(self, root, err) != ERR_OK)
        return err->code;
    return add_default_members(self, err);
}

enum err_code config_scenario_load(const char *path, struct scenario *self, struct err *err)
{
    struct arena arena = {0};
    struct file_text text;
    *self = (struct scenario){0};
    enum err_code code = file_read(path, YAML_MAX_BYTES, &arena, &text, err);
    if (code == ERR_OK)
        code = config_scenario_parse(path, text.bytes, text.n_bytes, self, err);
    arena_free(&arena);
    return code;
}

void config_scenario_free(struct scenario *self)
{
    if (self->inputs && !self->inputs->is_shared)
        config_inputs_free(self->inputs);
    arena_free(&self->arena);
    *self = (struct scenario){0};
}

const char *config_scenario_file_path(struct scenario *self, const char *file)
{
    return file_relative_to(self->path, file, &self->arena);
}

const char *config_scenario_bank_path(struct scenario *self)
{
    return self->bank_path ? self->bank_path : config_scenario_file_path(self, self->bank);
}
