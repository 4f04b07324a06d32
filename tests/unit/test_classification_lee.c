/* Summed scores and Lee's indices against the sum over every response pattern, and what an
 * estimate-based cut amounts to. SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/rng.h>
#include <retake/irt/classification.h>

#include "fixture.h"
#include "memory.h"

/* ---- forms ---- */

enum { N_DICHOTOMOUS = 12, N_MIXED = 6, MAX_SCORE = 16 };

static const double gpcm_steps[] = {-1.1, 0.2, 0.9}, grm_steps[] = {-0.8, 0.5, 1.4, 2},
                    pcm_steps[] = {0.6, -0.3}; /* reversed steps are allowed */

static void dichotomous_form(struct irt_item *items, const struct irt_item **form)
{
    struct rng rng = rng_published(7, 7);
    for (int i = 0; i < N_DICHOTOMOUS; i++) {
        items[i] = (struct irt_item){.a = 0.5 + 1.5 * rng_unit(&rng),
                                     .b = 4 * rng_unit(&rng) - 2,
                                     .c = i % 3 == 0 ? 0.2 : 0,
                                     .d = i % 5 == 0 ? 0.95 : 1};
        form[i] = &items[i];
    }
}

static void mixed_form(struct irt_item *items, const struct irt_item **form)
{
    const struct irt_item all[N_MIXED] = {
        {.a = 1.2, .b = -0.4, .d = 1},
        {.a = 0.9, .d = 1, .steps = gpcm_steps, .model = IRT_GPCM, .n_categories = 4},
        {.a = 0.7, .b = 0.8, .c = 0.25, .d = 1},
        {.a = 1.4, .d = 1, .steps = grm_steps, .model = IRT_GRM, .n_categories = 5},
        {.a = 1, .d = 1, .steps = pcm_steps, .model = IRT_GPCM, .n_categories = 3},
        {.a = 1, .b = 0, .d = 1}};
    memcpy(items, all, sizeof all);
    for (int i = 0; i < N_MIXED; i++)
        form[i] = &items[i];
}

/* ---- brute force: every pattern of categories ---- */

static void by_patterns(const struct irt_item *const *form, size_t n, double theta, long double *p)
{
    double of_item[N_DICHOTOMOUS][IRT_MAX_CATEGORIES];
    size_t category[N_DICHOTOMOUS] = {0};
    for (size_t i = 0; i < n; i++)
        irt_probabilities(form[i], theta, of_item[i]);
    for (;;) {
        long double product = 1;
        size_t score = 0, i = 0;
        for (size_t k = 0; k < n; k++) {
            product *= (long double)of_item[k][category[k]];
            score += category[k];
        }
        p[score] += product;
        while (i < n && ++category[i] == irt_n_categories(form[i]))
            category[i++] = 0;
        if (i == n)
            return;
    }
}

enum { N_NODES = 19 };

/* The definitions, over all patterns of two independent tests. */
static struct irt_classification lee_by_patterns(const struct irt_item *const *form, size_t n,
                                                 const struct irt_nodes *nodes, const size_t *cuts,
                                                 const double *true_cuts, size_t n_cuts)
{
    long double total = 0, right = 0, above = 0, below = 0, alike = 0, top = 0, true_top = 0,
                joint[8][8] = {0};
    for (size_t q = 0; q < nodes->n; q++) {
        long double p[MAX_SCORE] = {0}, w = (long double)nodes->weight[q], expected = 0;
        size_t true_category = 0;
        by_patterns(form, n, nodes->theta[q], p);
        for (int s = 0; s < MAX_SCORE; s++)
            expected += s * p[s];
        for (size_t k = 0; k < n_cuts; k++)
            true_category +=
                true_cuts ? nodes->theta[q] >= true_cuts[k] : expected >= (long double)cuts[k];
        total += w;
        true_top += true_category == n_cuts ? w : 0;
        for (size_t s = 0; s < MAX_SCORE; s++) {
            size_t first = 0;
            for (size_t k = 0; k < n_cuts; k++)
                first += s >= cuts[k];
            *(first == true_category  ? &right
              : first > true_category ? &above
                                      : &below) += w * p[s];
            top += first == n_cuts ? w * p[s] : 0;
            for (size_t t = 0; t < MAX_SCORE; t++) {
                size_t second = 0;
                for (size_t k = 0; k < n_cuts; k++)
                    second += t >= cuts[k];
                joint[first][second] += w * p[s] * p[t];
            }
        }
    }
    long double chance = 0;
    for (size_t k = 0; k <= n_cuts; k++) {
        long double row = 0;
        for (size_t j = 0; j <= n_cuts; j++)
            row += joint[k][j] / total;
        chance += row * row;
        alike += joint[k][k];
    }
    return (struct irt_classification){.accuracy = (double)(right / total),
                                       .false_positive = (double)(above / total),
                                       .false_negative = (double)(below / total),
                                       .consistency = (double)(alike / total),
                                       .kappa = (double)((alike / total - chance) / (1 - chance)),
                                       .p_top = (double)(top / total),
                                       .p_true_top = (double)(true_top / total)};
}

