/* The arena's source of memory, in place of the library's, in all unit tests.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_UNIT_MEMORY_H
#define RETAKE_UNIT_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* It fails after so many calls. A test is a process, so none has to set it back. */
extern size_t memory_left;

#endif
