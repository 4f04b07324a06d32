/* Result files: what is written comes back; what is not an intact result is refused in one line.
 * SPDX-License-Identifier: Apache-2.0 */
#include "result_change.h"

#include <retake/base/file.h>

#include <criterion/criterion.h>
#include <hdf5.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64], path[128];

static void folder_make(void)
{
    snprintf(folder, sizeof folder, "/tmp/retake-test-XXXXXX");
    cr_assert(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/out.h5", folder);
}

static void folder_remove(void)
{
    unlink(path);
    cr_expect_eq(rmdir(folder), 0, "a file was left behind");
}

TestSuite(result, .init = folder_make, .fini = folder_remove);

static enum err_code example_write(size_t n_groups, const struct store_provenance *provenance,
                                   struct err *err)
{
    struct dataset dataset;
    example_dataset(&dataset, n_groups, err);
    if (err->code == ERR_OK)
        store_result_write(path, &dataset, provenance, err);
    dataset_free(&dataset);
    return err->code;
}

static void expect_same_text(const char *one, const char *two)
{
    cr_expect((!one && !two) || (one && two && strcmp(one, two) == 0), "'%s', '%s'",
              one ? one : "(none)", two ? two : "(none)");
}

static void expect_same_words(const struct dataset *one, const struct dataset *two)
{
    for (size_t i = 0; i < one->n_dims; i++) {
        expect_same_text(one->dims[i].unit, two->dims[i].unit);
        expect_same_text(one->dims[i].long_name, two->dims[i].long_name);
    }
    for (size_t i = 0; i < one->n_vars; i++) {
        expect_same_text(one->vars[i].unit, two->vars[i].unit);
        expect_same_text(one->vars[i].long_name, two->vars[i].long_name);
        expect_same_text(one->vars[i].ancillary, two->vars[i].ancillary);
    }
}

static void expect_round_trip(size_t n_groups)
{
    struct err err = {0};
    struct dataset dataset;
    struct store_result result;
    char hex[33], other[33];
    example_dataset(&dataset, n_groups, &err);
    store_result_write(path, &dataset, &example_provenance, &err);
    cr_assert_eq(err.code, ERR_OK, "%s", err.detail);
    store_result_read(path, &result, &err);
    cr_assert_eq(err.code, ERR_OK, "%s", err.detail);
    dataset_digest(&dataset, hex);
    dataset_digest(&result.dataset, other);
    cr_expect_str_eq(hex, other);
    cr_assert_eq(dataset.n_dims, result.dataset.n_dims);
    cr_assert_eq(dataset.n_vars, result.dataset.n_vars);
    expect_same_words(&dataset, &result.dataset);
    expect_same_text(store_result_text(&result, "statistics_digest"), hex);
    store_result_free(&result);
    dataset_free(&dataset);
}

Test(result, round_trip)
{
    for (size_t n_groups = 1; n_groups <= 3; n_groups++)
        expect_round_trip(n_groups);
}

Test(result, provenance_comes_back)
{
    struct err err = {0};
    struct store_result result;
    cr_assert_eq(example_write(1, &example_provenance, &err), ERR_OK, "%s", err.detail);
    cr_assert_eq(store_result_read(path, &result, &err), ERR_OK, "%s", err.detail);
    expect_same_text(store_result_text(&result, "title"), "EMR, three attempts, 15 days");
    expect_same_text(store_result_text(&result, "empty"), "");
    expect_same_text(store_result_text(&result, "Conventions"), "CF-1.10, ACDD-1.3");
    expect_same_text(store_result_text(&result, "policy.wait_days"), NULL);
    expect_same_text(store_result_text(&result, "nothing"), NULL);
    const struct store_attribute *last = NULL;
    for (size_t i = 0; i < result.provenance.n_attributes; i++)
        if (strcmp(result.provenance.attributes[i].name, "policy.wait_days") == 0)
            last = &result.provenance.attributes[i];
    cr_assert(last);
    cr_expect_eq(last->number, 15);
    store_result_free(&result);
}

Test(result, a_result_read_can_be_written_again)
{
    struct err err = {0};
    struct store_result one, two;
    example_write(2, &example_provenance, &err);
    cr_assert_eq(store_result_read(path, &one, &err), ERR_OK, "%s", err.detail);
    store_result_write(path, &one.dataset, &one.provenance, &err);
    cr_assert_eq(store_result_read(path, &two, &err), ERR_OK, "%s", err.detail);
    cr_expect_eq(one.provenance.n_attributes, two.provenance.n_attributes);
    store_result_free(&one);
    store_result_free(&two);
}

/* Attributes beyond 64 KiB do not fit into an object header. */
Test(result, keeps_long_texts_and_many_attributes)
{
    enum { LONG = 200000, MANY = 500 };
    char *scenario = malloc(LONG + 1);
    static struct store_attribute attributes[MANY];
    static char names[MANY][24];
    for (size_t i = 0; i < LONG; i++)
        scenario[i] = (char)('a' + i % 26);
    scenario[LONG] = '\0';
    for (size_t i = 0; i < MANY; i++) {
        snprintf(names[i], sizeof names[i], "section.key_%zu", i);
        attributes[i] = (struct store_attribute){.name = names[i], .number = (double)i};
    }
    attributes[250] = (struct store_attribute){.name = "scenario", .text = scenario};
    struct err err = {0};
    struct store_result result;
    example_write(1, &(struct store_provenance){MANY, attributes}, &err);
    cr_assert_eq(store_result_read(path, &result, &err), ERR_OK, "%s", err.detail);
    expect_same_text(store_result_text(&result, "scenario"), scenario);
    cr_expect_eq(result.provenance.n_attributes, MANY + 4);
    store_result_free(&result);
    free(scenario);
}

Test(result, equal_results_are_equal_bytes)
{
    setenv("SOURCE_DATE_EPOCH", "1700000000", 1);
    struct arena arena = {0};
    struct err err = {0};
    struct file_text one, two;
    example_write(3, &example_provenance, &err);
    file_read(path, FILE_MEMORY_BYTES, &arena, &one, &err);
    example_write(3, &example_provenance, &err);
    file_read(path, FILE_MEMORY_BYTES, &arena, &two, &err);
    cr_assert_eq(err.code, ERR_OK, "%s", err.detail);
    cr_assert_eq(one.n_bytes, two.n_bytes);
    cr_expect_eq(memcmp(one.bytes, two.bytes, one.n_bytes), 0);
    arena_free(&arena);
}

/* From one byte to several chunks, that shrink and that do not. */
Test(result, a_state_comes_back_outside_of_the_digest)
{
    static const size_t sizes[] = {1, 3, 16383, 16384, 3000000};
    struct err err = {0};
    char hex[33], plain[33];
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        struct store_result out = {.provenance = example_provenance}, in;
        example_dataset(&out.dataset, 1, &err);
        dataset_digest(&out.dataset, plain);
        unsigned char *state = store_result_state_new(&out, sizes[k]);
        cr_assert(state);
        for (size_t i = 0; i < sizes[k]; i++)
            state[i] = (unsigned char)(k % 2 ? i * i >> 3 : i >> 12);
        cr_assert_eq(store_result_save(path, &out, &err), ERR_OK, "%s", err.detail);
        cr_assert_eq(store_result_read(path, &in, &err), ERR_OK, "%s", err.detail);
        cr_assert_eq(in.state.n_bytes, sizes[k]);
        cr_expect_eq(memcmp(in.state.bytes, state, sizes[k]), 0);
        dataset_digest(&in.dataset, hex);
        cr_expect_str_eq(hex, plain);
        store_result_free(&out);
        store_result_free(&in);
    }
}