static void make_nodes(double theta[N_NODES], double weight[N_NODES])
{
    for (int q = 0; q < N_NODES; q++) {
        theta[q] = -3.6 + 0.4 * q;
        weight[q] = exp(-0.5 * (theta[q] - 0.3) * (theta[q] - 0.3));
    }
}

static void check_alike(const struct irt_classification *a, const struct irt_classification *b)
{
    cr_assert_float_eq(a->accuracy, b->accuracy, 1e-12);
    cr_assert_float_eq(a->false_positive, b->false_positive, 1e-12);
    cr_assert_float_eq(a->false_negative, b->false_negative, 1e-12);
    cr_assert_float_eq(a->consistency, b->consistency, 1e-12);
    if (a->consistency < 1 - 1e-12) /* else all are in one category */
        cr_assert_float_eq(a->kappa, b->kappa, 1e-12);
    else
        cr_assert(isnan(a->kappa));
    cr_assert_float_eq(a->p_top, b->p_top, 1e-12);
    cr_assert_float_eq(a->p_true_top, b->p_true_top, 1e-12);
}

static void check_form(const struct irt_item *const *form, size_t n, const size_t *cuts,
                       const double *true_cuts, size_t n_cuts)
{
    double theta[N_NODES], weight[N_NODES];
    struct irt_nodes nodes = {N_NODES, theta, weight};
    struct arena arena = {0};
    struct irt_scores scores;
    struct irt_classification out, expected;
    struct err err = {0};
    make_nodes(theta, weight);
    cr_assert_eq(irt_scores_init(form, n, &nodes, &arena, &scores, &err), ERR_OK);
    for (size_t q = 0; q < N_NODES; q++) {
        long double p[MAX_SCORE] = {0};
        by_patterns(form, n, theta[q], p);
        for (size_t s = 0; s < scores.n_scores; s++)
            cr_assert_float_eq(scores.p[q * scores.n_scores + s], (double)p[s], 1e-14);
        cr_assert_float_eq(scores.expected[q], irt_expected_score(form, n, theta[q]), 1e-13);
    }
    cr_assert_eq(irt_lee(&scores, &nodes, cuts, true_cuts, n_cuts, &out, &err), ERR_OK);
    expected = lee_by_patterns(form, n, &nodes, cuts, true_cuts, n_cuts);
    check_alike(&out, &expected);
    arena_free(&arena);
}

Test(classification_lee, twelve_items_against_4096_patterns)
{
    struct irt_item items[N_DICHOTOMOUS];
    const struct irt_item *form[N_DICHOTOMOUS];
    size_t one = 7, three[] = {4, 7, 10};
    double threshold = 0.5, thresholds[] = {-1.1, 0.1, 1.3};
    dichotomous_form(items, form);
    cr_assert_eq(irt_max_score(form, N_DICHOTOMOUS), 12);
    check_form(form, N_DICHOTOMOUS, &one, NULL, 1);
    check_form(form, N_DICHOTOMOUS, &one, &threshold, 1);
    check_form(form, N_DICHOTOMOUS, three, NULL, 3);
    check_form(form, N_DICHOTOMOUS, three, thresholds, 3);
}

Test(classification_lee, mixed_form_against_patterns)
{
    struct irt_item items[N_MIXED];
    const struct irt_item *form[N_MIXED];
    size_t one = 6, two[] = {5, 9}, outside[] = {0, 13};
    double threshold = -0.4;
    mixed_form(items, form);
    cr_assert_eq(irt_max_score(form, N_MIXED), 12);
    check_form(form, N_MIXED, &one, NULL, 1);
    check_form(form, N_MIXED, &one, &threshold, 1);
    check_form(form, N_MIXED, two, NULL, 2);
    check_form(form, N_MIXED, outside, NULL, 2); /* everybody above one, nobody above the other */
}

