/* A result read through the guard (retake/base/guard.h): HDF5 sees the file only in a process that
 * ends with it; what comes back are plain bytes, of which none is believed. The digest is computed
 * here, from what this process has.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/store/result.h>

#include "hdf5_guard.h"
#include "image_read.h"
#include "result_bytes.h"

#include <retake/base/guard.h>

/* ---- in the worker ---- */

static enum err_code result_pack(const char *name, const struct store_result *result,
                                 struct guard_output *output, struct err *err)
{
    struct pack_writer count = {.bytes = NULL}, writer = {.n = 0};
    store_result_put(result, &count);
    writer.bytes = guard_output_new(output, count.n);
    if (!writer.bytes)
        return err_set(err, ERR_MEMORY, "%s: no memory for %zu bytes", name, count.n);
    store_result_put(result, &writer);
    return ERR_OK;
}

static enum err_code result_decode(const struct guard_input *input, struct guard_output *output,
                                   struct err *err)
{
    struct store_result result;
    if (store_image_decode(input->name, input->bytes, input->n_bytes, input->is_alone, &result,
                           err) == ERR_OK)
        result_pack(input->name, &result, output, err);
    if (!input->is_alone)
        store_result_free(&result);
    return err->code;
}

/* ---- in the program ---- */

enum err_code store_result_read(const char *path, struct store_result *out, struct err *err)
{
    static const struct guard_reader reader = {
        .look = store_image_look, .prepare = store_hdf5_prepare, .read = result_decode};
    struct guard_bytes bytes;
    struct err why = {0};
    *out = (struct store_result){.provenance = {0}};
    if (guard_read(path, &reader, &bytes, err) != ERR_OK)
        goto out;
    if (store_result_take(bytes.bytes, bytes.n_bytes, out, &why) == ERR_MEMORY)
        err_set(err, ERR_MEMORY, "%s: no memory for the result", path);
    else if (why.code)
        err_set(err, ERR_HOSTILE, "%s: cannot be read: damaged or hostile (%s)", path, why.detail);
    else
        store_result_check_digest(path, out, err);
out:
    guard_bytes_free(&bytes);
    return err->code;
}
