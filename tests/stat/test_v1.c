/* V1: Wald's sequential probability ratio test in closed form.
 *
 * Every item is Rasch and has b = 0 = the cut, so a right answer adds delta to ln
 * L(delta)/L(-delta) and a wrong one takes delta away: with R right of n the sum is (2 R - n)
 * delta. The test ends at
 * +-k, k = ceil(ln((1 - beta)/alpha)/delta): a walk between two barriers, for which Wald (1947)
 * gives
 *
 *     P(pass) = 1/(1 + exp(-k theta))        E(n) = k tanh(k theta/2)/tanh(theta/2), k^2 at 0
 *
 * A dynamic programme over the walk must agree to 1e-5, simulations within stat_limit standard
 * errors. With a maximum the programme alone is the witness, and with curtailment: a test that ends
 * once the items left cannot change the sign must give each candidate the same decision.
 * SPDX-License-Identifier: Apache-2.0 */
#include "stat_run.h"

enum { BARRIER = 10, NO_MAXIMUM = 2000 };

static const double delta = 0.3;

struct exact {
    double p_pass, mean, sd;
};

/* Whether a walk at s after n items ends. */
static bool is_over(int n, int s, int max_items, bool curtails)
{
    int left = max_items - n;
    return abs(s) >= BARRIER || left == 0 || (curtails && abs(s) > left);
}

static struct exact programme(double theta, int max_items, bool curtails)
{
    double up = 1 / (1 + exp(-theta)), square = 0;
    double at[2 * BARRIER + 3] = {0}, next[2 * BARRIER + 3];
    struct exact out = {0, 0, 0};
    at[BARRIER + 1] = 1; /* s = -BARRIER - 1 .. BARRIER + 1 */
    for (int n = 1; n <= max_items; n++) {
        memset(next, 0, sizeof next);
        for (int i = 1; i < 2 * BARRIER + 2; i++) {
            next[i + 1] += up * at[i];
            next[i - 1] += (1 - up) * at[i];
        }
        for (int i = 0; i < 2 * BARRIER + 3; i++) {
            int s = i - BARRIER - 1;
            at[i] = next[i];
            if (!is_over(n, s, max_items, curtails))
                continue;
            out.p_pass += s >= 0 ? at[i] : 0;
            out.mean += n * at[i];
            square += (double)n * n * at[i];
            at[i] = 0;
        }
    }
    out.sd = sqrt(square - out.mean * out.mean);
    return out;
}

Test(v1, programme_against_the_closed_form)
{
    static const double published[][3] = {
        {0, .5, 100}, {.3, .952574, 60.795}, {.6, .997527, 34.158}};
    cr_assert_eq((int)ceil(log(19) / delta), BARRIER);
    for (size_t i = 0; i < 3; i++) {
        double theta = published[i][0], p = 1 / (1 + exp(-BARRIER * theta));
        double asn = theta == 0
                         ? BARRIER * BARRIER
                         : (double)BARRIER * tanh((double)BARRIER * theta / 2) / tanh(theta / 2);
        struct exact exact = programme(theta, NO_MAXIMUM, false);
        printf("theta %.1f: P(pass) %.9f, closed form %.9f; E(n) %.7f, closed form %.7f\n", theta,
               exact.p_pass, p, exact.mean, asn);
        cr_expect_float_eq(exact.p_pass, p, 1e-5);
        cr_expect_float_eq(exact.mean, asn, 1e-5);
        cr_expect_float_eq(p, published[i][1], 5e-7);
        cr_expect_float_eq(asn, published[i][2], 5e-4);
    }
}

static void run(double theta, int max_items, bool curtails, int n, struct dataset *out)
{
    char bank[256], text[2048];
    stat_bank_at_cut((size_t)max_items, bank);
    snprintf(text, sizeof text,
             "engine: {candidates: %d, seed: 101}\n"
             "bank: %s\n"
             "exam:\n"
             "  min_items: 1\n"
             "  max_items: %d\n"
             "  pilot_items: 0\n"
             "  time_limit_min: none\n"
             "  select: {rule: random}\n"
             "  stop: {rule: sprt, delta: %g, alpha: 0.05, beta: 0.05, curtail: %s}\n"
             "population: {groups: {all: {theta_mean: %g, theta_sd: 0}}}\n"
             "policy: {attempts_per_cycle: 1, max_cycles: 1}\n" STAT_PATHWAY,
             n, bank, max_items, delta, curtails ? "true" : "false", theta);
    stat_run(text, out);
    unlink(bank);
}

static void check(double theta, int max_items, bool curtails, int n)
{
    struct dataset data;
    char what[96];
    struct exact exact = programme(theta, max_items, curtails);
    run(theta, max_items, curtails, n, &data);
    snprintf(what, sizeof what, "theta %+.1f, at most %d%s: P(pass)", theta, max_items,
             curtails ? ", curtailed" : "");
    stat_expect_proportion(what, stat_real(&data, "pass_rate", 1), exact.p_pass, n);
    memcpy(strrchr(what, ':'), ": E(n)", sizeof ": E(n)");
    stat_expect_mean(what, stat_mean_length(&data, 1), exact.mean, exact.sd, n);
    dataset_free(&data);
}

Test(v1, simulation, .timeout = 300)
{
    static const double thetas[] = {0, .3, .6};
    for (size_t i = 0; i < 3; i++)
        check(thetas[i], NO_MAXIMUM, false, 50000);
}

Test(v1, truncated_and_curtailed, .timeout = 300)
{
    static const double thetas[] = {-.3, 0, .3};
    for (size_t i = 0; i < 3; i++) {
        check(thetas[i], 60, false, 50000);
        check(thetas[i], 60, true, 50000);
    }
    struct exact full = programme(0, 60, false), curtailed = programme(0, 60, true);
    cr_expect_float_eq(full.p_pass, curtailed.p_pass, 1e-12, "the decision is the same");
    cr_expect_lt(curtailed.mean, full.mean - 1, "and comes earlier");
}

/* On the same random numbers every candidate gets the same decision. */
Test(v1, curtailment_changes_no_decision, .timeout = 300)
{
    struct dataset full, curtailed;
    for (int max_items = 1; max_items <= 61; max_items += 12) {
        run(0.1, max_items, false, 20000, &full);
        run(0.1, max_items, true, 20000, &curtailed);
        cr_expect_eq(dataset_var(&full, "n_passed")->count[0],
                     dataset_var(&curtailed, "n_passed")->count[0], "at most %d", max_items);
        cr_expect_leq(stat_mean_length(&curtailed, 1), stat_mean_length(&full, 1));
        dataset_free(&full);
        dataset_free(&curtailed);
    }
}
