/* Numbers as spans.
 * SPDX-License-Identifier: Apache-2.0 */
#include "spans.h"

#include <retake/base/stream.h>

#include <stdio.h>
#include <stdlib.h>

char *study_spans(const bool *are, size_t n)
{
    char *text = NULL;
    size_t n_text = 0;
    FILE *out = stream_to_memory(&text, &n_text);
    for (size_t k = 0; out && k < n; k++) {
        size_t last = k;
        if (!are[k])
            continue;
        while (last + 1 < n && are[last + 1])
            last++;
        fprintf(out, "%s%zu", ftell(out) > 0 ? "," : "", k + 1);
        if (last > k)
            fprintf(out, "-%zu", last + 1);
        k = last;
    }
    if (out && fclose(out) != 0) {
        free(text);
        text = NULL;
    }
    return text;
}
