/* The two halves of store_image_read: one meets bytes of a stranger, one does not.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STORE_IMAGE_READ_H
#define RETAKE_STORE_IMAGE_READ_H

#include <retake/store/result.h>

#include <stdbool.h>

/** Refuse what begins no file of retake's, or ends too early, by its first bytes and its size.
 * @return ERR_OK; ERR_INPUT */
enum err_code store_image_look(const char *name, const unsigned char *head, size_t n_head,
                               size_t n_bytes, struct err *err);

/** Decode an image, seal included, without a look at the digest of its statistics.
 * @param is_alone  the process ends with this call, so that HDF5 may work on bytes themselves
 * @param out       store_result_free it, even after failure */
enum err_code store_image_decode(const char *name, const unsigned char *bytes, size_t n_bytes,
                                 bool is_alone, struct store_result *out, struct err *err);

/** Whether the statistics are those that statistics_digest is of. @return ERR_OK; ERR_INPUT */
enum err_code store_result_check_digest(const char *name, const struct store_result *self,
                                        struct err *err);

#endif
