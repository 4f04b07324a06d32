/* Item banks. A bank is read once and shared const.
 *
 * CSV columns: id (required), model, a, b, c, d, domain, enemy, pilot, time_intensity,
 * time_discrimination, demand_sequence, demand_scope, demand_reading. A missing column takes its
 * default; an unknown column or a bad value is an error that names file, line and column.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_IRT_BANK_H
#define RETAKE_IRT_BANK_H

#include <retake/base/arena.h>
#include <retake/base/err.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { IRT_N_DEMANDS = 3 }; /* sequence, scope, reading */

/** One item, a cache line. P(theta) = c + (d - c)/(1 + exp(-a (theta - b))). */
struct irt_item {
    double a;              /* discrimination [1/logit], > 0; the scaling constant D included */
    double b;              /* difficulty [logit] */
    double c, d;           /* asymptotes, 0 <= c < d <= 1 */
    double time_intensity; /* mean log response time at speed 0 [log s] */
    double time_sd;        /* residual SD of log time = 1/time_discrimination [log s] */
    float demand[IRT_N_DEMANDS]; /* 0 to 1: sequence, scope, reading */
    uint16_t domain;             /* index into domains */
    uint8_t is_pilot;            /* unscored */
    uint8_t unused;
};

struct irt_bank {
    size_t n_items, n_domains, n_pilots;
    struct irt_item *items;     /* [n_items] */
    const char *const *ids;     /* [n_items], unique */
    const char *const *domains; /* [n_domains], in order of appearance */
    const char *const *enemies; /* [n_items], the enemy group, "" for none */
    const char *path;
    struct arena arena; /* owns every pointer above */
};

/**
 * Read a bank from CSV text.
 * @param path  used in messages
 * @param self  caller's; irt_bank_free it, even after failure
 * @return ERR_OK; ERR_INPUT with file:line:column; ERR_MEMORY
 */
enum err_code irt_bank_parse(const char *path, const char *text, size_t n_bytes,
                             struct irt_bank *self, struct err *err);

void irt_bank_free(struct irt_bank *self);

#endif
