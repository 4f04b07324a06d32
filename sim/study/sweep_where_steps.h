/* A condition as it is kept: reverse Polish, from sweep_where.c to sweep_where_value.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_SWEEP_WHERE_STEPS_H
#define RETAKE_STUDY_SWEEP_WHERE_STEPS_H

#include "sweep_parts.h"

enum { WHERE_MAX_STEPS = 200 };

enum where_kind {
    WHERE_NUMBER,
    WHERE_WORD,
    WHERE_PARAMETER,
    WHERE_AXIS, /* of several parameters: its label, or the number of its value */
    WHERE_NEGATE,
    WHERE_NOT,
    WHERE_ADD,
    WHERE_SUBTRACT,
    WHERE_MULTIPLY,
    WHERE_DIVIDE,
    WHERE_LESS,
    WHERE_LESS_EQUAL,
    WHERE_GREATER,
    WHERE_GREATER_EQUAL,
    WHERE_EQUAL,
    WHERE_UNEQUAL,
    WHERE_AND,
    WHERE_OR
};

struct where_step {
    enum where_kind kind;
    size_t at; /* in the text of the condition */
    double number;
    const char *text; /* the word; of a parameter its key */
    bool is_quoted;
    size_t axis, column;   /* of the sweep; column n_columns: no axis sets the parameter */
    const char *base_text; /* then what the base has; NULL: it has none */
};

struct study_condition {
    const char *text;
    size_t line, column; /* of its first character */
    size_t n_steps;
    struct where_step *steps;
};

#endif
