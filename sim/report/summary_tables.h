/* The tables of a summary; each prints nothing when its variables are absent.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_REPORT_SUMMARY_TABLES_H
#define RETAKE_REPORT_SUMMARY_TABLES_H

#include "sheet.h"
#include "summary_parts.h"

void report_table_body(const struct report_view *self);     /* as certifying bodies publish */
void report_table_attempts(const struct report_view *self); /* rates, both denominators, errors */
void report_table_used(const struct report_view *self);     /* attempts used */
void report_table_outcomes(const struct report_view *self);
void report_table_days(const struct report_view *self);     /* to certification */
void report_table_sessions(const struct report_view *self); /* length, minutes, stop reasons */
void report_table_buckets(const struct report_view *self);  /* misses */
void report_table_theta(const struct report_view *self);    /* P(pass | theta) by attempt */
void report_table_exposure(const struct report_view *self); /* of items */
void report_table_costs(const struct report_view *self);
/* Of a sweep. */
void report_table_sensitivity(const struct dataset *dataset, const struct report_sheet *sheet);

#endif
