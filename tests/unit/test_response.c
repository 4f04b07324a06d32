/* Answers and times: frequencies against the written probabilities, shares of misses, moments of
 * log times. Limits: 5 SD from sampling theory.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/person/response.h>

#include "fixture.h"

enum { N = 200000, LANES = 8 };

struct run {
    struct person_lane lanes[LANES];
    struct person_lane *pointers[LANES];
    const struct irt_item *items[LANES];
};

static void run_init(struct run *self, const struct person_state *state,
                     const struct irt_item *item)
{
    for (uint64_t i = 0; i < LANES; i++) {
        self->lanes[i] = (struct person_lane){.state = *state,
                                              .response = rng_keyed(3, i, 1, RNG_RESPONSE),
                                              .latency = rng_keyed(3, i, 1, RNG_LATENCY)};
        self->pointers[i] = &self->lanes[i];
        self->items[i] = item;
    }
}

struct sums {
    double right, log_s, log_s2, cross;
    double misses[PERSON_N_BUCKETS];
};

static void run_many(struct run *self, struct sums *out)
{
    *out = (struct sums){0};
    for (int i = 0; i < N / LANES; i++) {
        uint8_t answer[LANES];
        double seconds[LANES];
        person_answer(self->items, self->pointers, LANES, answer, seconds);
        for (int k = 0; k < LANES; k++) {
            double t = log(seconds[k]);
            out->right += answer[k];
            out->log_s += t;
            out->log_s2 += t * t;
            out->cross += t * answer[k];
            cr_assert_eq(self->lanes[k].miss == PERSON_N_BUCKETS, answer[k]);
            if (!answer[k])
                out->misses[self->lanes[k].miss]++;
        }
    }
}

static void check_share(double count, double n, double p, const char *what)
{
    cr_assert_float_eq(count, n * p, 5 * sqrt(n * p * (1 - p)) + 1e-9, "%s: %g of %g, p = %g", what,
                       count, n, p);
}

static const struct irt_item items[] = {
    {.a = 1, .b = 0.5, .d = 1, .time_intensity = 3.5, .time_sd = 0.5, .demand = {1, 1, 1}},
    {.a = 1.6,
     .b = -1,
     .c = 0.2,
     .d = 0.95,
     .time_intensity = 4,
     .time_sd = 0.3,
     .demand = {0.5f, 0.25f, 0}},
    {.a = 0.7,
     .b = 1.5,
     .c = 0.25,
     .d = 1,
     .time_intensity = 3,
     .time_sd = 1,
     .demand = {0, 0, 0.75f}},
};

/* knowledge counts in full, sequence, scope and reading as the item demands, pacing not at all. */
static double p_right(const struct person_state *s, const struct irt_item *item)
{
    double theta = s->ability - s->deficit[0];
    for (int k = 0; k < 3; k++)
        theta -= (double)item->demand[k] * s->deficit[1 + k];
    return item->c + (item->d - item->c) / (1 + exp(-item->a * (theta - item->b)));
}

static void check_item(const struct person_state *state, const struct irt_item *item)
{
    struct run run;
    struct sums sums;
    run_init(&run, state, item);
    run_many(&run, &sums);
    double p = p_right(state, item), mean = item->time_intensity - state->speed;
    check_share(sums.right, N, p, "right");
    double m = sums.log_s / (double)N, sd = sqrt(sums.log_s2 / (double)N - m * m);
    cr_assert_float_eq(m, mean, 5 * item->time_sd / sqrt(N), "mean log time %g, not %g", m, mean);
    cr_assert_float_eq(sd, item->time_sd, 5 * item->time_sd / sqrt(2.0 * (double)N));
    double r = (sums.cross / (double)N - m * sums.right / (double)N) / (sd * sqrt(p * (1 - p)));
    cr_assert_lt(fabs(r), 5 / sqrt(N), "answer and time: r = %g", r);
    double share[PERSON_N_BUCKETS] = {state->deficit[0], 0, 0, 0, state->deficit[4]}, total = 0;
    for (int k = 0; k < 3; k++)
        share[1 + k] = (double)item->demand[k] * state->deficit[1 + k];
    for (int k = 0; k < PERSON_N_BUCKETS; k++)
        total += share[k];
    for (int k = 0; k < PERSON_N_BUCKETS; k++)
        check_share(sums.misses[k], (double)N - sums.right, total > 0 ? share[k] / total : k == 0,
                    "miss");
}

Test(response, frequencies_times_and_misses)
{
    static const struct person_state states[] = {
        {.ability = 0, .speed = 0},
        {.ability = 1, .deficit = {0.3, 0.1, 0.2, 0.4, 0.15}, .speed = 0.2},
        {.ability = -1, .deficit = {0, 0.5, 0, 0.5, 0}, .speed = -0.3},
        {.ability = 2, .deficit = {0, 0, 0, 0, 0.4}, .speed = 0},
    };
    for (size_t s = 0; s < sizeof states / sizeof states[0]; s++)
        for (size_t i = 0; i < sizeof items / sizeof items[0]; i++)
            check_item(&states[s], &items[i]);
}

