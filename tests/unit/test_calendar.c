/* Dates and business days against Python's datetime: weekends, leap years, ends of years, days
 * before 1970. The tables were printed by datetime, business days by stepping day by day.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/pathway/calendar.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const struct {
    int64_t day;
    const char *text;
    int weekday;
} dates[] = {
    {0, "1970-01-01", 3},       {-1, "1969-12-31", 2},      {19781, "2024-02-28", 2},
    {19782, "2024-02-29", 3},   {19783, "2024-03-01", 4},   {20147, "2025-02-28", 4},
    {20148, "2025-03-01", 5},   {11016, "2000-02-29", 1},   {-25509, "1900-02-28", 2},
    {-25508, "1900-03-01", 3},  {47540, "2100-02-28", 6},   {47541, "2100-03-01", 0},
    {20818, "2026-12-31", 3},   {20819, "2027-01-01", 4},   {20458, "2026-01-05", 0},
    {21549, "2028-12-31", 6},   {-719162, "0001-01-01", 0}, {2932896, "9999-12-31", 4},
    {-135081, "1600-02-29", 1}, {20777, "2026-11-20", 4},   {20778, "2026-11-21", 5},
    {20779, "2026-11-22", 6},
};

Test(calendar, dates_and_weekdays)
{
    char text[11];
    for (size_t k = 0; k < sizeof dates / sizeof dates[0]; k++) {
        pathway_day_text(dates[k].day, text);
        cr_assert_str_eq(text, dates[k].text);
        cr_assert_eq(pathway_weekday(dates[k].day), dates[k].weekday, "%s", text);
    }
}

/* A weekend counts as its Friday; n = 0 is the day itself. */
static const int steps[] = {0, 1, 2, 3, 5, 10, 23, 260};
static const struct {
    const char *from, *to[8];
} business[] = {
    {"2026-11-20",
     {"2026-11-20", "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-27", "2026-12-04",
      "2026-12-23", "2027-11-19"}},
    {"2026-11-21",
     {"2026-11-21", "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-27", "2026-12-04",
      "2026-12-23", "2027-11-19"}},
    {"2026-11-22",
     {"2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-27", "2026-12-04",
      "2026-12-23", "2027-11-19"}},
    {"2026-11-23",
     {"2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-30", "2026-12-07",
      "2026-12-24", "2027-11-22"}},
    {"2026-12-31",
     {"2026-12-31", "2027-01-01", "2027-01-04", "2027-01-05", "2027-01-07", "2027-01-14",
      "2027-02-02", "2027-12-30"}},
    {"2024-02-28",
     {"2024-02-28", "2024-02-29", "2024-03-01", "2024-03-04", "2024-03-06", "2024-03-13",
      "2024-04-01", "2025-02-26"}},
    {"2024-02-29",
     {"2024-02-29", "2024-03-01", "2024-03-04", "2024-03-05", "2024-03-07", "2024-03-14",
      "2024-04-02", "2025-02-27"}},
    {"2027-01-01",
     {"2027-01-01", "2027-01-04", "2027-01-05", "2027-01-06", "2027-01-08", "2027-01-15",
      "2027-02-03", "2027-12-31"}},
    {"1969-12-30",
     {"1969-12-30", "1969-12-31", "1970-01-01", "1970-01-02", "1970-01-06", "1970-01-13",
      "1970-01-30", "1970-12-29"}},
};

static int64_t day_of(const char *date)
{
    char text[11];
    for (int64_t day = -1000; day < 40000; day++) {
        pathway_day_text(day, text);
        if (strcmp(text, date) == 0)
            return day;
    }
    cr_assert_fail("no day %s", date);
    return 0;
}

Test(calendar, business_days)
{
    char text[11];
    for (size_t k = 0; k < sizeof business / sizeof business[0]; k++)
        for (size_t j = 0; j < 8; j++) {
            pathway_day_text(pathway_add_business_days(day_of(business[k].from), steps[j]), text);
            cr_assert_str_eq(text, business[k].to[j], "%s + %d: %s", business[k].from, steps[j],
                             text);
        }
}

static int n_days(int month, bool is_leap)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap);
}

/* Every day of nine centuries, stepped by hand. */
Test(calendar, every_day_in_turn)
{
    int year = 1600, month = 1, day = 1, weekday = 5; /* 1600-01-01 was a Saturday */
    for (int64_t n = -135140; year < 2500; n++) {
        char text[11], expected[32];
        bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        pathway_day_text(n, text);
        snprintf(expected, sizeof expected, "%04d-%02d-%02d", year, month, day);
        cr_assert_str_eq(text, expected);
        cr_assert_eq(pathway_weekday(n), weekday);
        weekday = (weekday + 1) % 7;
        if (++day > n_days(month, is_leap)) {
            day = 1;
            month = month % 12 + 1;
            year += month == 1;
        }
    }
}
