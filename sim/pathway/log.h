/* Writing the log of a lane; nothing happens where there is none.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_PATHWAY_LOG_H
#define RETAKE_SIM_PATHWAY_LOG_H

#include "lane.h"

#include <retake/pathway/event.h>

void pathway_log_write(struct pathway_log *self, struct pathway_event event);

static inline void pathway_log_event(const struct lane *lane, enum pathway_event_kind kind,
                                     double day, double until)
{
    if (lane->log)
        pathway_log_write(lane->log, (struct pathway_event){.kind = kind,
                                                            .attempt = lane->outcome.n_sittings,
                                                            .day = day,
                                                            .until = until});
}

/** What lasts from the day to which `before` has been brought forward until that of the lane's
 * person. */
void pathway_log_change(const struct pathway_design *design, const struct lane *lane,
                        enum pathway_event_kind kind, double from, const struct person *before);

#endif
