/* The date that files are given. SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_BASE_DATE_H
#define RETAKE_BASE_DATE_H

#include <retake/base/err.h>

enum { DATE_BYTES = 32 };

/**
 * Now, as ISO 8601 in UTC: 2026-11-30T18:00:00Z. SOURCE_DATE_EPOCH (reproducible-builds.org) stands
 * in for the clock when it is set.
 * @return ERR_OK; ERR_USAGE: it is no whole number of seconds of the years 1970 to 9999
 */
enum err_code date_now(char text[DATE_BYTES], struct err *err);

#endif
