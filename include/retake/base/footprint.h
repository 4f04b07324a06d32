/* How much memory this process has, as the system counts it.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_BASE_FOOTPRINT_H
#define RETAKE_BASE_FOOTPRINT_H

/** Bytes of this process that are in memory, and the most that were since footprint_peak_forget. 0
 * where the system does not tell (/proc/self/status). */
double footprint_resident_bytes(void);
double footprint_peak_bytes(void);

/** The peak is what is resident now; nothing where the system has no such switch. */
void footprint_peak_forget(void);

#endif
