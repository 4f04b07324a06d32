/* Addresses of statistics: taken apart, then looked up.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/tally/address.h>

#include <retake/config/params.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_NAMES = 512 };

/* ---- taking apart ---- */

/* Copy the word up to one of stops, without blanks at its ends. NULL when empty or too long. */
static const char *take_word(const char *text, const char *stops, char out[ADDRESS_WORD_BYTES])
{
    text += strspn(text, " \t");
    size_t n = strcspn(text, stops), n_word = n;
    while (n_word > 0 && (text[n_word - 1] == ' ' || text[n_word - 1] == '\t'))
        n_word--;
    if (n_word == 0 || n_word >= ADDRESS_WORD_BYTES)
        return NULL;
    memcpy(out, text, n_word);
    out[n_word] = '\0';
    return text + n;
}

/* A label in quotes. */
static const char *take_quoted(const char *text, char out[ADDRESS_WORD_BYTES])
{
    size_t n = 0;
    for (text++; *text && (*text != '"' || text[1] == '"') && n + 1 < ADDRESS_WORD_BYTES; n++) {
        out[n] = *text;
        text += *text == '"' ? 2 : 1;
    }
    out[n] = '\0';
    if (*text != '"' || n == 0)
        return NULL;
    text++;
    return text + strspn(text, " \t");
}

static enum err_code refuse_form(const char *text, struct err *err)
{
    return err_set(err, ERR_INPUT,
                   "%.200s: not the address of a statistic, such as "
                   "cumulative_pass_rate[attempt=3,group=all]",
                   text);
}

/* "dim=label" from p on; where it stopped: at ',' or ']'. */
static const char *take_coordinate(const char *p, struct tally_address *out)
{
    if (out->n_dims == DATASET_MAX_DIMS)
        return NULL;
    struct tally_coordinate *at = &out->at[out->n_dims++];
    p = take_word(p, "=,]", at->dim);
    if (!p || *p != '=')
        return NULL;
    p++;
    p += strspn(p, " \t");
    p = *p == '"' ? take_quoted(p, at->label) : take_word(p, ",]", at->label);
    return p && *p && strchr(",]", *p) ? p : NULL;
}

enum err_code tally_address_parse(const char *text, struct tally_address *out, const char **end,
                                  struct err *err)
{
    *out = (struct tally_address){.n_dims = 0};
    const char *p = take_word(text, "[/", out->variable);
    while (p && (*p == '[' || *p == ','))
        p = take_coordinate(p + 1, out);
    if (p && *p == ']')
        p++;
    else if (p && out->n_dims > 0)
        p = NULL;
    if (p)
        p += strspn(p, " \t");
    if (!p || (*p && !(end && *p == '/')))
        return refuse_form(text, err);
    if (end)
        *end = p;
    return ERR_OK;
}

size_t tally_address_length(const char *text)
{
    bool is_within = false, is_quoted = false;
    size_t n = 0;
    for (; text[n] && (is_within || !strchr("/=<>", text[n])); n++) {
        is_quoted = is_quoted != (is_within && text[n] == '"');
        if (!is_quoted && strchr("[]", text[n]))
            is_within = text[n] == '[';
    }
    return n;
}

const char *tally_address_label(const struct tally_address *self, const char *dim)
{
    for (size_t k = 0; k < self->n_dims; k++)
        if (strcmp(self->at[k].dim, dim) == 0)
            return self->at[k].label;
    return NULL;
}

/* ---- looking up ---- */

/* "; there are a, b, c", or as many as there is room for. */
static void list_names(const char *const *names, size_t n, char *out, size_t n_out)
{
    const size_t room = n_out - sizeof ", ... (1000000 in all)";
    size_t at = 0;
    out[0] = '\0';
    for (size_t k = 0; k < n; k++) {
        if (at + strlen(names[k]) + sizeof "; there are " > room) {
            snprintf(out + at, n_out - at, ", ... (%zu in all)", n);
            return;
        }
        at += (size_t)snprintf(out + at, n_out - at, "%s%s", k ? ", " : "; there are ", names[k]);
    }
}

