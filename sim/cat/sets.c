/* Sets of items: scored items from bit 0, pilots from pilot_bit.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sets.h"
#include "content.h"
#include "rules.h"

static uint64_t clear_bits(const uint64_t *words, size_t word, size_t end)
{
    uint64_t bits = ~words[word];
    return end >= (word + 1) * 64 ? bits : bits & ((UINT64_C(1) << (end & 63)) - 1);
}

uint32_t cat_count_clear(const uint64_t *words, size_t first, size_t n)
{
    uint32_t count = 0;
    for (size_t word = first / 64; word * 64 < first + n; word++)
        count += (uint32_t)__builtin_popcountll(clear_bits(words, word, first + n));
    return count;
}

uint32_t cat_clear_bit(const uint64_t *words, size_t first, size_t n, uint32_t r)
{
    for (size_t word = first / 64; word * 64 < first + n; word++) {
        uint64_t bits = clear_bits(words, word, first + n);
        uint32_t count = (uint32_t)__builtin_popcountll(bits);
        if (r >= count) {
            r -= count;
            continue;
        }
        while (r-- > 0)
            bits &= bits - 1;
        return (uint32_t)(word * 64) + (uint32_t)__builtin_ctzll(bits);
    }
    return UINT32_MAX;
}

uint32_t cat_list_available(const struct cat_design *design, const struct cat_session *session,
                            struct cat_available from, uint32_t *out)
{
    uint32_t n = 0;
    for (size_t word = 0; word * 64 < design->n_scored; word++) {
        uint64_t bits = clear_bits(session->blocked, word, design->n_scored);
        if (from.set)
            bits &= from.set[word];
        for (; bits; bits &= bits - 1)
            out[n++] = (uint32_t)(word * 64) + (uint32_t)__builtin_ctzll(bits);
    }
    return n;
}

void cat_block(const struct cat_design *design, struct cat_session *session, uint32_t item)
{
    size_t bit = cat_item_bit(design, item);
    uint64_t mask = UINT64_C(1) << (bit & 63);
    if (session->blocked[bit >> 6] & mask)
        return;
    session->blocked[bit >> 6] |= mask;
    if (design->content && item < design->n_scored)
        cat_content_block(design, session, item);
}

void cat_block_with_enemies(const struct cat_design *design, struct cat_session *session,
                            uint32_t item)
{
    cat_block(design, session, item);
    uint32_t group = design->items[item].enemy;
    if (!design->enemies || group == 0)
        return;
    const uint32_t *first = design->enemies->first;
    for (uint32_t k = first[group]; k < first[group + 1]; k++)
        cat_block(design, session, design->enemies->members[k]);
}

/* ---- set aside by exposure control ---- */

void cat_set_aside(const struct cat_design *design, struct cat_session *session, uint32_t item)
{
    session->aside[session->n_aside++] = item;
    cat_block(design, session, item);
}

/* Whether the session has met an item or an enemy of it. */
static bool has_met(const struct cat_design *design, const struct cat_session *session,
                    uint32_t item)
{
    uint32_t group = design->items[item].enemy;
    for (uint32_t k = 0; k < session->seen.n_seen; k++) {
        uint32_t met = session->items[k];
        if (met == item || (group && design->items[met].enemy == group))
            return true;
    }
    return false;
}

void cat_take_back(const struct cat_design *design, struct cat_session *session)
{
    uint32_t item = session->aside[--session->n_aside];
    session->blocked[item >> 6] &= ~(UINT64_C(1) << (item & 63));
    if (design->content)
        cat_content_unblock(design, session, item);
}

/* Let the items of a domain that were set aside come back. */
static void restore(const struct cat_design *design, struct cat_session *session, uint32_t domain)
{
    uint32_t n_left = 0;
    for (uint32_t k = 0; k < session->n_aside; k++) {
        uint32_t item = session->aside[k];
        if (domain != CAT_ALL_DOMAINS && design->items[item].domain != domain) {
            session->aside[n_left++] = item;
        } else if (!has_met(design, session, item)) {
            session->blocked[item >> 6] &= ~(UINT64_C(1) << (item & 63));
            if (design->content)
                cat_content_unblock(design, session, item);
        }
    }
    session->n_aside = n_left;
}

void cat_restore_all(const struct cat_design *design, struct cat_session *session)
{
    restore(design, session, CAT_ALL_DOMAINS);
}

void cat_restore_exhausted(const struct cat_design *design, struct cat_session *session)
{
    if (session->n_aside == 0)
        return;
    for (uint32_t d = 0; design->content && d < design->content->n_domains; d++)
        if (session->n_free[d] == 0)
            restore(design, session, d);
    if (!design->content && cat_count_clear(session->blocked, 0, design->n_scored) == 0)
        restore(design, session, CAT_ALL_DOMAINS);
}
