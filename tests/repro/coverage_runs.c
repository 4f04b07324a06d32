/* Coverage of nominal 95 % intervals over many small runs, under every sampling scheme, and of runs
 * that end at a precision. Called by coverage_long.py: coverage_runs N_RUNS [TRIAL].
 *
 * normal: V7, whose truth is known (tests/oracle/exact.py). cat: a short adaptive test with two
 * groups, one skewed and one a mixture, deficits and study; its truth is one run of 8,192 blocks
 * under another seed, whose error is a tenth of a run's 64 blocks or less (it costs .1 percentage
 * points of coverage). precision: V7 until the half-width of the third cumulative pass rate is
 * .005, at about 100 blocks, soon after the first look: where stopping on an estimated error costs
 * most.
 *
 * V7 has no number besides ability that a candidate is made from, so sobol is stratified there.
 *
 * An interval is t(.975, B - 1) standard errors to either side. Over M runs a coverage of .95 is
 * seen with the standard error sqrt(.95 .05/M), .7 percentage points for M = 1,000.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/precision.h>
#include <retake/tally/address.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { N_BLOCKS = 64, TRUTH_BLOCKS = 8192, MAX_SEEN = 8 };

struct seen {
    const char *address;
    double truth; /* NaN: from a long run */
    int n_covered;
    double square, error_square;
};

struct trial {
    const char *name, *text; /* of a scenario, without engine */
    const char *precision;   /* NULL: N_BLOCKS */
    size_t n_schemes;        /* of the list in main */
    struct seen seen[MAX_SEEN];
};

static void fail(const char *what)
{
    fprintf(stderr, "coverage_runs: %s\n", what);
    exit(1);
}

/* One run to a dataset; returns its candidates. */
static uint64_t run(const struct trial *trial, const char *sampling, int seed, uint64_t n_blocks,
                    struct dataset *out)
{
    char text[4096];
    struct err err = {0};
    struct scenario scenario = {0};
    struct engine_plan plan = {0};
    struct engine_options options = {.n_threads = 1};
    struct engine_state state = {0};
    struct study_precision precision = {0};
    uint64_t end = n_blocks * TALLY_BLOCK, until;
    snprintf(text, sizeof text, "engine: {candidates: %llu, seed: %d, sampling: %s}\n%s",
             (unsigned long long)end, seed, sampling, trial->text);
    if (trial->precision)
        study_precision_add(&precision, trial->precision, &err);
    if (config_scenario_parse("coverage.yaml", text, strlen(text), &scenario, &err) ||
        engine_plan_init(&scenario, &plan, &err) || engine_state_init(&plan, 0, &state, &err))
        fail(err.detail);
    while (study_precision_until(&precision, &state, end, &until, &err) == ERR_OK &&
           until > state.next)
        if (engine_advance(&plan, &options, until, &state, &err) != ERR_OK)
            fail(err.detail);
    if (err.code || tally_statistics(state.total, out, &err) != ERR_OK)
        fail(err.detail);
    end = state.next;
    engine_state_free(&state);
    engine_plan_free(&plan);
    config_scenario_free(&scenario);
    return end;
}

static struct tally_number number_at(const struct dataset *data, const char *address)
{
    struct err err = {0};
    struct tally_number number;
    if (tally_address_read(data, address, &number, &err) != ERR_OK)
        fail(err.detail);
    return number;
}

static void find_truth(struct trial *trial)
{
    struct dataset data;
    if (!trial->seen[0].address || !isnan(trial->seen[0].truth))
        return;
    run(trial, "random", 1000000, TRUTH_BLOCKS, &data);
    for (size_t k = 0; k < MAX_SEEN && trial->seen[k].address; k++)
        trial->seen[k].truth = number_at(&data, trial->seen[k].address).value;
    dataset_free(&data);
}

static void look(struct seen *self, const struct dataset *data, uint64_t n_blocks)
{
    struct tally_number number = number_at(data, self->address);
    double off = number.value - self->truth;
    self->n_covered += fabs(off) <= study_precision_half_width(number.mcse, n_blocks);
    self->square += off * off;
    self->error_square += number.mcse * number.mcse;
}

/* @return how many statistics are not covered as they should */
static int cover(struct trial trial, const char *sampling, int n_runs)
{
    int n_wrong = 0;
    double n_candidates = 0;
    for (int seed = 0; seed < n_runs; seed++) {
        struct dataset data;
        uint64_t n = run(&trial, sampling, seed, trial.precision ? 100000 : N_BLOCKS, &data);
        for (size_t k = 0; k < MAX_SEEN && trial.seen[k].address; k++)
            look(&trial.seen[k], &data, n / TALLY_BLOCK);
        n_candidates += (double)n / n_runs;
        dataset_free(&data);
    }
    printf("%s, %s: %d runs, %.0f blocks each on average\n", trial.name, sampling, n_runs,
           n_candidates / (double)TALLY_BLOCK);
    for (size_t k = 0; k < MAX_SEEN && trial.seen[k].address; k++) {
        const struct seen *seen = &trial.seen[k];
        double coverage = (double)seen->n_covered / n_runs;
        int is_wrong = coverage < 0.93 || coverage > 0.97;
        printf("  %-44s coverage %.4f, spread / mcse %.4f%s\n", seen->address, coverage,
               sqrt(seen->square / seen->error_square), is_wrong ? "  WRONG" : "");
        n_wrong += is_wrong;
    }
    fflush(stdout);
    return n_wrong;
}

