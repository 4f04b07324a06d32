/* A tree of policies, made before any candidate is drawn: what parts policies is only how many
 * attempts they allow, and in which cycles.
 * SPDX-License-Identifier: Apache-2.0 */
#include "branches.h"

#include <retake/base/digest.h>
#include <retake/base/stream.h>
#include <retake/base/wording.h>
#include <retake/config/params.h>
#include <retake/pathway/stage.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A policy of the batch. The keys stand for all parameters that bear on the first sitting, and for
 * all but the limits on attempts. */
struct member {
    size_t number;
    const struct engine_plan *plan;
    char class_key[33], key[33];
};

/* Policies after so many failures. */
struct set {
    size_t n;
    const struct member **members; /* [n] */
    uint32_t n_sittings, n_in_cycle, n_cycle;
    enum pathway_limit limit;
    struct engine_branch *branch;
};

/* ---- keys ---- */

/* Whether a parameter acts only after a failed sitting. */
static bool is_after_failure(const char *path)
{
    static const char *const paths[] = {"study.none",
                                        "study.broad",
                                        "study.targeted",
                                        "study.plan",
                                        "study.hours_per_day",
                                        "study.repair",
                                        "policy.wait_days",
                                        "policy.attempts_per_cycle",
                                        "policy.max_cycles",
                                        "policy.max_attempts",
                                        "policy.cycle_wait_days",
                                        "policy.retake_cut_raise",
                                        "policy.refresher.",
                                        "policy.after_cycle",
                                        "policy.course.",
                                        "leave.",
                                        "title"};
    for (size_t k = 0; k < sizeof paths / sizeof paths[0]; k++)
        if (strncmp(path, paths[k], strlen(paths[k])) == 0)
            return true;
    return false;
}

/* Whether pathway_limit_after is all that a parameter acts on. */
static bool is_limit(const char *path)
{
    static const char *const paths[] = {"policy.attempts_per_cycle", "policy.max_cycles",
                                        "policy.max_attempts", "title"};
    for (size_t k = 0; k < sizeof paths / sizeof paths[0]; k++)
        if (strcmp(path, paths[k]) == 0)
            return true;
    return false;
}

static bool make_key(const struct scenario *scenario, bool (*is_left_out)(const char *),
                     char key[33])
{
    size_t n_params, n_bytes = 0;
    const struct param *params = config_params(&n_params);
    char *all = NULL, path[512], text[CONFIG_LIST_BYTES];
    FILE *out = stream_to_memory(&all, &n_bytes);
    for (size_t k = 0; out && k < n_params; k++)
        for (size_t m = 0; m < config_param_n_members(&params[k], scenario); m++) {
            config_param_path(&params[k], scenario, m, path, sizeof path);
            if (is_left_out(path))
                continue;
            config_param_format(&params[k], scenario, m, text, sizeof text);
            fprintf(out, "%s=%s\n", path, text);
        }
    bool made = out && fclose(out) == 0;
    if (made)
        digest_hex(all, n_bytes, key);
    free(all);
    return made;
}

/* ---- growing ---- */

static uint32_t most_attempts(const struct set *set)
{
    uint32_t most = 0;
    for (size_t k = 0; k < set->n; k++)
        if (set->members[k]->plan->pathway.max_attempts > most)
            most = set->members[k]->plan->pathway.max_attempts;
    return most;
}

/* A tally with room for all of a set. */
static size_t add_tally(struct engine_branches *self, const struct set *set, ptrdiff_t parent)
{
    size_t t = self->n_tallies++;
    struct tally_shape *shape = &self->shapes[t];
    *shape = set->members[0]->plan->shape;
    for (size_t k = 1; k < set->n; k++) {
        const struct tally_shape *other = &set->members[k]->plan->shape;
        shape->n_attempts =
            other->n_attempts > shape->n_attempts ? other->n_attempts : shape->n_attempts;
        shape->n_cycles = other->n_cycles > shape->n_cycles ? other->n_cycles : shape->n_cycles;
    }
    self->parent_of[t] = parent;
    return t;
}

/* A branch of a set. What its parent counts it counts too, in the same tally if they have the same
 * policies. */
static bool add_branch(struct engine_branches *self, struct set *set, size_t n_parent,
                       ptrdiff_t parent, struct engine_branch **list)
{
    struct engine_branch *branch = arena_alloc(&self->arena, sizeof *branch);
    if (!branch)
        return false;
    branch->plan = set->members[0]->plan;
    branch->tally = set->n == n_parent ? (size_t)parent : add_tally(self, set, parent);
    branch->sibling = *list;
    *list = set->branch = branch;
    for (size_t k = 0; k < set->n; k++)
        self->tally_of[set->members[k]->number] = branch->tally;
    return true;
}

