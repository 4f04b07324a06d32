/* Reading a bank: which column of the table plays which part, the parameters of one item whatever
 * program wrote them, and what happens to a fault.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_IRT_BANK_READER_H
#define RETAKE_IRT_BANK_READER_H

#include <retake/config/csv.h>
#include <retake/irt/bank.h>

#include "names.h"

enum { IRT_MAX_STEPS = IRT_MAX_CATEGORIES - 1 };

/** What to do with a column D. */
#define IRT_SCALING_HINT                                                                           \
    "the scaling constant D is exam.scaling_constant of a scenario (1.7, 1.702), no column"

enum irt_column {
    COL_ID,
    COL_MODEL,
    COL_A,
    COL_B, /* mirt: the intercept */
    COL_C,
    COL_D,
    COL_STEP, /* b1 .. b15; mirt: intercepts d1 ..; TestDesign: PAR1 .. */
    COL_DOMAIN = COL_STEP + IRT_MAX_STEPS,
    COL_ENEMY,
    COL_PILOT,
    COL_TIME_INTENSITY,
    COL_TIME_DISCRIMINATION,
    COL_DEMAND_SEQUENCE,
    COL_DEMAND_SCOPE,
    COL_DEMAND_READING,
    N_OWN_COLUMNS,
    COL_SCORE = N_OWN_COLUMNS, /* mirt's ak0 .. ak15 */
    COL_D0 = COL_SCORE + IRT_MAX_CATEGORIES,
    N_COLUMNS
};

/** The parameters of an item, and the columns of the table that they come from. */
struct irt_parameters {
    enum irt_model model;
    bool free_a, free_c, free_d; /* what the model that the row names leaves free */
    double a, b, c, d, steps[IRT_MAX_STEPS];
    size_t n_steps; /* 0: logistic */
    size_t at_a, at_b, at_c, at_d, at_steps[IRT_MAX_STEPS];
};

struct irt_bank_reader {
    struct csv_table *table;
    size_t at[N_COLUMNS]; /* column in the table, or n_columns */
    enum irt_layout {
        LAYOUT_PLAIN,
        LAYOUT_CATR,
        LAYOUT_CATR_GRADED,
        LAYOUT_CATR_PARTIAL,
        LAYOUT_MIRT,
        LAYOUT_MIRT_IRT,
        LAYOUT_TESTDESIGN
    } layout;
    size_t n_attributes, attribute_at[IRT_MAX_ATTRIBUTES]; /* columns of the table */
    struct irt_bank *bank;
    struct irt_names ids, domains, enemies;
    struct irt_doubts *doubts; /* NULL: the first error ends the reading */
    size_t n_room;             /* of doubts->list */
    struct err *err;
};

static inline bool irt_has_column(const struct irt_bank_reader *self, size_t column)
{
    return self->at[column] < self->table->n_columns;
}

/** The text of a cell, "" where there is no such column. */
const char *irt_bank_text(const struct irt_bank_reader *self, size_t row, size_t column);

/** Whether a cell has something to say: not empty, not R's NA. */
bool irt_bank_filled(const struct irt_bank_reader *self, size_t row, size_t column);

/** Find the layout and the columns. @return ERR_OK; ERR_INPUT */
enum err_code irt_bank_columns(struct irt_bank_reader *self);

/** The parameters of one row. @return ERR_OK; ERR_INPUT; ERR_MEMORY */
enum err_code irt_bank_parameters(struct irt_bank_reader *self, size_t row,
                                  struct irt_parameters *out);

/** A number of the row, or *out unchanged where the cell has a fault that was only noted. */
enum err_code irt_bank_number(struct irt_bank_reader *self, size_t row, size_t at, double *out);

/** After an error was recorded in self->err: pass it on or, when doubts are collected, note it and
 * go on. @return ERR_OK; ERR_INPUT; ERR_MEMORY */
enum err_code irt_bank_note_error(struct irt_bank_reader *self, size_t row, size_t at);

/** An error in a cell; at is a column of the table. Evaluates to the code. */
#define IRT_BANK_FAULT(self, row, at, ...)                                                         \
    (config_csv_error((self)->table, (row), (at), (self)->err, __VA_ARGS__),                       \
     irt_bank_note_error((self), (row), (at)))

/** Note what is odd about an item; nothing unless doubts are collected. */
enum err_code irt_bank_doubt_item(struct irt_bank_reader *self, size_t row,
                                  const struct irt_parameters *parameters,
                                  const struct irt_item *item);

/** Read everything. @param doubts NULL or where to collect */
enum err_code irt_bank_read(const char *path, const char *text, size_t n_bytes,
                            struct irt_bank *bank, struct irt_doubts *doubts,
                            struct irt_bank_reader *reader, struct csv_table *table,
                            struct err *err);

#endif