static enum err_code refuse_name(const char *text, const char *what, const char *word,
                                 const char *const *names, size_t n, struct err *err)
{
    const char *near = config_nearest_word(word, names, n);
    char list[600] = "";
    if (!near)
        list_names(names, n, list, sizeof list);
    return err_set(err, ERR_INPUT, "%.200s: %s '%s'%s%s%s%s", text, what, word,
                   near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "", list);
}

/* Whether it is the error of another variable, which stands beside that. */
static bool is_error_of(const struct dataset *self, const struct dataset_var *var)
{
    for (size_t k = 0; k < self->n_vars; k++)
        if (self->vars[k].ancillary && strcmp(self->vars[k].ancillary, var->name) == 0)
            return true;
    return false;
}

static enum err_code refuse_variable(const struct dataset *self, const char *text, const char *word,
                                     struct err *err)
{
    const char *names[MAX_NAMES];
    size_t n = 0;
    for (size_t k = 0; k < self->n_vars && n < MAX_NAMES; k++)
        if (self->vars[k].type != DATASET_TEXT && !is_error_of(self, &self->vars[k]))
            names[n++] = self->vars[k].name;
    return refuse_name(text, "unknown statistic", word, names, n, err);
}

static enum err_code refuse_dim(const struct dataset *self, const struct dataset_var *var,
                                const char *text, const char *word, struct err *err)
{
    const char *names[DATASET_MAX_DIMS];
    char what[256];
    size_t n = 0;
    snprintf(what, sizeof what, "%s has no dimension", var->name);
    for (; n < var->n_dims; n++)
        names[n] = self->dims[var->dim[n]].name;
    return refuse_name(text, what, word, names, n, err);
}

static double coordinate_of(const struct dataset_dim *dim, size_t i)
{
    return dim->type == DATASET_REAL ? dim->real[i] : (double)dim->count[i];
}

static bool is_at(const struct dataset_dim *dim, size_t i, double number)
{
    if (dim->bounds && number >= dim->bounds[2 * i] && number < dim->bounds[2 * i + 1])
        return true;
    return coordinate_of(dim, i) == number;
}

/* The index of a label, or n. */
static size_t find_label(const struct dataset_dim *dim, const char *label)
{
    char *end;
    double number = strtod(label, &end);
    size_t i = 0;
    if (dim->type == DATASET_TEXT)
        while (i < dim->n && strcmp(dim->text[i], label) != 0)
            i++;
    else
        while (i < dim->n && (*end || !is_at(dim, i, number)))
            i++;
    return i;
}

static enum err_code refuse_label(const struct dataset_dim *dim, const char *text,
                                  const char *label, struct err *err)
{
    char what[256];
    snprintf(what, sizeof what, "no %s is", dim->name);
    if (dim->type == DATASET_TEXT)
        return refuse_name(text, what, label, dim->text, dim->n, err);
    return err_set(err, ERR_INPUT, "%.200s: %s '%s'; they are %g to %g", text, what, label,
                   coordinate_of(dim, 0), coordinate_of(dim, dim->n - 1));
}

/* The index along one dimension of a variable. */
static enum err_code find_index(const struct dataset_dim *dim, const struct tally_address *address,
                                const char *text, size_t *out, struct err *err)
{
    const char *label = tally_address_label(address, dim->name);
    *out = 0;
    if (!label && dim->n > 1 && strcmp(dim->name, "group") != 0)
        return err_set(err, ERR_INPUT, "%.200s: which %s? Write %s[%s=...]", text, dim->name,
                       address->variable, dim->name);
    if (label)
        *out = find_label(dim, label);
    return *out < dim->n ? ERR_OK : refuse_label(dim, text, label, err);
}

