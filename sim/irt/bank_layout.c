/* The tables of other programs, recognised by their headers.
 *
 *     retake       id, [model], a, b, c, d, b1 ..                              docs/model.md
 *     catR         a, b, c, d, [group]; graded: alphaj, betaj1 ..; partial credit: [alphaj],
 * deltaj1 .. mirt         a1, d, [g], [u], d1 .., [ak0 .., d0]: P = ... exp(a1 theta + d), so that
 *                  b = -d/a1, graded b_k = -d_k/a1, partial credit b_k = (d_(k-1) - d_k)/a1
 *     mirt, IRTpars = TRUE    a, b, [g], [u], b1 ..
 *     TestDesign   ID, MODEL, PAR1 ..: (a,) b (, c) or (a,) thresholds
 *
 * With each, the columns domain, enemy, pilot, attribute_NAME and those of time and demand may
 * stand too.
 * SPDX-License-Identifier: Apache-2.0 */
#include "bank_reader.h"

#include <retake/config/params.h>

#include <string.h>
#include <strings.h>

static const char *const own_names[N_OWN_COLUMNS] = {[COL_ID] = "id",
                                                     [COL_MODEL] = "model",
                                                     [COL_A] = "a",
                                                     [COL_B] = "b",
                                                     [COL_C] = "c",
                                                     [COL_D] = "d",
                                                     [COL_STEP] = "b1",
                                                     "b2",
                                                     "b3",
                                                     "b4",
                                                     "b5",
                                                     "b6",
                                                     "b7",
                                                     "b8",
                                                     "b9",
                                                     "b10",
                                                     "b11",
                                                     "b12",
                                                     "b13",
                                                     "b14",
                                                     "b15",
                                                     [COL_DOMAIN] = "domain",
                                                     [COL_ENEMY] = "enemy",
                                                     [COL_PILOT] = "pilot",
                                                     [COL_TIME_INTENSITY] = "time_intensity",
                                                     [COL_TIME_DISCRIMINATION] =
                                                         "time_discrimination",
                                                     [COL_DEMAND_SEQUENCE] = "demand_sequence",
                                                     [COL_DEMAND_SCOPE] = "demand_scope",
                                                     [COL_DEMAND_READING] = "demand_reading"};

/* Names of the columns a, b, c, d, and the stem of the thresholds' names; NULL for none. */
static const struct {
    const char *names[4], *stem;
} layouts[] = {
    [LAYOUT_PLAIN] = {{"a", "b", "c", "d"}, "b"},
    [LAYOUT_CATR] = {{"a", "b", "c", "d"}, NULL},
    [LAYOUT_CATR_GRADED] = {{"alphaj", NULL, NULL, NULL}, "betaj"},
    [LAYOUT_CATR_PARTIAL] = {{"alphaj", NULL, NULL, NULL}, "deltaj"},
    [LAYOUT_MIRT] = {{"a1", "d", "g", "u"}, "d"},
    [LAYOUT_MIRT_IRT] = {{"a", "b", "g", "u"}, "b"},
    [LAYOUT_TESTDESIGN] = {{NULL, NULL, NULL, NULL}, "par"},
};

static size_t column_named(const struct csv_table *table, const char *name)
{
    size_t i = 0;
    while (i < table->n_columns && (!name || strcasecmp(table->header[i].text, name) != 0))
        i++;
    return i;
}

static bool has_name(const struct csv_table *table, const char *name)
{
    return column_named(table, name) < table->n_columns;
}

static enum irt_layout recognise(const struct csv_table *table)
{
    bool has_ab = has_name(table, "a") && has_name(table, "b");
    if (has_name(table, "par1"))
        return LAYOUT_TESTDESIGN;
    if (has_name(table, "a1"))
        return LAYOUT_MIRT;
    if (has_name(table, "betaj1"))
        return LAYOUT_CATR_GRADED;
    if (has_name(table, "deltaj1"))
        return LAYOUT_CATR_PARTIAL;
    if (has_name(table, "a") && (has_name(table, "g") || has_name(table, "u")))
        return LAYOUT_MIRT_IRT;
    if (has_ab && has_name(table, "c") && has_name(table, "d") && !has_name(table, "id") &&
        !has_name(table, "model"))
        return LAYOUT_CATR;
    return LAYOUT_PLAIN;
}

/* k of a header such as "b12" with the stem "b"; SIZE_MAX when it is none. */
static size_t number_after(const char *text, const char *stem)
{
    const char *digit = text + strlen(stem);
    size_t k = 0;
    if (strncasecmp(text, stem, strlen(stem)) != 0 || !*digit || (*digit == '0' && digit[1]))
        return SIZE_MAX;
    for (; *digit >= '0' && *digit <= '9' && k < 1000; digit++)
        k = 10 * k + (size_t)(*digit - '0');
    return *digit ? SIZE_MAX : k;
}

