/* JSON while memory is out: whichever allocation fails, there is the whole text or none.
 * SPDX-License-Identifier: Apache-2.0 */
#include "json_out.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t n_left; /* allocations of jansson until one fails; 0: none does */

static void *alloc(size_t n)
{
    if (n_left > 0 && --n_left == 0) {
        errno = ENOMEM;
        return NULL;
    }
    return malloc(n);
}

/* {"name":"a","list":[1,0.5,null],"none":null,"yes":true} */
static char *make(struct err *err)
{
    struct report_json json = {0};
    json_t *out = report_json_object(&json), *list = report_json_array(&json);
    report_json_append(&json, list, report_json_count(&json, 1));
    report_json_append(&json, list, report_json_number(&json, 0.5));
    report_json_append(&json, list, report_json_number(&json, NAN));
    report_json_set_text(&json, out, "name", "a");
    report_json_set(&json, out, "list", list);
    report_json_set_text(&json, out, "none", NULL);
    report_json_set_flag(&json, out, "yes", true);
    return report_json_dump(&json, out, JSON_COMPACT, err);
}

Test(json_out, is_whole_or_not_there_at_every_allocation)
{
    static const char whole[] = "{\"name\":\"a\",\"list\":[1,0.5,null],\"none\":null,\"yes\":true}";
    size_t n_refused = 0;
    json_set_alloc_funcs(alloc, free);
    json_object_seed(1); /* which would read the system's random numbers */
    for (size_t at = 1; at < 200; at++) {
        struct err err = {0};
        n_left = at;
        char *text = make(&err);
        bool none_failed = n_left > 0;
        n_left = 0;
        cr_assert_eq(err.code, text ? ERR_OK : ERR_MEMORY);
        cr_assert(text || !none_failed, "allocation %zu", at);
        cr_assert(!text || strcmp(text, whole) == 0, "allocation %zu: %s", at, text);
        n_refused += !text;
        free(text);
    }
    cr_expect_gt(n_refused, 9);
}

Test(json_out, what_is_not_utf_8_is_null_as_a_text_and_refused_as_a_name)
{
    struct err err = {0};
    struct report_json json = {0};
    json_t *out = report_json_object(&json);
    report_json_set_text(&json, out, "bad", "\xff");
    char *text = report_json_dump(&json, out, JSON_COMPACT, &err);
    cr_expect_str_eq(text, "{\"bad\":null}");
    free(text);
    out = report_json_object(&json);
    report_json_set_text(&json, out, "\xff", "good");
    cr_expect_null(report_json_dump(&json, out, JSON_COMPACT, &err));
    cr_expect_eq(err.code, ERR_INPUT);
}
