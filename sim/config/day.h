/* Days of the proleptic Gregorian calendar as YYYY-MM-DD.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_CONFIG_DAY_H
#define RETAKE_SIM_CONFIG_DAY_H

#include <stdbool.h>
#include <stdint.h>

/** A real date, years 0001 to 9999, in days since 1970-01-01; false for anything else. */
bool config_day_parse(const char *text, int64_t *day);

/** The date of a day that config_day_parse can give. */
void config_day_format(int64_t day, char text[11]);

#endif