#define PATHWAY                                                                                    \
    "policy: {wait_days: 15, attempts_per_cycle: 3, max_cycles: 1, window_days: 3650,\n"           \
    "  horizon_days: 3650}\n"                                                                      \
    "gates: {verification: {probability: 1, delay_days: {mean: 0, sd: 0}},\n"                      \
    "  skills: {probability: 1}, licensure: {required: false}}\n"
#define V7                                                                                         \
    "exam: {form: normal, sem: 0.33333333333333331, cut_theta: -0.55276667543916047,\n"            \
    "  time_limit_min: none}\n"                                                                    \
    "population: {competent_theta: -0.55276667543916047,\n"                                        \
    "  groups: {all: {theta_mean: 0, theta_sd: 1}}}\n"                                             \
    "deficits: {knowledge: 0, sequence: 0, scope: 0, reading: 0, pacing: 0}\n"                     \
    "study: {none: 1, broad: 0, targeted: 0}\n"                                                    \
    "leave: {after_fail: 0}\n" PATHWAY

static const char cat_text[] =
    "bank: %s\n"
    "exam: {min_items: 6, max_items: 12, pilot_items: 0, time_limit_min: none, cut_theta: 0,\n"
    "  estimate: {points: 21}}\n"
    "population:\n"
    "  groups:\n"
    "    a: {weight: 2, theta_mean: 0.6, theta_sd: 0.9, theta_shape: skew_normal, theta_skew: 3}\n"
    "    b: {weight: 1, theta_mean: 0.2, theta_sd: 0.8, theta_shape: mixture,\n"
    "        theta_mixture: {share: 0.3, offset: 2, sd: 0.5}}\n"
    "deficits: {knowledge: 0.4, sequence: 0.2, scope: 0.2, reading: 0.1, pacing: 0}\n"
    "study: {none: 0.2, broad: 0.4, targeted: 0.4, repair_per_hour: 0.1}\n"
    "leave: {after_fail: 0.2}\n" PATHWAY;

/* 40 Rasch items with difficulties from -2 to 2. */
static void write_bank(char path[64])
{
    snprintf(path, 64, "coverage-bank-XXXXXX");
    int descriptor = mkstemp(path);
    FILE *file = descriptor >= 0 ? fdopen(descriptor, "w") : NULL;
    if (!file)
        fail("no bank");
    fputs("id,b\n", file);
    for (int i = 0; i < 40; i++)
        fprintf(file, "I%d,%.4f\n", i, -2 + 4 * i / 39.0);
    fclose(file);
}

int main(int argc, char **argv)
{
    static const char *const schemes[] = {"random", "stratified", "sobol"};
    struct trial trials[] = {
        {.name = "normal",
         .text = V7,
         .n_schemes = 2,
         .seen = {{.address = "cumulative_pass_rate[attempt=1]", .truth = 0.7},
                  {.address = "cumulative_pass_rate[attempt=3]", .truth = 0.791007198116},
                  {.address = "false_pass_rate[attempt=1]", .truth = 0.136161595689},
                  {.address = "false_pass_rate[attempt=3]", .truth = 0.297090314332},
                  {.address = "false_fail_rate[attempt=1]", .truth = 0.069463065852}}},
        {.name = "cat",
         .n_schemes = 3,
         .seen = {{.address = "pass_rate[attempt=1]", .truth = (double)NAN},
                  {.address = "pass_rate[attempt=3]"},
                  {.address = "cumulative_pass_rate[attempt=3]"},
                  {.address = "cumulative_pass_rate[attempt=3,group=a]"},
                  {.address = "cumulative_pass_rate[attempt=3,group=b]"},
                  {.address = "false_pass_rate[attempt=3]"},
                  {.address = "theta_bias[attempt=1,theta_bin=0.05]"},
                  {.address = "item_exposure_rate[item=I20]"}}},
        {.name = "precision",
         .text = V7,
         .n_schemes = 2,
         .precision = "cumulative_pass_rate[attempt=3]=0.005",
         .seen = {{.address = "cumulative_pass_rate[attempt=3]", .truth = 0.791007198116},
                  {.address = "cumulative_pass_rate[attempt=1]", .truth = 0.7}}},
    };
    int n_runs = argc > 1 ? atoi(argv[1]) : 1000, n_wrong = 0;
    char bank[64], text[4096];
    write_bank(bank);
    snprintf(text, sizeof text, cat_text, bank);
    trials[1].text = text;
    for (size_t t = 0; t < sizeof trials / sizeof trials[0]; t++) {
        if (argc > 2 && strcmp(argv[2], trials[t].name) != 0)
            continue;
        find_truth(&trials[t]);
        for (size_t s = 0; s < trials[t].n_schemes; s++) {
            bool is_stratified = s > 0;
            if (trials[t].precision && is_stratified) /* as many blocks, of smaller errors */
                trials[t].precision = "cumulative_pass_rate[attempt=3]=0.0025";
            n_wrong += cover(trials[t], schemes[s], n_runs);
        }
    }
    unlink(bank);
    return n_wrong > 0;
}
