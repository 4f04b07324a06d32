/* Whether the grid of EAP estimates is too coarse for the standard errors that an exam reaches: the
 * one home of the rule, for runs, sweeps, replays and checks.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_GRID_DOUBT_H
#define RETAKE_STUDY_GRID_DOUBT_H

#include <retake/config/scenario.h>
#include <retake/tally/dataset.h>

enum { STUDY_GRID_DOUBT_BYTES = 256 };

/** The key of the grid's points, which a doubt begins with: "KEY: ...". */
#define STUDY_GRID_KEY "exam.estimate.points"

/** The standard error [logit] below which the grid is too coarse: .8 of its spacing. 0 where no
 * grid is used: exam.form: normal, another estimator than eap. */
double study_grid_least_se(const struct scenario *scenario);

/**
 * @param least  the least standard error [logit]
 * @param share  the share of sittings whose standard error is below study_grid_least_se
 * @return whether there is a doubt: a share of .01 or more; text is then one line
 */
bool study_grid_doubt(const struct scenario *scenario, double least, double share,
                      char text[STUDY_GRID_DOUBT_BYTES]);

/** The same of the statistics of one policy: theta_se by bins of ability, weighted by n_theta. */
bool study_grid_doubt_of(const struct scenario *scenario, const struct dataset *dataset,
                         char text[STUDY_GRID_DOUBT_BYTES]);

#endif
