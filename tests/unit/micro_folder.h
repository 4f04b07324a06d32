/* A folder for the tests of microdata, and files made there.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_TESTS_MICRO_FOLDER_H
#define RETAKE_TESTS_MICRO_FOLDER_H

#include "micro_parts.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char folder[64], path[128], digest[33];
static struct tally_micro_schema schema;

static inline void begin(void)
{
    snprintf(folder, sizeof folder, "/tmp/retake-test-XXXXXX");
    cr_assert(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/micro.h5", folder);
    setenv("SOURCE_DATE_EPOCH", "0", 1);
    parts_schema(&schema);
}

static inline void end(void)
{
    unlink(path);
    cr_expect_eq(rmdir(folder), 0, "a file was left behind");
}

static inline struct store_micro *open_at(const char *file, uint64_t first, uint64_t resume_at,
                                          struct err *err)
{
    struct store_micro *store;
    store_micro_open(
        &(struct store_micro_options){
            .path = file, .schema = &schema, .key = "key", .first = first, .resume_at = resume_at},
        &store, err);
    return store;
}

static inline struct store_micro *must_open(uint64_t resume_at)
{
    struct err err = {0};
    struct store_micro *store = open_at(path, 0, resume_at, &err);
    cr_assert_eq(err.code, ERR_OK, "%s", err.detail);
    return store;
}

static inline void must_flush(struct store_micro *store, uint64_t upto)
{
    struct err err = {0};
    store_micro_flush(store, upto, &err);
    cr_assert_eq(err.code, ERR_OK, "%s", err.detail);
}

static inline void must_finish(struct store_micro *store)
{
    struct err err = {0};
    store_micro_finish(store, &parts_provenance, digest, &err);
    cr_assert_eq(err.code, ERR_OK, "%s", err.detail);
    store_micro_close(store, true);
}

/* Candidates from .. upto - 1, in one go. */
static inline void make(const char *file, uint64_t from, uint64_t upto)
{
    struct err err = {0};
    struct store_micro *store = open_at(file, from, from, &err);
    cr_assert_eq(err.code, ERR_OK, "%s", err.detail);
    parts_put(store, &schema, from, upto);
    must_finish(store);
}

static inline void expect_refused(uint64_t resume_at, const char *words)
{
    struct err err = {0};
    struct store_micro *store = open_at(path, 0, resume_at, &err);
    cr_expect_eq(err.code, ERR_INPUT, "%s", err.detail);
    cr_expect(strstr(err.detail, words), "'%s' is not in '%s'", words, err.detail);
    cr_expect_null(store);
    store_micro_close(store, false);
}

static inline void flip_byte(const char *suffix, long from_end)
{
    char name[160];
    snprintf(name, sizeof name, "%s.%s", path, suffix);
    FILE *stream = fopen(name, "rb+");
    cr_assert(stream, "%s", name);
    cr_assert_eq(fseek(stream, -from_end, SEEK_END), 0);
    int byte = fgetc(stream);
    cr_assert_eq(fseek(stream, -from_end, SEEK_END), 0);
    fputc(byte ^ 1, stream);
    fclose(stream);
}

static inline void part_path(int part, char out[160])
{
    snprintf(out, 160, "%s.part%d", path, part);
}

#endif
