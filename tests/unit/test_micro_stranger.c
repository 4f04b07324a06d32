/* Microdata as a stranger, or a disk that fails, leaves them: what is sealed and hashed as it
 * should be, and is nothing that retake wrote, is refused in one line.
 * SPDX-License-Identifier: Apache-2.0 */
#include "micro_folder.h"

#include "micro_segment.h"
#include "seal.h"

#include <retake/base/file.h>

#include <fcntl.h>
#include <hdf5.h>
#include <signal.h>
#include <sys/resource.h>
#include <xxhash.h>

enum { SPLIT = 70656 }; /* candidates: within a block */

TestSuite(micro_stranger, .init = begin, .fini = end);

/* ---- segments of a stranger, with right hashes ---- */

static const unsigned char junk[100];

static void raws_init(struct store_micro_raw raw[TALLY_MICRO_N_TABLES])
{
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++)
        cr_assert(store_micro_raw_init(&schema.tables[t], &raw[t]));
}

static void raws_free(struct store_micro_raw raw[TALLY_MICRO_N_TABLES])
{
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++)
        store_micro_raw_free(&raw[t]);
}

/* A segment of one block, as an attacker may write it. */
static void leave_segment(struct store_micro_entry entry, struct store_micro_span span)
{
    struct store_micro_place place = {.path = path, .key = "key"};
    struct store_micro_segment segment = {.stream = NULL};
    struct store_micro_block block = {.entry = entry, .bytes = (unsigned char *)junk};
    struct err err = {0};
    block.entry.n_bytes = sizeof junk;
    store_micro_segment_append(&place, 0, &segment, &block, &err);
    store_micro_segment_close(&place, &segment, 0, &span, &err);
    cr_assert_eq(err.code, ERR_OK, "%s", err.detail);
    store_micro_segment_drop(&segment);
}

Test(micro_stranger, numbers_of_a_segment_are_checked)
{
    const struct store_micro_entry good = {.n_rows = STORE_MICRO_BLOCK, .column_bytes = {60, 40}};
    const struct store_micro_span span = {.upto = SPLIT, .n_blocks = {1, 0}};
    struct store_micro_entry bad[6] = {good, good, good, good, good, good};
    bad[0].table = 2;
    bad[1].table = UINT32_MAX;
    bad[2].block = 1;
    bad[3].block = UINT64_MAX;
    bad[4].n_rows = STORE_MICRO_BLOCK + 1;
    bad[5].column_bytes[0] = UINT32_MAX;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        leave_segment(bad[i], span);
        expect_refused(SPLIT, "000000.segment: damaged: its blocks do not fit");
    }
    const struct store_micro_span spans[] = {
        {.upto = SPLIT, .n_blocks = {2, 0}},
        {.upto = SPLIT, .n_blocks = {UINT64_MAX, 0}},
        {.upto = SPLIT, .n_blocks = {1, UINT64_MAX / STORE_MICRO_BLOCK + 1}},
        {.from = SPLIT + 1, .upto = SPLIT, .n_blocks = {1, 0}}};
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
        leave_segment(good, spans[i]);
        expect_refused(SPLIT, "000000.segment: damaged: its blocks do not fit");
    }
    leave_segment(good, span);
    expect_refused(SPLIT, "000000.tail: ");
    store_micro_sweep(path);
}

/* The bytes of the block have their hash, but are nothing that was ever compressed. */
Test(micro_stranger, blocks_of_another_process_are_decompressed_before_they_are_believed)
{
    const struct store_micro_entry entry = {.n_rows = STORE_MICRO_BLOCK,
                                            .hash = XXH3_64bits(junk, sizeof junk),
                                            .column_bytes = {60, 40}};
    struct store_micro_place place = {.path = path, .key = "key"};
    struct store_micro_raw raw[TALLY_MICRO_N_TABLES];
    struct err err = {0};
    raws_init(raw);
    leave_segment(entry, (struct store_micro_span){.upto = STORE_MICRO_BLOCK, .n_blocks = {1, 0}});
    store_micro_tail_write(&place, 0, &schema, raw, &err);
    cr_assert_eq(err.code, ERR_OK);
    struct store_micro *store = must_open(STORE_MICRO_BLOCK);
    cr_expect_eq(store_micro_finish(store, &parts_provenance, digest, &err), ERR_INPUT);
    cr_expect(strstr(err.detail, "000000.segment: damaged: values of another digest"), "%s",
              err.detail);
    store_micro_close(store, true);
    raws_free(raw);
}