/* The part that a column plays, or N_COLUMNS. */
static size_t part_of(enum irt_layout layout, const char *name, bool is_first)
{
    size_t k;
    for (size_t j = 0; j < 4; j++)
        if (layouts[layout].names[j] &&
            (layout == LAYOUT_PLAIN ? strcmp : strcasecmp)(name, layouts[layout].names[j]) == 0)
            return COL_A + j;
    if (layouts[layout].stem && (k = number_after(name, layouts[layout].stem)) != SIZE_MAX) {
        if (k >= 1 && k <= IRT_MAX_STEPS)
            return COL_STEP + k - 1;
        return k == 0 && layout == LAYOUT_MIRT ? COL_D0 : N_COLUMNS;
    }
    if (layout == LAYOUT_MIRT && (k = number_after(name, "ak")) < IRT_MAX_CATEGORIES)
        return COL_SCORE + k;
    if (layout == LAYOUT_TESTDESIGN && strcasecmp(name, "model") == 0)
        return COL_MODEL;
    if (layout != LAYOUT_PLAIN && strcasecmp(name, "group") == 0)
        return COL_DOMAIN;
    if (is_first && !*name)
        return COL_ID;
    if (layout != LAYOUT_PLAIN && (strcasecmp(name, "id") == 0 || strcasecmp(name, "item") == 0))
        return COL_ID;
    for (k = 0; k < N_OWN_COLUMNS; k++)
        if ((k < COL_A || k >= COL_DOMAIN) && strcmp(name, own_names[k]) == 0)
            return k;
    return N_COLUMNS;
}

static bool is_attribute(const char *name)
{
    return strncmp(name, IRT_ATTRIBUTE_PREFIX, strlen(IRT_ATTRIBUTE_PREFIX)) == 0;
}

static enum err_code take_attribute(struct irt_bank_reader *self, size_t j)
{
    const char *name = self->table->header[j].text + strlen(IRT_ATTRIBUTE_PREFIX);
    const char *fault = config_name_fault(name, strlen(name));
    if (fault)
        return config_csv_error(self->table, CSV_HEADER, j, self->err, "%s", fault);
    if (self->n_attributes == IRT_MAX_ATTRIBUTES)
        return config_csv_error(self->table, CSV_HEADER, j, self->err, "more than %d attributes",
                                IRT_MAX_ATTRIBUTES);
    self->attribute_at[self->n_attributes++] = j;
    return ERR_OK;
}

static enum err_code refuse_column(const struct irt_bank_reader *self, size_t j)
{
    const char *name = self->table->header[j].text;
    const char *near = config_nearest_word(name, own_names, N_OWN_COLUMNS);
    if (strcmp(name, "D") == 0)
        return config_csv_error(self->table, CSV_HEADER, j, self->err, IRT_SCALING_HINT);
    if (self->layout == LAYOUT_MIRT && number_after(name, "a") != SIZE_MAX)
        return config_csv_error(self->table, CSV_HEADER, j, self->err,
                                "a second dimension; a bank has one");
    char list[400] = ""; /* holds all names */
    for (size_t k = 0; k < N_OWN_COLUMNS; k++) {
        if (k > COL_STEP && k < COL_DOMAIN)
            continue;
        strcat(list, k ? ", " : "");
        strcat(list, own_names[k]);
        strcat(list, k == COL_STEP ? ", b2 .." : "");
    }
    return config_csv_error(self->table, CSV_HEADER, j, self->err,
                            "unknown column%s%s%s; there are %s, %sNAME",
                            near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "",
                            list, IRT_ATTRIBUTE_PREFIX);
}

/* Whether any column is one of a bank, or nearly so. */
static bool is_bank(const struct irt_bank_reader *self)
{
    const struct csv_table *table = self->table;
    for (size_t j = 0; j < table->n_columns; j++) {
        const char *name = table->header[j].text;
        if (is_attribute(name) || (*name && part_of(self->layout, name, j == 0) != N_COLUMNS))
            return true;
    }
    return config_csv_has_any(table, own_names, N_OWN_COLUMNS);
}

enum err_code irt_bank_columns(struct irt_bank_reader *self)
{
    struct csv_table *table = self->table;
    for (size_t k = 0; k < N_COLUMNS; k++)
        self->at[k] = table->n_columns;
    self->layout = recognise(table);
    if (config_csv_recognise(table, is_bank(self), "an item bank", self->err) != ERR_OK)
        return self->err->code;
    for (size_t j = 0; j < table->n_columns; j++) {
        size_t k = part_of(self->layout, table->header[j].text, j == 0);
        if (is_attribute(table->header[j].text)) {
            if (take_attribute(self, j) != ERR_OK)
                return self->err->code;
            continue;
        }
        if (k == N_COLUMNS)
            return refuse_column(self, j);
        if (self->at[k] < table->n_columns && strcmp(table->header[j].text, "D") == 0)
            return refuse_column(self, j);
        if (self->at[k] < table->n_columns)
            return config_csv_error(table, CSV_HEADER, j, self->err, "says the same as '%s'",
                                    table->header[self->at[k]].text);
        self->at[k] = j;
    }
    if (!irt_has_column(self, COL_ID) && self->layout == LAYOUT_PLAIN)
        return err_set(self->err, ERR_INPUT, "%s:1:1: a bank needs a column 'id'", table->path);
    if (table->n_rows == 0)
        return err_set(self->err, ERR_INPUT, "%s:1:1: a bank needs at least one item", table->path);
    return ERR_OK;
}
