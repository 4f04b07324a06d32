/* Writes the example dataset under the given path, for the checks with other programs.
 * SPDX-License-Identifier: Apache-2.0 */
#include "result_example.h"

int main(int argc, char **argv)
{
    struct err err = {0};
    struct dataset dataset;
    example_dataset(&dataset, 3, &err);
    if (argc == 2 && err.code == ERR_OK)
        store_result_write(argv[1], &dataset, &example_provenance, &err);
    dataset_free(&dataset);
    if (err.code != ERR_OK)
        fprintf(stderr, "%s\n", err.detail);
    return argc == 2 ? err_exit_status(err.code) : 2;
}
