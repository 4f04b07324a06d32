/* A result as bytes: what a reader gone over to a hostile file may hand back does no harm.
 * SPDX-License-Identifier: Apache-2.0 */
#include "result_bytes.h"

#include "result_example.h"

#include <retake/base/rng.h>

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { STATE_BYTES = 44 };

/* The example with a state, packed; the caller's to free. */
static unsigned char *example_pack(size_t *n_bytes)
{
    struct err err = {0};
    struct store_result result = {.provenance = example_provenance};
    example_dataset(&result.dataset, 2, &err);
    unsigned char *state = store_result_state_new(&result, STATE_BYTES);
    cr_assert(err.code == ERR_OK && state);
    memset(state, 5, STATE_BYTES);
    struct pack_writer count = {.bytes = NULL}, writer = {.n = 0};
    store_result_put(&result, &count);
    writer.bytes = calloc(count.n, 1);
    cr_assert(writer.bytes);
    store_result_put(&result, &writer);
    cr_assert_eq(writer.n, count.n);
    *n_bytes = count.n;
    store_result_free(&result);
    return writer.bytes;
}

Test(result_bytes, come_back)
{
    struct err err = {0};
    struct store_result result;
    struct dataset dataset;
    char before[33], after[33];
    size_t n_bytes;
    unsigned char *bytes = example_pack(&n_bytes);
    example_dataset(&dataset, 2, &err);
    cr_expect_eq(store_result_take(bytes, n_bytes, &result, &err), ERR_OK, "%s", err.detail);
    free(bytes);
    dataset_digest(&dataset, before);
    dataset_digest(&result.dataset, after);
    cr_expect_str_eq(before, after);
    cr_expect_eq(result.provenance.n_attributes, example_provenance.n_attributes);
    cr_expect_str_eq(store_result_text(&result, "title"), "EMR, three attempts, 15 days");
    cr_expect_str_eq(store_result_text(&result, "empty"), "");
    cr_expect_eq(result.provenance.attributes[4].number, 15);
    cr_expect(result.state.n_bytes == STATE_BYTES && result.state.bytes[STATE_BYTES - 1] == 5);
    store_result_free(&result);
    dataset_free(&dataset);
}

/* Whatever comes of it, it is freed without harm. */
static enum err_code bytes_take(const unsigned char *bytes, size_t n_bytes)
{
    struct err err = {0};
    struct store_result result;
    unsigned char *copy = malloc(n_bytes + 1);
    cr_assert(copy);
    memcpy(copy, bytes, n_bytes);
    store_result_take(copy, n_bytes, &result, &err);
    free(copy);
    store_result_free(&result);
    return err.code;
}

Test(result_bytes, of_another_length_are_refused)
{
    size_t n_bytes;
    unsigned char *bytes = example_pack(&n_bytes);
    for (size_t k = 0; k < 200; k++)
        cr_expect_eq(bytes_take(bytes, n_bytes * k / 200), ERR_INTERNAL, "%zu", k);
    cr_expect_eq(bytes_take(bytes, n_bytes), ERR_OK);
    free(bytes);
}

/* Words that are lengths, numbers, kinds and indices elsewhere. */
Test(result_bytes, of_another_content_do_no_harm)
{
    static const uint64_t words[] = {0,       1, 2, 3, 7, 255, 65536, UINT64_MAX, UINT64_MAX / 8,
                                     1u << 31};
    size_t n_bytes, n_refused = 0;
    unsigned char *bytes = example_pack(&n_bytes);
    struct rng rng = rng_published(13, 1);
    for (size_t k = 0; k < 600; k++) {
        unsigned char kept[8];
        /* Half of them where there are more lengths than values: in the beginning. */
        size_t at = rng_below(&rng, k % 2 ? (uint32_t)(n_bytes / 8) : 200) * (size_t)8;
        memcpy(kept, bytes + at, 8);
        memcpy(bytes + at, &words[rng_below(&rng, sizeof words / sizeof *words)], 8);
        n_refused += bytes_take(bytes, n_bytes) != ERR_OK;
        memcpy(bytes + at, kept, 8);
    }
    cr_expect_gt(n_refused, 100);
    free(bytes);
}
