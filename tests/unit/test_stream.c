/* A stream into memory: what is written is there, and nothing is there once memory was out.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/stream.h>

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#if defined(__has_feature)
#define SANITIZED __has_feature(address_sanitizer)
#else
#define SANITIZED 0
#endif

Test(stream, holds_what_was_written)
{
    char *text;
    size_t n;
    FILE *out = stream_to_memory(&text, &n);
    cr_assert(out);
    fputs("a", out);
    cr_expect_eq(ftell(out), 1);
    fprintf(out, "%d,%s", 12, "b");
    cr_assert_eq(fflush(out), 0);
    cr_expect_str_eq(text, "a12,b");
    for (int k = 0; k < 100000; k++)
        fputc('x', out);
    cr_assert_eq(fclose(out), 0);
    cr_expect_eq(n, 100005);
    cr_expect_eq(strlen(text), n);
    cr_expect_eq(strspn(text + 5, "x"), 100000);
    free(text);
}

Test(stream, is_an_empty_text_where_nothing_was_written)
{
    char *text;
    size_t n;
    FILE *out = stream_to_memory(&text, &n);
    cr_assert_eq(fclose(out), 0);
    cr_expect_eq(n, 0);
    cr_expect_str_eq(text, "");
    free(text);
}

#if !SANITIZED && !defined(__SANITIZE_ADDRESS__)
Test(stream, says_that_memory_is_out)
{
    static char piece[1 << 20];
    char *text;
    size_t n;
    const struct rlimit limit = {512u << 20, 512u << 20};
    cr_assert_eq(setrlimit(RLIMIT_AS, &limit), 0);
    FILE *out = stream_to_memory(&text, &n);
    cr_assert(out);
    for (int k = 0; k < 600; k++)
        fwrite(piece, 1, sizeof piece, out);
    fputs("the end", out); /* for which there would be memory again */
    cr_expect_neq(ferror(out), 0);
    cr_expect_eq(fclose(out), EOF);
    cr_expect_null(text);
    cr_expect_eq(n, 0);
}
#endif
