/* Random selection: every free scored item alike, no other; bits that are clear, counted plainly.
 * SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"
#include "select.h"
#include "sets.h"

Test(select_random, every_free_item_alike)
{
    enum { N = 20000 };
    struct irt_bank bank;
    struct scenario scenario;
    struct cat_design design;
    struct cat_workspace workspace;
    struct err err = {0};
    int n_chosen[100] = {0};
    fixture_bank(&bank, 100);
    fixture_pilots(&bank, 30);
    fixture_scenario(&scenario, "exam.min_items=1", "exam.max_items=50", "exam.pilot_items=0",
                     "exam.select.rule=random", NULL);
    fixture_design(&scenario, &bank, &design);
    cr_assert_eq(cat_workspace_init(&design, 1, &workspace, &err), ERR_OK);
    struct cat_session *session = workspace.sessions;
    cat_session_begin(&design, rng_published(5, 5), NULL, session);
    session->blocked[0] = UINT64_C(0xfff0f); /* 16 of 70 are used */
    for (int i = 0; i < N; i++)
        n_chosen[cat_select_next(&design, session)]++;
    for (int i = 0; i < 100; i++) {
        bool is_free = i < 70 && (i >= 20 || (i >= 4 && i < 8));
        double mean = is_free ? (double)N / 54.0 : 0;
        cr_assert_float_eq(n_chosen[i], mean, 5 * sqrt(mean), "item %d: %d", i, n_chosen[i]);
    }
    session->blocked[0] = session->blocked[1] = UINT64_MAX;
    cr_assert_eq(cat_select_next(&design, session), UINT32_MAX);
    cat_workspace_free(&workspace);
    cat_design_free(&design);
    config_scenario_free(&scenario);
    irt_bank_free(&bank);
}

Test(select_random, clear_bits_against_a_plain_count)
{
    struct rng rng = rng_published(6, 6);
    for (int trial = 0; trial < 2000; trial++) {
        uint64_t words[5];
        for (int w = 0; w < 5; w++)
            words[w] = trial % 3 ? ((uint64_t)rng_bits(&rng) << 32 | rng_bits(&rng)) : UINT64_MAX;
        size_t first = 64 * rng_below(&rng, 3), n = rng_below(&rng, 130);
        uint32_t count = 0;
        for (size_t bit = first; bit < first + n; bit++)
            if (!(words[bit / 64] >> (bit % 64) & 1))
                cr_assert_eq(cat_clear_bit(words, first, n, count++), bit);
        cr_assert_eq(cat_count_clear(words, first, n), count);
        cr_assert_eq(cat_clear_bit(words, first, n, count), UINT32_MAX);
    }
}