/* n equal items: the binomial distribution, for as long a form as there is. */
Test(classification_lee, equal_items_are_binomial)
{
    enum { N = 170 };
    struct irt_item item = {.a = 1, .b = 0.4, .d = 1};
    const struct irt_item *form[N];
    double theta[] = {-4, 0, 0.4, 1, 4}, weight[] = {1, 1, 1, 1, 1};
    struct irt_nodes nodes = {5, theta, weight};
    struct arena arena = {0};
    struct irt_scores scores;
    struct err err = {0};
    for (int i = 0; i < N; i++)
        form[i] = &item;
    cr_assert_eq(irt_scores_init(form, N, &nodes, &arena, &scores, &err), ERR_OK);
    for (int q = 0; q < 5; q++) {
        long double p = (long double)irt_p(&item, theta[q]);
        for (int s = 0; s <= N; s++) {
            long double log_p = lgammal(N + 1) - lgammal(s + 1) - lgammal(N - s + 1) + s * logl(p) +
                                (N - s) * log1pl(-p);
            double expected = (double)expl(log_p);
            cr_assert_float_eq(scores.p[q * (N + 1) + s], expected, 1e-12 * expected + 1e-300);
        }
    }
    arena_free(&arena);
}

/* ---- the score that a cut of theta amounts to ---- */

/* In a Rasch form ML solves E(score | theta) = score, so theta_hat >= cut means score >= E(score |
 * cut). Six items at 0 and cut 0: a score of 3 is a tie. */
Test(classification_lee, score_cut)
{
    struct irt_item item = {.a = 1, .d = 1};
    const struct irt_item *form[6] = {&item, &item, &item, &item, &item, &item};
    cr_assert_eq(irt_score_cut(form, 6, 0, true), 3);
    cr_assert_eq(irt_score_cut(form, 6, 0, false), 4);
    cr_assert_eq(irt_score_cut(form, 6, log(2.0 / 4), true), 2); /* logit of 2 of 6 */
    cr_assert_eq(irt_score_cut(form, 6, log(2.0 / 4) + 1e-6, true), 3);
    cr_assert_eq(irt_score_cut(form, 6, 50, false), 7); /* even 6 of 6 is only 6 */
    cr_assert_eq(irt_score_cut(form, 6, -50, true), 0);
}

/* Against the estimator itself: EAP of a pattern with that score (Rasch: the score is sufficient).
 */
Test(classification_lee, score_cut_of_eap)
{
    enum { N = 20, N_GRID = 33 };
    struct irt_item items[N];
    const struct irt_item *form[N];
    double theta[N_GRID], weight[N_GRID];
    struct irt_nodes prior = {N_GRID, theta, weight};
    struct arena arena = {0};
    struct irt_scores scores;
    struct err err = {0};
    for (int i = 0; i < N; i++) {
        items[i] = (struct irt_item){.a = 1, .b = -1.5 + 0.17 * i, .d = 1};
        form[i] = &items[i];
    }
    for (int q = 0; q < N_GRID; q++) {
        theta[q] = -4 + 0.25 * q;
        weight[q] = exp(-0.5 * theta[q] * theta[q]);
    }
    cr_assert_eq(irt_scores_init(form, N, &prior, &arena, &scores, &err), ERR_OK);
    for (int cut = -12; cut <= 12; cut++) {
        size_t expected = N + 1;
        for (size_t score = N + 1; score-- > 0;) {
            double sum = 0, total = 0;
            for (int q = 0; q < N_GRID; q++) { /* the first score items right */
                double w = weight[q];
                for (size_t i = 0; i < N; i++) {
                    double p = irt_p(form[i], theta[q]);
                    w *= i < score ? p : 1 - p;
                }
                total += w;
                sum += w * theta[q];
            }
            if (sum / total >= 0.2 * cut)
                expected = score;
        }
        cr_assert_eq(irt_score_cut_eap(&scores, &prior, 0.2 * cut, true), expected);
    }
    arena_free(&arena);
}

Test(classification_lee, score_cut_of_eap_ties)
{
    struct irt_item item = {.a = 1, .d = 1};
    const struct irt_item *form[2] = {&item, &item};
    double theta[] = {-1, 0, 1}, weight[] = {1, 2, 1};
    struct irt_nodes prior = {3, theta, weight};
    struct arena arena = {0};
    struct irt_scores scores;
    struct err err = {0};
    cr_assert_eq(irt_scores_init(form, 2, &prior, &arena, &scores, &err), ERR_OK);
    cr_assert_eq(irt_score_cut_eap(&scores, &prior, 0, true), 1); /* by symmetry */
    cr_assert_eq(irt_score_cut_eap(&scores, &prior, 0, false), 2);
    cr_assert_eq(irt_score_cut_eap(&scores, &prior, 3, true), 3);
    arena_free(&arena);
}

