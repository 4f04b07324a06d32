/* Content: what every single session has of each domain.
 *
 * Kingsbury & Zara: after n items a domain has at least target n - (1/2 + ... + 1/k) and at most
 * target n + 1 - 1/k (content_kingsbury_zara.c has the proof), hence exactly target n where these
 * are whole numbers. Modified multinomial: the quota, at exam.max_items. Hard limits: always. Each
 * test first shows that an exam without the rule does otherwise. SPDX-License-Identifier:
 * Apache-2.0 */
#include "sessions.h"

enum { N_DOMAINS = 5, N_SESSIONS = 20000 };

#define EXAM(items) "bank: pool\nexam:\n  pilot_items: 0\n  time_limit_min: none\n" items
#define FIXED "  min_items: 20\n  max_items: 20\n"
#define VARIABLE "  min_items: 10\n  max_items: 40\n"
#define TARGETS(a, b, c, d, e)                                                                     \
    "    domains:\n      scene: {target: " #a "}\n      primary_assessment: {target: " #b "}\n"    \
    "      secondary_assessment: {target: " #c "}\n      treatment_transport: {target: " #d "}\n"  \
    "      operations: {target: " #e "}\n"
#define LIMITS                                                                                     \
    "    domains:\n      scene: {min_items: 4}\n      primary_assessment: {max_items: 5}\n"        \
    "      secondary_assessment: {min_items: 3, max_items: 4}\n"                                   \
    "      operations: {max_items: 2}\n"
#define KINGSBURY_ZARA "  content:\n    rule: kingsbury_zara\n"
#define MULTINOMIAL "  content:\n    rule: modified_multinomial\n"

/* Domains in the order of the tables here; the bank has its own. */
static const char *const names[N_DOMAINS] = {"scene", "primary_assessment", "secondary_assessment",
                                             "treatment_transport", "operations"};

static size_t domain_of(const struct sessions_exam *exam, uint32_t item)
{
    size_t d = 0;
    while (strcmp(names[d], exam->bank.domains[exam->cat.items[item].domain]) != 0)
        d++;
    return d;
}

struct result {
    uint64_t n_sessions, n_wrong; /* sessions that break the expectation */
    double least, most;           /* items behind target, over all sessions */
    const double *target;
    const uint32_t *low, *high; /* [N_DOMAINS]: counts at the end */
};

static void look_behind(const struct sessions_exam *exam, const struct cat_session *session,
                        struct result *self)
{
    double has[N_DOMAINS] = {0};
    for (uint32_t n = 1; n <= session->seen.n_scored; n++) {
        has[domain_of(exam, session->scored[n - 1])]++;
        for (size_t d = 0; d < N_DOMAINS; d++) {
            double behind = self->target[d] * n - has[d];
            self->least = fmin(self->least, behind);
            self->most = fmax(self->most, behind);
        }
    }
}

static void look(const struct sessions_exam *exam, const struct cat_session *session,
                 uint64_t number, void *context)
{
    struct result *self = context;
    uint32_t has[N_DOMAINS] = {0};
    bool is_wrong = false;
    (void)number;
    cr_assert_eq(exam->bank.n_domains, N_DOMAINS);
    for (uint32_t k = 0; k < session->seen.n_scored; k++)
        has[domain_of(exam, session->scored[k])]++;
    for (size_t d = 0; self->low && d < N_DOMAINS; d++)
        is_wrong |= has[d] < self->low[d] || has[d] > self->high[d];
    if (self->target)
        look_behind(exam, session, self);
    self->n_wrong += is_wrong;
    self->n_sessions++;
}

