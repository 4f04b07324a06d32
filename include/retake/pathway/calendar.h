/* Days since 1970-01-01 in the proleptic Gregorian calendar; business days are Monday to Friday.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_PATHWAY_CALENDAR_H
#define RETAKE_PATHWAY_CALENDAR_H

#include <stdint.h>

/** 0 = Monday ... 6 = Sunday. */
int pathway_weekday(int64_t day);

/** The day on which n business days after `day` are over; n = 0 gives `day` itself. */
int64_t pathway_add_business_days(int64_t day, int64_t n);

/** A day as "YYYY-MM-DD" (years 0000 to 9999). */
void pathway_day_text(int64_t day, char text[11]);

#endif
