/* Where each value of a scenario was set, for messages; and the groups, which come with their
 * places. SPDX-License-Identifier: Apache-2.0 */
#include "place.h"

#include "path.h"
#include "utf8.h"
#include "value.h"

#include <assert.h>
#include <string.h>

enum err_code config_place_init(struct scenario *self, struct err *err)
{
    size_t n_params;
    config_params(&n_params);
    self->places = arena_alloc(&self->arena, sizeof *self->places);
    if (self->places)
        self->places->params = arena_alloc(&self->arena, n_params * sizeof *self->places->params);
    if (!self->places || !self->places->params)
        return err_set(err, ERR_MEMORY, "%s: no memory for a scenario", self->path);
    return ERR_OK;
}

size_t config_place_group(const struct scenario *self, const char *name, size_t n_name)
{
    size_t i = 0;
    while (i < self->n_groups && (strncmp(self->groups[i].name, name, n_name) != 0 ||
                                  self->groups[i].name[n_name] != '\0'))
        i++;
    return i;
}

/* Room for one group more; the arrays move when they grow. */
static bool grow(struct scenario *self)
{
    struct scenario_places *places = self->places;
    if (self->n_groups < places->n_allocated)
        return true;
    size_t n = places->n_allocated ? 2 * places->n_allocated : 8;
    struct scenario_group *groups = arena_alloc(&self->arena, n * sizeof *groups);
    struct group_places *group_places = arena_alloc(&self->arena, n * sizeof *group_places);
    if (!groups || !group_places)
        return false;
    if (self->n_groups) {
        memcpy(groups, self->groups, self->n_groups * sizeof *groups);
        memcpy(group_places, places->groups, self->n_groups * sizeof *group_places);
    }
    self->groups = groups;
    places->groups = group_places;
    places->n_allocated = n;
    return true;
}

static enum err_code set_group_defaults(struct scenario *self, struct scenario_group *group,
                                        struct err *reason)
{
    size_t n_params;
    const struct param *params = config_params(&n_params);
    for (size_t i = 0; i < n_params; i++)
        if (params[i].of_group && config_value_store(&params[i], params[i].default_text, false,
                                                     group, &self->arena, reason) != ERR_OK)
            return reason->code;
    return ERR_OK;
}

enum err_code config_place_add_group(struct scenario *self, const char *name, size_t n_name,
                                     struct err *reason)
{
    if (self->n_groups == MAX_GROUPS)
        return err_set(reason, ERR_INPUT, "more than %d groups", MAX_GROUPS);
    const char *copy = arena_text(&self->arena, name, n_name);
    if (!copy || !grow(self))
        return err_set(reason, ERR_MEMORY, "no memory for a group");
    struct scenario_group *group = &self->groups[self->n_groups];
    group->name = copy;
    self->n_groups++;
    return set_group_defaults(self, group, reason);
}

struct place *config_place_of(const struct scenario *self, struct target target)
{
    size_t n_params;
    if (!target.param->of_group)
        return &self->places->params[target.param - config_params(&n_params)];
    assert(target.group < self->n_groups);
    return &self->places->groups[target.group].fields[target.param->offset / sizeof(double)];
}

void *config_place_base(struct scenario *self, struct target target)
{
    return target.param->of_group ? (void *)&self->groups[target.group] : (void *)self;
}

enum err_code config_place_error(const struct scenario *self, const struct place *place,
                                 const char *key, struct err *err, enum err_code code,
                                 const char *message)
{
    char text[CONFIG_PATH_BYTES - 16]; /* so that a path cut short shows it */
    if (place && place->assignment) {
        config_utf8_printable(place->assignment, text, sizeof text);
        return err_set(err, code, "--set %s: %s", text, message);
    }
    config_utf8_printable(key, text, sizeof text);
    if (place && place->line)
        return err_set(err, code, "%s:%zu:%zu: %s: %s", self->path, place->line, place->column,
                       text, message);
    return err_set(err, code, "%s: %s: %s%s", self->path, text, message, place ? " (default)" : "");
}