/* The same draws whether one examinee answers alone or among others; untimed draws no time. */
Test(response, any_grouping_gives_the_same)
{
    enum { MANY = 37 };
    struct person_lane alone[MANY], together[MANY], *pointers[MANY];
    const struct irt_item *shown[MANY];
    uint8_t one, answer[MANY];
    double second, seconds[MANY];
    for (size_t i = 0; i < MANY; i++) {
        alone[i] = (struct person_lane){.state = {.ability = (double)i / 10 - 2},
                                        .response = rng_keyed(4, i, 1, RNG_RESPONSE),
                                        .latency = rng_keyed(4, i, 1, RNG_LATENCY)};
        together[i] = alone[i];
        pointers[i] = &together[i];
        shown[i] = &items[i % 3];
    }
    for (int step = 0; step < 50; step++) {
        person_answer(shown, pointers, MANY, answer, seconds);
        for (size_t i = 0; i < MANY; i++) {
            struct person_lane *lane = &alone[i];
            person_answer(&shown[i], &lane, 1, &one, &second);
            cr_assert(one == answer[i] && second == seconds[i] && lane->miss == together[i].miss);
        }
    }
    struct rng before = together[0].latency;
    person_answer(shown, pointers, MANY, answer, NULL);
    cr_assert_eq(before.state, together[0].latency.state, "an untimed answer draws no time");
}

Test(response, misses_are_logged_when_told)
{
    struct person_lane lane = {.miss = PERSON_SCOPE};
    person_log_miss(&lane);
    person_log_miss(&lane);
    lane.miss = PERSON_N_BUCKETS;
    person_log_miss(&lane);
    for (int k = 0; k < PERSON_N_BUCKETS; k++)
        cr_assert_eq(lane.misses[k], k == PERSON_SCOPE ? 2 : 0);
}

/* All deficits but pacing count in full; N(0, sem). */
Test(response, normal_score)
{
    struct person_lane lane = {.state = {.ability = 1, .deficit = {0.1, 0.2, 0.05, 0.15, 9}},
                               .response = rng_keyed(5, 1, 1, RNG_RESPONSE)};
    double sum = 0, squares = 0;
    for (int i = 0; i < N; i++) {
        double score = person_normal_score(&lane, 0.4) - 0.5;
        sum += score;
        squares += score * score;
    }
    cr_assert_float_eq(sum / (double)N, 0, 5 * 0.4 / sqrt((double)N));
    cr_assert_float_eq(sqrt(squares / (double)N), 0.4, 5 * 0.4 / sqrt(2.0 * (double)N));
}

Test(response, lane_begins_with_the_state_of_the_day)
{
    struct person_design design = {.seed = 8, .decay_per_day = 0.01};
    struct person person = {.candidate = 3, .theta = 0.7, .initial = {0.2, 0, 0, 0, 0.1}};
    struct person_lane lane, next;
    person_lane_begin(&design, &person, 2, &lane);
    cr_assert_eq(lane.state.ability, 0.7);
    cr_assert_eq(lane.state.speed, -0.1);
    cr_assert_eq(lane.response.state, rng_keyed(8, 3, 2, RNG_RESPONSE).state);
    cr_assert_eq(lane.latency.state, rng_keyed(8, 3, 2, RNG_LATENCY).state);
    for (int k = 0; k < PERSON_N_BUCKETS; k++)
        cr_assert_eq(lane.misses[k], 0);
    person_lane_begin(&design, &person, 3, &next);
    cr_assert_neq(lane.response.state, next.response.state);
}

/* ---- the log misread ---- */

/* A miss of scope, 30 % misread: 70 % in scope, 7.5 % in each other bucket. */
Test(response, a_miss_may_be_misread)
{
    struct person_lane lane = {
        .miss = PERSON_SCOPE, .p_misread = 0.3, .reading = rng_keyed(6, 1, 1, RNG_PERSON)};
    for (int i = 0; i < N; i++)
        person_log_miss(&lane);
    for (int k = 0; k < PERSON_N_BUCKETS; k++)
        check_share(lane.misses[k], N, k == PERSON_SCOPE ? 0.7 : 0.075, "bucket");
}

/* ---- knowledge by domain ---- */

