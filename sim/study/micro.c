/* Microdata of a run: from the engine's chunks to the store, in step with its checkpoints.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/micro_run.h>

#include <retake/base/digest.h>
#include <retake/base/file.h>
#include <retake/base/stream.h>
#include <retake/config/params.h>
#include <retake/study/record.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *study_micro_name(const char *output)
{
    static const char ending[] = ".h5", suffix[] = ".micro.h5";
    size_t n = strlen(output), n_ending = sizeof ending - 1;
    if (n > n_ending && strcmp(output + n - n_ending, ending) == 0)
        n -= n_ending;
    char *name = malloc(n + sizeof suffix);
    if (name) {
        memcpy(name, output, n);
        memcpy(name + n, suffix, sizeof suffix);
    }
    return name;
}

/* Called by the engine's threads at the same time. */
static void chunk_take(const struct pathway_outcomes *outcomes, uint64_t first, void *context)
{
    struct study_micro *self = context;
    store_micro_put(self->store, tally_micro_rows_of(&self->schema, outcomes, first));
}

/* What rows depend on, as a digest: segments of another run are never taken up. */
static enum err_code key_make(const struct engine_plan *plan, const char *keep, uint64_t first,
                              char key[33], struct err *err)
{
    char *text = NULL, line[CONFIG_LIST_BYTES];
    size_t n_text = 0, n_params;
    const struct param *params = config_params(&n_params);
    FILE *stream = stream_to_memory(&text, &n_text);
    if (!stream)
        return err_set(err, ERR_MEMORY, "no memory for the key of the microdata");
    fprintf(stream, "%s\n%s\n%s\n%llu\n", keep, plan->bank_digest, plan->person.digest,
            (unsigned long long)first);
    for (size_t k = 0; k < n_params; k++)
        for (size_t m = 0; m < config_param_n_members(&params[k], plan->scenario); m++) {
            config_param_format(&params[k], plan->scenario, m, line, sizeof line);
            if (params[k].type != PARAM_TEXT)
                fprintf(stream, "%s\n", line);
        }
    if (fclose(stream) != 0)
        err_set(err, ERR_MEMORY, "no memory for the key of the microdata");
    else
        digest_hex(text, n_text, key);
    free(text);
    return err->code;
}

static enum err_code begun(void *context, const struct engine_plan *plan,
                           const struct engine_state *state, bool is_resumed, struct err *err)
{
    struct study_micro *self = context;
    if (self->others && self->others->begun &&
        self->others->begun(self->others->context, plan, state, is_resumed, err) != ERR_OK)
        return err->code;
    struct store_micro_options store = {.path = self->path,
                                        .schema = &self->schema,
                                        .first = state->first,
                                        .resume_at = state->next};
    if (tally_micro_schema_init(&plan->shape, &self->keep, &self->schema, err) == ERR_OK &&
        key_make(plan, self->keep_text, state->first, store.key, err) == ERR_OK)
        store_micro_open(&store, &self->store, err);
    return err->code;
}

/* Look now and then, so that a run whose rows cannot be written is over soon: saving says why. */
static uint64_t until(void *context, const struct engine_state *state, uint64_t end)
{
    const uint64_t often = UINT64_C(2048) * TALLY_BLOCK;
    struct study_micro *self = context;
    if (store_micro_failed(self->store))
        return state->next;
    uint64_t next = (state->next / often + 1) * often;
    if (self->others && self->others->until)
        end = self->others->until(self->others->context, state, end);
    return next < end ? next : end;
}

static enum err_code saving(void *context, const struct engine_state *state, struct err *err)
{
    struct study_micro *self = context;
    self->is_joined = false;
    if (self->others && self->others->saving &&
        self->others->saving(self->others->context, state, err) != ERR_OK)
        return err->code;
    return store_micro_flush(self->store, state->next, err);
}

static enum err_code describe(void *context, const struct engine_state *state,
                              struct store_result *result, struct err *err)
{
    struct study_micro *self = context;
    char digest[33];
    if (self->others && self->others->describe &&
        self->others->describe(self->others->context, state, result, err) != ERR_OK)
        return err->code;
    if (store_micro_finish(self->store, &result->provenance, digest, err) != ERR_OK)
        return err->code;
    self->is_joined = true;
    return study_record_text(result, "microdata_digest", digest, err);
}

/* Of the result, after describe, segments are no longer needed; of a checkpoint they are. */
static enum err_code saved(void *context, const struct engine_state *state, struct err *err)
{
    struct study_micro *self = context;
    if (!self->is_joined)
        store_micro_saved(self->store);
    if (self->others && self->others->saved)
        self->others->saved(self->others->context, state, err);
    return err->code;
}

void study_micro_init(struct study_micro *self, const char *path,
                      const struct tally_micro_keep *keep, const struct study_hooks *others,
                      struct engine_options *engine)
{
    *self = (struct study_micro){.path = path,
                                 .keep = *keep,
                                 .others = others,
                                 .hooks = {.context = self,
                                           .begun = begun,
                                           .until = until,
                                           .saving = saving,
                                           .saved = saved,
                                           .describe = describe}};
    tally_micro_keep_format(keep, self->keep_text);
    engine->chunk_done = chunk_take;
    engine->chunk_context = self;
}

enum err_code study_micro_end(struct study_micro *self, bool is_resumable, struct err *err)
{
    if (!self->path)
        return err->code;
    bool is_there = self->is_joined;
    if (err->code == ERR_OK && !is_there && file_look(self->path, &is_there, err) == ERR_OK &&
        !is_there)
        err_set(err, ERR_INPUT,
                "%s: the result is finished, but its microdata are not there; to make them, remove "
                "the result",
                self->path);
    store_micro_close(self->store, err->code == ERR_OK || !is_resumable);
    tally_micro_schema_free(&self->schema);
    self->store = NULL;
    return err->code;
}
