/* Maximum information: the k best available items at theta, exactly.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CAT_FISHER_H
#define RETAKE_CAT_FISHER_H

#include "rules.h"

/** One item in the list of a bin of theta (fisher_lists.c). */
struct cat_listed {
    float bound; /* upper bound of the information over the bin */
    uint32_t item;
    double c0, c1, c2; /* information at the bin's centre + t is near c0 + t (c1 + t c2) */
};

/** Lists of one set of items: bin k from listed + k * n. */
struct cat_list {
    size_t n;      /* per bin */
    bool is_whole; /* the lists hold every item of the set */
    struct cat_listed *listed;
};

/** Items of one set by rising difficulty, for Rasch pools (fisher_rasch.c). */
struct cat_ladder {
    size_t n, n_bins;
    double origin, n_per_logit; /* bins of difficulty */
    uint32_t *bucket;           /* [n_bins + 1]: first item with b >= origin + k / n_per_logit */
    double *difficulty;         /* [n + 1], rising; the last is INFINITY */
    uint32_t *items;            /* [n] */
};

/** The best items at a theta, in a narrow bin around it, for the usual case that no more than these
 * are used up (fisher_leaders.c). */
enum { CAT_N_LEADERS = 56 };

struct cat_leaders {
    uint64_t sure;                /* bit k: leader k has more information, all over the bin, than
                                     any item that is not among those before it */
    uint16_t item[CAT_N_LEADERS]; /* by falling information in the middle of the bin */
    uint64_t unused;
};

struct cat_index {
    bool is_rasch;
    /* Rasch pools */
    struct cat_ladder *ladders; /* [1 + n_domains]: all items, then each domain (with content) */
    uint32_t *first_equal;      /* [n_scored]: first item of the same difficulty */
    bool has_ties;              /* some items are of the same difficulty */
    /* other pools */
    double origin, n_per_logit; /* bins of theta */
    size_t n_bins;
    double error;           /* of the quadratics, at most */
    struct cat_list *lists; /* [1 + n_domains], likewise */
    double leaders_per_logit;
    struct cat_leaders *leaders; /* [n_bins leaders_per_logit / n_per_logit], or NULL */
};

enum err_code cat_fisher_rasch_init(struct cat_design *design, struct cat_index *index,
                                    struct err *err);
uint32_t cat_fisher_rasch_best(const struct cat_design *design, const struct cat_session *session,
                               double theta, struct cat_available from, uint32_t k, uint32_t *out);
void cat_fisher_rasch_each(const struct cat_design *design, struct cat_session *const *sessions,
                           size_t n);

enum err_code cat_fisher_lists_init(struct cat_design *design, struct cat_index *index,
                                    struct err *err);
uint32_t cat_fisher_lists_best(const struct cat_design *design, const struct cat_session *session,
                               double theta, struct cat_available from, uint32_t k, uint32_t *out);

/** Tables of the leaders from the lists of all items; none in a pool that is too small or large. */
enum err_code cat_fisher_leaders_init(struct cat_design *design, struct cat_index *index,
                                      struct err *err);

/** Select for each session, as the rule's best_of_each. */
void cat_fisher_lists_each(const struct cat_design *design, struct cat_session *const *sessions,
                           size_t n);

/** The quadratic of a listed item at the centre of its bin + t. */
static inline double cat_listed_value(const struct cat_listed *listed, double t)
{
    return listed->c0 + t * (listed->c1 + t * listed->c2);
}

#endif