/* Move those that go with the first of `rest` to `out`. */
static bool part(struct engine_branches *self, struct set *rest, struct set *out)
{
    size_t n = 0;
    const struct member *first = rest->members[0];
    *out = *rest;
    out->n = 0;
    out->members = arena_alloc(&self->arena, rest->n * sizeof(const struct member *));
    for (size_t k = 0; out->members && k < rest->n; k++) {
        const struct member *member = rest->members[k];
        enum pathway_limit limit = pathway_limit_after(member->plan->scenario, rest->n_sittings,
                                                       rest->n_in_cycle, rest->n_cycle);
        if (k == 0)
            out->limit = limit;
        if (limit == out->limit && strcmp(member->key, first->key) == 0)
            out->members[out->n++] = member;
        else
            rest->members[n++] = member;
    }
    rest->n = n;
    return out->members;
}

static struct set after_next_failure(const struct set *self)
{
    struct set next = *self;
    next.n_sittings++;
    next.n_in_cycle = self->limit == PATHWAY_CYCLE_OVER ? 1 : self->n_in_cycle + 1;
    next.n_cycle += self->limit == PATHWAY_CYCLE_OVER;
    return next;
}

/* The branches that follow a set whose branch is there, and theirs. */
static bool grow(struct engine_branches *self, const struct set *set, size_t n_split)
{
    struct set rest = *set, *parts = arena_alloc(&self->arena, set->n * sizeof *parts);
    size_t n_parts = 0;
    rest.members = arena_alloc(&self->arena, set->n * sizeof(const struct member *));
    if (!parts || !rest.members)
        return false;
    memcpy(rest.members, set->members, set->n * sizeof(const struct member *));
    while (rest.n > 0)
        if (!part(self, &rest, &parts[n_parts]) ||
            !add_branch(self, &parts[n_parts++], set->n, (ptrdiff_t)set->branch->tally,
                        &set->branch->child))
            return false;
    if (n_split + (n_parts > 1) > self->max_split)
        self->max_split = n_split + (n_parts > 1);
    for (size_t k = 0; k < n_parts; k++) {
        if (parts[k].limit == PATHWAY_NO_MORE || parts[k].n_sittings >= most_attempts(&parts[k]))
            continue;
        struct set next = after_next_failure(&parts[k]);
        if (!grow(self, &next, n_split + (n_parts > 1)))
            return false;
    }
    return true;
}

static bool grow_class(struct engine_branches *self, const struct member *members, size_t first)
{
    struct set set = {.n_sittings = 1, .n_in_cycle = 1, .n_cycle = 1};
    for (size_t k = 0; k < first; k++)
        if (strcmp(members[k].class_key, members[first].class_key) == 0)
            return true; /* is there */
    set.members = arena_alloc(&self->arena, self->n_policies * sizeof(const struct member *));
    for (size_t k = first; set.members && k < self->n_policies; k++)
        if (strcmp(members[k].class_key, members[first].class_key) == 0)
            set.members[set.n++] = &members[k];
    return set.members && add_branch(self, &set, 0, ENGINE_BRANCH_TRUNK, &self->classes) &&
           grow(self, &set, 0);
}

/* ---- all of it ---- */

static void measure(struct engine_branches *self, const struct member *members)
{
    self->roomiest = members[0].plan;
    for (size_t k = 0; k < self->n_policies; k++) {
        const struct engine_plan *plan = members[k].plan;
        if (plan->pathway.max_attempts > self->roomiest->pathway.max_attempts)
            self->roomiest = plan;
        if (plan->person.n_domains > self->n_domains)
            self->n_domains = plan->person.n_domains;
    }
    for (size_t k = 0; k < self->n_policies; k++)
        if (members[k].plan->scenario->policy_max_attempts_per_year <
            (double)members[k].plan->pathway.max_attempts)
            self->n_days = self->roomiest->pathway.max_attempts;
}

enum err_code engine_branches_init(const struct engine_plan *const *plans, size_t n_plans,
                                   struct engine_branches *self, struct err *err)
{
    *self = (struct engine_branches){.n_policies = n_plans};
    size_t most = 2 * n_plans; /* a set is parted into at most as many as it has members */
    struct member *members = arena_alloc(&self->arena, n_plans * sizeof *members);
    self->shapes = arena_alloc(&self->arena, most * sizeof *self->shapes);
    self->parent_of = arena_alloc(&self->arena, most * sizeof *self->parent_of);
    self->tally_of = arena_alloc(&self->arena, n_plans * sizeof *self->tally_of);
    bool made = members && self->shapes && self->parent_of && self->tally_of;
    for (size_t k = 0; made && k < n_plans; k++) {
        members[k] = (struct member){.number = k, .plan = plans[k]};
        made = make_key(plans[k]->scenario, is_after_failure, members[k].class_key) &&
               make_key(plans[k]->scenario, is_limit, members[k].key);
    }
    if (made)
        measure(self, members);
    for (size_t k = 0; made && k < n_plans; k++)
        made = grow_class(self, members, k);
    return made ? ERR_OK
                : err_set(err, ERR_MEMORY, "no memory for %s",
                          wording_count(n_plans, "policy").text);
}

void engine_branches_free(struct engine_branches *self)
{
    arena_free(&self->arena);
    *self = (struct engine_branches){0};
}
