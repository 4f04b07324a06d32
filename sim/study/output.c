/* The place where a result is to stand. SPDX-License-Identifier: Apache-2.0 */
#include "output.h"

#include <retake/base/file.h>
#include <retake/study/record.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void study_output_init(const struct study_durable *durable, const char *what,
                       struct study_output *self)
{
    bool is_kept = durable->checkpoint_s > 0 || durable->max_time_s > 0 || durable->resume;
    *self = (struct study_output){
        .durable = durable, .what = what, .is_kept = durable->output && is_kept};
}

void study_output_free(struct study_output *self)
{
    free(self->checkpoint);
}

void study_output_say(const struct study_output *self, const char *format, ...)
{
    char line[1400];
    va_list arguments;
    if (!self->durable->say)
        return;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    self->durable->say(line, self->durable->say_context);
}

enum err_code study_output_place(struct study_output *self, struct err *err)
{
    const char *output = self->durable->output;
    if (!output)
        return ERR_OK;
    self->checkpoint = file_beside(output, STUDY_CHECKPOINT_SUFFIX);
    if (!self->checkpoint)
        err_set(err, errno == ENOMEM ? ERR_MEMORY : ERR_IO, "%s: cannot write: %s", output,
                strerror(errno));
    return err->code;
}

enum err_code study_output_keep(const struct study_output *self, const struct store_result *result,
                                struct err *err)
{
    return store_result_save_beside(self->checkpoint, self->durable->output, result, err);
}

static enum err_code refuse_other(const struct study_output *self, const char *kind,
                                  const char *path, const char *difference, const char *advice,
                                  struct err *err)
{
    return err_set(err, ERR_INPUT, "%s %s is of another %s or of other inputs: %s; %s", kind, path,
                   self->what, difference, advice);
}

/* Why it is not goes into doubt, and matters only where there is no checkpoint. */
static bool is_finished(const struct study_output *self, const struct store_provenance *here,
                        struct store_result *result, struct err *doubt)
{
    char difference[512];
    const char *path = self->durable->output;
    bool is_there;
    if (file_look(path, &is_there, doubt) != ERR_OK || !is_there)
        return false;
    if (store_result_read(path, result, doubt) == ERR_OK) {
        if (study_record_differs(&result->provenance, here, true, difference))
            refuse_other(self, "output", path, difference, "remove it, or choose another output",
                         doubt);
        else if (!study_record_is_unfinished(&result->provenance))
            return true;
    }
    store_result_free(result);
    *result = (struct store_result){0};
    return false;
}

static enum err_code read_checkpoint(const struct study_output *self,
                                     const struct store_provenance *here,
                                     struct store_result *found, struct err *err)
{
    char difference[512];
    struct err reason = {0};
    store_result_read(self->checkpoint, found, &reason);
    bool is_damaged = reason.code == ERR_INPUT || reason.code == ERR_DAMAGED;
    if (reason.code)
        return err_set(err, reason.code, "%s%s", reason.detail,
                       is_damaged ? "; to start afresh, remove it" : "");
    if (study_record_differs(&found->provenance, here, true, difference))
        return refuse_other(self, "checkpoint", self->checkpoint, difference,
                            "to start afresh, remove it", err);
    return ERR_OK;
}

static enum err_code refuse_overwriting(const struct study_output *self, struct err *err)
{
    return err_set(err, ERR_INPUT,
                   "%s is there: go on from it with --resume, or remove it to start afresh",
                   self->checkpoint);
}

/* What was a result, or the beginning of one, is kept for whoever wants to look; anything else in
 * the place of the output is refused. */
static enum err_code set_aside(const struct study_output *self, const struct err *why,
                               struct err *err)
{
    char *kept;
    if (file_set_aside(self->durable->output, STUDY_DAMAGED_SUFFIX, &kept, err) == ERR_OK)
        study_output_say(self, "%s; it is kept as %s, and the %s is run anew", why->detail, kept,
                         self->what);
    free(kept);
    return err->code;
}

/* It is not finished, so it has to be written. */
static enum err_code check_place(const struct study_output *self, struct err *err)
{
    const struct err *cannot = self->durable->cannot_write;
    return cannot ? err_set(err, cannot->code, "%s", cannot->detail) : ERR_OK;
}

enum err_code study_output_find(const struct study_output *self,
                                const struct store_provenance *here, struct store_result *result,
                                struct store_result *found, enum study_left *left, struct err *err)
{
    struct err doubt = {0};
    *left = STUDY_LEFT_NOTHING;
    if (!self->durable->output)
        return ERR_OK;
    bool is_there;
    if (file_look(self->checkpoint, &is_there, err) != ERR_OK)
        return err->code;
    if (!self->durable->resume)
        return is_there && self->is_kept ? refuse_overwriting(self, err) : ERR_OK;
    if (is_finished(self, here, result, &doubt)) {
        study_output_say(self, "%s is finished", self->durable->output);
        unlink(self->checkpoint);
        *left = STUDY_LEFT_RESULT;
        return ERR_OK;
    }
    if (check_place(self, err) != ERR_OK)
        return err->code;
    if (is_there) {
        *left = STUDY_LEFT_CHECKPOINT;
        return read_checkpoint(self, here, found, err);
    }
    if (doubt.code == ERR_DAMAGED)
        return set_aside(self, &doubt, err);
    return doubt.code ? err_set(err, doubt.code, "%s", doubt.detail) : ERR_OK;
}

void study_output_translate(const struct study_output *self, struct err *err)
{
    if (err->code != ERR_INTERRUPTED || !self->is_kept)
        return;
    err_clear(err);
    err_set(err, ERR_STOPPED, "stopped while the %s was set up; go on with --resume", self->what);
}
