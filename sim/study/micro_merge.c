/* Microdata of the parts of a run, joined in the order of candidates. What columns there are
 * follows from the first part; neither the bank nor any other file of the scenario is needed.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/micro_run.h>

#include <retake/base/wording.h>
#include <retake/study/record.h>

#include <stdlib.h>
#include <string.h>

#include "merge_shape.h"
#include "part.h"

/* What is known of the microdata of one part. */
struct piece {
    uint64_t first, next; /* candidates */
    char *path;           /* owned */
    char digest[33];
};

static int by_place(const void *left, const void *right)
{
    const struct piece *a = left, *b = right;
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    return (a->next > b->next) - (a->next < b->next);
}

static enum err_code piece_find(const char *part, const struct store_result *result,
                                struct piece *out, struct err *err)
{
    struct study_part state;
    const char *digest = store_result_text(result, "microdata_digest");
    if (study_part_take(part, result, &state, err) != ERR_OK)
        return err->code;
    if (!digest || strlen(digest) != sizeof out->digest - 1)
        return err_set(err, ERR_INPUT, "%s: was run without --microdata", part);
    *out = (struct piece){.first = state.first, .next = state.next, .path = study_micro_name(part)};
    memcpy(out->digest, digest, sizeof out->digest);
    return out->path ? ERR_OK : err_set(err, ERR_MEMORY, "no memory for a file name");
}

static enum err_code keep_restore(const char *name, const struct store_result *part,
                                  struct tally_micro_keep *out, struct err *err)
{
    struct err reason = {0};
    const char *words = store_result_text(part, STUDY_MICRO_KEEP);
    if (words && strcmp(words, "all") != 0 && tally_micro_keep_parse(words, out, &reason) != ERR_OK)
        err_set(err, ERR_INPUT, "%s: damaged: its " STUDY_MICRO_KEEP ": %s", name, reason.detail);
    return err->code;
}

/* @param schema  of the first part */
static enum err_code piece_read(const char *part, bool is_first, struct study_shape *shape,
                                struct tally_micro_schema *schema, struct piece *out,
                                struct err *err)
{
    struct store_result result;
    struct tally_micro_keep keep = {0};
    if (store_result_read(part, &result, err) == ERR_OK)
        piece_find(part, &result, out, err);
    if (is_first && !err->code && study_shape_init(part, &result, shape, err) == ERR_OK &&
        keep_restore(part, &result, &keep, err) == ERR_OK)
        tally_micro_schema_init(&shape->shape, &keep, schema, err);
    store_result_free(&result);
    return err->code;
}

static enum err_code pieces_join(struct piece *pieces, size_t n, const char *path,
                                 const struct tally_micro_schema *schema,
                                 struct store_result *result, struct err *err)
{
    const struct store_micro_options options = {.path = path, .schema = schema, .key = "merge"};
    char digest[33];
    struct store_micro_part *parts = malloc((n + 1) * sizeof *parts);
    if (!parts)
        return err_set(err, ERR_MEMORY, "no memory for %s", wording_count(n, "part").text);
    qsort(pieces, n, sizeof *pieces, by_place);
    for (size_t i = 0; i < n; i++)
        parts[i] = (struct store_micro_part){pieces[i].path, pieces[i].digest, pieces[i].next};
    if (store_micro_join(parts, n, &options, &result->provenance, digest, err) == ERR_OK)
        study_record_text(result, "microdata_digest", digest, err);
    free(parts);
    return err->code;
}

enum err_code study_micro_merge(const char *const *parts, size_t n_parts, const char *path,
                                struct store_result *result, struct err *err)
{
    struct study_shape shape = {0};
    struct tally_micro_schema schema = {0};
    struct piece *pieces = calloc(n_parts + 1, sizeof *pieces);
    if (!pieces)
        return err_set(err, ERR_MEMORY, "no memory for %s", wording_count(n_parts, "part").text);
    for (size_t i = 0; i < n_parts && !err->code; i++)
        piece_read(parts[i], i == 0, &shape, &schema, &pieces[i], err);
    if (!err->code)
        pieces_join(pieces, n_parts, path, &schema, result, err);
    for (size_t i = 0; i < n_parts; i++)
        free(pieces[i].path);
    free(pieces);
    tally_micro_schema_free(&schema);
    study_shape_free(&shape);
    return err->code;
}
