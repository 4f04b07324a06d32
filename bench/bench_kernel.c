/* The session kernel: administered items per second on one core, and the ratio to a floor measured
 * in the same run, in turns, because absolute times wander.
 *
 * floor: multiply a 33-point posterior by one row of the likelihood, take mean and variance;
 * sixteen posteriors in turn, no selection, no answers, no stopping.
 *
 * W1: 2PL, 500 items, a lognormal(0, .25), b N(0, 1), theta N(0, 1), EAP, exact maximum
 * information, 30 items.
 *
 * W2: Rasch, 1,000 items, b N(0, 1.2), 60-80 items, 95 % confidence at the cut -.5.
 * SPDX-License-Identifier: Apache-2.0 */
#include "kernel.h"

enum { N_ROUNDS = 7, FLOOR_LANES = 16 };

uint64_t bench_sessions(const struct bench_exam *exam, size_t n_lanes, uint64_t n_sessions)
{
    struct err err = {0};
    struct cat_workspace workspace;
    struct cat_session *active[CAT_MAX_LANES];
    struct person_lane lanes[CAT_MAX_LANES], *examinees[CAT_MAX_LANES];
    const struct irt_item *items[CAT_MAX_LANES] = {0};
    uint8_t answers[CAT_MAX_LANES];
    uint64_t next = 0, n_items = 0;
    size_t n_active = n_lanes;
    if (cat_workspace_init(&exam->cat, n_lanes, &workspace, &err) != ERR_OK)
        exit(1);
    for (size_t k = 0; k < n_lanes; k++) {
        active[k] = &workspace.sessions[k];
        examinees[k] = &lanes[k];
        active[k]->stop = CAT_STOP_RULE;
    }
    while (n_active > 0) {
        for (size_t k = n_active; k-- > 0;) {
            if (active[k]->stop == CAT_GOING)
                continue;
            struct person person;
            n_items += active[k]->seen.n_seen;
            if (next == n_sessions) {
                active[k] = active[--n_active];
                examinees[k] = examinees[n_active];
                continue;
            }
            person_draw(&exam->person, next, &person);
            person_lane_begin(&exam->person, &person, 1, examinees[k]);
            cat_session_begin(&exam->cat, rng_keyed(1, next++, 1, RNG_SELECT), NULL, active[k]);
        }
        cat_sessions_select(&exam->cat, active, n_active);
        for (size_t k = 0; k < n_active; k++)
            items[k] = &exam->cat.items[active[k]->item];
        person_answer(items, examinees, n_active, answers, NULL);
        cat_sessions_record(&exam->cat, active, n_active, answers, NULL);
    }
    cat_workspace_free(&workspace);
    return n_items;
}

/* One step of the floor: w <- w * row; mean and variance of w over theta. */
VEC_CLONES static double floor_items(const double *rows, size_t n_rows, const double *theta,
                                     vec8 *weight, uint64_t n)
{
    double checksum = 0;
    uint64_t row = 0;
    for (uint64_t i = 0; i < n; i++) {
        const vec8 *likelihood = (const vec8 *)(rows + 40 * row), *points = (const vec8 *)theta;
        vec8 *w = weight + 5 * (i % FLOOR_LANES), s0 = {0}, s1 = {0}, s2 = {0};
        for (int v = 0; v < 5; v++) {
            vec8 product = w[v] * likelihood[v], m = product * points[v];
            w[v] = product;
            s0 += product;
            s1 += m;
            s2 += m * points[v];
        }
        double mass = vec_sum(s0), mean = vec_sum(s1) / mass;
        checksum += mean + sqrt(vec_sum(s2) / mass - mean * mean);
        row = row + 7 < n_rows ? row + 7 : (row + 7) % n_rows;
        if (mass < 1e-100)
            for (int v = 0; v < 5; v++)
                w[v] *= 1e100;
    }
    return checksum;
}

static double time_floor(const struct bench_exam *exam)
{
    static double weight[FLOOR_LANES * 40] __attribute__((aligned(64)));
    const uint64_t n = 4000000;
    for (int k = 0; k < FLOOR_LANES; k++)
        memcpy(weight + 40 * k, exam->cat.grid.prior, 40 * sizeof(double));
    double began = bench_now_s();
    volatile double checksum = floor_items(exam->cat.likelihood, 2 * exam->cat.n_scored,
                                           exam->cat.grid.theta, (vec8 *)weight, n);
    (void)checksum;
    return (bench_now_s() - began) / (double)n * 1e9;
}

static double time_sessions(const struct bench_exam *exam, uint64_t n_sessions)
{
    double began = bench_now_s();
    uint64_t n = bench_sessions(exam, 32, n_sessions);
    return (bench_now_s() - began) / (double)n * 1e9;
}

static int by_value(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static double median(double *values)
{
    qsort(values, N_ROUNDS, sizeof *values, by_value);
    return values[N_ROUNDS / 2];
}

static void print_row(const char *name, double *ns, double *ratio)
{
    double typical = median(ns);
    printf("%-6s %10.1f %14.2f %10.2f\n", name, typical, 1e3 / typical, median(ratio));
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
    double ns[3][N_ROUNDS], ratio[3][N_ROUNDS];
    pool1.model = STUDY_2PL;
    pool1.n_items = 500;
    pool1.b_sd = 1;
    pool1.n_pilots = pool2.n_pilots = 0;
    bench_exam_init(&w1, w1_yaml, &pool1);
    bench_exam_init(&w2, w2_yaml, &pool2);
    time_floor(&w1);
    time_sessions(&w1, 2000);
    for (int k = 0; k < N_ROUNDS; k++) {
        ns[0][k] = time_floor(&w1);
        ns[1][k] = time_sessions(&w1, 40000);
        ns[2][k] = time_sessions(&w2, 20000);
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
