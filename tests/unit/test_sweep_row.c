/* Rows that were joined, from a file that may say anything.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sweep_row.h"

#include <criterion/criterion.h>

static const int64_t numbers[] = {1, 2};
static const double values[] = {0.5, 0.6, 0.7, 0.8};
static const char *const words[] = {"1", "2"};

/* The dimension scenario, of text or of whole numbers, and one of two groups. */
static void dims_add(struct dataset *self, bool is_text)
{
    struct err err = {0};
    struct dataset_dim dim = {.name = "scenario",
                              .n = 2,
                              .type = is_text ? DATASET_TEXT : DATASET_COUNT,
                              .count = numbers,
                              .text = words};
    dataset_add_dim(self, &dim, &err);
    dim.name = "group";
    dim.type = DATASET_TEXT;
    cr_assert_eq(dataset_add_dim(self, &dim, &err), ERR_OK);
}

static bool are_joined(const char *name, size_t n_dims, size_t first, bool is_text)
{
    struct dataset dataset = {0};
    struct err err = {0};
    dims_add(&dataset, is_text);
    const struct dataset_var var = {.name = name,
                                    .type = DATASET_REAL,
                                    .n_dims = n_dims,
                                    .dim = {first, 1 - first},
                                    .n = n_dims == 0   ? 1
                                         : n_dims == 1 ? 2
                                                       : 4,
                                    .real = values};
    cr_assert_eq(dataset_add_var(&dataset, &var, &err), ERR_OK, "%s", err.detail);
    bool are = study_row_are_joined(&dataset);
    dataset_free(&dataset);
    return are;
}

Test(sweep_row, every_variable_is_by_row_or_of_all)
{
    cr_expect(are_joined("pass_rate", 1, 0, false));
    cr_expect(are_joined("pass_rate", 2, 0, false));
    cr_expect(are_joined("pass_rate_base", 1, 1, false));
    cr_expect(are_joined("pass_rate_base_mcse", 1, 1, false));
    cr_expect(are_joined("sobol_first", 0, 0, false));
    cr_expect_not(are_joined("pass_rate", 0, 0, false), "of no row");
    cr_expect_not(are_joined("pass_rate", 1, 1, false), "by group alone");
    cr_expect_not(are_joined("pass_rate", 2, 1, false), "rows are not first");
    cr_expect_not(are_joined("pass_rate_base", 1, 0, false), "a base by row");
    cr_expect_not(are_joined("pass_rate", 1, 0, true), "rows without numbers");
    cr_expect(study_row_are_joined(&(struct dataset){0}), "nothing was done yet");
}
