/* Writes the example dataset under the given path, for the checks with other programs. One
 * attribute is longer than the 64 KiB of an object header. SPDX-License-Identifier: Apache-2.0 */
#include "result_example.h"

#include <string.h>

enum { LONG_BYTES = 200000, N_ATTRIBUTES = sizeof example_attributes / sizeof *example_attributes };

static void example_write(const char *path, struct err *err)
{
    static char notes[LONG_BYTES + 1];
    struct store_attribute attributes[N_ATTRIBUTES + 1];
    struct dataset dataset;
    memset(notes, 'n', LONG_BYTES);
    memcpy(attributes, example_attributes, sizeof example_attributes);
    attributes[N_ATTRIBUTES] = (struct store_attribute){.name = "notes", .text = notes};
    example_dataset(&dataset, 3, err);
    if (err->code == ERR_OK)
        store_result_write(path, &dataset, &(struct store_provenance){N_ATTRIBUTES + 1, attributes},
                           err);
    dataset_free(&dataset);
}

int main(int argc, char **argv)
{
    struct err err = {0};
    if (argc != 2)
        return err_exit_status(ERR_USAGE);
    example_write(argv[1], &err);
    if (err.code != ERR_OK)
        fprintf(stderr, "%s\n", err.detail);
    return err_exit_status(err.code);
}
