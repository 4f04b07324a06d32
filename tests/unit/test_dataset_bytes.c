/* Datasets as bytes: what comes out is what went in; other bytes are refused, not believed.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/tally/dataset_bytes.h>

#include <retake/base/rng.h>

#include "fixture.h"

static void fill(struct dataset *self)
{
    static const double ends[] = {0, 1, 1, 2, 2, 4}, middles[] = {0.5, 1.5, 3};
    static const double rates[] = {0.25, NAN, -0.0, 1, 2, INFINITY};
    static const int64_t counts[] = {1, -2}, numbers[] = {7, 8};
    static const char *const names[] = {"", "a name longer than a word"};
    struct err err = {0};
    const struct dataset_dim row = {.name = "row",
                                    .n = 2,
                                    .type = DATASET_COUNT,
                                    .count = numbers,
                                    .unit = "1",
                                    .long_name = "number"};
    const struct dataset_dim bin = {
        .name = "bin", .n = 3, .type = DATASET_REAL, .real = middles, .bounds = ends};
    *self = (struct dataset){0};
    dataset_add_dim(self, &row, &err);
    dataset_add_dim(self, &bin, &err);
    const struct dataset_var rate = {.name = "rate",
                                     .type = DATASET_REAL,
                                     .n_dims = 2,
                                     .dim = {0, 1},
                                     .n = 6,
                                     .real = rates,
                                     .unit = "1",
                                     .long_name = "a rate",
                                     .ancillary = "rate_mcse"};
    const struct dataset_var count = {
        .name = "count", .type = DATASET_COUNT, .n_dims = 1, .dim = {0}, .n = 2, .count = counts};
    const struct dataset_var text = {
        .name = "text", .type = DATASET_TEXT, .n_dims = 1, .dim = {0}, .n = 2, .text = names};
    dataset_add_var(self, &rate, &err);
    dataset_add_var(self, &count, &err);
    dataset_add_var(self, &text, &err);
    cr_assert_eq(err.code, ERR_OK, "%s", err.detail);
}

static void pack(void **bytes, size_t *n_bytes)
{
    struct dataset dataset;
    struct err err = {0};
    fill(&dataset);
    cr_assert_eq(dataset_pack(&dataset, bytes, n_bytes, &err), ERR_OK);
    dataset_free(&dataset);
}

Test(dataset_bytes, come_back)
{
    struct dataset before, after;
    struct err err = {0};
    void *bytes;
    size_t n_bytes;
    char digests[2][33];
    pack(&bytes, &n_bytes);
    fill(&before);
    cr_assert_eq(dataset_unpack(bytes, n_bytes, &after, &err), ERR_OK, "%s", err.detail);
    dataset_digest(&before, digests[0]);
    dataset_digest(&after, digests[1]);
    cr_expect_str_eq(digests[0], digests[1]);
    const struct dataset_var *rate = dataset_var(&after, "rate");
    cr_expect_str_eq(rate->long_name, "a rate");
    cr_expect_str_eq(rate->ancillary, "rate_mcse");
    cr_expect(signbit(rate->real[2]));
    cr_expect_null(dataset_var(&after, "count")->unit);
    cr_expect_str_eq(dataset_dim(&after, "row")->long_name, "number");
    dataset_free(&before);
    dataset_free(&after);
    free(bytes);
}

Test(dataset_bytes, cut_short_or_too_long_are_refused)
{
    void *bytes;
    size_t n_bytes;
    pack(&bytes, &n_bytes);
    for (size_t n = 0; n < n_bytes; n++) {
        struct dataset dataset;
        struct err err = {0};
        void *part = malloc(n + 1); /* so that a sanitizer sees where it ends */
        memcpy(part, bytes, n);
        cr_expect_eq(dataset_unpack(part, n, &dataset, &err), ERR_INTERNAL, "%zu", n);
        dataset_free(&dataset);
        free(part);
    }
    struct dataset dataset;
    struct err err = {0};
    void *longer = calloc(1, n_bytes + 8);
    memcpy(longer, bytes, n_bytes);
    cr_expect_eq(dataset_unpack(longer, n_bytes + 8, &dataset, &err), ERR_INTERNAL);
    dataset_free(&dataset);
    free(longer);
    free(bytes);
}

/* Any answer will do, but no fault. */
Test(dataset_bytes, damage_is_survived)
{
    struct rng rng = rng_published(5, 1);
    void *bytes;
    size_t n_bytes;
    pack(&bytes, &n_bytes);
    for (int round = 0; round < 20000; round++) {
        struct dataset dataset;
        struct err err = {0};
        unsigned char *damaged = malloc(n_bytes);
        memcpy(damaged, bytes, n_bytes);
        damaged[rng_below(&rng, (uint32_t)n_bytes)] = (unsigned char)rng_bits(&rng);
        damaged[rng_below(&rng, (uint32_t)n_bytes)] ^= (unsigned char)(1 << rng_below(&rng, 8));
        dataset_unpack(damaged, n_bytes, &dataset, &err);
        dataset_free(&dataset);
        free(damaged);
    }
    free(bytes);
}
