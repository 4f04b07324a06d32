/* Whether this build has a sanitizer, of gcc or of clang. Sanitizers are to see what happens,
 * reserve terabytes of addresses, and know little of forks: what would be done in a process of its
 * own is done in this one.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_BASE_SANITIZED_H
#define RETAKE_BASE_SANITIZED_H

#if defined(__has_feature)
#define SANITIZED_BY(what) __has_feature(what)
#else
#define SANITIZED_BY(what) 0
#endif

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) ||                               \
    SANITIZED_BY(address_sanitizer) || SANITIZED_BY(thread_sanitizer) ||                           \
    SANITIZED_BY(memory_sanitizer)
#define IS_SANITIZED 1
#else
#define IS_SANITIZED 0
#endif

#endif
