/* A plan: everything that a run shares and does not change, built once from a scenario.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_ENGINE_PLAN_H
#define RETAKE_ENGINE_PLAN_H

#include <retake/engine/libraries.h>
#include <retake/tally/tally.h>

/** What came of the calibration of exposure control (exposure_calibrate.c). Shares of first
 * sittings. */
struct engine_exposure {
    bool is_calibrated; /* false: no control, or from exam.exposure.file */
    uint32_t n_iterations;
    double greatest_before; /* of any scored item, without control */
    double greatest_after;  /* with it, over sittings of their own */
    size_t n_controlled;    /* items with a probability below 1 */
};

/** Exposure parameters that a calibration has given before: it need not be made again. */
struct engine_exposure_known {
    struct engine_exposure exposure;
    size_t n_items;  /* scored items; of another number they are not used */
    const double *p; /* [n_items] */
};

struct engine_plan {
    const struct scenario *scenario; /* must live on */
    struct irt_bank bank;            /* empty with exam.form: normal */
    struct cat_design cat;
    struct person_design person;
    struct pathway_design pathway;
    struct tally_shape shape;
    char bank_digest[33]; /* XXH3-128 of the bank's file, hex; "" without a bank */
    struct engine_exposure exposure;
    struct engine_libraries libraries;    /* the one it uses, unless the options had a pool */
    const struct engine_library *library; /* of sessions; NULL: none */
    double library_clock_share; /* of candidates who meet the clock at first, by library */
    bool borrows_exam;          /* bank and cat are of another plan */
};

struct engine_options; /* run.h */

/**
 * Read the bank and build the designs. The scenario's cross-key checks are made here too, and
 * exposure control that needs it is calibrated: that simulates first sittings and takes seconds.
 * @param self  caller's; engine_plan_free it, even after failure. It must not be moved afterwards.
 * @return ERR_OK; ERR_INPUT, ERR_RANGE with one clear line; ERR_MEMORY
 */
enum err_code engine_plan_init(struct scenario *scenario, struct engine_plan *self,
                               struct err *err);
/** The same; of the options, threads and stop are those of the calibration. */
enum err_code engine_plan_prepare(struct scenario *scenario, const struct engine_options *options,
                                  struct engine_plan *self, struct err *err);

/**
 * The same, with the bank, the exam and the exposure parameters of another plan, which must live on
 * and whose scenario has the same values of exam.* and bank, and of all else where exposure control
 * is calibrated.
 */
enum err_code engine_plan_share(struct scenario *scenario, const struct engine_plan *exam,
                                struct engine_plan *self, struct err *err);

/** Leave out the statistics of sessions (tally_is_of_sessions), and what only they need. */
void engine_plan_leave_out_sessions(struct engine_plan *self);

/** Whether a scenario's exposure control is calibrated before it can run. */
bool engine_exposure_is_calibrated(const struct scenario *scenario);

/** The exposure parameters as CSV text (id,probability; scored items, in the bank's order); the
 * caller frees it. @return ERR_OK; ERR_MEMORY */
enum err_code engine_exposure_csv(const struct engine_plan *self, char **out, size_t *n_bytes,
                                  struct err *err);

void engine_plan_free(struct engine_plan *self);

#endif
