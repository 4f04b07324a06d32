/* JSON made step by step. jansson says NULL or -1 both for memory and for text that is not UTF-8:
 * the first leaves ENOMEM. Its json_dumps (2.14) leaves out a name that it had no memory for and
 * goes on, so the text grows here.
 * SPDX-License-Identifier: Apache-2.0 */
#include "json_out.h"

#include <retake/base/plain.h>

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void note_memory(struct report_json *self)
{
    err_set(&self->err, ERR_MEMORY, "no memory for JSON");
}

static json_t *check_made(struct report_json *self, json_t *json)
{
    if (!json)
        note_memory(self);
    return json;
}

json_t *report_json_object(struct report_json *self)
{
    return check_made(self, json_object());
}

json_t *report_json_array(struct report_json *self)
{
    return check_made(self, json_array());
}

json_t *report_json_number(struct report_json *self, double value)
{
    return check_made(self, isfinite(value) ? json_real(value) : json_null());
}

json_t *report_json_count(struct report_json *self, int64_t value)
{
    return check_made(self, json_integer(value));
}

json_t *report_json_text(struct report_json *self, const char *text)
{
    errno = 0;
    json_t *json = text ? json_string(text) : NULL;
    return json || errno == ENOMEM ? check_made(self, json) : json_null();
}

void report_json_set(struct report_json *self, json_t *object, const char *name, json_t *value)
{
    errno = 0;
    if (json_object_set_new(object, name, value) == 0)
        return;
    if (!object || !value || errno == ENOMEM)
        note_memory(self);
    else
        err_set(&self->err, ERR_INPUT, "'%s' is no name in UTF-8, which JSON needs", name);
}

void report_json_append(struct report_json *self, json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) != 0)
        note_memory(self);
}

void report_json_set_number(struct report_json *self, json_t *object, const char *name,
                            double value)
{
    report_json_set(self, object, name, report_json_number(self, value));
}

void report_json_set_count(struct report_json *self, json_t *object, const char *name,
                           int64_t value)
{
    report_json_set(self, object, name, report_json_count(self, value));
}

void report_json_set_text(struct report_json *self, json_t *object, const char *name,
                          const char *text)
{
    report_json_set(self, object, name, report_json_text(self, text));
}

void report_json_set_flag(struct report_json *self, json_t *object, const char *name, bool value)
{
    report_json_set(self, object, name, json_boolean(value));
}

json_t *report_attributes_json(struct report_json *self, const struct store_provenance *provenance)
{
    json_t *out = report_json_object(self);
    for (size_t i = 0; i < provenance->n_attributes; i++) {
        const struct store_attribute *from = &provenance->attributes[i];
        report_json_set(self, out, from->name,
                        from->text ? report_json_text(self, from->text)
                                   : report_json_number(self, from->number));
    }
    return out;
}

/* A text that grows; once it could not, it is no more. */
struct text {
    char *bytes;
    size_t n, n_room;
    bool has_failed;
};

static int text_append(const char *bytes, size_t n, void *data)
{
    struct text *self = data;
    if (!self->has_failed && self->n + n >= self->n_room) {
        size_t n_room = 2 * self->n_room + n + 1024;
        char *grown = realloc(self->bytes, n_room);
        self->has_failed = !grown;
        self->bytes = grown ? grown : self->bytes;
        self->n_room = grown ? n_room : self->n_room;
    }
    if (self->has_failed)
        return -1;
    memcpy(self->bytes + self->n, bytes, n);
    self->n += n;
    self->bytes[self->n] = '\0';
    return 0;
}

char *report_json_dump(struct report_json *self, json_t *json, size_t flags, struct err *err)
{
    struct text text = {.bytes = NULL};
    if (!self->err.code &&
        (json_dump_callback(json, text_append, &text, flags) != 0 || text.has_failed))
        note_memory(self);
    if (self->err.code) {
        err_set(err, self->err.code, "%s", self->err.detail);
        free(text.bytes);
        text.bytes = NULL;
    }
    json_decref(json);
    return text.bytes;
}

/* jansson has escaped the controls below ' ' within texts; those that are left are its own ends of
 * lines. */
static bool stands_as_it_is(uint32_t c, bool for_page)
{
    return c < ' ' || (plain_is(c) && !(for_page && c == '<'));
}

void report_json_write(const char *text, bool for_page, FILE *out)
{
    const char *end = text + strlen(text), *begin = text;
    for (size_t n; text < end; text += n) {
        uint32_t c = 0;
        n = plain_decode(text, (size_t)(end - text), &c);
        n = n ? n : 1; /* jansson writes UTF-8 */
        if (stands_as_it_is(c, for_page))
            continue;
        fwrite(begin, 1, (size_t)(text - begin), out);
        if (for_page && c != '<')
            fputc('?', out);
        else
            fprintf(out, "\\u%04" PRIx32, c);
        begin = text + n;
    }
    fwrite(begin, 1, (size_t)(end - begin), out);
}

enum err_code report_json_print(struct report_json *self, json_t *json, size_t flags, FILE *out,
                                struct err *err)
{
    char *text = report_json_dump(self, json, flags, err);
    if (text)
        report_json_write(text, false, out);
    if (text && (fputc('\n', out) == EOF || ferror(out)))
        err_set(err, ERR_IO, "cannot write the JSON: %s", strerror(errno));
    free(text);
    return err->code;
}
