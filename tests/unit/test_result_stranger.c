/* Results of strangers, sealed as they should be: whatever a file has that retake never writes is
 * refused before HDF5 reads it, and no part is larger than its bytes in the file.
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memmem */
#include "result_change.h"

#include <stdlib.h>
#include <unistd.h>

static char folder[64], path[128];

static void folder_make(void)
{
    snprintf(folder, sizeof folder, "/tmp/retake-test-XXXXXX");
    cr_assert(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/out.h5", folder);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

static void folder_remove(void)
{
    unlink(path);
    cr_expect_eq(rmdir(folder), 0, "a file was left behind");
}

TestSuite(result_stranger, .init = folder_make, .fini = folder_remove);

static void expect_refused(result_change_how *how, const char *why)
{
    struct err err = {0};
    struct store_result result;
    result_change(path, how);
    result_seal_again(path);
    cr_expect_eq(store_result_read(path, &result, &err), ERR_INPUT, "%s", why);
    cr_expect(strstr(err.detail, why), "'%s' does not say '%s'", err.detail, why);
    store_result_free(&result);
}

/* ---- links ---- */

static void link_soft(hid_t file)
{
    cr_assert(H5Lcreate_soft("/fees", file, "soft", H5P_DEFAULT, H5P_DEFAULT) >= 0);
}

static void link_external(hid_t file)
{
    cr_assert(H5Lcreate_external("/etc/passwd", "/", file, "other", H5P_DEFAULT, H5P_DEFAULT) >= 0);
}

static void type_commit(hid_t file)
{
    hid_t type = H5Tcopy(H5T_IEEE_F64LE);
    H5Tcommit2(file, "type", type, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Tclose(type);
}

static void links_add_many(hid_t file)
{
    char name[32];
    for (int i = 0; i < 17000; i++) {
        snprintf(name, sizeof name, "link%d", i);
        H5Lcreate_hard(file, "fees", file, name, H5P_DEFAULT, H5P_DEFAULT);
    }
}

Test(result_stranger, links)
{
    expect_refused(link_soft, "a link of another kind: soft");
    expect_refused(link_external, "a link of another kind: other");
    expect_refused(type_commit, "not a dataset: type");
    expect_refused(links_add_many, "it has too many parts");
}

/* ---- attributes ---- */

/* An attribute of n elements in the place of another. */
static void attribute_put(hid_t file, const char *object, const char *name, hid_t type, hsize_t n,
                          const void *values)
{
    hid_t array = H5Oopen(file, object, H5P_DEFAULT), space = H5Screate_simple(1, &n, NULL);
    if (H5Aexists(array, name) > 0)
        H5Adelete(array, name);
    hid_t attribute = H5Acreate2(array, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    cr_assert(attribute >= 0 && H5Awrite(attribute, type, values) >= 0);
    H5Aclose(attribute);
    H5Sclose(space);
    H5Oclose(array);
}

static void text_put(hid_t file, const char *object, const char *name, const char *text)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, strlen(text) + 1);
    attribute_put(file, object, name, type, 1, text);
    H5Tclose(type);
}

static void name_of_numbers(hid_t file)
{
    static int64_t numbers[4096];
    attribute_put(file, "attempt", "NAME", H5T_NATIVE_INT64, 4096, numbers);
}

static void name_long(hid_t file)
{
    char text[300];
    memset(text, 'n', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    text_put(file, "attempt", "NAME", text);
}

static void class_variable(hid_t file)
{
    const char *text = "x";
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    attribute_put(file, "attempt", "CLASS", type, 1, &text);
    H5Tclose(type);
}

static void class_other(hid_t file)
{
    text_put(file, "attempt", "CLASS", "IMAGE");
}

static void class_none(hid_t file)
{
    hid_t array = H5Dopen2(file, "attempt", H5P_DEFAULT);
    H5Adelete(array, "CLASS");
    H5Dclose(array);
}

static void axes_real(hid_t file)
{
    attribute_put(file, "fees", "DIMENSION_LIST", H5T_NATIVE_DOUBLE, 1, &(double){1});
}

static void axes_text(hid_t file)
{
    text_put(file, "fees", "DIMENSION_LIST", "group");
}

static void axes_put(hid_t file, size_t n_lists, size_t n_references, const char *target)
{
    hobj_ref_t references[2];
    hvl_t lists[2];
    hid_t type = H5Tvlen_create(H5T_STD_REF_OBJ);
    for (size_t i = 0; i < 2; i++) {
        H5Rcreate(&references[i], file, target, H5R_OBJECT, H5I_INVALID_HID);
        lists[i] = (hvl_t){n_references, references};
    }
    attribute_put(file, "fees", "DIMENSION_LIST", type, n_lists, lists);
    H5Tclose(type);
}

static void axes_two(hid_t file)
{
    axes_put(file, 2, 1, "group");
}

static void axes_with_two_scales(hid_t file)
{
    axes_put(file, 1, 2, "group");
}

static void axes_with_none(hid_t file)
{
    axes_put(file, 1, 0, "group");
}

static void axes_to_no_scale(hid_t file)
{
    axes_put(file, 1, 1, "seats");
}

static void attributes_add_many(hid_t file)
{
    char name[32];
    for (int i = 0; i < 17000; i++) {
        snprintf(name, sizeof name, "attribute%d", i);
        attribute_put(file, "/", name, H5T_NATIVE_DOUBLE, 1, &(double){1});
    }
}

Test(result_stranger, attributes)
{
    expect_refused(name_of_numbers, "an attribute of another kind: NAME");
    expect_refused(name_long, "an attribute of another kind: NAME");
    expect_refused(class_variable, "an attribute of another kind: CLASS");
    expect_refused(class_other, "a dataset of class: IMAGE");
    expect_refused(class_none, "unknown dimension");
    expect_refused(axes_real, "unknown dimension");
    expect_refused(axes_text, "unknown dimension");
    expect_refused(axes_two, "unknown dimension");
    expect_refused(axes_with_two_scales, "unknown dimension");
    expect_refused(axes_with_none, "unknown dimension");
    expect_refused(axes_to_no_scale, "unknown dimension");
    expect_refused(attributes_add_many, "it has too many parts");
}

/* ---- storage ---- */

/* An array in the place of fees; values NULL: never written. */
static void fees_put(hid_t file, hid_t type, hsize_t n, hid_t layout, const void *values)
{
    hid_t space = H5Screate_simple(1, &n, NULL);
    H5Ldelete(file, "fees", H5P_DEFAULT);
    hid_t array = H5Dcreate2(file, "fees", type, space, H5P_DEFAULT, layout, H5P_DEFAULT);
    cr_assert(array >= 0);
    if (values)
        cr_assert(H5Dwrite(array, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
    H5Dclose(array);
    H5Sclose(space);
    if (layout != H5P_DEFAULT)
        H5Pclose(layout);
}

static hid_t layout_new(void)
{
    return H5Pcreate(H5P_DATASET_CREATE);
}

static void storage_external(hid_t file)
{
    hid_t layout = layout_new();
    H5Pset_external(layout, "/etc/passwd", 0, H5F_UNLIMITED);
    fees_put(file, H5T_IEEE_F64LE, 1, layout, NULL);
}

static void storage_virtual(hid_t file)
{
    hsize_t n = 1;
    hid_t layout = layout_new(), space = H5Screate_simple(1, &n, NULL);
    H5Pset_virtual(layout, space, "/etc/passwd", "fees", space);
    fees_put(file, H5T_IEEE_F64LE, 1, layout, NULL);
    H5Sclose(space);
}

static void storage_none(hid_t file)
{
    fees_put(file, H5T_IEEE_F64LE, 15000000, H5P_DEFAULT, NULL);
}

static hid_t chunks_new(hsize_t n)
{
    hid_t layout = layout_new();
    H5Pset_chunk(layout, 1, &n);
    return layout;
}

static void storage_of_no_chunk(hid_t file)
{
    fees_put(file, H5T_IEEE_F64LE, 15000000, chunks_new(1000), NULL);
}

static void storage_of_huge_chunks(hid_t file)
{
    enum { N = 1 << 18 };
    static double values[N];
    fees_put(file, H5T_IEEE_F64LE, N, chunks_new(N), values);
}

static void storage_of_other_filter(hid_t file)
{
    hid_t layout = chunks_new(1);
    H5Pset_scaleoffset(layout, H5Z_SO_INT, 4);
    fees_put(file, H5T_STD_I64LE, 1, layout, &(int64_t){1});
}

static void type_other(hid_t file)
{
    fees_put(file, H5T_IEEE_F32LE, 1, H5P_DEFAULT, &(float){1});
}

static void extent_empty(hid_t file)
{
    fees_put(file, H5T_IEEE_F64LE, 0, H5P_DEFAULT, NULL);
}

Test(result_stranger, storage)
{
    expect_refused(storage_external, "storage of another kind");
    expect_refused(storage_virtual, "storage of another kind");
    expect_refused(storage_none, "a dataset is larger than what is stored");
    expect_refused(storage_of_no_chunk, "a dataset is larger than what is stored");
    expect_refused(storage_of_huge_chunks, "storage of another kind");
    expect_refused(storage_of_other_filter, "storage of another kind");
    expect_refused(type_other, "a dataset has a type of another kind");
    expect_refused(extent_empty, "storage of another kind");
}

/* ---- one byte, one part ---- */

/* n texts of the file that are one object of its heap, by making their entries the first one's. */
static void texts_share(size_t n, size_t n_bytes)
{
    struct arena arena = {0};
    struct err err = {0};
    struct file_text file;
    file_read(path, FILE_MEMORY_BYTES, &arena, &file, &err);
    cr_assert_eq(err.code, ERR_OK);
    const unsigned char length[] = {(unsigned char)n_bytes, (unsigned char)(n_bytes >> 8),
                                    (unsigned char)(n_bytes >> 16), 0};
    unsigned char *entry = memmem(file.bytes, file.n_bytes, length, sizeof length);
    for (size_t i = 1; entry && i < n; i++)
        memcpy(entry + 16 * i, entry, 16);
    cr_assert(entry && file_write(path, file.bytes, file.n_bytes, &err) == ERR_OK);
    arena_free(&arena);
}

enum { N_TEXTS = 5000, TEXT_BYTES = 91234 };

/* Small texts but the first, in the place of fees. */
static void texts_put(hid_t file)
{
    static const char *texts[N_TEXTS];
    static char long_text[TEXT_BYTES + 1];
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    memset(long_text, 'x', TEXT_BYTES);
    for (size_t i = 0; i < N_TEXTS; i++)
        texts[i] = i == 0 ? long_text : "x";
    fees_put(file, type, N_TEXTS, H5P_DEFAULT, texts);
    H5Tclose(type);
}

Test(result_stranger, a_text_read_many_times_counts_each_time)
{
    struct err err = {0};
    struct store_result result;
    result_change(path, texts_put);
    texts_share(N_TEXTS, TEXT_BYTES);
    result_seal_again(path);
    cr_expect_eq(store_result_read(path, &result, &err), ERR_INPUT);
    cr_expect(strstr(err.detail, "its parts are larger than the file"), "'%s'", err.detail);
    store_result_free(&result);
}

/* One array under many names. */
static void array_link_often(hid_t file)
{
    char name[32];
    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof name, "link%d", i);
        H5Lcreate_hard(file, "item_exposure_rate", file, name, H5P_DEFAULT, H5P_DEFAULT);
    }
}

Test(result_stranger, an_array_read_many_times_counts_each_time)
{
    expect_refused(array_link_often, "its parts are larger than the file");
}
