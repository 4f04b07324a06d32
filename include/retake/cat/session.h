/* Sessions of a computerised adaptive test, advanced many at a time: select, (the examinee
 * answers), record. A session depends on its own key alone, so any grouping gives the same results.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CAT_SESSION_H
#define RETAKE_CAT_SESSION_H

#include <retake/base/rng.h>
#include <retake/cat/design.h>

/** Sessions advanced in one call at most. */
enum { CAT_MAX_LANES = 64, CAT_GUARD = 3 };

struct cat_session {
    struct rule_session seen; /* what rules see */
    enum cat_stop stop;
    uint32_t n_pilots;             /* answered or on the screen */
    uint32_t item;                 /* on the screen, between select and record */
    struct rng rng;                /* pilot positions, random selection, exposure */
    double *weight;                /* [8 grid.n_vectors]: posterior, not normalised (EAP) */
    double *information;           /* [8 grid.n_vectors] of the answered items; NULL: not needed */
    double *likelihood;            /* [8 curves.grid.n_vectors], not normalised; NULL: not needed */
    uint64_t *blocked;             /* [n_words]: shown, excluded, or set aside; CAT_GUARD words of
                                      ones lie on either side */
    uint8_t *shown;                /* [n_scored]: the same as blocked, 1 or 0; NULL: not needed */
    uint32_t n_aside;              /* items that exposure control has set aside */
    uint32_t *aside;               /* [n_scored] (exposure control) */
    uint32_t *items;               /* [max_seen]: answered items in order */
    uint8_t *answers;              /* [max_seen]: categories from 0 */
    uint32_t *scored;              /* [max_items]: answered scored items in order */
    uint8_t *scored_answers;       /* [max_items] */
    double *a, *b, *c, *d, *x;     /* [max_items, padded]: scored answers (keeps_answers) */
    const struct irt_item **asked; /* [max_items]: scored items answered (keeps_answers) */
    uint32_t *n_by_domain;         /* [n_domains]: scored items answered (content) */
    uint32_t *n_free;              /* [n_domains]: scored items not blocked (content) */
    uint32_t n_exhausted;          /* domains whose last free item was blocked */
    uint64_t *allowed;             /* [n_words] (content) */
    uint64_t *blocked_slots; /* [content->n_slot_words]: blocked, domain by domain (content) */
    struct cat_blueprint_state *blueprint; /* NULL: no constraints */
    struct cat_scratch *scratch;           /* shared by the sessions of a workspace */
};

/** Memory for n_lanes sessions of a design: allocated once per thread. */
struct cat_workspace {
    size_t n_lanes;
    struct cat_session *sessions; /* [n_lanes] */
    struct arena arena;
};

enum err_code cat_workspace_init(const struct cat_design *design, size_t n_lanes,
                                 struct cat_workspace *self, struct err *err);
void cat_workspace_free(struct cat_workspace *self);

/** Begin a session. @param excluded [n_words] items that must not be shown, or NULL */
void cat_session_begin(const struct cat_design *design, struct rng rng, const uint64_t *excluded,
                       struct cat_session *self);

/** Put the next item on the screen of each session: sessions[i]->item. A session without any item
 * left stops with CAT_STOP_NO_ITEM and must not be answered. n <= CAT_MAX_LANES. */
void cat_sessions_select(const struct cat_design *design, struct cat_session *const *sessions,
                         size_t n);

/**
 * Record what the examinees did with the item on the screen.
 * @param answer  [n] the category: 1 right, 0 wrong; more with partial credit
 * @param seconds [n] response times; not read when untimed
 */
void cat_sessions_record(const struct cat_design *design, struct cat_session *const *sessions,
                         size_t n, const uint8_t *answer, const double *seconds);

/** The stop rules that hold for a session as it stands, in the order of exam.stop.rule, joined by
 * "+"; "" where none does. */
void cat_session_stop_rules(const struct cat_design *design, const struct cat_session *self,
                            char *text, size_t n_text);

/** The standard error of the estimate as it stands, also where cat_design_skip_se left it out. */
double cat_session_se(const struct cat_design *design, const struct cat_session *self);

/** Whether a design has constraints beside those of domains. */
bool cat_design_has_constraints(const struct cat_design *self);

/** Whether a finished session that was not cut short by time misses limits of exam.content; false
 * without constraints beside those of domains, which are met while there are items. */
bool cat_session_misses_limits(const struct cat_design *design, const struct cat_session *self);

/** The decision on a finished session. */
bool cat_session_passes(const struct cat_design *design, const struct cat_session *self);

#endif
