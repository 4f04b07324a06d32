/* Fuzzes the reader of results. An even first byte: the rest as it is. An odd one: the rest as
 * changes (position, mask) to a valid image, which must be refused unless they cancel out.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/store/image.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { CHANGE_BYTES = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes);

/* A small result: one dimension with bounds, one of text, one variable. */
static void image_make(struct store_image *out)
{
    static const double centre[] = {0.5, 1.5}, edges[] = {0, 1, 1, 2}, values[] = {1, 2, 3, 4};
    static const char *const names[] = {"all", "urban"};
    const struct dataset_dim bin = {
        .name = "bin", .n = 2, .real = centre, .bounds = edges, .unit = "day"};
    const struct dataset_dim group = {.name = "group", .n = 2, .type = DATASET_TEXT, .text = names};
    const struct dataset_var rate = {
        .name = "rate", .n_dims = 2, .dim = {1, 0}, .n = 4, .real = values, .unit = "1"};
    const struct store_attribute attributes[] = {{"title", "fuzz", 0}, {"seed", NULL, 1}};
    struct store_result result = {.provenance = {2, attributes}};
    struct err err = {0};
    dataset_add_dim(&result.dataset, &bin, &err);
    dataset_add_dim(&result.dataset, &group, &err);
    dataset_add_var(&result.dataset, &rate, &err);
    unsigned char *state = store_result_state_new(&result, 40);
    if (!state)
        abort();
    memset(state, 7, 40);
    store_image_make("fuzz", &result, out, &err);
    store_result_free(&result);
    if (err.code != ERR_OK)
        abort();
}

static enum err_code read_back(const unsigned char *bytes, size_t n_bytes)
{
    struct store_image image = {malloc(n_bytes + 1), n_bytes};
    struct store_result result;
    struct err err = {0};
    if (!image.bytes)
        abort();
    memcpy(image.bytes, bytes, n_bytes);
    enum err_code code = store_image_read("fuzz", &image, &result, &err);
    if (code == ERR_OK && !store_result_text(&result, "statistics_digest"))
        abort();
    store_result_free(&result);
    store_image_free(&image);
    return code;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    if (n_bytes < 1)
        return 0;
    if (data[0] % 2 == 0) {
        read_back(data + 1, n_bytes - 1);
        return 0;
    }
    static struct store_image image; /* made once: that is slow */
    if (!image.bytes)
        image_make(&image);
    struct store_image changed = {malloc(image.n_bytes), image.n_bytes};
    if (!changed.bytes)
        abort();
    memcpy(changed.bytes, image.bytes, image.n_bytes);
    for (size_t i = 1; i + CHANGE_BYTES <= n_bytes; i += CHANGE_BYTES) {
        size_t at = data[i] | (size_t)data[i + 1] << 8 | (size_t)data[i + 2] << 16;
        changed.bytes[at % changed.n_bytes] ^= data[i + 3];
    }
    bool same = memcmp(image.bytes, changed.bytes, image.n_bytes) == 0;
    if ((read_back(changed.bytes, changed.n_bytes) == ERR_OK) != same)
        abort();
    store_image_free(&changed);
    return 0;
}
