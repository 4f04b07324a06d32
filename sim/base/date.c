/* A build that cannot be made reproducible as asked is refused, not given another date.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/date.h>
#include <retake/base/environment.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char latest[] = "253402300799"; /* the last second of the year 9999 */

/* Digits alone, so that of equally long ones the greater comes later. */
static bool is_second(const char *text)
{
    size_t n = strlen(text);
    return n > 0 && strspn(text, "0123456789") == n &&
           (n < strlen(latest) || (n == strlen(latest) && strcmp(text, latest) <= 0));
}

enum err_code date_now(char text[DATE_BYTES], struct err *err)
{
    const char *epoch = environment_text("SOURCE_DATE_EPOCH");
    struct tm utc = {0};
    if (epoch && !is_second(epoch))
        return err_set(err, ERR_USAGE,
                       "SOURCE_DATE_EPOCH %.40s: a whole number of seconds from 0 "
                       "to %s is needed",
                       epoch, latest);
    time_t now = epoch ? (time_t)strtoll(epoch, NULL, 10) : time(NULL);
    gmtime_r(&now, &utc);
    strftime(text, DATE_BYTES, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return ERR_OK;
}
