/* Days since 1970-01-01 in the proleptic Gregorian calendar; business days are Monday to Friday,
 * but for the holidays of a calendar.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_PATHWAY_CALENDAR_H
#define RETAKE_PATHWAY_CALENDAR_H

#include <retake/config/scenario.h>

/** 0 = Monday ... 6 = Sunday. */
int pathway_weekday(int64_t day);

/** The day on which n business days after `day` are over, without holidays; n = 0 gives `day`
 * itself. */
int64_t pathway_add_business_days(int64_t day, int64_t n);

/** A day as "YYYY-MM-DD" (years 0000 to 9999). */
void pathway_day_text(int64_t day, char text[11]);

/** Holidays from Monday to Friday, in order, each once. Zeroed: there are none. */
struct pathway_calendar {
    size_t n_holidays;
    const int64_t *holidays;
};

/**
 * The holidays of calendar.holidays and calendar.holidays_file; owned by the arena.
 * @return ERR_OK; ERR_INPUT: a file without the column date, or a cell that is no date; ERR_MEMORY
 */
enum err_code pathway_calendar_init(const struct scenario *scenario, struct arena *arena,
                                    struct pathway_calendar *self, struct err *err);

/** As pathway_add_business_days, but holidays are no business days. */
int64_t pathway_calendar_add(const struct pathway_calendar *self, int64_t day, int64_t n);

#endif
