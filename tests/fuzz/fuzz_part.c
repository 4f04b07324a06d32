/* Any bytes as the state of a checkpoint or a shard: an error in one line, or parts that lie within
 * the bytes. SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "file_input.h"

#include "part.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    unsigned char *bytes =
        malloc(n_bytes ? n_bytes : 1); /* exactly as long: reads beyond are seen */
    struct store_result result = {.state = {bytes, n_bytes}};
    struct study_part part = {0};
    struct err err = {0};
    require(bytes != NULL);
    memcpy(bytes, data, n_bytes);
    study_part_take("fuzz.h5", &result, &part, &err);
    require_message(&err);
    if (err.code == ERR_OK) {
        require(part.first <= part.next && part.next <= part.end);
        require(part.tally >= bytes && part.n_tally <= n_bytes);
        require(part.tally + part.n_tally <= bytes + n_bytes);
    }
    free(bytes);
    return 0;
}
