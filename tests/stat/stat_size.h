/* Sizes of samples. A test that calls stat_size is run twice: small each time, in full under the
 * name TEST_long with the label long. Its limits follow from the size by sampling theory, so that
 * both are right; the full size sees smaller faults.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_STAT_SIZE_H
#define TESTS_STAT_SIZE_H

#include <stdlib.h>

static inline int stat_size(int everyday, int full)
{
    return getenv("RETAKE_LONG") ? full : everyday;
}

#endif
