/* Where each value of a scenario was set, for messages.
 * SPDX-License-Identifier: Apache-2.0 */
#include "place.h"

#include "path.h"
#include "utf8.h"

#include <assert.h>

/* How many of the first n parameters are of a family: the index of a field among its kind. */
static size_t count_fields(enum family family, size_t n)
{
    size_t n_params, n_fields = 0;
    const struct param *params = config_params(&n_params);
    assert(n <= n_params);
    for (size_t i = 0; i < n; i++)
        n_fields += params[i].family == family;
    return n_fields;
}

enum err_code config_place_init(struct scenario *self, struct err *err)
{
    size_t n_params;
    config_params(&n_params);
    self->places = arena_alloc(&self->arena, sizeof *self->places);
    for (int family = 0; self->places && family < N_FAMILIES; family++)
        self->places->families[family].n_fields = count_fields((enum family)family, n_params);
    struct family_places *own = self->places ? &self->places->families[FAMILY_NONE] : NULL;
    if (own)
        own->fields = arena_alloc(&self->arena, own->n_fields * sizeof *own->fields);
    if (!own || !own->fields)
        return err_set(err, ERR_MEMORY, "%s: no memory for a scenario", self->path);
    return ERR_OK;
}

struct place *config_place_of(const struct scenario *self, struct target target)
{
    size_t n_params;
    enum family family = target.param->family;
    const struct family_places *places = &self->places->families[family];
    size_t field = count_fields(family, (size_t)(target.param - config_params(&n_params)));
    return &places->fields[target.member * places->n_fields + field];
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
