/* Arena: alignment, zeroes, large pieces, texts, use after freeing.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/arena.h>

#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

static bool is_zero(const unsigned char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (bytes[i])
            return false;
    return true;
}

Test(arena, pieces_are_aligned_zeroed_and_apart)
{
    struct arena arena = {0};
    for (size_t n = 0; n < 3000; n += 7) {
        unsigned char *piece = arena_alloc(&arena, n);
        cr_assert_not_null(piece);
        cr_assert_eq((uintptr_t)piece % 64, 0);
        cr_assert(is_zero(piece, n), "%zu bytes overlap another piece", n);
        memset(piece, 0xA5, n);
    }
    arena_free(&arena);
}

Test(arena, a_piece_may_be_larger_than_a_block)
{
    struct arena arena = {0};
    size_t n = 10 << 20;
    unsigned char *small = arena_alloc(&arena, 1), *large = arena_alloc(&arena, n);
    cr_assert(small && large && is_zero(large, n));
    memset(large, 1, n);
    cr_expect_eq(*small, 0);
    arena_free(&arena);
}

Test(arena, too_much_is_refused)
{
    struct arena arena = {0};
    cr_expect_null(arena_alloc(&arena, SIZE_MAX));
    cr_expect_null(arena_alloc(&arena, SIZE_MAX / 2 + 1));
    cr_expect_null(arena.newest);
}

Test(arena, text_is_copied_and_terminated)
{
    struct arena arena = {0};
    char *text = arena_text(&arena, "wait_days", 4);
    cr_expect_str_eq(text, "wait");
    cr_expect_str_eq(arena_text(&arena, "", 0), "");
    arena_free(&arena);
}

Test(arena, it_is_usable_after_it_was_freed)
{
    struct arena arena = {0};
    arena_free(&arena);
    cr_expect_not_null(arena_alloc(&arena, 5));
    arena_free(&arena);
    cr_expect_null(arena.newest);
    cr_expect_not_null(arena_alloc(&arena, 5));
    arena_free(&arena);
}
