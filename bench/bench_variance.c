/* What sampling schemes and common random numbers save, as ratios of variances over blocks of 256
 * candidates. Seeds are fixed: the table is the same at every run.
 *
 *     bench_variance [SCENARIO.yaml]      default: configs/emr.yaml, with max_cycles 1 against 2
 *
 * On V8, P(theta) being the probability to pass one attempt, theory gives (tests/oracle/exact.py)
 *
 *     stratified ability, first attempt    p (1 - p) / E[P (1 - P)] = 3.9617
 *     the same within 3 and within 6 attempts                        5.0693, 5.7358
 *     6 against 3 attempts on common random numbers, whose difference is the share d who pass in
 *     attempts 4 to 6, against independent runs:
 *         (p_3 (1 - p_3) + p_6 (1 - p_6)) / (d (1 - d)) = 9.8861
 *
 * An F ratio of B blocks each has the relative standard error sqrt(4/B) where independent.
 * SPDX-License-Identifier: Apache-2.0 */
#include "blocks.h"

#include <math.h>

enum { N_BLOCKS = 2000 };

static void check(const struct err *err)
{
    if (!err->code)
        return;
    fprintf(stderr, "bench_variance: %s\n", err->detail);
    exit(1);
}

static void v8_blocks(const char *bank, const char *sampling, int attempts, int seed,
                      struct blocks *out)
{
    struct err err = {0};
    const struct blocks_retakes v8 = {bank,     BLOCKS_V8_EXAM, 0.411, 0.8,
                                      sampling, attempts,       seed,  N_BLOCKS};
    blocks_retakes(&v8, out, &err);
    check(&err);
}

static void file_blocks(const char *path, const char *sampling, int cycles, int seed,
                        struct blocks *out)
{
    struct err err = {0};
    struct scenario scenario = {0};
    char set[4][64];
    snprintf(set[0], sizeof set[0], "engine.sampling=%s", sampling);
    snprintf(set[1], sizeof set[1], "engine.seed=%d", seed);
    snprintf(set[2], sizeof set[2], "engine.candidates=%d", N_BLOCKS * TALLY_BLOCK);
    snprintf(set[3], sizeof set[3], "policy.max_cycles=%d", cycles);
    config_scenario_load(path, &scenario, &err);
    for (int k = 0; k < 4 && !err.code; k++)
        config_scenario_set(&scenario, set[k], &err);
    if (!err.code)
        blocks_run(&scenario, out, &err);
    check(&err);
    config_scenario_free(&scenario);
}

static void print_row(const char *what, double ratio, size_t n, double theory)
{
    printf("%-52s %8.2f +- %4.2f", what, ratio, ratio * sqrt(4 / (double)n));
    if (theory > 0)
        printf("   %8.2f", theory);
    putchar('\n');
}

/* Variances of `plain` over those of `better`. */
static void print_scheme(const char *name, const struct blocks *plain, const struct blocks *better,
                         const double *theory)
{
    static const char *const within[N_WITHIN] = {"first attempt", "within 3", "within 6"};
    for (int k = 0; k < N_WITHIN; k++) {
        char what[80];
        snprintf(what, sizeof what, "%s, passed, %s", name, within[k]);
        print_row(what, blocks_variance(plain, k, NULL, 0) / blocks_variance(better, k, NULL, 0),
                  plain->n, theory ? theory[k] : 0);
    }
}

/* six on its own seed, and six and three on a common one */
static void print_common(const char *name, const struct blocks *own, const struct blocks *six,
                         const struct blocks *three, double theory)
{
    print_row(name,
              blocks_variance(own, WITHIN_6, three, WITHIN_6) /
                  blocks_variance(six, WITHIN_6, three, WITHIN_6),
              six->n, theory);
}

static void bench_v8(void)
{
    static const double theory[N_WITHIN] = {3.9617, 5.0693, 5.7358};
    struct blocks own = {0}, six = {0}, three = {0}, stratified = {0}, sobol = {0};
    struct err err = {0};
    char bank[256];
    blocks_bank(80, bank, &err);
    check(&err);
    v8_blocks(bank, "random", 6, 1, &own);
    v8_blocks(bank, "random", 6, 2, &six);
    v8_blocks(bank, "random", 3, 2, &three);
    v8_blocks(bank, "stratified", 6, 3, &stratified);
    v8_blocks(bank, "sobol", 6, 4, &sobol);
    unlink(bank);
    print_scheme("V8 stratified", &own, &stratified, theory);
    print_scheme("V8 sobol", &own, &sobol, theory);
    print_common("V8 common random numbers, 6 less 3 attempts", &own, &six, &three, 9.8861);
    blocks_free(&own);
    blocks_free(&six);
    blocks_free(&three);
    blocks_free(&stratified);
    blocks_free(&sobol);
}

static void bench_file(const char *path)
{
    struct blocks own = {0}, two = {0}, one = {0}, stratified = {0}, sobol = {0};
    file_blocks(path, "random", 2, 1, &own);
    file_blocks(path, "random", 2, 2, &two);
    file_blocks(path, "random", 1, 2, &one);
    file_blocks(path, "stratified", 2, 3, &stratified);
    file_blocks(path, "sobol", 2, 4, &sobol);
    print_scheme("scenario stratified", &own, &stratified, NULL);
    print_scheme("scenario sobol", &own, &sobol, NULL);
    print_common("scenario common random numbers, 2 less 1 cycles", &own, &two, &one, 0);
    blocks_free(&own);
    blocks_free(&two);
    blocks_free(&one);
    blocks_free(&stratified);
    blocks_free(&sobol);
}

int main(int argc, char **argv)
{
    printf("%-52s %16s   %8s\n", "variance of independent random runs over that of",
           "times smaller", "theory");
    bench_v8();
    bench_file(argc > 1 ? argv[1] : "configs/emr.yaml");
    return 0;
}
