/* The kinds of rules in the room cat, and what they work on. Each rule is a file with one row;
 * lists.c has the list of each kind. SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CAT_RULES_H
#define RETAKE_CAT_RULES_H

#include <retake/cat/session.h>

enum { CAT_ALL_DOMAINS = UINT16_MAX, CAT_MAX_RANDOMESQUE = 100 };

/** The scored items that may be shown next: not blocked, and in the set. */
struct cat_available {
    const uint64_t *set; /* [n_words]; NULL: all */
    uint32_t domain;     /* the set is this domain, or CAT_ALL_DOMAINS: whatever set says */
};

static inline bool cat_is_available(const struct cat_session *session, struct cat_available from,
                                    uint32_t item)
{
    uint64_t bits = ~session->blocked[item >> 6];
    if (from.set)
        bits &= from.set[item >> 6];
    return bits >> (item & 63) & 1;
}

/** A selection rule. It gives best or criterion. */
struct cat_select_rule {
    const char *name, *doc, *parameters; /* keys that it reads, separated by blanks, or NULL */
    bool needs_estimate;                 /* reads theta */
    bool needs_curves;                   /* integrates over theta: session->likelihood */
    bool needs_answers;                  /* session->a .. asked */
    /** Prepare tables. May be NULL. */
    enum err_code (*init)(const struct scenario *scenario, struct cat_design *design,
                          struct err *err);
    /** The k best available items, best first; returns how many there are. NULL: by criterion. */
    uint32_t (*best)(const struct cat_design *design, struct cat_session *session, double theta,
                     struct cat_available from, uint32_t k, uint32_t *out);
    /** Values of n available items in rising order; greatest is best, lower index of equals. */
    void (*criterion)(const struct cat_select_rule *self, const struct cat_design *design,
                      struct cat_session *session, double theta, const uint32_t *items, size_t n,
                      double *values);
    const struct rule_select *outside; /* of a rule from outside the tree */
};

/** Parameters of selection rules. */
struct cat_select_numbers {
    double delta, offset, acceleration;
    uint32_t n_strata;
    bool uses_expected; /* exam.select.information */
};

/** Integration over theta (select_curves.c). A row is 8 grid.n_vectors doubles. */
struct cat_curves {
    struct irt_grid grid;      /* prior: trapezoid weights x prior density */
    const double *trapezoid;   /* trapezoid weights */
    const double *density;     /* prior density */
    const double *ones;        /* 1 at the grid's points */
    const double *rows;        /* probabilities of all answers */
    const double *log_rows;    /* their logarithms */
    const uint32_t *first_row; /* [n_scored] */
    const double *information; /* [n_scored] rows */
};

/** A content rule: the domain of the next scored item. */
struct cat_content_rule {
    const char *name, *doc, *parameters;
    bool needs_targets;
    /** Among the domains with is_open[d]; CAT_ALL_DOMAINS: any of them. NULL: always any. */
    uint32_t (*step)(const struct cat_design *design, struct cat_session *session,
                     const bool *is_open);
};

/** Limits and targets by domain (content.c). */
struct cat_content {
    const struct cat_content_rule *rule;
    size_t n_domains;
    const double *target;         /* [n_domains]: share of scored items */
    const uint32_t *least, *most; /* [n_domains]: scored items of a test */
    bool is_limited;              /* some least or most binds */
    const uint64_t *sets;         /* [n_domains][n_words] */
};

/** Items of which a session meets one at most (content.c). */
struct cat_enemies {
    const uint32_t *first;   /* [n_groups + 2]: of group g (from 1) in members */
    const uint32_t *members; /* items */
};

/** An exposure rule. */
struct cat_exposure_rule {
    const char *name, *doc, *parameters;
    bool is_calibrated; /* needs design->p_shown */
    /** When a session begins: may block items. May be NULL. */
    void (*begin)(const struct cat_design *design, struct cat_session *session);
    /** Whether the chosen item is shown. NULL: always. */
    bool (*accepts)(const struct cat_design *design, struct cat_session *session, uint32_t item);
    const struct rule_exposure *outside;
};

/** Stop rules joined by any and all: exam.stop.rule (stop.c). */
struct cat_stop_node;

