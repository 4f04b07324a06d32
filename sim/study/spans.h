/* Numbers as spans, as sbatch --array takes them: "2,5-7".
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_STUDY_SPANS_H
#define RETAKE_SIM_STUDY_SPANS_H

#include <stdbool.h>
#include <stddef.h>

/** The numbers k + 1 for which are[k]; "" where there are none. free it. NULL when memory is out.
 */
char *study_spans(const bool *are, size_t n);

#endif
