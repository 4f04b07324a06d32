/* The session kernel: administered items per second on one core, and the ratio to the floor
 * (floor.h).
 *
 * W1     2PL, 500 items, a lognormal(0, .25), b N(0, 1), theta N(0, 1), EAP, exact maximum
 *        information, 30 items
 * W2     Rasch, 1,000 items, b N(0, 1.2), 60-80 items, 95 % confidence at the cut -.5
 * SPDX-License-Identifier: Apache-2.0 */
#include "floor.h"

static void print_row(const char *name, double *ns, double *ratio)
{
    double typical = bench_median(ns);
    printf("%-6s %10.1f %14.2f %10.2f\n", name, typical, 1e3 / typical, bench_median(ratio));
}

int main(void)
{
    static const char *const w1_yaml = "bank: pool\n"
                                       "exam: {min_items: 30, max_items: 30, pilot_items: 0, "
                                       "time_limit_min: none, stop: {rule: fixed}}\n"
                                       "study: {none: 1, broad: 0, targeted: 0}\n";
    static const char *const w2_yaml = "bank: pool\n"
                                       "exam: {min_items: 60, max_items: 80, pilot_items: 0, "
                                       "time_limit_min: none, cut_theta: -0.5}\n"
                                       "study: {none: 1, broad: 0, targeted: 0}\n";
    struct study_pool pool1 = study_pool_emr(), pool2 = study_pool_emr();
    struct bench_exam w1, w2;
    double ns[3][BENCH_N_ROUNDS], ratio[3][BENCH_N_ROUNDS];
    pool1.model = STUDY_2PL;
    pool1.n_items = 500;
    pool1.b_sd = 1;
    pool1.n_pilots = pool2.n_pilots = 0;
    bench_exam_init(&w1, w1_yaml, &pool1);
    bench_exam_init(&w2, w2_yaml, &pool2);
    bench_time_floor(&w1);
    bench_time_sessions(&w1, 2000);
    for (int k = 0; k < BENCH_N_ROUNDS; k++) {
        ns[0][k] = bench_time_floor(&w1);
        ns[1][k] = bench_time_sessions(&w1, 40000);
        ns[2][k] = bench_time_sessions(&w2, 20000);
        for (int row = 0; row < 3; row++)
            ratio[row][k] = ns[row][k] / ns[0][k];
    }
    puts("kernel    ns/item  million items/s   x floor   (medians of 7 rounds, one core)");
    print_row("floor", ns[0], ratio[0]);
    print_row("W1", ns[1], ratio[1]);
    print_row("W2", ns[2], ratio[2]);
    bench_exam_free(&w1);
    bench_exam_free(&w2);
    return 0;
}