/** Memory of selection by criterion. */
struct cat_scratch {
    uint32_t *items; /* [n_scored] */
    double *values;  /* [n_scored] */
    bool *is_open;   /* [n_domains] */
    vec8 *weights;   /* [curves.grid.n_vectors] */
};

/* ---- lists.c ---- */

extern const struct cat_select_rule *const cat_select_rules[];     /* end with NULL */
extern const struct cat_content_rule *const cat_content_rules[];   /* the first is none */
extern const struct cat_exposure_rule *const cat_exposure_rules[]; /* the first is none */
extern const struct rule_stop *const cat_stop_rules[];
extern const struct rule_out_of_time *const cat_out_of_time_rules[]; /* the first is the default */
extern const struct cat_select_rule cat_select_in_order;             /* exam.form: linear */

/* ---- session.c ---- */

/** The scored answers so far, for estimators (keeps_answers). */
struct irt_answers cat_session_answers(const struct cat_design *design,
                                       const struct cat_session *session);

/* ---- sets.c ---- */

/** The r-th (from 0) bit that is clear among bits first .. first + n - 1; first is a multiple
 * of 64. */
uint32_t cat_clear_bit(const uint64_t *words, size_t first, size_t n, uint32_t r);

/** How many bits among first .. first + n - 1 are clear; first is a multiple of 64. */
uint32_t cat_count_clear(const uint64_t *words, size_t first, size_t n);

/** Fill out with the available scored items in rising order; returns how many. */
uint32_t cat_list_available(const struct cat_design *design, const struct cat_session *session,
                            struct cat_available from, uint32_t *out);

/** Block an item; open a blocked scored item; block an item and its enemies. */
void cat_block(const struct cat_design *design, struct cat_session *session, uint32_t item);
void cat_unblock(const struct cat_design *design, struct cat_session *session, uint32_t item);
void cat_block_with_enemies(const struct cat_design *design, struct cat_session *session,
                            uint32_t item);

/* ---- select.c ---- */

/** The next scored item, or UINT32_MAX: content, then selection, then exposure. */
uint32_t cat_select_next(const struct cat_design *design, struct cat_session *session);

/** The k best of n items by their values; returns how many. */
uint32_t cat_select_top(const uint32_t *items, const double *values, size_t n, uint32_t k,
                        uint32_t *out);

/** A rule from outside the tree, owned by the arena. */
const struct cat_select_rule *cat_select_adapt(const struct rule_select *outside,
                                               struct arena *arena);

/* ---- exposure.c ---- */

/** A rule from outside the tree, owned by the arena. */
const struct cat_exposure_rule *cat_exposure_adapt(const struct rule_exposure *outside,
                                                   struct arena *arena);

/* ---- select_curves.c ---- */

enum err_code cat_curves_init(const struct scenario *scenario, struct cat_design *design,
                              struct err *err);

/** The likelihood of the answers so far times a row of weights, in scratch->weights. */
const vec8 *cat_curves_weigh(const struct cat_design *design, const struct cat_session *session,
                             const double *by);

/* ---- select_fisher.c ---- */

/** The greatest information at theta among the scored items that are not blocked; 0 when none. */
double cat_information_left(const struct cat_design *design, struct cat_session *session,
                            double theta);

/* ---- content.c ---- */

enum err_code cat_content_init(const struct scenario *scenario, const struct irt_bank *bank,
                               const struct cat_content_rule *rule, struct cat_design *design,
                               struct err *err);
enum err_code cat_enemies_init(struct cat_design *design, size_t n_groups, struct err *err);
void cat_content_begin(const struct cat_design *design, struct cat_session *session);

/** Where the next scored item may come from. */
struct cat_available cat_content_next(const struct cat_design *design, struct cat_session *session);

/* ---- stop.c ---- */

/** Parse exam.stop.rule: NAME, any(...), all(...). */
enum err_code cat_stop_parse(const struct scenario *scenario, struct cat_design *design,
                             unsigned *needs, struct err *err);
bool cat_stop_step(const struct cat_design *design, const struct rule_session *seen);

/* ---- evidence.c ---- */

/** Tables for what rules ask for (RULE_NEEDS_...). */
enum err_code cat_evidence_init(const struct scenario *scenario, unsigned needs,
                                struct cat_design *design, struct err *err);

/** After a scored answer, before the stop rule is asked. */
void cat_evidence_add(const struct cat_design *design, struct cat_session *session, uint8_t answer);

#endif