/* ---- moments ---- */

/* Two nodes, two equal items: scores 0, 1, 2 by hand. */
Test(classification_lee, moments_by_hand)
{
    struct irt_item item = {.a = 1, .d = 1};
    const struct irt_item *form[2] = {&item, &item};
    double theta[] = {log(1.0 / 3), log(3)}, weight[] = {0.7, 0.7}; /* P = 1/4 and 3/4 */
    struct irt_nodes nodes = {2, theta, weight};
    struct arena arena = {0};
    struct irt_scores scores;
    struct irt_score_moments moments;
    struct err err = {0};
    cr_assert_eq(irt_scores_init(form, 2, &nodes, &arena, &scores, &err), ERR_OK);
    irt_score_moments(&scores, &nodes, &moments);
    /* P(0) = P(2) = (9/16 + 1/16)/2 = 5/16, P(1) = 6/16; expected scores 1/2 and 3/2 */
    cr_assert_float_eq(moments.mean, 1, 1e-14);
    cr_assert_float_eq(moments.variance, 5.0 / 8, 1e-14);
    cr_assert_float_eq(moments.skewness, 0, 1e-14);
    cr_assert_float_eq(moments.kurtosis, 8.0 / 5, 1e-14);
    cr_assert_float_eq(moments.reliability, 0.25 / (5.0 / 8), 1e-14);
    cr_assert_eq(moments.min, 0);
    cr_assert_eq(moments.max, 2);
    arena_free(&arena);
}

/* ---- errors ---- */

Test(classification_lee, errors)
{
    struct irt_item item = {.a = 1, .d = 1};
    const struct irt_item *form[1] = {&item};
    double theta[] = {0}, weight[] = {1}, falling[] = {1, 0};
    struct irt_nodes nodes = {1, theta, weight}, none = {0, NULL, NULL};
    size_t cuts[IRT_MAX_CUTS + 1] = {1, 2}, beyond = 3, equal[] = {1, 1};
    struct arena arena = {0};
    struct irt_scores scores;
    struct irt_classification out;
    struct err err = {0};
    cr_assert_eq(irt_scores_init(form, 1, &none, &arena, &scores, &err), ERR_RANGE);
    err_clear(&err);
    cr_assert_eq(irt_scores_init(form, 0, &nodes, &arena, &scores, &err), ERR_RANGE);
    err_clear(&err);
    cr_assert_eq(irt_scores_init(form, 1, &nodes, &arena, &scores, &err), ERR_OK);
    cr_assert_eq(irt_lee(&scores, &nodes, cuts, NULL, 2, &out, &err), ERR_OK);
    cr_assert_eq(irt_lee(&scores, &nodes, cuts, NULL, 0, &out, &err), ERR_RANGE);
    err_clear(&err);
    cr_assert_eq(irt_lee(&scores, &nodes, cuts, NULL, IRT_MAX_CUTS + 1, &out, &err), ERR_RANGE);
    err_clear(&err);
    cr_assert_eq(irt_lee(&scores, &nodes, &beyond, NULL, 1, &out, &err), ERR_RANGE);
    err_clear(&err);
    cr_assert_eq(irt_lee(&scores, &nodes, equal, NULL, 2, &out, &err), ERR_RANGE);
    err_clear(&err);
    cr_assert_eq(irt_lee(&scores, &nodes, cuts, falling, 2, &out, &err), ERR_RANGE);
    err_clear(&err);
    cr_assert_eq(irt_lee(&scores, &none, cuts, NULL, 2, &out, &err), ERR_RANGE);
    arena_free(&arena);
}

/* The first allocation fails; the table is larger than a block of the arena, so the next fails too.
 */
Test(classification_lee, no_memory)
{
    enum { N = 5000 };
    static double theta[N], weight[N] = {1};
    struct irt_item item = {.a = 1, .d = 1};
    const struct irt_item *form[60];
    struct irt_nodes nodes = {N, theta, weight};
    for (int i = 0; i < 60; i++)
        form[i] = &item;
    for (size_t n = 0; n <= 2; n++) {
        struct arena arena = {0};
        struct irt_scores scores;
        struct err err = {0};
        memory_left = n;
        enum err_code code = irt_scores_init(form, 60, &nodes, &arena, &scores, &err);
        memory_left = SIZE_MAX;
        cr_assert_eq(code, n < 2 ? ERR_MEMORY : code);
        arena_free(&arena);
    }
}
