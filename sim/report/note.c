/* A scenario with a report before it. SPDX-License-Identifier: Apache-2.0 */
#include "note.h"

#include <retake/base/stream.h>
#include <retake/config/rewrite.h>

#include <stdlib.h>
#include <string.h>

void report_note_begin(const char *first, const char *last, struct report_note *self)
{
    *self = (struct report_note){.first = first, .last = last};
    self->stream = stream_to_memory(&self->text, &self->n_bytes);
}

/* Each line behind a '#'. */
static void print_comment(const struct report_note *self, FILE *out)
{
    fprintf(out, "# %s\n", self->first);
    for (const char *line = self->text; *line;) {
        size_t n = strcspn(line, "\n");
        fprintf(out, "#%s%.*s\n", n ? " " : "", (int)n, line);
        line += n + (line[n] == '\n');
    }
    fprintf(out, "# %s\n", self->last);
}

/* Behind the line "# LINE" that text begins with, else NULL. */
static const char *skip_line(const char *text, const char *line)
{
    size_t n = strlen(line);
    bool is_it = strncmp(text, "# ", 2) == 0 && strncmp(text + 2, line, n) == 0;
    return is_it && text[2 + n] == '\n' ? text + n + 3 : NULL;
}

/* The text without an earlier note. */
static const char *skip_note(const struct report_note *self, const char *text)
{
    const char *rest = skip_line(text, self->first);
    while (rest && *rest) {
        const char *end = skip_line(rest, self->last);
        if (end)
            return end;
        rest += strcspn(rest, "\n");
        rest += *rest == '\n';
    }
    return text;
}

enum err_code report_note_scenario(struct report_note *self, struct scenario *scenario,
                                   const char *path, FILE *out, struct err *err)
{
    struct arena arena = {0};
    char *body = NULL;
    if (!self->stream || fclose(self->stream) != 0)
        err_set(err, ERR_MEMORY, "no memory for the scenario");
    else if (!err->code && config_scenario_rewrite(scenario, path, &arena, &body, err) == ERR_OK) {
        print_comment(self, out);
        fputs(skip_note(self, body), out);
    }
    free(self->text);
    arena_free(&arena);
    return err->code;
}
