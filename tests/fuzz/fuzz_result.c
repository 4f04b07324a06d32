/* Fuzzes the reader of results. The first byte says how the rest is meant:
 *
 *   0 mod 3  any bytes as they are: refused, for they have no seal
 *   1 mod 3  changes (position, mask) to a valid image, which are refused unless they cancel out
 *   2 mod 3  changes made through HDF5, and the seal made again: well-formed files of other shapes
 *            than retake writes
 *
 * Bytes of HDF5's metadata are not changed under a right seal here: HDF5 itself does not withstand
 * that, which is why the programs read in a process of its own (tests/repro/mutants.py).
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "file_input.h"

#include <retake/store/image.h>

#include "seal.h"

#include <hdf5_hl.h>

enum { CHANGE_BYTES = 4 };

/* ---- changes through HDF5; what it refuses to make is left out ---- */

/* The fuzzer's bytes, one after the other; 0 behind their end. */
struct mutant_bytes {
    const uint8_t *at;
    size_t n;
};

static uint8_t mutant_byte(struct mutant_bytes *self)
{
    if (self->n == 0)
        return 0;
    self->n--;
    return *self->at++;
}

static size_t mutant_below(struct mutant_bytes *self, size_t n)
{
    return mutant_byte(self) % n;
}

/* Names that mean something to retake, or to a terminal. */
static const char *mutant_name(struct mutant_bytes *self)
{
    static const char *const names[] = {"bin",
                                        "group",
                                        "rate",
                                        "count",
                                        "bin_bounds",
                                        "bounds_edge",
                                        "state",
                                        "retake_state",
                                        "more",
                                        "x y",
                                        "\033[31m",
                                        "\303\274",
                                        "a/b",
                                        ".",
                                        "rate_bounds",
                                        "other",
                                        "a=b",
                                        "=cmd|x",
                                        "\n",
                                        "group_bounds",
                                        "retake_state_byte"};
    return names[mutant_below(self, sizeof names / sizeof *names)];
}

static const char *mutant_key(struct mutant_bytes *self)
{
    static const char *const keys[] = {"units",
                                       "long_name",
                                       "bounds",
                                       "CLASS",
                                       "NAME",
                                       "DIMENSION_LIST",
                                       "REFERENCE_LIST",
                                       "ancillary_variables",
                                       "title",
                                       "retake_format_version",
                                       "statistics_digest",
                                       "seed",
                                       "\033]0;x\007",
                                       "new"};
    return keys[mutant_below(self, sizeof keys / sizeof *keys)];
}

static hid_t mutant_text_type(size_t n_bytes)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, n_bytes ? n_bytes : H5T_VARIABLE);
    return type;
}

static hid_t mutant_compound(void)
{
    hid_t type = H5Tcreate(H5T_COMPOUND, 16);
    H5Tinsert(type, "a", 0, H5T_NATIVE_INT64);
    H5Tinsert(type, "b", 8, H5T_NATIVE_DOUBLE);
    return type;
}

static hid_t mutant_enum(void)
{
    int32_t zero = 0;
    hid_t type = H5Tenum_create(H5T_NATIVE_INT32);
    H5Tenum_insert(type, "A", &zero);
    return type;
}

/* A type; the caller closes it. */
static hid_t mutant_type(struct mutant_bytes *self)
{
    const hsize_t three = 3;
    const hid_t plain[] = {H5T_STD_I8LE,  H5T_STD_U8LE,       H5T_STD_I64LE,  H5T_STD_I64BE,
                           H5T_STD_U64LE, H5T_IEEE_F64LE,     H5T_IEEE_F32BE, H5T_STD_REF_OBJ,
                           H5T_STD_B16LE, H5T_STD_REF_DSETREG};
    size_t kind = mutant_below(self, 18);
    if (kind < sizeof plain / sizeof *plain)
        return H5Tcopy(plain[kind]);
    switch (kind) {
    case 10:
        return mutant_text_type(0);
    case 11:
        return mutant_text_type(1 + mutant_byte(self));
    case 12:
        return mutant_text_type(70000);
    case 13:
        return H5Tvlen_create(H5T_NATIVE_INT64);
    case 14:
        return mutant_compound();
    case 15:
        return mutant_enum();
    case 16:
        return H5Tarray_create2(H5T_NATIVE_DOUBLE, 1, &three);
    default:
        return H5Tcreate(H5T_OPAQUE, 1 + mutant_byte(self));
    }
}

