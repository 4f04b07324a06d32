/* What the tables of a cut study are made of.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_REPORT_SUMMARY_CUT_H
#define RETAKE_REPORT_SUMMARY_CUT_H

#include <retake/store/result.h>

#include "sheet.h"

/** A place in a cut study: an index into each of its dimensions. */
struct report_cut_place {
    size_t cut, competence, cost_ratio, attempt, score_point, score_band, panel_se, change;
};

/** A cut study and where its tables stand: the operational cut, the scenario's threshold of
 * competence, the first ratio of costs, the first attempt. */
struct report_cut {
    const struct dataset *dataset;
    const struct store_provenance *provenance;
    const struct report_sheet *sheet;
    struct report_cut_place here;
    size_t n_attempts;
    double operational, per_logit; /* points, points a logit; NaN where not known */
};

void report_cut_open(struct report_cut *self, const struct dataset *dataset,
                     const struct store_provenance *provenance, const struct report_sheet *sheet);

/** The value of a variable at a place, or NaN. */
double report_cut_value(const struct report_cut *self, const char *name,
                        const struct report_cut_place *place);

/** Whether there is such a variable. */
bool report_cut_has(const struct report_cut *self, const char *name);

/** A cell with a rate in percent and its error; with a value as it is. */
void report_cut_rate(const struct report_cut *self, struct report_table *table, const char *name,
                     const struct report_cut_place *place);
void report_cut_number(const struct report_cut *self, struct report_table *table, const char *name,
                       const struct report_cut_place *place, int digits, double scale);

/** The tables that serve a choice: losses, the panel, changes, the bank. */
void report_cut_choice(const struct report_cut *self);

/** All tables of a cut study. */
void report_summary_cut(const struct dataset *dataset, const struct store_provenance *provenance,
                        const struct report_sheet *sheet);

#endif
