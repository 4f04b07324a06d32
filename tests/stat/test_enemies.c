/* Enemies never meet: a million sessions in full, every one looked at. The groups run across
 * domains and across scored and pilot items, content and exposure rules are at work, and the pool
 * is so small that items set aside have to come back. Without the column they do meet.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sessions.h"
#include "stat_size.h"

enum { N_SCORED = 64, N_PILOTS = 8, N_GROUPS = 28 };

static const char exam_yaml[] =
    "bank: pool\nexam:\n  min_items: 10\n  max_items: 14\n  pilot_items: 2\n  time_limit_min: "
    "none\n"
    "  select: {randomesque: 3}\n  exposure: {rule: sympson_hetter}\n"
    "  content:\n    rule: kingsbury_zara\n    domains:\n"
    "      scene: {target: 0.2}\n      primary_assessment: {target: 0.4}\n"
    "      secondary_assessment: {target: 0.05}\n      treatment_transport: {target: 0.25}\n"
    "      operations: {target: 0.1}\n";

/* Groups of two or three: items i, i + 28 and, of the first sixteen, i + 56; these last eight are
 * pilots. By row of the bank. */
static uint16_t group_of(size_t row)
{
    return row < 2 * N_GROUPS || row >= N_SCORED ? (uint16_t)(row % N_GROUPS + 1) : 0;
}

struct result {
    uint64_t n_met, n_sessions, n_short;
    uint64_t last[N_GROUPS + 1]; /* session (from 1) that met the group last */
};

/* Linear in the items of the session. */
static void look(const struct sessions_exam *exam, const struct cat_session *session,
                 uint64_t number, void *context)
{
    struct result *self = context;
    bool met = false;
    for (uint32_t k = 0; k < session->seen.n_seen; k++) {
        uint16_t group = group_of(exam->cat.order[session->items[k]]);
        met |= group && self->last[group] == number + 1;
        self->last[group] = number + 1;
    }
    self->n_met += met;
    self->n_short += session->stop == CAT_STOP_NO_ITEM;
    self->n_sessions++;
}

static struct result run(bool with_enemies, uint64_t n_sessions)
{
    struct sessions_exam exam;
    struct result result = {0};
    struct err err = {0};
    double p[N_SCORED];
    sessions_pool(&exam, N_SCORED, N_PILOTS);
    for (size_t row = 0; with_enemies && row < exam.bank.n_items; row++)
        exam.bank.items[row].enemy = group_of(row);
    exam.bank.n_enemies = with_enemies ? N_GROUPS : 0;
    sessions_init(&exam, exam_yaml);
    for (size_t i = 0; i < N_SCORED; i++)
        p[i] = i % 2 ? 0.2 : 1;
    cr_assert_eq(cat_design_expose(&exam.cat, p, &err), ERR_OK);
    sessions_run(&exam, n_sessions, NULL, look, &result);
    printf("%s enemies: %llu of %llu sessions met two of a group; %llu were cut short\n",
           with_enemies ? "with" : "without", (unsigned long long)result.n_met,
           (unsigned long long)result.n_sessions, (unsigned long long)result.n_short);
    sessions_free(&exam);
    return result;
}

Test(enemies, never_meet)
{
    uint64_t n = (uint64_t)stat_size(200000, 1000000);
    struct result result = run(true, n);
    cr_expect_eq(result.n_sessions, n);
    cr_expect_eq(result.n_met, 0);
    cr_expect_eq(result.n_short, 0);
}

Test(enemies, without_the_column_they_do)
{
    struct result result = run(false, 10000);
    cr_expect_gt(result.n_met, result.n_sessions / 4);
}
