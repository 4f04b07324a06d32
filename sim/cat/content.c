/* Content: how many scored items of each domain, and enemies.
 *
 * Limits. A test may end from min_items on, so the least numbers must be reached by then: once the
 * items still owed equal those left until min_items, only domains that are owed some are open. A
 * domain at its greatest number is closed. A content rule then chooses among the open domains.
 *
 * When the open domains have no free item left, first the least numbers give way, then the
 * greatest: a test is not cut short because a retaker has met a whole domain.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/config/params.h>

#include <retake/base/wording.h>

#include <math.h>
#include <string.h>

#include "blueprint.h"
#include "content.h"
#include "rules.h"

/* ---- tables ---- */

enum { KEY_BYTES = 512 };

static void key_of(const struct scenario *scenario, const struct scenario_domain *domain,
                   const char *path, char key[KEY_BYTES])
{
    config_param_path(config_param_find(path), scenario, (size_t)(domain - scenario->domains), key,
                      KEY_BYTES);
}

static enum err_code find_domain(const struct scenario *scenario, const struct irt_bank *bank,
                                 const struct scenario_domain *domain, size_t *out, struct err *err)
{
    char key[KEY_BYTES];
    for (size_t d = 0; d < bank->n_domains; d++)
        if (strcmp(bank->domains[d], domain->name) == 0) {
            *out = d;
            return ERR_OK;
        }
    const char *near = config_nearest_word(domain->name, bank->domains, bank->n_domains);
    key_of(scenario, domain,
           domain->target > 0      ? "exam.content.domains.*.target"
           : domain->min_items > 0 ? "exam.content.domains.*.min_items"
                                   : "exam.content.domains.*.max_items",
           key);
    return config_scenario_error(scenario, key, err, ERR_INPUT, "%s has no domain '%s'%s%s%s",
                                 bank->path, domain->name, near ? "; did you mean '" : "",
                                 near ? near : "", near ? "'?" : "");
}

/* target max_items in whole items, by largest remainder (ties to the domain that comes first). */
void cat_content_quota(const double *target, size_t n, uint32_t max_items, uint32_t *quota)
{
    uint32_t left = max_items;
    for (size_t d = 0; d < n; d++) {
        quota[d] = (uint32_t)floor(target[d] * max_items + 1e-9);
        left -= quota[d] < left ? quota[d] : left;
    }
    for (; left > 0; left--) {
        size_t next = 0;
        for (size_t d = 1; d < n; d++)
            if (target[d] * max_items - quota[d] > target[next] * max_items - quota[next] + 1e-9)
                next = d;
        quota[next]++;
    }
}

/* Scored items that one test can have of a domain: of a group of enemies one counts. */
static uint32_t n_usable(const struct cat_design *design, size_t domain)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < design->n_scored; i++) {
        const struct irt_item *item = &design->items[i];
        bool counts = item->domain == domain;
        for (uint32_t j = 0; counts && item->enemy && j < i; j++)
            counts = design->items[j].domain != domain || design->items[j].enemy != item->enemy;
        n += counts;
    }
    return n;
}

static enum err_code check_domain(const struct scenario *scenario, const struct irt_bank *bank,
                                  const struct cat_design *design,
                                  const struct cat_content *content,
                                  const struct scenario_domain *domain, size_t d, struct err *err)
{
    char key[KEY_BYTES];
    uint32_t usable = n_usable(design, d);
    double wanted = ceil(content->target[d] * design->exam.max_items - 1e-9);
    bool by_target = content->rule->needs_targets && wanted > usable;
    if (!by_target && content->least[d] <= usable)
        return ERR_OK;
    key_of(scenario, domain,
           by_target ? "exam.content.domains.*.target" : "exam.content.domains.*.min_items", key);
    uint64_t n_wanted = (uint64_t)(by_target ? wanted : (double)content->least[d]);
    return config_scenario_error(scenario, key, err, ERR_INPUT,
                                 "%s of %u %s wanted, but %s has only %u that one test can use",
                                 wording_count(n_wanted, "item").text, design->exam.max_items,
                                 n_wanted == 1 ? "is" : "are", bank->path, usable);
}

