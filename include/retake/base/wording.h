/* Numbers as people say them, for messages.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_BASE_WORDING_H
#define RETAKE_BASE_WORDING_H

#include <stddef.h>
#include <stdint.h>

/** Made to be used at once: `wording_count(n, "policy").text`. */
struct wording {
    char text[64];
};

/** "1 policy", "3 policies". @param noun  in the singular; its last word is counted */
struct wording wording_count(uint64_t n, const char *noun);

/** The noun alone, in the number that n asks for. */
struct wording wording_noun(uint64_t n, const char *noun);

/** A time in the unit that people would take: "0.35 s", "12 min", "7.5 h", "3 days", "5.1 years".
 * Years are of 365.25 days. */
struct wording wording_duration(double seconds);

#endif
