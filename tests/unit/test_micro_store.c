/* The file of microdata: rows that came in any order stand in the order of candidates; the file has
 * the same bytes wherever it was interrupted; what is missing or damaged is told in one line.
 * SPDX-License-Identifier: Apache-2.0 */
#include "micro_folder.h"

#include <retake/base/digest.h>
#include <retake/base/file.h>

#include <hdf5.h>

enum { N = 140001, SPLIT = 70656 }; /* more than two blocks; within a block */

TestSuite(micro_store, .init = begin, .fini = end);

static void hash_file(const char *file, char hex[33])
{
    struct arena arena = {0};
    struct file_text text;
    struct err err = {0};
    cr_assert_eq(file_read(file, FILE_MEMORY_BYTES, &arena, &text, &err), ERR_OK, "%s", err.detail);
    digest_hex(text.bytes, text.n_bytes, hex);
    arena_free(&arena);
}

static size_t read_column(hid_t file, const char *name, hid_t type, size_t width, void **out)
{
    hid_t array = H5Dopen2(file, name, H5P_DEFAULT);
    cr_assert(array >= 0, "%s", name);
    hid_t space = H5Dget_space(array);
    size_t n = (size_t)H5Sget_simple_extent_npoints(space);
    *out = malloc(n * width + 1);
    cr_assert(H5Dread(array, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, *out) >= 0, "%s", name);
    H5Sclose(space);
    H5Dclose(array);
    return n;
}

Test(micro_store, rows_are_in_order_whatever_order_they_came_in)
{
    void *candidate, *n_sittings, *theta, *passed;
    make(path, 0, N);
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    cr_assert(file >= 0);
    cr_assert_eq(read_column(file, "candidate", H5T_NATIVE_INT64, 8, &candidate), N);
    cr_assert_eq(read_column(file, "n_sittings", H5T_NATIVE_UINT8, 1, &n_sittings), N);
    size_t n = read_column(file, "theta", H5T_NATIVE_FLOAT, 4, &theta), at = 0;
    cr_assert_eq(read_column(file, "passed", H5T_NATIVE_INT8, 1, &passed), n);
    for (uint64_t c = 0; c < N; c++) {
        cr_assert_eq(((int64_t *)candidate)[c], (int64_t)c);
        cr_assert_eq(((uint8_t *)n_sittings)[c], parts_n_sittings(c));
        for (uint32_t k = 0; k < parts_n_sittings(c); k++, at++) {
            cr_assert_eq(((float *)theta)[at], parts_theta(c, k), "candidate %d", (int)c);
            cr_assert_eq(((int8_t *)passed)[at], (int8_t)(k % 2));
        }
    }
    cr_expect_eq(at, n);
    H5Fclose(file);
    free(candidate), free(n_sittings), free(theta), free(passed);
}

/* Interrupted twice: once with rows on the disk that no checkpoint knows of. */
Test(micro_store, same_bytes_after_resuming)
{
    char whole[33], resumed[33];
    make(path, 0, N);
    hash_file(path, whole);

    struct store_micro *store = must_open(0);
    parts_put(store, &schema, 0, 2048);
    must_flush(store, 2048);
    store_micro_saved(store);
    parts_put(store, &schema, 2048, SPLIT);
    must_flush(store, SPLIT);
    store_micro_saved(store);
    parts_put(store, &schema, SPLIT, SPLIT + 4096);
    must_flush(store, SPLIT + 4096); /* its checkpoint is never written */
    store_micro_close(store, false);

    store = must_open(SPLIT);
    parts_put(store, &schema, SPLIT, N);
    must_finish(store);
    hash_file(path, resumed);
    cr_expect_str_eq(whole, resumed);
}

Test(micro_store, a_checkpoint_without_progress_is_no_segment)
{
    struct store_micro *store = must_open(0);
    must_flush(store, 0);
    parts_put(store, &schema, 0, 2048);
    must_flush(store, 2048);
    must_flush(store, 2048);
    store_micro_saved(store);
    store_micro_close(store, false);
    store = must_open(2048);
    must_finish(store);
}

static void leave_two_segments(void)
{
    struct store_micro *store = must_open(0);
    parts_put(store, &schema, 0, SPLIT);
    must_flush(store, SPLIT);
    store_micro_saved(store);
    parts_put(store, &schema, SPLIT, 2 * SPLIT);
    must_flush(store, 2 * SPLIT);
    store_micro_close(store, false);
}

