/* Any bytes as what a worker of the guard, or another rank, sends: a dataset (even first byte), or
 * a whole result (odd): refused, or one that lies within the bytes and has the sizes that it
 * claims. Where the worker was taken over by a file, these bytes are the file's. Changes to good
 * bytes get further than any bytes: words (place, value) are written into them.
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "file_input.h"

#include <retake/tally/dataset_bytes.h>

#include "result_bytes.h"

enum { WORD = 8, EDIT_BYTES = 4 };

static void dataset_make(struct dataset *self)
{
    static const double centre[] = {0.5, 1.5}, edges[] = {0, 1, 1, 2}, rates[] = {1, 2, 3, 4};
    static const char *const names[] = {"all", "urban"};
    static const int64_t counts[] = {7, 8};
    struct err err = {0};
    dataset_add_dim(
        self, &(struct dataset_dim){.name = "bin", .n = 2, .real = centre, .bounds = edges}, &err);
    dataset_add_names(self, "group", 2, names, "group", &err);
    dataset_add_var(
        self,
        &(struct dataset_var){.name = "rate", .n_dims = 2, .dim = {1, 0}, .n = 4, .real = rates},
        &err);
    dataset_add_var(self,
                    &(struct dataset_var){.name = "count",
                                          .type = DATASET_COUNT,
                                          .n_dims = 1,
                                          .dim = {1},
                                          .n = 2,
                                          .count = counts},
                    &err);
    require(err.code == ERR_OK);
}

/* A dataset, one attribute, and 16 bytes of state. */
static size_t good_bytes(unsigned char **out)
{
    struct dataset dataset = {0};
    struct pack_writer writer = {.bytes = NULL};
    dataset_make(&dataset);
    for (int pass = 0; pass < 2; pass++) {
        const double number = 1;
        writer = (struct pack_writer){.bytes = pass ? calloc(writer.n, 1) : NULL};
        require(pass == 0 || writer.bytes);
        dataset_put(&dataset, &writer);
        pack_put_word(&writer, 1);
        pack_put_text(&writer, "title");
        pack_put_text(&writer, "fuzz");
        pack_put_bytes(&writer, &number, sizeof number);
        pack_put_word(&writer, 16);
        pack_put_bytes(&writer, "0123456789abcdef", 16);
    }
    dataset_free(&dataset);
    *out = writer.bytes;
    return writer.n;
}

/* What is taken must bear every look at it. */
static void require_dataset(const struct dataset *self)
{
    char hex[33];
    for (size_t i = 0; i < self->n_vars; i++) {
        const struct dataset_var *var = &self->vars[i];
        size_t n = 1;
        require(var->n_dims <= DATASET_MAX_DIMS);
        for (size_t k = 0; k < var->n_dims; k++) {
            require(var->dim[k] < self->n_dims);
            n *= self->dims[var->dim[k]].n;
        }
        require(n == var->n);
    }
    dataset_digest(self, hex);
}

static void require_outcome(const struct err *err)
{
    require(err->code == ERR_OK || err->code == ERR_INTERNAL);
    require(!strpbrk(err->detail, "\n\r\033"));
}

static void take_dataset(const unsigned char *bytes, size_t n_bytes)
{
    struct dataset dataset;
    struct err err = {0};
    dataset_unpack(bytes, n_bytes, &dataset, &err);
    require_outcome(&err);
    if (err.code == ERR_OK)
        require_dataset(&dataset);
    dataset_free(&dataset);
}

static void take_result(const unsigned char *bytes, size_t n_bytes)
{
    struct store_result result = {.state = {NULL, 0}};
    struct err err = {0};
    store_result_take(bytes, n_bytes, &result, &err);
    require_outcome(&err);
    if (err.code == ERR_OK) {
        require_dataset(&result.dataset);
        require(!store_result_text(&result, "none of these"));
        for (size_t i = 0; i < result.state.n_bytes; i++)
            require(result.state.bytes[i] <= UINT8_MAX);
    }
    store_result_free(&result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    static unsigned char *good;
    static size_t n_good;
    if (n_bytes < 1)
        return 0;
    if (!good)
        n_good = good_bytes(&good);
    bool is_edit = data[0] & 2;
    size_t n = is_edit ? n_good : n_bytes - 1;
    unsigned char *bytes = malloc(n + 1); /* reads beyond are seen */
    require(bytes != NULL);
    memcpy(bytes, is_edit ? good : data + 1, n);
    for (size_t i = 1; is_edit && i + EDIT_BYTES <= n_bytes; i += EDIT_BYTES) {
        uint64_t word = data[i + 1];
        size_t at = data[i] % (n / WORD) * WORD;
        word = (int8_t)data[i + 2] < 0 ? UINT64_MAX - word : word << data[i + 2] % 64;
        memcpy(bytes + at, &word, sizeof word);
        if (data[i + 3] % 16 == 1)
            n = n > 2 * WORD ? n / 2 : n;
    }
    if (data[0] & 1)
        take_result(bytes, n);
    else
        take_dataset(bytes, n);
    free(bytes);
    return 0;
}