/* @param p_shown  of every item under Sympson & Hetter; 0: no exposure control */
static void run(const char *yaml, double p_shown, struct result *result)
{
    struct sessions_exam exam;
    struct err err = {0};
    sessions_pool(&exam, 200, 0);
    sessions_init(&exam, yaml);
    double p[200];
    for (size_t i = 0; i < 200; i++)
        p[i] = i % 3 ? p_shown : 1;
    if (p_shown > 0)
        cr_assert_eq(cat_design_expose(&exam.cat, p, &err), ERR_OK);
    sessions_run(&exam, N_SESSIONS, NULL, look, result);
    printf("%llu of %llu sessions; %+.3f to %+.3f items behind\n",
           (unsigned long long)result->n_wrong, (unsigned long long)result->n_sessions,
           result->least, result->most);
    sessions_free(&exam);
}

/* ---- Kingsbury & Zara ---- */

static const double even[N_DOMAINS] = {0.2, 0.4, 0.05, 0.25, 0.1};
static const uint32_t even_counts[N_DOMAINS] = {4, 8, 1, 5, 2}; /* of 20 */

Test(content_sessions, kingsbury_zara_meets_whole_targets_exactly)
{
    struct result with = {.low = even_counts, .high = even_counts}, without = with;
    run(EXAM(FIXED), 0, &without);
    cr_expect_gt(without.n_wrong, N_SESSIONS * 9 / 10, "the targets do not bind");
    run(EXAM(FIXED
             "  select: {randomesque: 5}\n" KINGSBURY_ZARA TARGETS(0.2, 0.4, 0.05, 0.25, 0.1)),
        0, &with);
    cr_expect_eq(with.n_wrong, 0);
}

Test(content_sessions, kingsbury_zara_under_exposure_control)
{
    struct result result = {.low = even_counts, .high = even_counts};
    run(EXAM(FIXED "  exposure: {rule: sympson_hetter}\n" KINGSBURY_ZARA TARGETS(0.2, 0.4, 0.05,
                                                                                 0.25, 0.1)),
        0.05, &result);
    cr_expect_eq(result.n_wrong, 0);
    result = (struct result){.low = even_counts, .high = even_counts};
    run(EXAM(FIXED
             "  exposure: {rule: eligibility}\n" KINGSBURY_ZARA TARGETS(0.2, 0.4, 0.05, 0.25, 0.1)),
        0.05, &result);
    cr_expect_eq(result.n_wrong, 0);
}

Test(content_sessions, kingsbury_zara_is_never_far_from_target)
{
    static const double odd[N_DOMAINS] = {0.21, 0.39, 0.06, 0.22, 0.12};
    struct result with = {.target = odd}, other = {.target = even}, without = {.target = odd};
    run(EXAM(VARIABLE), 0, &without);
    cr_expect(without.most > 2 && without.least < -2, "the targets do not bind");
    run(EXAM(VARIABLE KINGSBURY_ZARA TARGETS(0.21, 0.39, 0.06, 0.22, 0.12)), 0, &with);
    run(EXAM(VARIABLE KINGSBURY_ZARA TARGETS(0.2, 0.4, 0.05, 0.25, 0.1)), 0, &other);
    double below = 1.0 / 2 + 1.0 / 3 + 1.0 / 4 + 1.0 / 5, above = 1 - 1.0 / (double)N_DOMAINS;
    cr_expect(with.most <= below + 1e-9 && with.least >= -above - 1e-9);
    cr_expect(other.most <= below + 1e-9 && other.least >= -above - 1e-9);
    cr_expect(with.most < 1 && other.most < 1, "within one item, as it happens here");
}

/* ---- the modified multinomial model ---- */

Test(content_sessions, modified_multinomial_meets_its_quota)
{
    /* 20 items: 4.2, 7.8, 1.2, 4.4 and 2.4; the two items left over go to .8 and the first .4 */
    static const uint32_t odd_counts[N_DOMAINS] = {4, 8, 1, 5, 2};
    struct result whole = {.low = even_counts, .high = even_counts};
    struct result odd = {.low = odd_counts, .high = odd_counts};
    run(EXAM(FIXED MULTINOMIAL TARGETS(0.2, 0.4, 0.05, 0.25, 0.1)), 0, &whole);
    cr_expect_eq(whole.n_wrong, 0);
    run(EXAM(FIXED MULTINOMIAL TARGETS(0.21, 0.39, 0.06, 0.22, 0.12)), 0, &odd);
    cr_expect_eq(odd.n_wrong, 0);
}

