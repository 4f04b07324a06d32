/* A batch whose sittings are drawn from a library.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_ENGINE_BATCH_LIBRARY_H
#define RETAKE_SIM_ENGINE_BATCH_LIBRARY_H

#include <retake/engine/batch.h>

/** engine_batch_advance of such a batch; its pairs are made at the end, engine_batch_compare. */
enum err_code engine_batch_library_advance(struct engine_batch *self,
                                           const struct engine_options *options, struct err *err);

#endif
