/* Microdata: what single candidates and sittings were like, as rows of two tables in columns. A
 * candidate's sittings follow each other, so that n_sittings says which are whose (a contiguous
 * ragged array of the CF conventions). Columns and their meaning: docs/microdata.md.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_TALLY_MICRO_ROWS_H
#define RETAKE_TALLY_MICRO_ROWS_H

#include <retake/tally/tally.h>

enum tally_micro_type {
    TALLY_MICRO_I8,
    TALLY_MICRO_U8,
    TALLY_MICRO_I16,
    TALLY_MICRO_U16,
    TALLY_MICRO_I32,
    TALLY_MICRO_I64,
    TALLY_MICRO_F32,
    TALLY_MICRO_N_TYPES
};

/** Bytes of one value: [TALLY_MICRO_N_TYPES]. */
extern const size_t tally_micro_bytes[TALLY_MICRO_N_TYPES];

enum tally_micro_table_id { TALLY_MICRO_CANDIDATES, TALLY_MICRO_SITTINGS, TALLY_MICRO_N_TABLES };

enum { TALLY_MICRO_MAX_COLUMNS = 32 };

struct tally_micro_column {
    unsigned id; /* which of the table's possible columns this is */
    const char *name;
    enum tally_micro_type type;
    const char *unit, *long_name;
    const char *meanings; /* words for the values 0, 1, ...; NULL: a quantity */
};

struct tally_micro_table {
    const char *dimension; /* of its rows */
    size_t n_columns;
    struct tally_micro_column columns[TALLY_MICRO_MAX_COLUMNS];
};

/** Which rows are kept; zeroed, all are. A candidate without a kept sitting is left out where
 * sittings are chosen (from_attempt or only_failed). */
struct tally_micro_keep {
    uint32_t from_attempt; /* sittings of this attempt and later ones */
    bool only_failed;      /* sittings that were not passed */
    uint64_t every;        /* candidates whose number is a multiple of this; 0 = 1 */
};

/**
 * Read words such as "attempt>=2,failed,every=100" into self; what it holds already stays.
 * @return ERR_OK; ERR_USAGE
 */
enum err_code tally_micro_keep_parse(const char *words, struct tally_micro_keep *self,
                                     struct err *err);

/** The same as text, in one order; "all" where nothing is left out. */
void tally_micro_keep_format(const struct tally_micro_keep *self, char text[96]);

struct tally_micro_schema {
    struct tally_micro_keep keep;
    struct tally_micro_table tables[TALLY_MICRO_N_TABLES];
    struct arena arena;
};

/** The columns that a run has. tally_micro_schema_free it, even after failure.
 * @return ERR_OK; ERR_MEMORY */
enum err_code tally_micro_schema_init(const struct tally_shape *shape,
                                      const struct tally_micro_keep *keep,
                                      struct tally_micro_schema *self, struct err *err);
void tally_micro_schema_free(struct tally_micro_schema *self);

/** Rows of candidates first .. first + n_candidates - 1, in one allocation. */
struct tally_micro_rows {
    uint64_t first, n_candidates;
    size_t n[TALLY_MICRO_N_TABLES]; /* rows kept */
    void *values[TALLY_MICRO_N_TABLES][TALLY_MICRO_MAX_COLUMNS];
    struct tally_micro_rows *next; /* for whoever keeps them in a list */
};

/** Room for so many rows; free() it. NULL when memory is out. */
struct tally_micro_rows *tally_micro_rows_new(const struct tally_micro_schema *schema,
                                              const size_t n[TALLY_MICRO_N_TABLES]);

/** The rows of outcomes that are kept; free() them. NULL when memory is out. */
struct tally_micro_rows *tally_micro_rows_of(const struct tally_micro_schema *schema,
                                             const struct pathway_outcomes *outcomes,
                                             uint64_t first);

#endif