/* ---- what is refused ---- */

static void expect_read_error(const char *file, const char *why)
{
    struct err err = {0};
    struct store_result result;
    cr_expect(err_is_bad_input(store_result_read(file, &result, &err)), "%s", file);
    cr_expect(strstr(err.detail, why), "'%s' does not say '%s'", err.detail, why);
    cr_expect(strstr(err.detail, file) && !strchr(err.detail, '\n'), "'%s'", err.detail);
    store_result_free(&result);
}

Test(result, refuses_what_is_no_result)
{
    struct err err = {0};
    expect_read_error(path, "No such file or directory");
    expect_read_error(folder, "not a regular file");
    file_write(path, "", 0, &err);
    expect_read_error(path, "truncated: 0 bytes");
    char text[200] = "\211HDF\r\n\032";
    file_write(path, text, sizeof text, &err);
    expect_read_error(path, "not an HDF5 file that retake wrote");
}

/* The example with every occurrence of a text changed, and a seal that fits. */
static void forged_write(const char *from, const char *to)
{
    struct err err = {0};
    struct arena arena = {0};
    struct file_text file;
    example_write(1, &example_provenance, &err);
    cr_assert_eq(file_read(path, FILE_MEMORY_BYTES, &arena, &file, &err), ERR_OK, "%s", err.detail);
    size_t n = strlen(from), n_found = 0;
    for (size_t i = 0; i + n <= file.n_bytes; i++)
        if (memcmp(file.bytes + i, from, n) == 0) {
            memcpy(file.bytes + i, to, n);
            n_found++;
        }
    cr_assert(n_found > 0);
    store_seal_put((unsigned char *)file.bytes, file.n_bytes - STORE_SEAL_BYTES);
    cr_assert_eq(file_write(path, file.bytes, file.n_bytes, &err), ERR_OK);
    arena_free(&arena);
}

