/* Digests of what a sweep was told to do.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sweep_inputs.h"

#include <retake/base/digest.h>
#include <retake/base/file.h>
#include <retake/config/csv.h>
#include <retake/config/params.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void chain(char digest[33], const char *text)
{
    char joined[33 + 1024];
    int n = snprintf(joined, sizeof joined, "%s%.1000s", digest, text);
    digest_hex(joined, (size_t)n, digest);
}

void study_sweep_digest(const struct study_sweep *sweep, char digest[33])
{
    digest[0] = '\0';
    for (size_t c = 0; c < sweep->n_columns; c++)
        chain(digest, sweep->columns[c].key);
    for (size_t k = 0; k < sweep->n_points * sweep->n_columns; k++)
        chain(digest, sweep->values[k]);
    for (size_t a = 0; a < sweep->n_axes; a++)
        for (size_t v = 0; v < sweep->axes[a].n_values && sweep->axes[a].labels; v++)
            chain(digest, sweep->axes[a].labels[v]);
    for (size_t k = 0; k < sweep->n_outputs; k++)
        chain(digest, sweep->outputs[k]);
    chain(digest, sweep->all_outputs ? "all" : "some");
    chain(digest, sweep->compares ? "compared" : "not compared");
    chain(digest, sweep->common_random_numbers ? "common" : "independent");
}

static bool names_files(const char *key)
{
    const struct param *param = config_param_find(key);
    return param && param->type == PARAM_TEXT && strcmp(key, "title") != 0 &&
           strcmp(key, "engine.library.folder") != 0;
}

/* A file that cannot be read fails its policies; when it is there it counts. */
static void chain_file(char digest[33], struct scenario *base, const char *file)
{
    struct arena arena = {0};
    struct file_text text;
    struct err ignored = {0};
    char content[33] = "not there";
    const char *path = config_scenario_file_path(base, file);
    if (path && file_read(path, CSV_MAX_BYTES, &arena, &text, &ignored) == ERR_OK)
        digest_hex(text.bytes, text.n_bytes, content);
    chain(digest, file);
    chain(digest, content);
    arena_free(&arena);
}

static bool is_among(const char *text, const char *const *texts, size_t n)
{
    for (size_t k = 0; k < n; k++)
        if (strcmp(text, texts[k]) == 0)
            return true;
    return false;
}

enum err_code study_sweep_files_digest(const struct study_sweep *sweep, struct scenario *base,
                                       char digest[33], struct err *err)
{
    const char **files = calloc(sweep->n_points + 1, sizeof *files);
    digest[0] = '\0';
    if (study_sweep_memory(files, err) != ERR_OK)
        return err->code;
    for (size_t c = 0; c < sweep->n_columns; c++) {
        size_t n = 0;
        for (size_t k = 0; k < sweep->n_points && names_files(sweep->columns[c].key); k++) {
            const char *file = sweep->values[k * sweep->n_columns + c];
            if (!file[0] || is_among(file, files, n))
                continue;
            files[n++] = file;
            chain_file(digest, base, file);
        }
    }
    free(files);
    return ERR_OK;
}
