/* The library of a plan.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_ENGINE_PLAN_LIBRARY_H
#define RETAKE_SIM_ENGINE_PLAN_LIBRARY_H

#include <retake/engine/run.h>

/** Give the plan's pathway the library that its exam needs: from the pool, from its file, or built;
 * as the last step of a plan.
 * @return ERR_OK; ERR_INPUT: the library cannot serve this scenario, one clear line; ERR_MEMORY;
 * ERR_IO; ERR_INTERRUPTED */
enum err_code engine_library_init(struct scenario *scenario, const struct engine_options *options,
                                  struct engine_plan *plan, struct err *err);

/** Give a plan the library of another with the same exam. @return ERR_OK; ERR_INPUT as above */
enum err_code engine_library_share(const struct engine_plan *exam, struct engine_plan *plan,
                                   struct err *err);

/** Whether a library can serve a scenario: ERR_OK, or ERR_INPUT and why not (plan_library_check.c).
 */
enum err_code engine_library_check_exam(const struct scenario *scenario, struct err *err);
enum err_code engine_library_check_attempts(const struct engine_plan *plan, struct err *err);
enum err_code engine_library_check_people(struct engine_plan *plan,
                                          const struct pathway_library *library, struct err *err);
/** @param share  of candidates who meet the clock at their first attempt */
enum err_code engine_library_check_clock(const struct engine_plan *plan, double share,
                                         struct err *err);

/** The file of a library; both keep its statistics_digest. Reading gives ERR_INPUT for whatever is
 * not a library of this exam.
 * @param asked  size and seed; its n_speeds where there is a clock */
enum err_code engine_library_read(const char *path, const struct cat_design *cat,
                                  const struct pathway_library *asked, struct engine_library *self,
                                  struct err *err);
enum err_code engine_library_write(const char *path, struct engine_library *self, struct err *err);

#endif
