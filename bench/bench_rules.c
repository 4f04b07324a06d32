/* What each rule costs: every selection rule and every estimator in W1 of bench_kernel.c, beside
 * maximum information with EAP, and W1 and W2 with Kingsbury-Zara targets, randomesque 5 and
 * exposure control. Times per administered item; ratios to the floor (floor.h) and to the plain
 * exam, each measured in turns with it. An argument: only rows whose names hold it.
 * SPDX-License-Identifier: Apache-2.0 */
#include "floor.h"

#define W1                                                                                         \
    "  min_items: 30\n  max_items: 30\n  pilot_items: 0\n  time_limit_min: none\n"                 \
    "  stop: {rule: fixed}\n"
#define W2                                                                                         \
    "  min_items: 60\n  max_items: 80\n  pilot_items: 0\n  time_limit_min: none\n"                 \
    "  cut_theta: -0.5\n"
#define TARGETS                                                                                    \
    "    domains:\n      scene: {target: 0.21}\n      primary_assessment: {target: 0.39}\n"        \
    "      secondary_assessment: {target: 0.06}\n      treatment_transport: {target: 0.22}\n"      \
    "      operations: {target: 0.12}\n"
#define KINGSBURY_ZARA "  content:\n    rule: kingsbury_zara\n" TARGETS
#define MULTINOMIAL "  content:\n    rule: modified_multinomial\n" TARGETS
#define FIVE "  select: {randomesque: 5}\n"
#define HETTER "  exposure: {rule: sympson_hetter}\n"

static const char *only = ""; /* rows whose names hold this */

static struct study_pool pool_of(bool is_w2)
{
    struct study_pool pool = study_pool_emr();
    pool.n_pilots = 0;
    if (is_w2)
        return pool;
    pool.model = STUDY_2PL;
    pool.n_items = 500;
    pool.b_sd = 1;
    return pool;
}

static void init(struct bench_exam *self, bool is_w2, const char *exam)
{
    char yaml[2048];
    struct study_pool pool = pool_of(is_w2);
    snprintf(yaml, sizeof yaml, "bank: pool\nexam:\n%s%sstudy: {none: 1, broad: 0, targeted: 0}\n",
             is_w2 ? W2 : W1, exam);
    bench_exam_init(self, yaml, &pool);
}

/* Under Sympson & Hetter every tenth item is shown in half of the cases. */
static void expose(struct bench_exam *self)
{
    double p[1000];
    struct err err = {0};
    for (size_t i = 0; i < self->cat.n_scored; i++)
        p[i] = i % 10 ? 1 : 0.5;
    if (cat_design_awaits_exposure(&self->cat) && cat_design_expose(&self->cat, p, &err))
        exit(1);
}

/* So many sessions that they take some milliseconds. */
static uint64_t sessions_for(const struct bench_exam *exam, double seconds)
{
    double ns = bench_time_sessions(exam, 32);
    double n = seconds * 1e9 / (ns * exam->cat.exam.max_items);
    return n < 32 ? 32 : (uint64_t)n;
}

/* @param plain  the same exam with maximum information and EAP */
static void row(const char *name, const struct bench_exam *plain, bool is_w2, const char *exam)
{
    struct bench_exam own;
    double ns[BENCH_N_ROUNDS], to_floor[BENCH_N_ROUNDS], to_plain[BENCH_N_ROUNDS];
    if (!strstr(name, only))
        return;
    init(&own, is_w2, exam);
    expose(&own);
    uint64_t n = sessions_for(&own, 0.05), n_plain = sessions_for(plain, 0.05);
    for (int k = 0; k < BENCH_N_ROUNDS; k++) {
        double floor_ns = bench_time_floor(plain);
        double plain_ns = bench_time_sessions(plain, n_plain);
        ns[k] = bench_time_sessions(&own, n);
        to_floor[k] = ns[k] / floor_ns;
        to_plain[k] = ns[k] / plain_ns;
    }
    double typical = bench_median(ns);
    printf("%-46s %10.1f %14.3f %10.2f %10.2f\n", name, typical, 1e3 / typical,
           bench_median(to_floor), bench_median(to_plain));
    bench_exam_free(&own);
}

static void heading(const char *text)
{
    printf("\n%-46s %10s %14s %10s %10s\n", text, "ns/item", "million items/s", "x floor",
           "x plain");
}

/* A row for each rule that a key can name. */
static void rules(const char *heading_text, const char *key, const char *format,
                  const struct bench_exam *plain)
{
    struct config_rule rule;
    char exam[256];
    heading(heading_text);
    for (size_t k = 0; cat_rule_describe(key, k, &rule); k++) {
        snprintf(exam, sizeof exam, format, rule.name);
        row(rule.name, plain, false, exam);
    }
}

int main(int argc, char **argv)
{
    struct bench_exam w1, w2;
    if (argc > 1)
        only = argv[1];
    init(&w1, false, "");
    init(&w2, true, "");
    heading("content and exposure, W1");
    row("plain", &w1, false, "");
    row("randomesque 5", &w1, false, FIVE);
    row("Kingsbury-Zara", &w1, false, KINGSBURY_ZARA);
    row("Kingsbury-Zara, randomesque 5", &w1, false, FIVE KINGSBURY_ZARA);
    row("modified multinomial, randomesque 5", &w1, false, FIVE MULTINOMIAL);
    row("Sympson-Hetter", &w1, false, HETTER);
    heading("content and exposure, W2");
    row("plain", &w2, true, "");
    row("randomesque 5", &w2, true, FIVE);
    row("Kingsbury-Zara", &w2, true, KINGSBURY_ZARA);
    row("Kingsbury-Zara, randomesque 5", &w2, true, FIVE KINGSBURY_ZARA);
    row("modified multinomial, randomesque 5", &w2, true, FIVE MULTINOMIAL);
    row("Sympson-Hetter", &w2, true, HETTER);
    rules("estimators, W1", "exam.estimate.rule", "  estimate: {rule: %s}\n", &w1);
    rules("selection rules, W1", "exam.select.rule", "  select: {rule: %s}\n", &w1);
    bench_exam_free(&w1);
    bench_exam_free(&w2);
    return 0;
}
