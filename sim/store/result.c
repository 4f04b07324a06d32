/* Result files written: the image of a dataset (retake/store/image.h) as a whole file.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/store/result.h>

#include <retake/base/file.h>
#include <retake/store/image.h>

#include <string.h>

enum err_code store_result_save(const char *path, const struct store_result *result,
                                struct err *err)
{
    return store_result_save_beside(path, NULL, result, err);
}

enum err_code store_result_save_beside(const char *path, const char *output,
                                       const struct store_result *result, struct err *err)
{
    struct store_image image;
    enum err_code code = store_image_make(path, result, &image, err);
    if (code == ERR_OK)
        code = file_write_beside(path, output, image.bytes, image.n_bytes, err);
    store_image_free(&image);
    return code;
}

enum err_code store_result_write(const char *path, const struct dataset *dataset,
                                 const struct store_provenance *provenance, struct err *err)
{
    return store_result_save(
        path, &(struct store_result){.dataset = *dataset, .provenance = *provenance}, err);
}

void store_result_free(struct store_result *self)
{
    dataset_free(&self->dataset);
    self->provenance = (struct store_provenance){0};
    self->state = (struct store_state){0};
}

unsigned char *store_result_state_new(struct store_result *self, size_t n_bytes)
{
    unsigned char *bytes = arena_alloc(&self->dataset.arena, n_bytes);
    if (bytes)
        self->state = (struct store_state){bytes, n_bytes};
    return bytes;
}

const struct store_attribute *store_attribute_find(const struct store_provenance *self,
                                                   const char *name)
{
    for (size_t i = 0; i < self->n_attributes; i++)
        if (strcmp(self->attributes[i].name, name) == 0)
            return &self->attributes[i];
    return NULL;
}

const char *store_result_text(const struct store_result *self, const char *name)
{
    const struct store_attribute *found = store_attribute_find(&self->provenance, name);
    return found ? found->text : NULL;
}
