/* Any bytes as a sweep file: an error in one line, or a design whose points meet its conditions.
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "file_input.h"

#include <retake/study/sweep.h>

enum { MOST_POINTS = 64, BASE_DESCRIPTOR = 100 };

/* The base policy of the corpus: /proc/self/fd/100. */
static void have_base(void)
{
    static const char base[] = "exam: {form: normal}\n";
    static bool is_there;
    struct file_input file;
    if (is_there)
        return;
    file_input_init(base, sizeof base - 1, &file);
    require(dup2(file.descriptor, BASE_DESCRIPTOR) == BASE_DESCRIPTOR);
    file_input_free(&file);
    is_there = true;
}

static void require_points(const struct study_sweep *sweep)
{
    require(sweep->n_points > 0 && sweep->n_points <= sweep->n_drawn);
    for (size_t p = 0; p < sweep->n_points && p < MOST_POINTS; p++) {
        struct scenario scenario;
        struct err err = {0};
        for (size_t c = 0; c < sweep->n_columns; c++)
            require(sweep->values[p * sweep->n_columns + c] != NULL);
        study_sweep_policy(sweep, p, &scenario, &err);
        require(!strpbrk(err.detail, "\n\r\033"));
        config_scenario_free(&scenario);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    struct file_input file;
    struct study_sweep sweep = {0};
    struct err err = {0};
    have_base();
    file_input_init(data, n_bytes, &file);
    if (study_sweep_load(file.path, &sweep, &err) == ERR_OK)
        study_sweep_design(&sweep, &err);
    require_message(&err);
    if (err.code == ERR_OK)
        require_points(&sweep);
    study_sweep_free(&sweep);
    file_input_free(&file);
    return 0;
}
