/* Holidays: a list of the scenario and a file with a column date, sorted; weekends among them drop
 * out, since they are no business days anyway.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/pathway/calendar.h>

#include <retake/base/wording.h>
#include <retake/config/csv.h>
#include <retake/config/inputs.h>

#include <stdlib.h>
#include <string.h>

static enum err_code parse_file(const struct scenario *scenario, struct arena *arena,
                                struct csv_table *table, struct err *err)
{
    static const char key[] = "calendar.holidays_file";
    const struct config_input *input;
    const char *path = file_relative_to(scenario->path, scenario->calendar_holidays_file, arena);
    if (!path)
        return err_set(err, ERR_MEMORY, "no memory for the holidays");
    if (config_scenario_input(scenario, key, path, &input, err) != ERR_OK ||
        config_csv_parse(path, input->text.bytes, input->text.n_bytes, arena, table, err) != ERR_OK)
        return err->code;
    bool is_known = config_csv_column(table, "date") < table->n_columns;
    return config_csv_recognise(table, is_known, "a file of holidays, with a column date", err);
}

static int compare(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static size_t tidy(int64_t *days, size_t n)
{
    size_t n_kept = 0;
    qsort(days, n, sizeof *days, compare);
    for (size_t i = 0; i < n; i++)
        if (pathway_weekday(days[i]) < 5 && (n_kept == 0 || days[n_kept - 1] != days[i]))
            days[n_kept++] = days[i];
    return n_kept;
}

enum err_code pathway_calendar_init(const struct scenario *scenario, struct arena *arena,
                                    struct pathway_calendar *self, struct err *err)
{
    const struct scenario_list *listed = &scenario->calendar_holidays;
    struct csv_table table = {0};
    *self = (struct pathway_calendar){0};
    if (scenario->calendar_holidays_file[0] && parse_file(scenario, arena, &table, err) != ERR_OK)
        return err->code;
    size_t n = 0, n_days = listed->n + table.n_rows;
    if (n_days == 0)
        return ERR_OK;
    int64_t *days = arena_alloc(arena, n_days * sizeof *days);
    if (!days)
        return err_set(err, ERR_MEMORY, "no memory for %s", wording_count(n_days, "holiday").text);
    for (; n < listed->n; n++)
        days[n] = (int64_t)listed->values[n];
    for (size_t row = 0; row < table.n_rows; row++)
        if (config_csv_day(&table, row, config_csv_column(&table, "date"), &days[n++], err) !=
            ERR_OK)
            return err->code;
    *self = (struct pathway_calendar){.n_holidays = tidy(days, n), .holidays = days};
    return ERR_OK;
}

/* Holidays up to a day, and on it. */
static size_t n_until(const struct pathway_calendar *self, int64_t day)
{
    size_t low = 0, high = self->n_holidays;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (self->holidays[middle] <= day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int64_t pathway_calendar_add(const struct pathway_calendar *self, int64_t day, int64_t n)
{
    int64_t end = pathway_add_business_days(day, n);
    if (self->n_holidays == 0 || n <= 0)
        return end;
    /* each holiday that was stepped over takes one business day more, which may step over others */
    for (size_t before = n_until(self, day), now; (now = n_until(self, end)) > before; before = now)
        end = pathway_add_business_days(end, (int64_t)(now - before));
    return end;
}
