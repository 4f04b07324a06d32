/* Any bytes as a CSV table: an error in one line, or cells that lie within the file.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/config/csv.h>

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes);

static void require(bool condition)
{
    if (!condition)
        abort();
}

static void require_cells(const struct csv_table *table, size_t n_bytes)
{
    size_t line = 1;
    for (size_t row = 0; row < table->n_rows; row++)
        for (size_t column = 0; column < table->n_columns; column++) {
            const struct csv_cell *cell = config_csv_cell(table, row, column);
            struct err err = {0};
            double value = 0;
            config_csv_real(table, row, column, &value, &err);
            require(err.code == ERR_INPUT || (err.code == ERR_OK && isfinite(value)));
            require(strlen(cell->text) <= n_bytes && cell->line >= line);
            require(cell->column >= 1 && cell->column <= n_bytes + 1);
            line = cell->line;
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    struct arena arena = {0};
    struct csv_table table;
    struct err err = {0};
    config_csv_parse("a.csv", (const char *)data, n_bytes, &arena, &table, &err);
    require(err.code == ERR_OK || err.code == ERR_INPUT);
    require(!strpbrk(err.detail, "\n\r\033"));
    if (err.code == ERR_OK) {
        require(table.n_columns > 0);
        for (size_t i = 0; i < table.n_columns; i++)
            require(config_csv_column(&table, table.header[i].text) == i);
        require_cells(&table, n_bytes);
    }
    arena_free(&arena);
    return 0;
}
