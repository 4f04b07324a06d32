/* What was built: facts that a result file records so that a run can be repeated. All are constant
 * strings, never NULL, kept current by every build (sim/base/build_info.c.in).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_BASE_BUILD_INFO_H
#define RETAKE_BASE_BUILD_INFO_H

/** Version of retake, e.g. "0.1.0". */
const char *build_info_version(void);

/** Commit of the sources, 12 hex digits, "-dirty" added if changed; "unknown" without git. */
const char *build_info_commit(void);

/** Compiler and its version, e.g. "GNU 12.2.0". */
const char *build_info_compiler(void);

/** Compiler flags that can change the numbers (warnings left out). */
const char *build_info_flags(void);

/** Versions of the libraries that were built against, e.g. "1.10.8". */
const char *build_info_hdf5(void);
const char *build_info_yaml(void);
const char *build_info_jansson(void);
const char *build_info_xxhash(void);
const char *build_info_nlopt(void);

#endif
