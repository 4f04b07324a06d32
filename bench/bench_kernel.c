/* The session kernel: administered items per second on one core, and the ratio to the floor
 * (floor.h).
 *
 * Neighbours on the machine change its speed within a second, so the rounds are short: in each of
 * 61 the fresh floor and the exam take some 10 ms in turn, and "x fresh" is the median of the
 * rounds' ratios. "x floor" is the ratio to the median of the floor that other benches and the
 * history use (7 long rounds, spread over the others), whose posteriors never end: it is three
 * times as slow as the fresh one, by numbers below the least normal double.
 *
 * W1     2PL, 500 items, a lognormal(0, .25), b N(0, 1), theta N(0, 1), EAP, exact maximum
 *        information, 30 items
 * W2     Rasch, 1,000 items, b N(0, 1.2), 60-80 items, 95 % confidence at the cut -.5
 * SPDX-License-Identifier: Apache-2.0 */
#include "floor.h"

enum { N_SHORT = 61, SHORT_TIMES = 1000, SHORT_ITEMS = 250000 };

enum { FLOOR, W1, W2, W1_SMALL, W1_LARGE, W2_SMALL, W2_LARGE, N_ROWS };

static const struct row {
    const char *name;
    bool is_rasch;
    size_t n_items; /* 0: the floor */
} rows[N_ROWS] = {{"fresh floor", false, 0},
                  {"W1", false, 500},
                  {"W2", true, 1000},
                  {"W1, 250 items", false, 250},
                  {"W1, 4000 items", false, 4000},
                  {"W2, 250 items", true, 250},
                  {"W2, 4000 items", true, 4000}};

static void init(const struct row *row, struct bench_exam *self)
{
    static const char *const w1 = "bank: pool\n"
                                  "exam: {min_items: 30, max_items: 30, pilot_items: 0, "
                                  "time_limit_min: none, stop: {rule: fixed}}\n"
                                  "study: {none: 1, broad: 0, targeted: 0}\n";
    static const char *const w2 = "bank: pool\n"
                                  "exam: {min_items: 60, max_items: 80, pilot_items: 0, "
                                  "time_limit_min: none, cut_theta: -0.5}\n"
                                  "study: {none: 1, broad: 0, targeted: 0}\n";
    struct study_pool pool = study_pool_emr();
    pool.n_pilots = 0;
    pool.n_items = row->n_items;
    if (!row->is_rasch) {
        pool.model = STUDY_2PL;
        pool.b_sd = 1;
    }
    bench_exam_init(self, row->is_rasch ? w2 : w1, &pool);
}

/* The tables of an exam with 2,000 items, in milliseconds. */
static double time_setup(bool is_rasch)
{
    const struct row row = {"setup", is_rasch, 2000};
    struct bench_exam exam;
    struct err err = {0};
    double least = 1e9;
    init(&row, &exam);
    for (int k = 0; k < BENCH_N_ROUNDS; k++) {
        cat_design_free(&exam.cat);
        double began = bench_now_s();
        if (cat_design_init(&exam.scenario, &exam.bank, &exam.cat, &err) != ERR_OK)
            exit(1);
        double ms = (bench_now_s() - began) * 1e3;
        least = ms < least ? ms : least;
    }
    bench_exam_free(&exam);
    return least;
}

/* Short rounds of every exam, each after a turn of the floor. */
static void time_rows(const struct bench_exam *exams, double ns[N_ROWS][N_SHORT],
                      double ratio[N_ROWS][N_SHORT], double *old)
{
    for (int k = 0; k < N_SHORT; k++) {
        if (k % (N_SHORT / BENCH_N_ROUNDS) == 0 && k / (N_SHORT / BENCH_N_ROUNDS) < BENCH_N_ROUNDS)
            old[k / (N_SHORT / BENCH_N_ROUNDS)] = bench_time_floor(&exams[W1]);
        for (int row = W1; row < N_ROWS; row++) {
            uint64_t n_sessions = SHORT_ITEMS / exams[row].cat.exam.max_items;
            ns[FLOOR][k] = bench_time_fresh_floor(&exams[W1], SHORT_TIMES);
            ns[row][k] = bench_time_sessions(&exams[row], n_sessions);
            ratio[row][k] = ns[row][k] / ns[FLOOR][k];
            ratio[FLOOR][k] = 1;
        }
    }
}

int main(void)
{
    static double ns[N_ROWS][N_SHORT], ratio[N_ROWS][N_SHORT];
    static struct bench_exam exams[N_ROWS];
    double old[BENCH_N_ROUNDS];
    for (int row = W1; row < N_ROWS; row++)
        init(&rows[row], &exams[row]);
    bench_time_fresh_floor(&exams[W1], SHORT_TIMES);
    time_rows(exams, ns, ratio, old);
    double old_ns = bench_median(old);
    printf("kernel            ns/item  million items/s  x floor  x fresh  (medians of %d)\n",
           N_SHORT);
    printf("%-15s %9.1f %16.2f %8.2f\n", "floor", old_ns, 1e3 / old_ns, 1.0);
    for (int row = FLOOR; row < N_ROWS; row++) {
        double typical = bench_median_of(ns[row], N_SHORT);
        printf("%-15s %9.1f %16.2f %8.2f %8.2f\n", rows[row].name, typical, 1e3 / typical,
               typical / old_ns, bench_median_of(ratio[row], N_SHORT));
    }
    printf("setup, 2000 items: 2PL %.1f ms, Rasch %.1f ms\n", time_setup(false), time_setup(true));
    for (int row = W1; row < N_ROWS; row++)
        bench_exam_free(&exams[row]);
    return 0;
}
