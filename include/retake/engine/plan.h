/* A plan: everything that a run shares and does not change, built once from a scenario.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_ENGINE_PLAN_H
#define RETAKE_ENGINE_PLAN_H

#include <retake/tally/tally.h>

struct engine_plan {
    const struct scenario *scenario; /* must live on */
    struct irt_bank bank;            /* empty with exam.form: normal */
    struct cat_design cat;
    struct person_design person;
    struct pathway_design pathway;
    struct tally_shape shape;
    char bank_digest[33]; /* XXH3-128 of the bank's file, hex; "" without a bank */
};

/**
 * Read the bank and build the designs. The scenario's cross-key checks are made here too.
 * @param self  caller's; engine_plan_free it, even after failure. It must not be moved afterwards.
 * @return ERR_OK; ERR_INPUT, ERR_RANGE with one clear line; ERR_MEMORY
 */
enum err_code engine_plan_init(struct scenario *scenario, struct engine_plan *self,
                               struct err *err);
void engine_plan_free(struct engine_plan *self);

#endif