static enum err_code check_dims(const struct dataset *self, const struct dataset_var *var,
                                const struct tally_address *address, const char *text,
                                const char *along, struct err *err)
{
    for (size_t k = 0; k < address->n_dims; k++) {
        size_t d = 0;
        while (d < var->n_dims && strcmp(self->dims[var->dim[d]].name, address->at[k].dim) != 0)
            d++;
        if (d == var->n_dims)
            return refuse_dim(self, var, text, address->at[k].dim, err);
        if (strcmp(address->at[k].dim, along) == 0)
            return err_set(err, ERR_INPUT, "%.200s: every %s has a value here; leave it out", text,
                           along);
        if (tally_address_label(address, address->at[k].dim) != address->at[k].label)
            return err_set(err, ERR_INPUT, "%.200s: %s stands twice", text, address->at[k].dim);
    }
    return ERR_OK;
}

/* @param along  the dimension that is left open */
static enum err_code find_part(const struct dataset *self, const struct tally_address *address,
                               const char *text, const char *along, struct tally_series_part *out,
                               struct err *err)
{
    const struct dataset_var *var = dataset_var(self, address->variable), *error = NULL;
    *out = (struct tally_series_part){.var = var};
    if (!var || var->type == DATASET_TEXT)
        return refuse_variable(self, text, address->variable, err);
    if (check_dims(self, var, address, text, along, err) != ERR_OK)
        return err->code;
    for (size_t d = 0; d < var->n_dims; d++) {
        const struct dataset_dim *dim = &self->dims[var->dim[d]];
        bool is_open = strcmp(dim->name, along) == 0;
        size_t i = 0;
        if (!is_open && find_index(dim, address, text, &i, err) != ERR_OK)
            return err->code;
        out->first = out->first * dim->n + i;
        out->stride = is_open ? 1 : out->stride * dim->n;
    }
    if (var->ancillary)
        error = dataset_var(self, var->ancillary);
    if (error && error->type == DATASET_REAL && error->n == var->n)
        out->error = error;
    return ERR_OK;
}

static struct tally_number number_at(const struct tally_series_part *self, size_t k)
{
    size_t at = self->first + k * self->stride;
    bool is_count = self->var->type == DATASET_COUNT;
    return (struct tally_number){.value =
                                     is_count ? (double)self->var->count[at] : self->var->real[at],
                                 .mcse = self->error ? self->error->real[at] : (double)NAN,
                                 .is_count = is_count};
}

enum err_code tally_series_find(const struct dataset *dataset, const char *text, const char *along,
                                struct tally_series *out, struct err *err)
{
    struct tally_address address;
    const char *end;
    const struct dataset_dim *dim = dataset_dim(dataset, along);
    *out = (struct tally_series){.n = dim ? dim->n : 1};
    if (tally_address_parse(text, &address, &end, err) != ERR_OK ||
        find_part(dataset, &address, text, along, &out->top, err) != ERR_OK || !*end)
        return err->code;
    if (tally_address_parse(end + 1, &address, NULL, err) != ERR_OK ||
        find_part(dataset, &address, text, along, &out->bottom, err) != ERR_OK)
        return err->code;
    if (out->top.var->type != DATASET_COUNT || out->bottom.var->type != DATASET_COUNT)
        err_set(err, ERR_INPUT, "%.200s: only counts can be divided", text);
    return err->code;
}

/* Of independent trials where it is a share, of Poisson counts where it may exceed 1. */
static struct tally_number ratio_of(double top, double n)
{
    double ratio = n > 0 ? top / n : (double)NAN;
    double variance = ratio <= 1 ? ratio * (1 - ratio) : ratio * (1 + ratio);
    return (struct tally_number){.value = ratio, .mcse = sqrt(variance / n)};
}

struct tally_number tally_series_at(const struct tally_series *self, size_t k)
{
    struct tally_number top = number_at(&self->top, k);
    return self->bottom.var ? ratio_of(top.value, number_at(&self->bottom, k).value) : top;
}

enum err_code tally_address_read(const struct dataset *dataset, const char *text,
                                 struct tally_number *out, struct err *err)
{
    struct tally_series series;
    if (tally_series_find(dataset, text, "", &series, err) == ERR_OK)
        *out = tally_series_at(&series, 0);
    return err->code;
}