Test(response, an_item_meets_the_deficit_of_its_domain)
{
    struct person_state state = {.ability = 0.5, .deficit = {0.4, 0, 0, 0, 0}};
    for (uint16_t domain = 0; domain < 2; domain++) {
        struct irt_item item = items[0];
        struct person_state as_if = state;
        struct run run;
        struct sums sums;
        item.domain = domain;
        run_init(&run, &state, &item);
        for (int i = 0; i < LANES; i++) {
            run.lanes[i].n_domains = 2;
            run.lanes[i].domain[0] = 0.25;
            run.lanes[i].domain[1] = 3;
        }
        run_many(&run, &sums);
        as_if.deficit[0] *= run.lanes[0].domain[domain];
        check_share(sums.right, N, p_right(&as_if, &item), "right");
    }
}

/* ---- rushing ---- */

/* 100 items, 1000 s, the clock watched from 400 s on. */
static struct person_lane pressed(double elapsed_s, uint32_t n_answered)
{
    return (struct person_lane){.state = {.ability = 0.5, .deficit = {0.3, 0, 0, 0, 0.2}},
                                .pacing = {.limit_s = 1000,
                                           .n_items = 100,
                                           .most_speedup = 3,
                                           .after_s = 400,
                                           .loss = 0.8,
                                           .guess = 0.25},
                                .elapsed_s = elapsed_s,
                                .calm_s = elapsed_s,
                                .n_answered = n_answered};
}

/* The answer of one lane again and again from the same moment: speedup and share right. */
static void check_rush(struct person_lane at, const struct irt_item *item, double speedup)
{
    double w = at.pacing.loss * (1 - 1 / speedup), log_s = 0, right = 0, pacing = 0;
    double p = p_right(&at.state, item), g = fmax(at.pacing.guess, item->c);
    at.response = rng_keyed(9, 1, 1, RNG_RESPONSE);
    at.latency = rng_keyed(9, 1, 1, RNG_LATENCY);
    for (int i = 0; i < N; i++) {
        struct person_lane lane = at, *pointer = &lane;
        uint8_t answer;
        double seconds;
        person_answer(&item, &pointer, 1, &answer, &seconds);
        log_s += log(seconds);
        right += answer;
        pacing += lane.miss == PERSON_PACING;
        cr_assert_eq(lane.n_rushed, speedup > 1 ? 1 : 0);
        cr_assert_eq(lane.calm_s, speedup > 1 ? at.calm_s : at.calm_s + seconds);
        cr_assert_eq(lane.elapsed_s, at.elapsed_s + seconds);
        at.response = lane.response;
        at.latency = lane.latency;
    }
    check_share(right, N, (1 - w) * p + w * g, "right");
    check_share(pacing, N, w * (1 - g) + (1 - w) * (1 - p) * 0.2 / 0.5, "logged under pacing");
    cr_assert_float_eq(log_s / (double)N, item->time_intensity - log(speedup),
                       5 * item->time_sd / sqrt((double)N), "mean log time");
}

/* Mean time so far 10 s; after 500 s 50 items are left: enough. After 600 s and 50 items, 12 s
 * each, 600 s are needed and 400 there. With 25 answered, 24 s each, 1800 s are needed: at most 3.
 */
Test(response, an_examinee_who_runs_out_of_time_answers_faster_and_guesses)
{
    check_rush(pressed(500, 50), &items[0], 1);
    check_rush(pressed(399, 1), &items[0], 1); /* does not watch the clock yet */
    check_rush(pressed(600, 50), &items[0], 1.5);
    check_rush(pressed(600, 25), &items[0], 3);
    check_rush(pressed(600, 25),
               &(struct irt_item){.a = 1, .c = 0.4, .d = 1, .time_sd = 0.5, .demand = {1, 1, 1}},
               3);
    check_rush(pressed(700, 100), &items[0], 1); /* no item is left to hurry for */
}

/* Rushed answers do not count for the usual pace: 400 s in 40 answers, then 100 s in 20 rushed. */
Test(response, the_usual_pace_is_that_of_calm_answers)
{
    struct person_lane lane = pressed(600, 60);
    lane.n_rushed = 20;
    lane.calm_s = 480; /* 12 s each: 480 s for 40 more, and 400 there */
    check_rush((struct person_lane){.state = lane.state,
                                    .pacing = lane.pacing,
                                    .elapsed_s = 600,
                                    .calm_s = 480,
                                    .n_answered = 60,
                                    .n_rushed = 0},
               &items[0], 1);
    uint8_t answer;
    double seconds;
    const struct irt_item *item = &items[0];
    struct person_lane *pointer = &lane;
    person_answer(&item, &pointer, 1, &answer, &seconds);
    cr_expect_eq(lane.n_rushed, 21);
}

/* An untimed test has no clock. */
Test(response, nobody_rushes_without_a_limit)
{
    struct person_lane lane = pressed(600, 25), *pointer = &lane;
    const struct irt_item *item = &items[0];
    uint8_t answer;
    person_answer(&item, &pointer, 1, &answer, NULL);
    cr_expect(lane.n_rushed == 0 && lane.n_answered == 25);
}
