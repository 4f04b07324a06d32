/* Numbers of a table, with a decimal point or, where commas do not separate cells, a decimal comma.
 * A file has one of the two: 1.234 beside 0,5 would be a guess, and so is 1,234 where every comma
 * could mark thousands. SPDX-License-Identifier: Apache-2.0 */
#include "csv_dialect.h"
#include "utf8.h"
#include <retake/config/number.h>

#include <string.h>

enum { NUMBER_BYTES = 400 }; /* of a number in digits at most: 1e308 */

/* The text with its one comma as a point; false when it is no number then. */
static bool with_point(const char *text, char out[NUMBER_BYTES])
{
    const char *comma = strchr(text, ',');
    size_t n = strlen(text);
    double ignored;
    if (!comma || strchr(comma + 1, ',') || strchr(text, '.') || n >= NUMBER_BYTES)
        return false;
    memcpy(out, text, n + 1);
    out[comma - text] = '.';
    return config_number_real(out, &ignored) == NUMBER_OK;
}

/* Whether the comma may mark thousands: 1,234 but not 0,512 or 12,5. */
static bool may_be_thousands(const char *text)
{
    static const char digits[] = "0123456789";
    text += *text == '-' || *text == '+';
    size_t n = strspn(text, digits);
    return *text != '0' && n >= 1 && n <= 3 && text[n] == ',' &&
           strspn(text + n + 1, digits) == 3 && text[n + 4] == '\0';
}

/* Digits with more than one mark between them: 1.234,5 or 1,234,567 or 1 234,5. */
static bool has_thousands(const char *text)
{
    size_t n_marks = 0;
    text += *text == '-' || *text == '+';
    bool is_number = *text >= '0' && *text <= '9';
    for (; *text && is_number; text++) {
        bool is_digit = *text >= '0' && *text <= '9';
        is_number = is_digit || strchr(".,' ", *text);
        n_marks += !is_digit;
    }
    return is_number && n_marks > 1;
}

void config_csv_find_commas(struct csv_table *self)
{
    char ignored[NUMBER_BYTES];
    size_t n = self->separator == ',' ? 0 : self->n_rows * self->n_columns;
    for (size_t i = 0; i < n && !self->is_decimal; i++)
        if (with_point(self->cells[i].text, ignored)) {
            self->has_commas = true;
            self->is_decimal = !may_be_thousands(self->cells[i].text);
        }
}

static enum err_code refuse_number(const struct csv_table *self, size_t row, size_t column,
                                   struct err *err)
{
    const char *text = config_csv_cell(self, row, column)->text;
    struct utf8_quoted quoted = config_utf8_quote(text);
    if (!*text)
        return config_csv_error(self, row, column, err, "expected a number, not an empty cell");
    if (has_thousands(text))
        return config_csv_error(self, row, column, err,
                                "%s: thousands are not marked; write 1234.5 for 1,234.5",
                                quoted.text);
    return config_csv_error(
        self, row, column, err, "expected a number, not %s%s", quoted.text,
        self->separator == ',' && strchr(text, ',')
            ? "; a decimal comma is read where semicolons or tabs separate cells"
            : "");
}

/* All numbers with a mark have the same. */
static enum err_code check_mark(const struct csv_table *self, size_t row, size_t column, char mark,
                                struct err *err)
{
    struct csv_decimals *decimals = self->decimals;
    const struct csv_cell *cell = config_csv_cell(self, row, column);
    struct utf8_quoted quoted = config_utf8_quote(cell->text);
    if (mark == ',' && !self->is_decimal)
        return config_csv_error(self, row, column, err,
                                "%s: a decimal comma or thousands? No number of the file tells; "
                                "write decimal points",
                                quoted.text);
    if (decimals->mark && decimals->mark != mark)
        return config_csv_error(
            self, row, column, err, "%s: a decimal %s, but line %zu has a decimal %s", quoted.text,
            mark == ',' ? "comma" : "point", decimals->line, mark == ',' ? "point" : "comma");
    *decimals = (struct csv_decimals){mark, cell->line};
    return ERR_OK;
}

enum err_code config_csv_real(const struct csv_table *self, size_t row, size_t column, double *out,
                              struct err *err)
{
    char copy[NUMBER_BYTES];
    const char *text = config_csv_cell(self, row, column)->text;
    bool is_comma = self->has_commas && with_point(text, copy);
    char mark = is_comma ? ',' : strchr(text, '.') ? '.' : '\0';
    double value;
    enum number_result result = config_number_real(is_comma ? copy : text, &value);
    if (result == NUMBER_TOO_LARGE)
        return config_csv_error(self, row, column, err, "expected a finite number, not %s",
                                config_utf8_quote(text).text);
    if (result != NUMBER_OK)
        return refuse_number(self, row, column, err);
    if (mark && self->separator != ',' && check_mark(self, row, column, mark, err) != ERR_OK)
        return err->code;
    *out = value;
    return ERR_OK;
}

enum err_code config_csv_real_text(const struct csv_table *self, size_t row, size_t column,
                                   struct arena *arena, const char **out, struct err *err)
{
    char copy[NUMBER_BYTES];
    double ignored;
    *out = config_csv_cell(self, row, column)->text;
    if (!self->has_commas || !with_point(*out, copy))
        return ERR_OK;
    if (config_csv_real(self, row, column, &ignored, err) != ERR_OK)
        return err->code;
    *out = arena_text(arena, copy, strlen(copy));
    return *out ? ERR_OK : err_set(err, ERR_MEMORY, "%s: no memory for its numbers", self->path);
}
