/* V2: how long a test must be for a standard error (Linacre, Rasch Measurement Transactions 20:2):
 * items on which success has probability P need n = ceil(1/(P (1 - P) SE^2)).
 *
 * The rule se is run on identical items. Where the ability is known beforehand (a range of no width
 * and the standard error from the answers alone), P is given by the distance in logits and the
 * length is the table's. Under maximum likelihood P is the share of right answers R/n, and a test
 * ends at the first n with n/(R (n - R)) <= SE^2: with right and wrong in turn the table's length,
 * but 26 for 25, since 25/(12 * 13) is still above .16.
 * SPDX-License-Identifier: Apache-2.0 */
#include "hall.h"

#include <stdio.h>

static const double errors[] = {.5, .4, .3, .2, .15, .1};
static const unsigned table[] = {16, 25, 45, 100, 178, 400};

enum { N_ROWS = 6, LONGEST = 2000 };

static void open_hall(struct hall *self, double b, double se, const char *more1, const char *more2)
{
    char stop[64];
    snprintf(stop, sizeof stop, "exam.stop.se=%g", se);
    hall_bank(self, LONGEST);
    for (size_t i = 0; i < LONGEST; i++)
        self->bank.items[i].b = b;
    fixture_scenario(&self->scenario, "exam.min_items=1", "exam.max_items=2000",
                     "exam.pilot_items=0", "exam.time_limit_min=none", "exam.stop.rule=se",
                     "exam.select.rule=random", "exam.estimate.se=expected", stop, more1, more2,
                     NULL);
    hall_open(self, 1);
}

/* @param p  of success */
static unsigned known_ability(double p, double se)
{
    struct hall hall;
    open_hall(&hall, -log(p / (1 - p)), se, "exam.estimate.theta_min=-1e-13",
              "exam.estimate.theta_max=1e-13");
    const struct cat_session *session = hall_sit(&hall, 3, 0);
    unsigned n = session->seen.n_scored;
    cr_expect_float_eq(session->seen.theta, 0, 1e-12);
    cr_expect_eq(session->stop, n < LONGEST ? CAT_STOP_RULE : CAT_STOP_MAXIMUM);
    hall_close(&hall);
    return n;
}

Test(v2, the_table)
{
    for (size_t k = 0; k < N_ROWS; k++) {
        unsigned n = known_ability(0.5, errors[k]);
        printf("P .5, SE %-4g: %u items, table %u\n", errors[k], n, table[k]);
        cr_expect_eq(n, table[k], "SE %g: %u items, not %u", errors[k], n, table[k]);
    }
}

Test(v2, other_probabilities)
{
    for (double p = 0.6; p < 0.95; p += 0.1)
        for (size_t k = 0; k < N_ROWS; k++) {
            double exact = 1 / (p * (1 - p) * errors[k] * errors[k]);
            unsigned n = known_ability(p, errors[k]);
            if (exact > (double)LONGEST || fabs(exact - round(exact)) < 1e-9)
                continue; /* a whole number in the reals may be reached one item later */
            cr_expect_eq(n, (unsigned)ceil(exact), "P %g, SE %g: %u items, not %g", p, errors[k], n,
                         ceil(exact));
        }
}

/* The first n at which n/(R (n - R)) <= SE^2, given the answers. */
static unsigned length_by_hand(const uint8_t *answers, double se)
{
    unsigned n = 1, right = answers[0];
    while (n < LONGEST && n * (1 - 1e-12) > right * (n - right) * se * se)
        right += answers[n++];
    return n;
}

/* Right and wrong in turn. */
Test(v2, maximum_likelihood)
{
    uint8_t answers[LONGEST];
    for (size_t i = 0; i < LONGEST; i++)
        answers[i] = i % 2 == 0;
    for (size_t k = 0; k < N_ROWS; k++) {
        struct hall hall;
        open_hall(&hall, 0, errors[k], "exam.estimate.rule=ml", NULL);
        const struct cat_session *session = hall_sit_script(&hall, 3, "10");
        unsigned n = session->seen.n_scored, wanted = length_by_hand(answers, errors[k]);
        printf("ML, P .5, SE %-4g: %u items, table %u\n", errors[k], n, table[k]);
        cr_expect_eq(n, wanted, "SE %g: %u items, not %u", errors[k], n, wanted);
        cr_expect(n == table[k] || (n == 26 && table[k] == 25));
        hall_close(&hall);
    }
}

/* Chance answers: the first n at which the number right allows it. */
Test(v2, maximum_likelihood_of_chance_answers)
{
    struct hall hall;
    open_hall(&hall, 0, 0.3, "exam.estimate.rule=ml", NULL);
    for (uint64_t key = 0; key < 200; key++) {
        const struct cat_session *session = hall_sit(&hall, key, (double)(key % 9) / 4 - 1);
        unsigned n = length_by_hand(session->answers, 0.3);
        cr_expect_eq(session->seen.n_scored, n, "%u, not %u", session->seen.n_scored, n);
    }
    hall_close(&hall);
}