static void remove_part(const char *suffix)
{
    char name[160];
    snprintf(name, sizeof name, "%s.%s", path, suffix);
    cr_assert_eq(unlink(name), 0, "%s", name);
}

Test(micro_store, a_missing_segment_is_refused)
{
    leave_two_segments();
    remove_part("000000.segment");
    expect_refused(2 * SPLIT,
                   "micro.h5.000000.segment: missing: the checkpoint stands at candidate "
                   "141312, the microdata end at 0");
    store_micro_sweep(path);
}

Test(micro_store, a_checkpoint_between_segments_is_refused)
{
    leave_two_segments();
    expect_refused(2 * SPLIT - 256, "missing");
    store_micro_sweep(path);
}

Test(micro_store, a_damaged_segment_or_tail_is_refused)
{
    leave_two_segments();
    flip_byte("000001.tail", 100);
    expect_refused(2 * SPLIT, "micro.h5.000001.tail: damaged");
    flip_byte("000001.segment", 100);
    expect_refused(2 * SPLIT, "micro.h5.000001.segment: damaged");
    store_micro_sweep(path);
}

/* A block is not read when a run goes on; it is when the file is made. */
Test(micro_store, a_damaged_block_is_refused_at_the_end)
{
    struct err err = {0};
    char name[160];
    leave_two_segments();
    snprintf(name, sizeof name, "%s.000000.segment", path);
    FILE *stream = fopen(name, "rb+");
    cr_assert(stream);
    fseek(stream, 5000, SEEK_SET);
    int byte = fgetc(stream);
    fseek(stream, 5000, SEEK_SET);
    fputc(byte ^ 1, stream);
    fclose(stream);
    struct store_micro *store = must_open(2 * SPLIT);
    cr_expect_eq(store_micro_finish(store, &parts_provenance, digest, &err), ERR_INPUT);
    cr_expect(strstr(err.detail, "000000.segment: damaged"), "%s", err.detail);
    cr_expect_neq(access(path, F_OK), 0, "half a file appeared");
    store_micro_close(store, true);
}

Test(micro_store, segments_of_another_run_are_refused)
{
    struct err err = {0};
    struct store_micro *store;
    leave_two_segments();
    store_micro_open(
        &(struct store_micro_options){
            .path = path, .schema = &schema, .key = "another", .resume_at = 2 * SPLIT},
        &store, &err);
    cr_expect_eq(err.code, ERR_INPUT);
    cr_expect(strstr(err.detail, "belongs to another run"), "%s", err.detail);
    store_micro_sweep(path);
}

Test(micro_store, a_new_run_deletes_what_an_old_one_left)
{
    leave_two_segments();
    make(path, 0, 10);
}

/* ---- parts ---- */

Test(micro_store, parts_join_to_the_bytes_of_the_whole)
{
    static const uint64_t cuts[] = {0, 256, 256, SPLIT, N}; /* the second part is empty */
    char names[4][160], whole[33], joined[33];
    struct store_micro_part parts[4];
    struct err err = {0};
    make(path, 0, N);
    hash_file(path, whole);
    for (int k = 0; k < 4; k++) {
        part_path(k, names[k]);
        parts[k] = (struct store_micro_part){names[k], NULL, cuts[k + 1]};
        make(names[k], cuts[k], cuts[k + 1]);
    }
    const struct store_micro_options options = {.path = path, .schema = &schema, .key = "key"};
    store_micro_join(parts, 4, &options, &parts_provenance, digest, &err);
    cr_expect_eq(err.code, ERR_OK, "%s", err.detail);
    hash_file(path, joined);
    cr_expect_str_eq(whole, joined);

    store_micro_join((const struct store_micro_part[]){parts[0], parts[3]}, 2, &options,
                     &parts_provenance, digest, &err);
    cr_expect_eq(err.code, ERR_INPUT);
    cr_expect(strstr(err.detail, "part3: does not begin where the part before it ends"), "%s",
              err.detail);
    err_clear(&err);
    parts[1].digest = "00000000000000000000000000000000";
    store_micro_join(parts, 4, &options, &parts_provenance, digest, &err);
    cr_expect(strstr(err.detail, "part1: not the microdata of this part"), "%s", err.detail);
    err_clear(&err);
    parts[1].digest = NULL;
    flip_byte("part3", 2000);
    store_micro_join(parts, 4, &options, &parts_provenance, digest, &err);
    cr_expect(strstr(err.detail, "part3: damaged, or changed"), "%s", err.detail);
    for (int k = 0; k < 4; k++)
        unlink(names[k]);
}