/* A space; the caller closes it. */
static hid_t mutant_space(struct mutant_bytes *self, int *rank, hsize_t extent[32])
{
    static const hsize_t extents[] = {2, 1, 0, 3, 4, 40, 256, 5000, 65537, (hsize_t)1 << 40};
    hsize_t most[32];
    *rank = (int)mutant_below(self, 34) - 1;
    if (*rank > 6 && mutant_byte(self) % 4)
        *rank %= 3;
    if (*rank == 33 || *rank < 0)
        return H5Screate(*rank < 0 ? H5S_NULL : H5S_SCALAR);
    if (*rank == 0)
        return H5Screate(H5S_SCALAR);
    for (int i = 0; i < *rank; i++) {
        extent[i] = extents[mutant_below(self, sizeof extents / sizeof *extents)];
        most[i] = mutant_byte(self) % 4 == 0 ? H5S_UNLIMITED : extent[i];
    }
    return H5Screate_simple(*rank, extent, most);
}

/* Values that are not pointers: the bytes of the fuzzer, again and again. */
static void *mutant_values(struct mutant_bytes *self, size_t n_bytes)
{
    unsigned char *values = calloc(n_bytes + 1, 1);
    for (size_t i = 0; values && i < n_bytes && i < 64; i++)
        values[i] = mutant_byte(self);
    return values;
}

static bool mutant_has_pointers(hid_t type)
{
    return H5Tdetect_class(type, H5T_VLEN) > 0 || H5Tis_variable_str(type) > 0 ||
           H5Tdetect_class(type, H5T_REFERENCE) > 0;
}

static void mutant_attribute(struct mutant_bytes *self, hid_t object)
{
    enum { MOST_BYTES = 300000 };
    static const char *const texts[] = {"",
                                        "x",
                                        "bin",
                                        "rate",
                                        "DIMENSION_SCALE",
                                        "\033[31m",
                                        "1",
                                        "This is a netCDF dimension but not a netCDF variable. 2"};
    int rank;
    hsize_t extent[32];
    const char *key = mutant_key(self), *text = texts[mutant_below(self, 8)];
    hid_t type = mutant_type(self), space = mutant_space(self, &rank, extent);
    hssize_t n = H5Sget_simple_extent_npoints(space);
    size_t width = H5Tget_size(type);
    if (H5Aexists(object, key) > 0)
        H5Adelete(object, key);
    if (n >= 0 && width > 0 && (size_t)n <= MOST_BYTES / width) {
        hid_t made = H5Acreate2(object, key, type, space, H5P_DEFAULT, H5P_DEFAULT);
        void *values = mutant_values(self, (size_t)n * width);
        if (made >= 0 && n == 1 && H5Tis_variable_str(type) > 0)
            H5Awrite(made, type, &text);
        else if (made >= 0 && !mutant_has_pointers(type))
            H5Awrite(made, type, values);
        free(values);
        if (made >= 0)
            H5Aclose(made);
    }
    H5Sclose(space);
    H5Tclose(type);
}

static void mutant_layout(struct mutant_bytes *self, hid_t layout, int rank, const hsize_t *extent)
{
    hsize_t chunk[32];
    uint8_t how = mutant_byte(self);
    if (how % 8 == 1)
        H5Pset_external(layout, "/dev/zero", 0, H5F_UNLIMITED);
    if (how % 8 == 2)
        H5Pset_external(layout, "/etc/hostname", 0, 16);
    if (how % 8 == 3) {
        H5Pset_layout(layout, H5D_COMPACT);
    } else if (how % 8 >= 4 && rank > 0) {
        for (int i = 0; i < rank; i++)
            chunk[i] = how & 8 || extent[i] == 0 ? 1 : extent[i] < 1000 ? extent[i] : 1000;
        H5Pset_chunk(layout, rank, chunk);
        if (how & 16)
            H5Pset_shuffle(layout);
        if (how & 32)
            H5Pset_deflate(layout, 1);
        if (how & 64)
            H5Pset_fletcher32(layout);
        if (how & 128)
            H5Pset_nbit(layout);
    }
    if (mutant_byte(self) % 8 == 1)
        H5Pset_fill_value(layout, H5T_NATIVE_INT64, &(int64_t){-1});
}

/* A virtual array of another file, or of this one. */
static void mutant_virtual(struct mutant_bytes *self, hid_t layout, hid_t space)
{
    static const char *const files[] = {".", "other.h5", "/dev/zero"};
    H5Pset_virtual(layout, space, files[mutant_below(self, 3)], "rate", space);
}

