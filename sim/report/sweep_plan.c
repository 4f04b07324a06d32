/* The first rows of a sweep's design, as its dry run shows them.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/report/sweep_plan.h>

#include <string.h>

#include "sheet.h"

/* n columns of the first policies, from the first-th on, beside their numbers. */
static void print_columns(const struct study_sweep *sweep, const struct report_sheet *sheet,
                          size_t first, size_t n, size_t n_rows)
{
    struct report_table table;
    struct report_column columns[REPORT_MAX_COLUMNS] = {{"", 6, false}};
    for (size_t c = 0; c < n; c++) {
        size_t width = strlen(sweep->columns[first + c].key);
        for (size_t k = 0; k < n_rows; k++) {
            size_t own = strlen(sweep->values[k * sweep->n_columns + first + c]);
            width = own > width ? own : width;
        }
        columns[c + 1] = (struct report_column){sweep->columns[first + c].key, (int)width + 1, 0};
    }
    report_table_begin(&table, sheet, "", columns, n + 1);
    for (size_t k = 0; k < n_rows; k++) {
        report_table_print(&table, "%zu", k + 1);
        for (size_t c = 0; c < n; c++)
            report_table_cell(&table, sweep->values[k * sweep->n_columns + first + c]);
    }
}

enum err_code report_sweep_plan(const struct study_sweep *sweep, FILE *out, struct err *err)
{
    enum { N_ROWS = 10, MOST = REPORT_MAX_COLUMNS - 1 };
    struct report_sheet sheet;
    size_t n_rows = sweep->n_points < N_ROWS ? sweep->n_points : N_ROWS;
    report_sheet_open(&sheet, out);
    for (size_t c = 0; c < sweep->n_columns; c += MOST) {
        size_t left = sweep->n_columns - c;
        print_columns(sweep, &sheet, c, left < MOST ? left : MOST, n_rows);
    }
    if (sweep->n_points > n_rows)
        report_sheet_note(&sheet, "... and %zu more", sweep->n_points - n_rows);
    return report_sheet_close(&sheet, err);
}