/* A target must lie within the domain's limits. */
static enum err_code check_target(const struct scenario *scenario, const struct cat_design *design,
                                  const struct cat_content *content,
                                  const struct scenario_domain *domain, size_t d, struct err *err)
{
    char key[KEY_BYTES];
    double wanted = content->target[d] * design->exam.max_items;
    bool is_above = floor(wanted + 1e-9) > content->most[d];
    bool is_target = content->rule->needs_targets && content->shares_domains;
    if (!is_target || (!is_above && ceil(wanted - 1e-9) >= content->least[d]))
        return ERR_OK;
    key_of(scenario, domain, "exam.content.domains.*.target", key);
    return config_scenario_error(
        scenario, key, err, ERR_INPUT, "%g of %s are %g, but the domain's %s is %u",
        content->target[d], wording_count(design->exam.max_items, "item").text, wanted,
        is_above ? "max_items" : "min_items", is_above ? content->most[d] : content->least[d]);
}

static enum err_code check_sums(const struct scenario *scenario, const struct cat_design *design,
                                const struct cat_content *content, struct err *err)
{
    uint64_t least = 0, most = 0;
    for (size_t d = 0; d < content->n_domains; d++) {
        uint32_t usable = n_usable(design, d);
        least += content->least[d];
        most += content->most[d] < usable ? content->most[d] : usable;
    }
    if (least > design->exam.min_items)
        return config_scenario_error(scenario, "exam.min_items", err, ERR_INPUT,
                                     "%u, but the domains' min_items sum to %llu: a test may end "
                                     "before they are met",
                                     design->exam.min_items, (unsigned long long)least);
    if (most < design->exam.max_items)
        return config_scenario_error(scenario, "exam.max_items", err, ERR_INPUT,
                                     "%u, but the domains' max_items and the bank leave room for "
                                     "%llu",
                                     design->exam.max_items, (unsigned long long)most);
    return ERR_OK;
}

static enum err_code copy_domains(const struct scenario *scenario, const struct irt_bank *bank,
                                  struct cat_design *design, struct cat_content *content,
                                  struct err *err)
{
    size_t n = bank->n_domains;
    double *target = arena_alloc(&design->arena, n * sizeof *target);
    uint32_t *least = arena_alloc(&design->arena, n * sizeof *least);
    uint32_t *most = arena_alloc(&design->arena, n * sizeof *most);
    uint32_t *quota = arena_alloc(&design->arena, n * sizeof *quota);
    if (!target || !least || !most || !quota)
        return err_set(err, ERR_MEMORY, "no memory for %s", wording_count(n, "domain").text);
    for (size_t d = 0; d < n; d++)
        most[d] = UINT32_MAX;
    content->target = target;
    content->least = least;
    content->most = most;
    content->quota = quota;
    for (size_t k = 0; k < scenario->n_domains; k++) {
        const struct scenario_domain *domain = &scenario->domains[k];
        size_t d = 0;
        if (find_domain(scenario, bank, domain, &d, err) != ERR_OK)
            return err->code;
        target[d] = domain->target;
        least[d] = (uint32_t)domain->min_items;
        most[d] = isfinite(domain->max_items) ? (uint32_t)domain->max_items : UINT32_MAX;
        content->is_limited |= least[d] > 0 || most[d] < UINT32_MAX;
        if (check_domain(scenario, bank, design, content, domain, d, err) != ERR_OK ||
            check_target(scenario, design, content, domain, d, err) != ERR_OK)
            return err->code;
    }
    if (content->rule->needs_targets && content->shares_domains)
        cat_content_quota(target, n, design->exam.max_items, quota);
    return check_sums(scenario, design, content, err);
}

