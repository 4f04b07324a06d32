/* Generated pools: the shipped one, shares of domains, models, moments by sampling theory.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/pool.h>

#include "fixture.h"

#include <retake/irt/bank.h>

static void generate(const struct study_pool *pool, struct irt_bank *bank, char **text, size_t *n)
{
    struct err err = {0};
    cr_assert_eq(study_pool_csv(pool, text, n, &err), ERR_OK, "%s", err.detail);
    cr_assert_eq(irt_bank_parse("pool.csv", *text, *n, bank, &err), ERR_OK, "%s", err.detail);
    cr_assert_eq(bank->n_items, pool->n_items + pool->n_pilots);
    cr_assert_eq(bank->n_pilots, pool->n_pilots);
}

Test(pool, emr_is_the_shipped_bank)
{
    struct study_pool pool = study_pool_emr();
    struct irt_bank bank = {0};
    struct arena arena = {0};
    struct file_text shipped;
    struct err err = {0};
    char *text, path[4096];
    size_t n;
    const char *root = getenv("RETAKE_SOURCE_DIR");
    snprintf(path, sizeof path, "%s/configs/banks/emr.csv", root ? root : ".");
    generate(&pool, &bank, &text, &n);
    cr_assert_eq(file_read(path, FILE_MEMORY_BYTES, &arena, &shipped, &err), ERR_OK, "%s",
                 err.detail);
    cr_expect_eq(n, shipped.n_bytes);
    cr_expect_eq(memcmp(text, shipped.bytes, n), 0);
    arena_free(&arena);
    irt_bank_free(&bank);
    free(text);
}

static size_t count_domain(const struct irt_bank *bank, const char *name, bool pilots)
{
    size_t n = 0;
    for (size_t i = 0; i < bank->n_items; i++)
        n += bank->items[i].is_pilot == pilots &&
             strcmp(bank->domains[bank->items[i].domain], name) == 0;
    return n;
}

Test(pool, domains_have_their_exact_shares)
{
    static const struct study_domain domains[] = {{"a", 1}, {"b", 2}, {"c", 5}};
    struct study_pool pool = study_pool_emr();
    struct irt_bank bank = {0};
    char *text;
    size_t n;
    pool.domains = domains;
    pool.n_domains = 3;
    pool.n_items = 80;
    pool.n_pilots = 16;
    generate(&pool, &bank, &text, &n);
    cr_expect_eq(count_domain(&bank, "a", false), 10);
    cr_expect_eq(count_domain(&bank, "b", false), 20);
    cr_expect_eq(count_domain(&bank, "c", false), 50);
    cr_expect_eq(count_domain(&bank, "a", true), 2);
    cr_expect_eq(count_domain(&bank, "b", true), 4);
    cr_expect_eq(count_domain(&bank, "c", true), 10);
    irt_bank_free(&bank);
    free(text);
}

Test(pool, a_longer_one_begins_with_the_shorter)
{
    struct study_pool pool = study_pool_emr();
    struct irt_bank bank = {0}, longer = {0};
    char *text, *longer_text;
    size_t n, n_longer;
    pool.n_items = 50;
    pool.n_pilots = 0;
    generate(&pool, &bank, &text, &n);
    pool.n_items = 90;
    generate(&pool, &longer, &longer_text, &n_longer);
    cr_expect_lt(n, n_longer);
    cr_expect_eq(memcmp(text, longer_text, n), 0);
    irt_bank_free(&bank);
    irt_bank_free(&longer);
    free(text);
    free(longer_text);
}

enum { MANY = 20000 };

/* Mean and SD of a normal sample: both within four standard errors. */
static void expect_normal(const char *what, const double *x, double mean, double sd)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < MANY; i++) {
        sum += x[i];
        squares += (x[i] - mean) * (x[i] - mean);
    }
    cr_expect_lt(fabs(sum / (double)MANY - mean), 4 * sd / sqrt((double)MANY), "mean of %s", what);
    cr_expect_lt(fabs(sqrt(squares / (double)MANY) - sd), 4 * sd / sqrt(2.0 * (double)MANY),
                 "SD of %s", what);
}

Test(pool, three_parameters_have_their_distributions)
{
    static double log_a[MANY], b[MANY], intensity[MANY];
    struct study_pool pool = study_pool_emr();
    struct irt_bank bank = {0};
    char *text;
    size_t n;
    double c_sum = 0;
    pool.model = STUDY_3PL;
    pool.n_items = MANY;
    pool.n_pilots = 0;
    pool.b_mean = 0.5;
    generate(&pool, &bank, &text, &n);
    for (size_t i = 0; i < MANY; i++) {
        const struct irt_item *item = &bank.items[i];
        log_a[i] = log(item->a);
        b[i] = item->b;
        intensity[i] = item->time_intensity;
        c_sum += item->c;
        cr_assert(item->c >= pool.c_min && item->c <= pool.c_max && item->d == 1);
    }
    expect_normal("log a", log_a, 0, pool.log_a_sd);
    expect_normal("b", b, pool.b_mean, pool.b_sd);
    expect_normal("time intensity", intensity, pool.intensity_mean, pool.intensity_sd);
    double range = pool.c_max - pool.c_min;
    cr_expect_lt(fabs(c_sum / (double)MANY - (pool.c_min + range / 2)),
                 4 * range / sqrt(12.0 * (double)MANY));
    irt_bank_free(&bank);
    free(text);
}

Test(pool, models_fix_what_they_must)
{
    struct study_pool pool = study_pool_emr();
    pool.n_items = 100;
    for (int model = STUDY_RASCH; model <= STUDY_2PL; model++) {
        struct irt_bank bank = {0};
        char *text;
        size_t n, n_ones = 0;
        pool.model = (enum study_model)model;
        generate(&pool, &bank, &text, &n);
        for (size_t i = 0; i < bank.n_items; i++) {
            n_ones += bank.items[i].a == 1;
            cr_assert_eq(bank.items[i].c, 0);
        }
        cr_expect_eq(n_ones, model == STUDY_RASCH ? bank.n_items : 0);
        irt_bank_free(&bank);
        free(text);
    }
}
