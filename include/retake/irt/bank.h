/* Item banks. A bank is read once and shared const.
 *
 * CSV columns: id (required), model, a, b, c, d, b1 .. b15, domain, enemy, pilot, time_intensity,
 * time_discrimination, demand_sequence, demand_scope, demand_reading; and any number of further
 * classifications of the items, attribute_NAME. A missing column takes its default; an unknown
 * column or a bad value is an error that names file, line and column. The tables of catR, mirt and
 * TestDesign are recognised by their headers: docs/model.md.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_IRT_BANK_H
#define RETAKE_IRT_BANK_H

#include <retake/base/arena.h>
#include <retake/base/err.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    IRT_N_DEMANDS = 3, /* sequence, scope, reading */
    IRT_MAX_CATEGORIES = 16,
    IRT_MAX_ATTRIBUTES = 64
};

/** What the name of a classification begins with in the header. */
#define IRT_ATTRIBUTE_PREFIX "attribute_"

enum irt_model {
    IRT_LOGISTIC, /* 1PL to 4PL: P(theta) = c + (d - c)/(1 + exp(-a (theta - b))) */
    IRT_GPCM,     /* generalised partial credit; PCM has a = 1 */
    IRT_GRM       /* graded response */
};

/** One item. Categories are numbered from 0; of a logistic item 1 is right. */
struct irt_item {
    double a;              /* discrimination [1/logit], > 0; the scaling constant D included */
    double b;              /* difficulty [logit]; polytomous: mean of the thresholds */
    double c, d;           /* asymptotes, 0 <= c < d <= 1; polytomous: 0 and 1 */
    double time_intensity; /* mean log response time at speed 0 [log s] */
    double time_sd;        /* residual SD of log time = 1/time_discrimination [log s] */
    const double *steps;   /* [n_categories - 1] thresholds b_1 .. b_m [logit]; logistic: NULL */
    float demand[IRT_N_DEMANDS]; /* 0 to 1: sequence, scope, reading */
    uint16_t domain;             /* index into domains */
    uint16_t enemy;              /* number of the enemy group, from 1; 0 = none */
    uint8_t is_pilot;            /* unscored */
    uint8_t model;               /* enum irt_model */
    uint8_t n_categories;        /* of a polytomous item; a logistic one always has 2 */
};

static inline size_t irt_n_categories(const struct irt_item *item)
{
    return item->model == IRT_LOGISTIC ? 2 : item->n_categories;
}

struct irt_bank {
    size_t n_items, n_domains, n_pilots, n_enemies;
    struct irt_item *items;     /* [n_items] */
    const char *const *ids;     /* [n_items], unique */
    const char *const *domains; /* [n_domains], in order of appearance */
    const char *const *enemies; /* [n_items], the enemy group, "" for none */
    size_t n_attributes;
    const char *const *attributes; /* [n_attributes]: names, without the prefix */
    const char *const *values;     /* [n_items][n_attributes]: "" where the table has none */
    const char *path;
    struct arena arena; /* owns every pointer above, the steps of the items included */
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

/** Something about an item that a psychometrician should look at. */
struct irt_doubt {
    size_t line, column; /* where, from 1 */
    size_t row;          /* of which item, from 0; SIZE_MAX: of none */
    bool is_error;       /* irt_bank_parse refuses the bank for it */
    const char *text;    /* one line, "FILE:LINE:COLUMN: ..." */
};

struct irt_doubts {
    size_t n, n_errors, n_items;
    struct irt_doubt *list; /* [n], by line and column */
    size_t *first_line;     /* [n_items]: where each row begins, from 1 */
    struct arena arena;     /* owns every pointer above */
};

/**
 * Every doubt about a bank, not only the first: what irt_bank_parse refuses (errors), and odd but
 * possible values, duplicates, lone enemies and thin domains.
 * @param self  caller's; irt_doubts_free it, even after failure
 * @return ERR_OK, with or without doubts; ERR_INPUT: the table itself cannot be read; ERR_MEMORY
 */
enum err_code irt_bank_doubts(const char *path, const char *text, size_t n_bytes,
                              struct irt_doubts *self, struct err *err);

void irt_doubts_free(struct irt_doubts *self);

/**
 * The table without the rows that have errors, byte for byte what it was otherwise.
 * @param text  the bytes that irt_bank_doubts had
 * @param out   receives the text, the arena's; n_left how many items remain
 * @return ERR_OK; ERR_INPUT: no item remains, or the rest cannot be read by itself; ERR_MEMORY
 */
enum err_code irt_bank_drop(const char *path, const char *text, size_t n_bytes,
                            struct irt_doubts *doubts, const char **out, size_t *n_out,
                            size_t *n_left, struct err *err);

#endif