/* The first domain is drawn from the targets themselves: chi^2 with four degrees of freedom, of
 * which the quantile at 1 - 6.3e-5 is 24.6. */
static void count_first(const struct sessions_exam *exam, const struct cat_session *session,
                        uint64_t number, void *context)
{
    uint32_t *n = context;
    (void)number;
    n[domain_of(exam, session->scored[0])]++;
}

Test(content_sessions, modified_multinomial_cannot_be_foreseen)
{
    struct sessions_exam exam;
    uint32_t n[N_DOMAINS] = {0};
    double chi = 0;
    sessions_pool(&exam, 200, 0);
    sessions_init(&exam, EXAM(FIXED MULTINOMIAL TARGETS(0.2, 0.4, 0.05, 0.25, 0.1)));
    sessions_run(&exam, N_SESSIONS, NULL, count_first, n);
    for (size_t d = 0; d < N_DOMAINS; d++) {
        double mean = even[d] * (double)N_SESSIONS;
        chi += (n[d] - mean) * (n[d] - mean) / mean;
    }
    printf("chi^2 of the first domain %.2f\n", chi);
    cr_expect_lt(chi, 24.6);
    sessions_free(&exam);
}

/* ---- hard limits ---- */

static const uint32_t least[N_DOMAINS] = {4, 0, 3, 0, 0}, most[N_DOMAINS] = {40, 5, 4, 40, 2};

Test(content_sessions, limits_hold_and_bind)
{
    struct result with = {.low = least, .high = most}, without = with, controlled = with;
    run(EXAM(VARIABLE), 0, &without);
    cr_expect_gt(without.n_wrong, N_SESSIONS / 2, "the limits do not bind");
    run(EXAM(VARIABLE "  content:\n" LIMITS), 0, &with);
    cr_expect_eq(with.n_wrong, 0);
    run(EXAM(VARIABLE "  exposure: {rule: sympson_hetter}\n  content:\n" LIMITS), 0.05,
        &controlled);
    cr_expect_eq(controlled.n_wrong, 0);
}

/* ---- what retakers meet ---- */

struct retake {
    uint64_t n_again, n_cut_short, n_domain;
    const uint64_t *excluded;
};

static void look_again(const struct sessions_exam *exam, const struct cat_session *session,
                       uint64_t number, void *context)
{
    struct retake *self = context;
    (void)number;
    for (uint32_t k = 0; k < session->seen.n_scored; k++) {
        uint32_t item = session->scored[k];
        self->n_again += self->excluded[item >> 6] >> (item & 63) & 1;
        self->n_domain += domain_of(exam, item) == 2;
    }
    self->n_cut_short += session->stop == CAT_STOP_NO_ITEM;
}

/* A retaker has met all but one item of secondary_assessment (12 of 200 items), which wants 3. */
Test(content_sessions, a_domain_that_is_used_up_gives_way)
{
    struct sessions_exam exam;
    uint64_t excluded[4] = {0};
    struct retake result = {.excluded = excluded};
    uint32_t n_left = 0;
    sessions_pool(&exam, 200, 0);
    sessions_init(&exam, EXAM(VARIABLE "  content:\n" LIMITS));
    for (uint32_t i = 0; i < 200; i++)
        if (domain_of(&exam, i) == 2 && n_left++ > 0)
            excluded[i >> 6] |= UINT64_C(1) << (i & 63);
    cr_assert_gt(n_left, 3);
    sessions_run(&exam, 2000, excluded, look_again, &result);
    cr_expect_eq(result.n_again, 0);
    cr_expect_eq(result.n_cut_short, 0);
    cr_expect_eq(result.n_domain, 2000, "the one item left is always asked");
    sessions_free(&exam);
}
