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

struct cat_index {
    bool is_rasch;
    double origin, n_per_logit; /* bins of theta, or buckets of difficulty */
    size_t n_bins;
    /* Rasch pools (fisher_rasch.c) */
    uint32_t *bucket;      /* [n_bins + 1]: first item with b >= origin + k / n_per_logit */
    double *difficulty;    /* [n_scored], rising */
    uint32_t *first_equal; /* [n_scored]: first item of the same difficulty */
    bool has_ties;         /* some items are of the same difficulty */
    /* other pools */
    double error;           /* of the quadratics, at most */
    struct cat_list *lists; /* [1 + n_domains]: all items, then each domain (with content) */
};

enum err_code cat_fisher_rasch_init(struct cat_design *design, struct cat_index *index,
                                    struct err *err);
uint32_t cat_fisher_rasch_best(const struct cat_design *design, const struct cat_session *session,
                               double theta, struct cat_available from, uint32_t k, uint32_t *out);

enum err_code cat_fisher_lists_init(struct cat_design *design, struct cat_index *index,
                                    struct err *err);
uint32_t cat_fisher_lists_best(const struct cat_design *design, const struct cat_session *session,
                               double theta, struct cat_available from, uint32_t k, uint32_t *out);

#endif
