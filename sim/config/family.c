/* Families of named sections. The members of each are an array in the scenario, known here by its
 * offset and the size of a member, which begins with its name; beside it grows the array of places.
 * SPDX-License-Identifier: Apache-2.0 */
#include "family.h"

#include "place.h"
#include "value.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

size_t config_family_n_members(const struct scenario *self, enum family family)
{
    size_t n_members = 1;
    if (family != FAMILY_NONE)
        memcpy(&n_members, (const char *)self + config_family(family)->n_members_offset,
               sizeof n_members);
    return n_members;
}

void config_family_truncate(struct scenario *self, enum family family, size_t n_members)
{
    memcpy((char *)self + config_family(family)->n_members_offset, &n_members, sizeof n_members);
}

/* The address of an array, whatever the type of the pointer that holds it. */
static char *members_of(const struct scenario *self, enum family family)
{
    char *members;
    memcpy(&members, (const char *)self + config_family(family)->members_offset, sizeof members);
    return members;
}

void *config_family_member(const struct scenario *self, enum family family, size_t member)
{
    if (family == FAMILY_NONE)
        return (void *)self;
    return members_of(self, family) + member * config_family(family)->member_size;
}

const char *config_family_name(const struct scenario *self, enum family family, size_t member)
{
    const char *name;
    memcpy(&name, config_family_member(self, family, member), sizeof name);
    return name;
}

size_t config_family_find(const struct scenario *self, enum family family, const char *name,
                          size_t n_name)
{
    size_t n_members = config_family_n_members(self, family);
    for (size_t i = 0; i < n_members; i++) {
        const char *known = config_family_name(self, family, i);
        if (strncmp(known, name, n_name) == 0 && known[n_name] == '\0')
            return i;
    }
    return n_members;
}

/* Room for n members, all of them zero but those that there are. */
static bool allocate(struct scenario *self, enum family family, size_t n)
{
    const struct param_family *known = config_family(family);
    struct family_places *places = &self->places->families[family];
    size_t n_members = config_family_n_members(self, family);
    char *members = arena_alloc(&self->arena, n * known->member_size);
    struct place *fields = arena_alloc(&self->arena, n * places->n_fields * sizeof *fields);
    if (!members || !fields)
        return false;
    if (n_members) {
        memcpy(members, members_of(self, family), n_members * known->member_size);
        memcpy(fields, places->fields, n_members * places->n_fields * sizeof *fields);
    }
    memcpy((char *)self + known->members_offset, &members, sizeof members);
    places->fields = fields;
    places->n_allocated = n;
    return true;
}

enum err_code config_family_set_defaults(struct scenario *self, enum family family, size_t member,
                                         struct err *reason)
{
    size_t n_params;
    const struct param *params = config_params(&n_params);
    void *base = config_family_member(self, family, member);
    for (size_t i = 0; i < n_params; i++)
        if (params[i].family == family &&
            config_value_store(&params[i], params[i].default_text, false, base, &self->arena,
                               reason) != ERR_OK)
            return reason->code;
    return ERR_OK;
}

enum err_code config_family_add(struct scenario *self, enum family family, const char *name,
                                size_t n_name, struct err *reason)
{
    size_t n_members = config_family_n_members(self, family);
    struct family_places *places = &self->places->families[family];
    const char *word = config_family(family)->word;
    if (n_members == CONFIG_MAX_MEMBERS)
        return err_set(reason, ERR_INPUT, "more than %d %ss", CONFIG_MAX_MEMBERS, word);
    const char *copy = arena_text(&self->arena, name, n_name);
    if (!copy || (n_members == places->n_allocated &&
                  !allocate(self, family, n_members ? 2 * n_members : 8)))
        return err_set(reason, ERR_MEMORY, "no memory for a %s", word);
    memcpy(config_family_member(self, family, n_members), &copy, sizeof copy);
    memset(places->fields + n_members * places->n_fields, 0,
           places->n_fields * sizeof *places->fields);
    config_family_truncate(self, family, n_members + 1);
    return config_family_set_defaults(self, family, n_members, reason);
}

size_t config_param_n_members(const struct param *self, const struct scenario *scenario)
{
    return config_family_n_members(scenario, self->family);
}

const void *config_param_field(const struct param *self, const struct scenario *scenario,
                               size_t member)
{
    assert(member < config_param_n_members(self, scenario));
    return (const char *)config_family_member(scenario, self->family, member) + self->offset;
}

void config_param_path(const struct param *self, const struct scenario *scenario, size_t member,
                       char *path, size_t n_path)
{
    char quoted[CONFIG_QUOTED_BYTES];
    size_t n_head = strcspn(self->path, "*");
    if (self->family == FAMILY_NONE) {
        snprintf(path, n_path, "%s", self->path);
        return;
    }
    config_name_quote(config_family_name(scenario, self->family, member), quoted);
    snprintf(path, n_path, "%.*s%s%s", (int)n_head, self->path, quoted, self->path + n_head + 1);
}