Test(result, holds_the_values_to_the_digest)
{
    struct err err = {0};
    struct store_result result;
    forged_write("licensed", "licensed");
    cr_expect_eq(store_result_read(path, &result, &err), ERR_OK, "%s", err.detail);
    store_result_free(&result);
    forged_write("withdrew", "Withdrew");
    expect_read_error(path, "damaged: the values do not match statistics_digest");
}

static void version_set(hid_t file, int version)
{
    hid_t attribute = H5Aopen(file, "retake_format_version", H5P_DEFAULT);
    cr_assert(H5Awrite(attribute, H5T_NATIVE_INT, &version) >= 0);
    H5Aclose(attribute);
}

static void version_raise(hid_t file)
{
    version_set(file, 2);
}

static void version_zero(hid_t file)
{
    version_set(file, 0);
}

static void version_delete(hid_t file)
{
    H5Adelete(file, "retake_format_version");
}

static void value_change(hid_t file)
{
    hid_t array = H5Dopen2(file, "n_candidates", H5P_DEFAULT);
    int64_t value = 7;
    cr_assert(H5Dwrite(array, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, &value) >= 0);
    H5Dclose(array);
}

static void bounds_delete(hid_t file)
{
    H5Ldelete(file, "day_bin_bounds", H5P_DEFAULT);
}

