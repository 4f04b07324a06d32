/* The date of a file: SOURCE_DATE_EPOCH or the clock. The witness is date(1): date -u -d @N.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/date.h>

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *epoch, *date; /* NULL: refused */
} rows[] = {{"0", "1970-01-01T00:00:00Z"},
            {"1700000000", "2023-11-14T22:13:20Z"},
            {"4294967296", "2106-02-07T06:28:16Z"},
            {"253402300799", "9999-12-31T23:59:59Z"},
            {"253402300800", NULL},
            {"99999999999999999", NULL},
            {"-5", NULL},
            {"abc", NULL},
            {"1.5", NULL},
            {" 1", NULL},
            {"1 ", NULL},
            {"0x10", NULL}};

Test(date, source_date_epoch)
{
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        char text[DATE_BYTES] = "";
        struct err err = {0};
        setenv("SOURCE_DATE_EPOCH", rows[k].epoch, 1);
        cr_expect_eq(date_now(text, &err), rows[k].date ? ERR_OK : ERR_USAGE, "%s", rows[k].epoch);
        cr_expect_str_eq(text, rows[k].date ? rows[k].date : "", "%s", rows[k].epoch);
        cr_expect_eq(strstr(err.detail, "SOURCE_DATE_EPOCH") != NULL, rows[k].date == NULL);
    }
}

/* An empty variable is one that is not set. */
Test(date, the_clock)
{
    char text[DATE_BYTES] = "";
    struct err err = {0};
    setenv("SOURCE_DATE_EPOCH", "", 1);
    cr_assert_eq(date_now(text, &err), ERR_OK);
    cr_expect(strlen(text) == 20 && strcmp(text, "2026") > 0 && text[19] == 'Z', "%s", text);
}
