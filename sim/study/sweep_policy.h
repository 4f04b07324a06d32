/* Plans of the policies of a sweep. Policies with the same exam share its tables.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_SWEEP_POLICY_H
#define RETAKE_STUDY_SWEEP_POLICY_H

#include <retake/engine/plan.h>

#include "sweep_parts.h"

/** One policy, ready to be run. */
struct study_policy {
    size_t point;
    struct scenario scenario;
    struct engine_plan plan;
    struct err failure; /* why it cannot be run; plan is then empty */
};

/** Exams that plans borrow from. */
struct study_exams {
    const struct study_sweep *sweep;
    const struct engine_options *options;
    struct scenario *base;
    struct engine_plan *base_plan;
    bool all_share; /* no axis touches the exam: all borrow that of the base */
    size_t n;
    struct study_exam *exams;
    char base_digest[33];
};

/** base and base_plan must live on, options too. */
void study_exams_init(const struct study_sweep *sweep, const struct engine_options *options,
                      struct scenario *base, struct engine_plan *base_plan,
                      struct study_exams *self);
void study_exams_free(struct study_exams *self);

/** A key by which policies of one exam come together; "" where it cannot be told. */
void study_exams_key(const struct study_exams *self, size_t point, char key[33]);

/** Free what no policy of the coming batch, whose keys these are, needs. */
void study_exams_trim(struct study_exams *self, const char (*keys)[33], size_t n_keys);

/**
 * Build a policy; a policy that cannot be built says so in its failure.
 * @param self  the caller's, not moved; study_policy_free it
 * @return ERR_OK; ERR_MEMORY; ERR_INTERRUPTED in a calibration
 */
enum err_code study_policy_build(struct study_exams *exams, size_t point, struct study_policy *self,
                                 struct err *err);
void study_policy_free(struct study_policy *self);

#endif