/* Give each domain words of its own, and its items bits in them in the design's order. */
static enum err_code make_slots(struct cat_design *design, struct cat_content *content,
                                const uint32_t *n_items, struct err *err)
{
    uint32_t *slot = arena_alloc(&design->arena, design->n_scored * sizeof *slot);
    uint32_t *first = arena_alloc(&design->arena, (content->n_domains + 1) * sizeof *first);
    uint32_t *n = arena_alloc(&design->arena, content->n_domains * sizeof *n);
    if (!slot || !first || !n)
        return err_set(err, ERR_MEMORY, "no memory for %s",
                       wording_count(content->n_domains, "domain").text);
    for (size_t d = 0; d < content->n_domains; d++)
        first[d + 1] = first[d] + (n_items[d] + 63) / 64;
    content->n_slot_words = first[content->n_domains];
    uint64_t *none = arena_alloc(&design->arena, content->n_slot_words * sizeof *none);
    if (!none)
        return err_set(err, ERR_MEMORY, "no memory for %s",
                       wording_count(content->n_domains, "domain").text);
    memset(none, 0xff, content->n_slot_words * sizeof *none);
    for (uint32_t i = 0; i < design->n_scored; i++) {
        size_t d = design->items[i].domain;
        slot[i] = 64 * first[d] + n[d]++;
        none[slot[i] >> 6] &= ~(UINT64_C(1) << (slot[i] & 63));
    }
    content->slot = slot;
    content->first_word = first;
    content->no_item = none;
    return ERR_OK;
}

static enum err_code make_sets(struct cat_design *design, struct cat_content *content,
                               struct err *err)
{
    uint64_t *sets =
        arena_alloc(&design->arena, content->n_domains * design->n_words * sizeof *sets);
    uint32_t *n_items = arena_alloc(&design->arena, content->n_domains * sizeof *n_items);
    bool *has_items = arena_alloc(&design->arena, content->n_domains * sizeof *has_items);
    if (!sets || !n_items || !has_items)
        return err_set(err, ERR_MEMORY, "no memory for %s",
                       wording_count(content->n_domains, "domain").text);
    for (uint32_t i = 0; i < design->n_scored; i++) {
        size_t d = design->items[i].domain;
        sets[d * design->n_words + (i >> 6)] |= UINT64_C(1) << (i & 63);
        n_items[d]++;
        has_items[d] = true;
    }
    content->sets = sets;
    content->n_items = n_items;
    content->has_items = has_items;
    return make_slots(design, content, n_items, err);
}

/* Whether the rule chooses domains; targets may be of constraints alone. */
static bool shares_domains(const struct scenario *scenario, const struct cat_content_rule *rule)
{
    bool has_targets = !rule->needs_targets || scenario->n_constraints == 0;
    for (size_t k = 0; k < scenario->n_domains; k++)
        has_targets |= scenario->domains[k].target > 0;
    return rule->step && has_targets;
}

enum err_code cat_content_init(const struct scenario *scenario, const struct irt_bank *bank,
                               const struct cat_content_rule *rule, struct cat_design *design,
                               struct err *err)
{
    if (!rule->step && scenario->n_domains + scenario->n_constraints == 0)
        return ERR_OK;
    if (rule->needs_targets && scenario->n_domains + scenario->n_constraints == 0)
        return config_scenario_error(scenario, "exam.content.rule", err, ERR_INPUT,
                                     "%s needs targets: exam.content.domains.NAME.target",
                                     rule->name);
    struct cat_content *content = arena_alloc(&design->arena, sizeof *content);
    if (!content)
        return err_set(err, ERR_MEMORY, "no memory for content");
    *content = (struct cat_content){.rule = rule,
                                    .n_domains = bank->n_domains,
                                    .shares_domains = shares_domains(scenario, rule)};
    if (copy_domains(scenario, bank, design, content, err) != ERR_OK ||
        make_sets(design, content, err) != ERR_OK)
        return err->code;
    if (scenario->n_constraints > 0 &&
        cat_blueprint_init(scenario, bank, design, content, err) != ERR_OK)
        return err->code;
    if (rule->step || content->is_limited || content->blueprint)
        design->content = content;
    return ERR_OK;
}

enum err_code cat_enemies_init(struct cat_design *design, size_t n_groups, struct err *err)
{
    struct cat_enemies *self = arena_alloc(&design->arena, sizeof *self);
    uint32_t *first = arena_alloc(&design->arena, (n_groups + 2) * sizeof *first);
    uint32_t *members = arena_alloc(&design->arena, design->n_items * sizeof *members);
    if (!self || !first || !members)
        return err_set(err, ERR_MEMORY, "no memory for %s of enemies",
                       wording_count(n_groups, "group").text);
    uint32_t n = 0;
    for (size_t g = 1; g <= n_groups; g++) {
        first[g] = n;
        for (uint32_t i = 0; i < design->n_items; i++)
            if (design->items[i].enemy == g)
                members[n++] = i;
    }
    first[n_groups + 1] = n;
    *self = (struct cat_enemies){first, members};
    design->enemies = self;
    return ERR_OK;
}