static void mutant_array(struct mutant_bytes *self, hid_t file)
{
    enum { MOST_BYTES = 1000000 };
    int rank;
    hsize_t extent[32];
    const char *name = mutant_name(self);
    hid_t type = mutant_type(self), space = mutant_space(self, &rank, extent);
    hid_t layout = H5Pcreate(H5P_DATASET_CREATE);
    if (mutant_byte(self) % 16 == 1)
        mutant_virtual(self, layout, space);
    else
        mutant_layout(self, layout, rank, extent);
    H5Ldelete(file, name, H5P_DEFAULT);
    hid_t array = H5Dcreate2(file, name, type, space, H5P_DEFAULT, layout, H5P_DEFAULT);
    hssize_t n = H5Sget_simple_extent_npoints(space);
    size_t width = H5Tget_size(type);
    uint8_t more = mutant_byte(self);
    if (array >= 0 && more % 2 && n > 0 && (size_t)n <= MOST_BYTES / width &&
        !mutant_has_pointers(type) && H5Pget_external_count(layout) <= 0) {
        void *values = mutant_values(self, (size_t)n * width);
        H5Dwrite(array, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
        free(values);
    }
    if (array >= 0 && more % 4 >= 2)
        mutant_attribute(self, array);
    if (array >= 0)
        H5Dclose(array);
    H5Pclose(layout);
    H5Sclose(space);
    H5Tclose(type);
}

static void mutant_link(struct mutant_bytes *self, hid_t file)
{
    const char *name = mutant_name(self), *other = mutant_name(self);
    hid_t made = H5I_INVALID_HID;
    uint8_t kind = mutant_byte(self);
    if (kind & 128)
        H5Ldelete(file, name, H5P_DEFAULT);
    switch (kind % 7) {
    case 0:
        H5Lcreate_soft(other, file, name, H5P_DEFAULT, H5P_DEFAULT);
        break;
    case 1:
        H5Lcreate_external("other.h5", other, file, name, H5P_DEFAULT, H5P_DEFAULT);
        break;
    case 2:
        H5Lcreate_hard(file, other, file, name, H5P_DEFAULT, H5P_DEFAULT);
        break;
    case 3:
        H5Lcreate_hard(file, "/", file, name, H5P_DEFAULT, H5P_DEFAULT);
        break;
    case 4:
        made = H5Gcreate2(file, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
        break;
    case 5:
        made = H5Tcopy(H5T_NATIVE_INT32);
        H5Tcommit2(file, name, made, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
        break;
    default:
        H5Lmove(file, other, file, name, H5P_DEFAULT, H5P_DEFAULT);
    }
    if (made >= 0)
        H5Oclose(made);
}

/* Scales attached, detached, made and made again. */
static void mutant_scale(struct mutant_bytes *self, hid_t file)
{
    hid_t array = H5Dopen2(file, mutant_name(self), H5P_DEFAULT);
    hid_t scale = H5Dopen2(file, mutant_name(self), H5P_DEFAULT);
    uint8_t kind = mutant_byte(self);
    if (array >= 0 && scale >= 0) {
        if (kind % 4 == 0)
            H5DSattach_scale(array, scale, kind / 4 % 8);
        else if (kind % 4 == 1)
            H5DSdetach_scale(array, scale, kind / 4 % 8);
        else
            H5DSset_scale(scale, kind % 4 == 2 ? "x" : NULL);
    }
    if (array >= 0)
        H5Dclose(array);
    if (scale >= 0)
        H5Dclose(scale);
}

static void mutant_step(struct mutant_bytes *self, hid_t file)
{
    uint8_t what = mutant_byte(self);
    hid_t object = H5I_INVALID_HID;
    switch (what % 6) {
    case 0:
        mutant_array(self, file);
        break;
    case 1:
        mutant_link(self, file);
        break;
    case 2:
        mutant_scale(self, file);
        break;
    case 3:
        mutant_attribute(self, file);
        break;
    case 4:
        object = H5Oopen(file, mutant_name(self), H5P_DEFAULT);
        if (object >= 0) {
            mutant_attribute(self, object);
            H5Oclose(object);
        }
        break;
    default:
        H5Ldelete(file, mutant_name(self), H5P_DEFAULT);
    }
}

/* An image with changes and a right seal; the caller frees it. */
static struct store_image result_mutant(const struct store_image *image, const uint8_t *data,
                                        size_t n_bytes)
{
    enum { MOST_STEPS = 12 };
    struct mutant_bytes bytes = {data, n_bytes};
    struct store_image out = {.bytes = NULL};
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_fapl_core(access, 65536, false);
    H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
    H5Pset_file_image(access, image->bytes, image->n_bytes - STORE_SEAL_BYTES);
    hid_t file = H5Fopen("mutant", H5F_ACC_RDWR, access);
    for (int k = 0; k < MOST_STEPS && bytes.n > 0; k++)
        mutant_step(&bytes, file);
    H5Fflush(file, H5F_SCOPE_LOCAL);
    ssize_t n = H5Fget_file_image(file, NULL, 0);
    if (n > 0) {
        out.bytes = calloc((size_t)n + STORE_SEAL_BYTES, 1);
        H5Fget_file_image(file, out.bytes, (size_t)n);
        size_t end = store_seal_place(out.bytes, (size_t)n);
        end = end > 0 && end < (size_t)n ? end : (size_t)n;
        store_seal_put(out.bytes, end);
        out.n_bytes = end + STORE_SEAL_BYTES;
    }
    H5Fclose(file);
    H5Pclose(access);
    return out;
}

/* ---- what is read ---- */

/* A small result: dimensions with and without bounds and of text, variables of each type. */
static void image_make(struct store_image *out)
{
    static const double centre[] = {0.5, 1.5}, edges[] = {0, 1, 1, 2}, values[] = {1, 2, 3, 4};
    static const int64_t counts[] = {7, 8};
    static const char *const names[] = {"all", "urban"};
    const struct dataset_dim bin = {
        .name = "bin", .n = 2, .real = centre, .bounds = edges, .unit = "day"};
    const struct dataset_dim group = {.name = "group", .n = 2, .type = DATASET_TEXT, .text = names};
    const struct dataset_var rate = {
        .name = "rate", .n_dims = 2, .dim = {1, 0}, .n = 4, .real = values, .unit = "1"};
    const struct dataset_var count = {.name = "count",
                                      .type = DATASET_COUNT,
                                      .n_dims = 1,
                                      .dim = {1},
                                      .n = 2,
                                      .count = counts,
                                      .ancillary = "rate"};
    const struct store_attribute attributes[] = {{"title", "fuzz", 0}, {"seed", NULL, 1}};
    struct store_result result = {.provenance = {2, attributes}};
    struct err err = {0};
    dataset_add_dim(&result.dataset, &bin, &err);
    dataset_add_dim(&result.dataset, &group, &err);
    dataset_add_var(&result.dataset, &rate, &err);
    dataset_add_var(&result.dataset, &count, &err);
    unsigned char *state = store_result_state_new(&result, 40);
    require(state != NULL);
    memset(state, 7, 40);
    store_image_make("fuzz", &result, out, &err);
    store_result_free(&result);
    require(err.code == ERR_OK);
}

static enum err_code read_back(const unsigned char *bytes, size_t n_bytes)
{
    struct store_image image = {malloc(n_bytes + 1), n_bytes};
    struct store_result result;
    struct err err = {0};
    require(image.bytes != NULL);
    memcpy(image.bytes, bytes, n_bytes);
    enum err_code code = store_image_read("fuzz", &image, &result, &err);
    require(code == err.code);
    require_message(&err);
    require(code != ERR_OK || store_result_text(&result, "statistics_digest"));
    store_result_free(&result);
    store_image_free(&image);
    require(H5Fget_obj_count((hid_t)H5F_OBJ_ALL, H5F_OBJ_ALL) == 0);
    return code;
}

static void read_changed(const struct store_image *image, const uint8_t *data, size_t n_bytes)
{
    struct store_image changed = {malloc(image->n_bytes), image->n_bytes};
    require(changed.bytes != NULL);
    memcpy(changed.bytes, image->bytes, image->n_bytes);
    for (size_t i = 0; i + CHANGE_BYTES <= n_bytes; i += CHANGE_BYTES) {
        size_t at = data[i] | (size_t)data[i + 1] << 8 | (size_t)data[i + 2] << 16;
        changed.bytes[at % changed.n_bytes] ^= data[i + 3];
    }
    bool same = memcmp(image->bytes, changed.bytes, image->n_bytes) == 0;
    require((read_back(changed.bytes, changed.n_bytes) == ERR_OK) == same);
    store_image_free(&changed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    static struct store_image image; /* made once: that is slow */
    if (n_bytes < 1)
        return 0;
    if (!image.bytes)
        image_make(&image);
    if (data[0] % 3 == 0) {
        read_back(data + 1, n_bytes - 1);
    } else if (data[0] % 3 == 1) {
        read_changed(&image, data + 1, n_bytes - 1);
    } else {
        struct store_image mutant = result_mutant(&image, data + 1, n_bytes - 1);
        read_back(mutant.bytes, mutant.n_bytes);
        store_image_free(&mutant);
    }
    return 0;
}
