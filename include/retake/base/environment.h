/* Variables of the environment. All that retake reads are in docs/exit-codes.md.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_BASE_ENVIRONMENT_H
#define RETAKE_BASE_ENVIRONMENT_H

/** The text of a variable; NULL: it is not set, or empty, which is the same. */
const char *environment_text(const char *name);

#endif
