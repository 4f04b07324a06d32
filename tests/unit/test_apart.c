/* Work in a process of its own: what comes back, and that its end is not the end of this one. Under
 * a sanitizer work is done in this process: then only what comes back can be looked at.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/apart.h>

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct order {
    size_t n_bytes;
    pid_t done_by;
    enum { DO, REFUSE, CRASH, LEAVE } what;
};

static enum err_code work(void *context, struct apart_bytes *out, struct err *err)
{
    struct order *order = context;
    order->done_by = getpid();
    if (order->what == REFUSE)
        return err_set(err, ERR_INPUT, "no");
    if (order->what == CRASH)
        abort();
    if (order->what == LEAVE)
        _exit(3);
    out->bytes = malloc(order->n_bytes + 1);
    cr_assert(out->bytes);
    out->n_bytes = order->n_bytes;
    for (size_t i = 0; i < order->n_bytes; i++)
        out->bytes[i] = (unsigned char)(i * 7);
    return ERR_OK;
}

/* Whether this build forks at all. */
static bool is_apart(void)
{
    struct order order = {.what = DO};
    struct apart_bytes out;
    struct err err = {0};
    apart_begin();
    cr_assert_eq(apart_do("a file", work, &order, &out, &err), ERR_OK);
    free(out.bytes);
    return order.done_by != getpid();
}

Test(apart, bytes_come_back_however_many_there_are)
{
    static const size_t sizes[] = {0, 1, 65536, 3000001};
    is_apart();
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        struct order order = {.n_bytes = sizes[k]};
        struct apart_bytes out;
        struct err err = {0};
        cr_assert_eq(apart_do("a file", work, &order, &out, &err), ERR_OK, "%s", err.detail);
        cr_assert_eq(out.n_bytes, sizes[k]);
        for (size_t i = 0; i < out.n_bytes; i++)
            cr_assert_eq(out.bytes[i], (unsigned char)(i * 7));
        free(out.bytes);
    }
}

Test(apart, a_refusal_comes_back)
{
    struct order order = {.what = REFUSE};
    struct apart_bytes out;
    struct err err = {0};
    is_apart();
    cr_expect_eq(apart_do("a file", work, &order, &out, &err), ERR_INPUT);
    cr_expect_str_eq(err.detail, "no");
    cr_expect_null(out.bytes);
}

Test(apart, without_a_beginning_work_is_done_here)
{
    struct order order = {.n_bytes = 5};
    struct apart_bytes out;
    struct err err = {0};
    cr_expect_eq(apart_do("a file", work, &order, &out, &err), ERR_OK);
    cr_expect_eq(order.done_by, getpid());
    free(out.bytes);
}

Test(apart, a_crash_is_an_error_and_so_is_an_end)
{
    static const char *const words[] = {[CRASH] = "signal 6", [LEAVE] = "status 3"};
    if (!is_apart())
        return;
    for (int what = CRASH; what <= LEAVE; what++) {
        struct order order = {.what = what == CRASH ? CRASH : LEAVE};
        struct apart_bytes out;
        struct err err = {0};
        cr_expect_eq(apart_do("out.h5", work, &order, &out, &err), ERR_INTERNAL);
        cr_expect(strstr(err.detail, "out.h5: ") && strstr(err.detail, words[what]), "%s",
                  err.detail);
        cr_expect_null(out.bytes);
    }
}
