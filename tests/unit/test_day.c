/* Days: every day of four centuries, the ends of the calendar, what is no date.
 * SPDX-License-Identifier: Apache-2.0 */
#include "day.h"

#include <criterion/criterion.h>

Test(day, known_days)
{
    static const struct {
        const char *text;
        int64_t day;
    } rows[] = {{"1970-01-01", 0},     {"1969-12-31", -1},      {"2000-02-29", 11016},
                {"2026-01-05", 20458}, {"0001-01-01", -719162}, {"9999-12-31", 2932896}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t day = 0;
        char text[11];
        cr_expect(config_day_parse(rows[i].text, &day), "%s", rows[i].text);
        cr_expect_eq(day, rows[i].day, "%s: %lld", rows[i].text, (long long)day);
        config_day_format(rows[i].day, text);
        cr_expect_str_eq(text, rows[i].text);
    }
}

Test(day, each_day_of_the_calendar_reads_back)
{
    for (int64_t day = -719162; day <= 2932896; day++) {
        char text[11];
        int64_t again = 0;
        config_day_format(day, text);
        cr_assert(config_day_parse(text, &again) && again == day, "%s", text);
    }
}

Test(day, what_is_no_date_is_refused)
{
    static const char *const texts[] = {
        "",           "2026",       "2026-1-5",   "2026-13-01",  "2026-00-10", "2026-01-00",
        "2026-01-32", "2026-02-29", "1900-02-29", "2026-04-31",  "0000-01-01", "2026/01/05",
        "20260105",   "2026-01-5 ", " 2026-01-5", "2026-01-051", "-026-01-05", "yyyy-mm-dd"};
    int64_t day;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        cr_expect_not(config_day_parse(texts[i], &day), "%s", texts[i]);
}