static void array_add(hid_t file, int rank, hid_t type)
{
    hsize_t extent[8] = {1, 1, 1, 1, 1, 1, 1, 1};
    hid_t space = H5Screate_simple(rank, extent, NULL);
    hid_t array = H5Dcreate2(file, "added", type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    const double nothing = 0;
    cr_assert(array >= 0);
    if (rank == 1)
        cr_assert(H5Dwrite(array, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, &nothing) >= 0);
    H5Dclose(array);
    H5Sclose(space);
}

static void array_add_without_scale(hid_t file)
{
    array_add(file, 1, H5T_NATIVE_DOUBLE);
}

static void array_add_of_rank_8(hid_t file)
{
    array_add(file, 8, H5T_NATIVE_DOUBLE);
}

static void array_add_of_fixed_text(hid_t file)
{
    array_add(file, 1, H5T_C_S1);
}

static void array_add_huge(hid_t file)
{
    hsize_t extent[] = {UINT64_C(1) << 40};
    hid_t space = H5Screate_simple(1, extent, NULL);
    hid_t array =
        H5Dcreate2(file, "huge", H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    cr_assert(array >= 0);
    H5Dclose(array);
    H5Sclose(space);
}

static void group_add(hid_t file)
{
    H5Gclose(H5Gcreate2(file, "folder", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
}

Test(result, refuses_what_another_program_changed)
{
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    result_change(path, value_change);
    expect_read_error(path, "changed or copied by another program");
    result_seal_again(path);
    expect_read_error(path, "do not match statistics_digest");
    result_change(path, version_raise);
    result_seal_again(path);
    expect_read_error(path, "written by a newer retake: format version 2, not 1");
    result_change(path, version_zero);
    result_seal_again(path);
    expect_read_error(path, "written by another retake: format version 0, not 1");
    result_change(path, version_delete);
    result_seal_again(path);
    expect_read_error(path, "not a retake result: it has no retake_format_version");
}

Test(result, refuses_sealed_files_of_another_shape)
{
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    static const struct {
        result_change_how *how;
        const char *why;
    } cases[] = {{bounds_delete, "damaged: bounds are missing: day_bin_bounds"},
                 {array_add_without_scale, "not a retake result: unknown dimension"},
                 {array_add_of_rank_8, "a dataset has a shape or storage of another kind"},
                 {array_add_of_fixed_text, "a dataset has a type of another kind"},
                 {array_add_huge, "damaged: a dataset is larger than what is stored"},
                 {group_add, "not a retake result: not a dataset: folder"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        result_change(path, cases[i].how);
        result_seal_again(path);
        expect_read_error(path, cases[i].why);
    }
}

static size_t damage(const unsigned char *bytes, size_t n_bytes)
{
    struct err err = {0};
    struct store_result result;
    char hex[33] = "", stated[33] = "";
    cr_assert_eq(file_write(path, bytes, n_bytes, &err), ERR_OK, "%s", err.detail);
    enum err_code code = store_result_read(path, &result, &err);
    cr_expect(code == ERR_OK || code == ERR_INPUT || code == ERR_DAMAGED, "%s", err.detail);
    if (code == ERR_OK) {
        dataset_digest(&result.dataset, hex);
        snprintf(stated, sizeof stated, "%s", store_result_text(&result, "statistics_digest"));
    }
    cr_expect_str_eq(hex, stated);
    store_result_free(&result);
    return code == ERR_OK;
}

static void example_bytes(struct arena *arena, struct file_text *out)
{
    struct err err = {0};
    example_write(1, &example_provenance, &err);
    cr_assert_eq(file_read(path, FILE_MEMORY_BYTES, arena, out, &err), ERR_OK, "%s", err.detail);
}

Test(result, refuses_truncated_files)
{
    struct arena arena = {0};
    struct file_text file;
    example_bytes(&arena, &file);
    const unsigned char *bytes = (const unsigned char *)file.bytes;
    for (size_t i = 0; i < 50; i++)
        cr_expect_eq(damage(bytes, file.n_bytes * i / 50), 0, "cut at %zu/50", i);
    cr_expect_eq(damage(bytes, file.n_bytes - 1), 0);
    damage(bytes, file.n_bytes / 2);
    expect_read_error(path, "truncated: ");
    arena_free(&arena);
}

static uint64_t random_next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

Test(result, refuses_every_flipped_bit)
{
    struct arena arena = {0};
    struct file_text file;
    example_bytes(&arena, &file);
    unsigned char *bytes = (unsigned char *)file.bytes;
    uint64_t state = 1;
    for (size_t i = 0; i < 200; i++) {
        size_t at = random_next(&state) % file.n_bytes;
        unsigned char bit = (unsigned char)(1u << (random_next(&state) % 8));
        bytes[at] ^= bit;
        cr_expect_eq(damage(bytes, file.n_bytes), 0, "bit in byte %zu", at);
        bytes[at] ^= bit;
    }
    memset(bytes + file.n_bytes / 2, 0, file.n_bytes - file.n_bytes / 2);
    cr_expect_eq(damage(bytes, file.n_bytes), 0, "a tail of zeros");
    arena_free(&arena);
}

/* ---- what cannot be written ---- */

static void expect_write_error(const char *why)
{
    struct err err = {0};
    cr_expect_eq(example_write(1, &example_provenance, &err), ERR_IO);
    cr_expect(strstr(err.detail, why), "'%s' does not say '%s'", err.detail, why);
    cr_expect(strstr(err.detail, path) && !strchr(err.detail, '\n'), "'%s'", err.detail);
}

Test(result, refuses_folders_it_cannot_write)
{
    char file[128];
    snprintf(file, sizeof file, "%s", path);
    snprintf(path, sizeof path, "%s/none/out.h5", folder);
    expect_write_error("No such file or directory");
    snprintf(path, sizeof path, "%s", file);
    cr_assert_eq(mkdir(path, 0777), 0);
    expect_write_error("it is a folder");
    rmdir(path);
    if (geteuid() == 0) /* whom no permission stops */
        return;
    chmod(folder, 0500);
    expect_write_error("Permission denied");
    chmod(folder, 0700);
}

Test(result, says_that_the_disk_is_full_and_leaves_nothing)
{
    if (mount("tmpfs", folder, "tmpfs", 0, "size=64k") != 0)
        cr_skip_test("no tmpfs can be mounted here");
    struct err err = {0};
    cr_expect_eq(file_write(path, "old", 3, &err), ERR_OK);
    expect_write_error("cannot write: No space left on device");
    struct stat status;
    cr_expect(stat(path, &status) == 0 && status.st_size == 3, "the old file is gone");
    unlink(path);
    cr_expect_eq(umount(folder), 0);
}
