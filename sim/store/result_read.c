/* A result read through the guard (retake/base/guard.h): HDF5 sees the file only in a process that
 * ends with it; what comes back are plain bytes, of which none is believed. The digest is computed
 * here, from what this process has.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/store/result.h>

#include "hdf5_guard.h"
#include "image_read.h"
#include "result_bytes.h"

#include <retake/base/guard.h>
#include <retake/base/wording.h>

#include <stdlib.h>
#include <unistd.h>

/* ---- in the worker ---- */

static enum err_code result_pack(const char *name, const struct store_result *result,
                                 struct guard_output *output, struct err *err)
{
    struct pack_writer count = {.bytes = NULL}, writer = {.n = 0};
    store_result_put(result, &count);
    writer.bytes = guard_output_new(output, count.n);
    if (!writer.bytes)
        return err_set(err, ERR_MEMORY, "%s: no memory for %s", name,
                       wording_count(count.n, "byte").text);
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

static const struct guard_reader reader = {
    .look = store_image_look, .prepare = store_hdf5_prepare, .read = result_decode};

static enum err_code result_finish(struct guard_job *job, struct store_result *out, struct err *err)
{
    struct guard_bytes bytes;
    struct err why = {0};
    *out = (struct store_result){.provenance = {0}};
    if (guard_finish(job, &bytes, err) != ERR_OK)
        goto out;
    if (store_result_take(bytes.bytes, bytes.n_bytes, out, &why) == ERR_MEMORY)
        err_set(err, ERR_MEMORY, "%s: no memory for the result", job->path);
    else if (why.code)
        err_set(err, ERR_HOSTILE, "%s: cannot be read: damaged or hostile (%s)", job->path,
                why.detail);
    else
        store_result_check_digest(job->path, out, err);
out:
    guard_bytes_free(&bytes);
    return err->code;
}

enum err_code store_result_read(const char *path, struct store_result *out, struct err *err)
{
    struct guard_job job;
    guard_begin(path, &reader, &job);
    return result_finish(&job, out, err);
}

/* ---- several ---- */

static struct guard_job *job_at(const struct store_reads *self, size_t k)
{
    return &self->jobs[k % self->n_ahead];
}

static void reads_fill(struct store_reads *self)
{
    while (self->n_begun < self->n && self->n_begun < self->next + self->n_ahead &&
           guard_begin_ahead(self->paths[self->n_begun], &reader, job_at(self, self->n_begun)))
        self->n_begun++;
}

/* A worker for each processor, and two at least: one then waits for neither disk nor fork. */
enum err_code store_reads_begin(struct store_reads *self, const char *const *paths, size_t n,
                                struct err *err)
{
    long n_processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t most = n_processors > 2 ? (size_t)n_processors : 2;
    most = most < GUARD_MAX_SERVERS ? most : GUARD_MAX_SERVERS;
    *self = (struct store_reads){.paths = paths, .n = n, .n_ahead = n < most ? n : most};
    self->jobs = calloc(self->n_ahead + 1, sizeof *self->jobs);
    if (!self->jobs)
        return err_set(err, ERR_MEMORY, "no memory to read %s", wording_count(n, "file").text);
    guard_widen(self->n_ahead);
    reads_fill(self);
    return ERR_OK;
}

enum err_code store_reads_next(struct store_reads *self, struct store_result *out, struct err *err)
{
    struct guard_job *job = job_at(self, self->next);
    if (self->n_begun == self->next)
        guard_begin(self->paths[self->n_begun++], &reader, job);
    result_finish(job, out, err);
    self->next++;
    reads_fill(self);
    return err->code;
}

void store_reads_end(struct store_reads *self)
{
    for (; self->jobs && self->next < self->n_begun; self->next++) {
        struct guard_bytes bytes;
        struct err ignored = {0};
        guard_finish(job_at(self, self->next), &bytes, &ignored);
        guard_bytes_free(&bytes);
    }
    free(self->jobs);
    self->jobs = NULL;
}
