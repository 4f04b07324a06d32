/* Microdata made up for the tests of the store: three columns, values known by the number of the
 * candidate, so that what is read back can be told right from wrong.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_TESTS_MICRO_PARTS_H
#define RETAKE_TESTS_MICRO_PARTS_H

#include <retake/base/rng.h>
#include <retake/store/microdata.h>

#include <stdlib.h>

enum { PARTS_CHUNK = 1024 };

static const struct store_provenance parts_provenance = {
    .n_attributes = 1,
    .attributes = &(const struct store_attribute){.name = "title", .text = "made up"}};

static inline void parts_schema(struct tally_micro_schema *self)
{
    *self = (struct tally_micro_schema){0};
    self->tables[0] = (struct tally_micro_table){
        .dimension = "candidate",
        .n_columns = 2,
        .columns = {
            {.name = "candidate", .type = TALLY_MICRO_I64, .unit = "1", .long_name = "number"},
            {.name = "n_sittings", .type = TALLY_MICRO_U8, .unit = "1", .long_name = "how many"}}};
    self->tables[1] = (struct tally_micro_table){
        .dimension = "sitting",
        .n_columns = 2,
        .columns = {
            {.name = "theta", .type = TALLY_MICRO_F32, .unit = "logit", .long_name = "ability"},
            {.name = "passed",
             .type = TALLY_MICRO_I8,
             .unit = "1",
             .long_name = "the decision",
             .meanings = "failed passed"}}};
}

static inline uint32_t parts_n_sittings(uint64_t candidate)
{
    return (uint32_t)(candidate * 2654435761u >> 7) % 4;
}

static inline float parts_theta(uint64_t candidate, uint32_t sitting)
{
    struct rng rng = rng_published(candidate, sitting + 1);
    return (float)(4 * rng_unit(&rng) - 2);
}

/* Rows of candidates first .. first + n - 1. */
static inline struct tally_micro_rows *parts_rows(const struct tally_micro_schema *schema,
                                                  uint64_t first, size_t n)
{
    size_t counts[TALLY_MICRO_N_TABLES] = {n, 0}, at = 0;
    for (size_t i = 0; i < n; i++)
        counts[1] += parts_n_sittings(first + i);
    struct tally_micro_rows *rows = tally_micro_rows_new(schema, counts);
    if (!rows)
        return NULL;
    rows->first = first;
    rows->n_candidates = n;
    for (size_t i = 0; i < n; i++) {
        ((int64_t *)rows->values[0][0])[i] = (int64_t)(first + i);
        ((uint8_t *)rows->values[0][1])[i] = (uint8_t)parts_n_sittings(first + i);
        for (uint32_t k = 0; k < parts_n_sittings(first + i); k++, at++) {
            ((float *)rows->values[1][0])[at] = parts_theta(first + i, k);
            ((int8_t *)rows->values[1][1])[at] = k % 2;
        }
    }
    return rows;
}

/* Candidates from .. upto - 1 in chunks, those of every four in another order. */
static inline void parts_put(struct store_micro *store, const struct tally_micro_schema *schema,
                             uint64_t from, uint64_t upto)
{
    static const uint64_t order[] = {2, 0, 3, 1};
    uint64_t n_chunks = (upto - from + PARTS_CHUNK - 1) / PARTS_CHUNK;
    for (uint64_t k = 0; k < (n_chunks + 3) / 4 * 4; k++) {
        uint64_t first = from + (k / 4 * 4 + order[k % 4]) * PARTS_CHUNK;
        if (first < upto)
            store_micro_put(
                store,
                parts_rows(schema, first, upto - first < PARTS_CHUNK ? upto - first : PARTS_CHUNK));
    }
}

#endif