/* ---- sessions ---- */

void cat_content_begin(const struct cat_design *design, bool is_blocked,
                       struct cat_session *session)
{
    const struct cat_content *self = design->content;
    memcpy(session->n_free, self->n_items, self->n_domains * sizeof *session->n_free);
    session->n_exhausted = 0;
    memset(session->n_by_domain, 0, self->n_domains * sizeof *session->n_by_domain);
    memcpy(session->blocked_slots, self->no_item, self->n_slot_words * sizeof *self->no_item);
    if (self->blueprint)
        cat_blueprint_begin(self->blueprint, session->blueprint);
    for (uint32_t i = 0; is_blocked && i < design->n_scored; i++)
        if (session->blocked[i >> 6] >> (i & 63) & 1)
            cat_content_block(design, session, i);
}

/* Items that the domains are still owed by their least numbers. */
static uint32_t n_owed(const struct cat_content *self, const struct cat_session *session)
{
    uint32_t owed = 0;
    for (size_t d = 0; d < self->n_domains; d++)
        if (session->n_by_domain[d] < self->least[d])
            owed += self->least[d] - session->n_by_domain[d];
    return owed;
}

/* How many domains are open and have a free item, and how many have one but are closed. */
struct opening {
    size_t n_open, n_closed;
};

static struct opening open_within(const struct cat_content *self, const struct cat_session *session,
                                  const uint32_t *most, bool *is_open)
{
    struct opening out = {0};
    for (size_t d = 0; d < self->n_domains; d++) {
        bool is_free = session->n_free[d] > 0;
        is_open[d] = is_free && session->n_by_domain[d] < most[d];
        out.n_open += is_open[d];
        out.n_closed += is_free && !is_open[d];
    }
    return out;
}

/* Mark the domains that the next item may come from. */
static struct opening open_domains(const struct cat_design *design,
                                   const struct cat_session *session, bool *is_open)
{
    const struct cat_content *self = design->content;
    uint32_t n = session->seen.n_scored, min = design->exam.min_items;
    struct opening out = {0};
    if (self->is_limited && n < min && n_owed(self, session) >= min - n)
        out = open_within(self, session, self->least, is_open);
    if (out.n_open == 0)
        out = open_within(self, session, self->most, is_open);
    return out;
}

static const uint64_t *join(const struct cat_design *design, const bool *is_open,
                            struct cat_session *session)
{
    const struct cat_content *self = design->content;
    size_t n_words = (design->n_scored + 63) / 64;
    memset(session->allowed, 0, n_words * sizeof *session->allowed);
    for (size_t d = 0; d < self->n_domains; d++)
        for (size_t w = 0; is_open[d] && w < n_words; w++)
            session->allowed[w] |= self->sets[d * design->n_words + w];
    return session->allowed;
}

uint32_t cat_content_step(const struct cat_design *design, struct cat_session *session,
                          const bool *is_open)
{
    const struct cat_content *self = design->content;
    const struct cat_shares shares = {self->n_domains, self->target, self->quota,
                                      session->n_by_domain};
    return self->rule->step(&shares, session, is_open);
}

struct cat_available cat_content_next(const struct cat_design *design, struct cat_session *session)
{
    const struct cat_content *self = design->content;
    const bool *is_open = self->has_items;
    uint32_t domain = CAT_ALL_DOMAINS;
    if (self->is_limited || session->n_exhausted > 0) {
        struct opening opening = open_domains(design, session, session->scratch->is_open);
        is_open = session->scratch->is_open;
        if (opening.n_open == 0 || (!self->rule->step && opening.n_closed == 0))
            return (struct cat_available){.domain = CAT_ALL_DOMAINS};
    }
    if (self->rule->step)
        domain = cat_content_step(design, session, is_open);
    if (domain != CAT_ALL_DOMAINS)
        return (struct cat_available){self->sets + domain * design->n_words, domain};
    return (struct cat_available){join(design, is_open, session), CAT_ALL_DOMAINS};
}
