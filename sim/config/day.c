/* Days since 1970-01-01 <-> date. A year starts in March, so that the leap day is its last; an era
 * is 400 years of 146097 days (H. Hinnant, "chrono-compatible low-level date algorithms").
 * SPDX-License-Identifier: Apache-2.0 */
#include "day.h"

#include <stdio.h>
#include <string.h>

enum { DAYS_OF_ERA = 146097, DAYS_TO_EPOCH = 719468 /* from 0000-03-01 */ };

static int digits(const char *text, int n)
{
    int value = 0;
    for (int i = 0; i < n; i++)
        value = value * 10 + (text[i] - '0');
    return value;
}

static bool has_shape(const char *text)
{
    if (strlen(text) != 10)
        return false;
    for (int i = 0; i < 10; i++) {
        bool dash = i == 4 || i == 7;
        if (dash ? text[i] != '-' : text[i] < '0' || text[i] > '9')
            return false;
    }
    return true;
}

static int days_of_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

bool config_day_parse(const char *text, int64_t *day)
{
    if (!has_shape(text))
        return false;
    int year = digits(text, 4), month = digits(text + 5, 2), of_month = digits(text + 8, 2);
    if (year < 1 || month < 1 || month > 12 || of_month < 1 ||
        of_month > days_of_month(year, month))
        return false;
    int shifted = month > 2 ? year : year - 1, era = shifted / 400, of_era = shifted % 400;
    int of_year = (153 * ((month + 9) % 12) + 2) / 5 + of_month - 1;
    *day = (int64_t)era * DAYS_OF_ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
           DAYS_TO_EPOCH;
    return true;
}

void config_day_format(int64_t day, char text[11])
{
    int64_t since = day + DAYS_TO_EPOCH, era = since / DAYS_OF_ERA, of_era = since % DAYS_OF_ERA;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t from_march = (5 * of_year + 2) / 153,
            of_month = of_year - (153 * from_march + 2) / 5 + 1;
    int64_t month = from_march < 10 ? from_march + 3 : from_march - 9;
    year += era * 400 + (month <= 2);
    snprintf(text, 11, "%04u-%02u-%02u", (unsigned)year % 10000, (unsigned)month % 100,
             (unsigned)of_month % 100);
}
