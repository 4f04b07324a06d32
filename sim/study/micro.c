/* Microdata of a run: from the engine's chunks to the store.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/microdata.h>

#include <retake/base/digest.h>
#include <retake/config/params.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Called by the engine's threads at the same time. */
static void chunk_take(const struct pathway_outcomes *outcomes, uint64_t first, void *context)
{
    struct study_micro *self = context;
    store_micro_put(self->store, tally_micro_rows_of(&self->schema, outcomes, first));
}

/* What the rows of a run depend on, as a digest: segments of another run are never taken up. */
static enum err_code key_make(const struct engine_plan *plan, const struct tally_micro_keep *keep,
                              uint64_t first, char key[33], struct err *err)
{
    char *text = NULL, line[CONFIG_LIST_BYTES], words[96];
    size_t n_text = 0, n_params;
    const struct param *params = config_params(&n_params);
    FILE *stream = open_memstream(&text, &n_text);
    if (!stream)
        return err_set(err, ERR_MEMORY, "no memory for the key of the microdata");
    tally_micro_keep_format(keep, words);
    fprintf(stream, "%s\n%s\n%s\n%llu\n", words, plan->bank_digest, plan->person.digest,
            (unsigned long long)first);
    for (size_t k = 0; k < n_params; k++)
        for (size_t m = 0; m < config_param_n_members(&params[k], plan->scenario); m++) {
            config_param_format(&params[k], plan->scenario, m, line, sizeof line);
            fprintf(stream, "%s\n", line);
        }
    if (fclose(stream) != 0)
        err_set(err, ERR_MEMORY, "no memory for the key of the microdata");
    else
        digest_hex(text, n_text, key);
    free(text);
    return err->code;
}

enum err_code study_micro_open(const struct study_micro_options *options,
                               const struct engine_plan *plan, uint64_t first, uint64_t resume_at,
                               struct engine_options *engine, struct study_micro *self,
                               struct err *err)
{
    *self = (struct study_micro){.store = NULL};
    if (!options->path)
        return ERR_OK;
    struct store_micro_options store = {
        .path = options->path, .schema = &self->schema, .first = first, .resume_at = resume_at};
    if (tally_micro_schema_init(&plan->shape, &options->keep, &self->schema, err) != ERR_OK ||
        key_make(plan, &options->keep, first, store.key, err) != ERR_OK ||
        store_micro_open(&store, &self->store, err) != ERR_OK)
        return err->code;
    engine->chunk_done = chunk_take;
    engine->chunk_context = self;
    return ERR_OK;
}

enum err_code study_micro_flush(struct study_micro *self, uint64_t upto, struct err *err)
{
    return self->store ? store_micro_flush(self->store, upto, err) : ERR_OK;
}

void study_micro_saved(struct study_micro *self)
{
    if (self->store)
        store_micro_saved(self->store);
}

enum err_code study_micro_finish(struct study_micro *self,
                                 const struct store_provenance *provenance, struct err *err)
{
    return self->store ? store_micro_finish(self->store, provenance, err) : ERR_OK;
}

void study_micro_close(struct study_micro *self, bool removes)
{
    store_micro_close(self->store, removes);
    tally_micro_schema_free(&self->schema);
    *self = (struct study_micro){.store = NULL};
}
