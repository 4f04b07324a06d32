/* Calendar arithmetic. Civil dates by the era method: 400 years are 146,097 days, and a year that
 * begins in March puts the leap day last.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/pathway/calendar.h>

int pathway_weekday(int64_t day)
{
    int64_t since_monday = (day + 3) % 7; /* 1970-01-01 was a Thursday */
    return (int)(since_monday < 0 ? since_monday + 7 : since_monday);
}

int64_t pathway_add_business_days(int64_t day, int64_t n)
{
    if (n <= 0)
        return day;
    int weekday = pathway_weekday(day);
    if (weekday > 4) { /* a weekend counts as its Friday */
        day -= weekday - 4;
        weekday = 4;
    }
    int64_t ahead = weekday + n;
    return day + n + 2 * (ahead / 5);
}

void pathway_day_text(int64_t day, char text[11])
{
    int64_t z = day + 719468; /* days since 0000-03-01 */
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t of_era = z - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t m = (5 * of_year + 2) / 153; /* 0 = March */
    int64_t mday = of_year - (153 * m + 2) / 5 + 1, month = m < 10 ? m + 3 : m - 9;
    int64_t full = year + era * 400 + (month <= 2);
    int64_t digits[10] = {full / 1000 % 10,
                          full / 100 % 10,
                          full / 10 % 10,
                          full % 10,
                          -1,
                          month / 10,
                          month % 10,
                          -1,
                          mday / 10,
                          mday % 10};
    for (int i = 0; i < 10; i++)
        text[i] = digits[i] < 0 ? '-' : (char)('0' + digits[i]);
    text[10] = '\0';
}