Test(micro_stranger, rows_of_a_tail_are_those_of_the_candidates)
{
    struct store_micro_place place = {.path = path, .key = "key"};
    struct store_micro_raw raw[TALLY_MICRO_N_TABLES];
    struct store_micro_segment segment = {.stream = NULL};
    const struct store_micro_span span = {.upto = 256};
    struct err err = {0};
    raws_init(raw);
    memset(raw[0].memory, 0, 300 * 9);
    raw[0].n = 255;
    store_micro_segment_close(&place, &segment, 0, &span, &err);
    store_micro_tail_write(&place, 0, &schema, raw, &err);
    cr_assert_eq(err.code, ERR_OK);
    expect_refused(256, "000000.tail: damaged: its rows are not those of 256 candidates");
    store_micro_sweep(path);
    store_micro_segment_drop(&segment);
    raws_free(raw);
}

/* ---- a disk that fails ---- */

/* At every size, from nothing on: one line, no file, and nothing left open in HDF5. */
Test(micro_stranger, hdf5_never_hears_of_a_full_disk)
{
    struct err err = {0};
    const struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
    signal(SIGXFSZ, SIG_IGN);
    struct store_micro *store = must_open(0);
    parts_put(store, &schema, 0, 4096);
    must_flush(store, 4096);
    for (rlim_t size = 0; size < 40000; size = size * 3 / 2 + 1) {
        err_clear(&err);
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){size, RLIM_INFINITY});
        store_micro_finish(store, &parts_provenance, digest, &err);
        setrlimit(RLIMIT_FSIZE, &all);
        if (err.code != ERR_OK) {
            cr_expect_eq(err.code, ERR_IO, "%s", err.detail);
            cr_expect(strstr(err.detail, "cannot write: File too large"), "%s", err.detail);
            cr_expect_neq(access(path, F_OK), 0, "half a file appeared");
        }
        cr_expect_eq(H5Fget_obj_count(H5F_OBJ_ALL, H5F_OBJ_ALL), 0);
    }
    err_clear(&err);
    cr_expect_eq(store_micro_finish(store, &parts_provenance, digest, &err), ERR_OK);
    store_micro_close(store, true);
    cr_expect_eq(H5close(), 0);
}

/* ---- parts ---- */

/* What the bytes of a file must be for its seal to be right again. */
static void seal_again(const char *file)
{
    struct arena arena = {0};
    struct file_text text;
    struct err err = {0};
    unsigned char seal[STORE_SEAL_BYTES];
    cr_assert_eq(file_read(file, FILE_MEMORY_BYTES, &arena, &text, &err), ERR_OK);
    size_t n = text.n_bytes - STORE_SEAL_BYTES;
    store_seal_put((unsigned char *)text.bytes, n);
    memcpy(seal, text.bytes + n, sizeof seal);
    int descriptor = open(file, O_WRONLY);
    cr_assert_eq(pwrite(descriptor, seal, sizeof seal, (off_t)n), (ssize_t)sizeof seal);
    close(descriptor);
    arena_free(&arena);
}

/* Every chunk of the index, changed: another place, size or digest. */
Test(micro_stranger, the_values_of_a_part_have_the_digest_that_its_result_states)
{
    char name[160], stated[33];
    struct err err = {0};
    const struct store_micro_options options = {.path = path, .schema = &schema, .key = "key"};
    part_path(0, name);
    make(name, 0, 1000);
    memcpy(stated, digest, sizeof stated);
    struct store_micro_part part = {name, stated, 1000};
    store_micro_join(&part, 1, &options, &parts_provenance, digest, &err);
    cr_assert_eq(err.code, ERR_OK, "%s", err.detail);

    part.next = 1001;
    store_micro_join(&part, 1, &options, &parts_provenance, digest, &err);
    cr_expect_eq(err.code, ERR_INPUT);
    cr_expect(strstr(err.detail, "part0: not the microdata of this part: its result ends"), "%s",
              err.detail);
    part.next = 1000;

    for (long from_end = 33; from_end < 4 * 32 + 33; from_end += 4) { /* the chunks of the index */
        err_clear(&err);
        flip_byte("part0", from_end);
        seal_again(name);
        store_micro_join(&part, 1, &options, &parts_provenance, digest, &err);
        cr_expect_eq(err.code, ERR_INPUT, "byte %ld from the end", from_end);
        cr_expect(strstr(err.detail, "part0: "), "%s", err.detail);
        flip_byte("part0", from_end);
    }
    unlink(name);
}
