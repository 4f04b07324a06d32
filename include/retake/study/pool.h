/* Generation of item pools from a seed.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_POOL_H
#define RETAKE_STUDY_POOL_H

#include <retake/base/err.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum study_model { STUDY_RASCH, STUDY_2PL, STUDY_3PL };

struct study_domain {
    const char *name;
    double weight; /* relative */
};

/** What a pool is like; study_pool_emr() gives the values of configs/banks/emr.csv. */
struct study_pool {
    enum study_model model;
    size_t n_items, n_pilots; /* scored, unscored */
    uint64_t seed;
    double b_mean, b_sd;                 /* normal [logit] */
    double log_a_sd;                     /* lognormal discrimination with median 1; 2PL and 3PL */
    double c_min, c_max;                 /* uniform lower asymptote; 3PL */
    double intensity_mean, intensity_sd; /* normal [log s] */
    double discrimination_mean, discrimination_sd; /* normal, at least 0.5 [1/log s] */
    size_t n_domains;
    const struct study_domain *domains;
    const char *prefix; /* of the ids */
};

/** 1,000 scored Rasch items in the five domains of the EMR blueprint of April 2025 (midpoints of
 * the published ranges) and 300 pilots, with response times that suit 105 minutes. */
struct study_pool study_pool_emr(void);

/** The pool as CSV text; the caller frees it. @return ERR_OK; ERR_MEMORY */
enum err_code study_pool_csv(const struct study_pool *self, char **out, size_t *n_bytes,
                             struct err *err);

#endif
