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
    bool needs_prior;                    /* and weighs by the prior */
    bool needs_answers;                  /* session->a .. asked */
    bool is_drawn;                       /* best draws one item by itself, whatever k */
    /** Prepare tables. May be NULL. */
    enum err_code (*init)(const struct scenario *scenario, struct cat_design *design,
                          struct err *err);
    /** The k best available items, best first; returns how many there are. NULL: by criterion. */
    uint32_t (*best)(const struct cat_design *design, struct cat_session *session, double theta,
                     struct cat_available from, uint32_t k, uint32_t *out);
    /** Put the best item on the screen of each session: the same as best with k = 1 at the
     * estimate, all scored items being available that are not blocked. NULL: by best. */
    void (*best_of_each)(const struct cat_design *design, struct cat_session *const *sessions,
                         size_t n);
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
    struct irt_grid trapezoid; /* the same points; prior: trapezoid weights */
    struct irt_grid density;   /* prior: prior density */
    struct irt_grid ones;      /* prior: 1 at the points */
    const double *rows;        /* probabilities of all answers */
    const double *log_rows;    /* their logarithms */
    const uint32_t *first_row; /* [n_scored] */
    const double *information; /* [n_scored] rows */
};

/** What a content rule shares a test out to: the domains of the bank, or the sets of a group of
 * constraints. */
struct cat_shares {
    size_t n;
    const double *target;    /* [n]: share of scored items */
    const uint32_t *quota;   /* [n]: target max_items in whole items; their sum is max_items */
    const uint32_t *n_shown; /* [n]: scored items of this session */
};

/** A content rule: the domain of the next scored item. */
struct cat_content_rule {
    const char *name, *doc, *parameters;
    bool needs_targets;
    /** Among those with is_open[d]; CAT_ALL_DOMAINS: any of them. NULL: always any. */
    uint32_t (*step)(const struct cat_shares *shares, struct cat_session *session,
                     const bool *is_open);
};

/** Limits and targets by domain (content.c). */
struct cat_content {
    const struct cat_content_rule *rule;
    size_t n_domains;
    const double *target;         /* [n_domains]: share of scored items */
    const uint32_t *quota;        /* [n_domains]: target max_items in whole items; their sum is
                                     max_items */
    const uint32_t *least, *most; /* [n_domains]: scored items of a test */
    bool is_limited;              /* some least or most binds */
    bool shares_domains;          /* the rule works towards targets of domains */
    const uint64_t *sets;         /* [n_domains][n_words] */
    const uint32_t *n_items;      /* [n_domains]: scored items of the pool */
    const bool *has_items;        /* [n_domains]: some */
    /* The same items domain by domain, each from a word of its own: */
    size_t n_slot_words;
    const uint32_t *slot;                  /* [n_scored]: bit of an item */
    const uint32_t *first_word;            /* [n_domains] */
    const uint64_t *no_item;               /* [n_slot_words]: bits that are no item's */
    const struct cat_blueprint *blueprint; /* NULL: no constraints but those of domains */
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
    /* For weights.h, as long as the longer of the two grids, [8 n_vectors]: */
    double *exact, *log_start;
    int64_t *exponents;
};

/* ---- lists.c ---- */

extern const struct cat_select_rule *const cat_select_rules[];     /* end with NULL */
extern const struct cat_content_rule *const cat_content_rules[];   /* the first is none */
extern const struct cat_exposure_rule *const cat_exposure_rules[]; /* the first is none */
extern const struct rule_stop *const cat_stop_rules[];
extern const struct rule_out_of_time *const cat_out_of_time_rules[]; /* the first is the default */
extern const struct cat_select_rule cat_select_in_order;             /* exam.form: linear */

#endif
