/* The page: page.html, in which a line "{{NAME}}" stands for a file of that name, or for the data.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/file.h>
#include <retake/report/page.h>

#include <stdlib.h>
#include <string.h>

#include "page_parts.h"

static const struct report_page_file *find(const char *name, size_t n)
{
    const struct report_page_file *file = report_page_files;
    while (file->name && (strlen(file->name) != n || memcmp(file->name, name, n) != 0))
        file++;
    return file->name ? file : NULL;
}

static const struct report_page_file *find_named(const char *name)
{
    return find(name, strlen(name));
}

bool report_page_has_charts(void)
{
    return find_named("echarts.min.js") != NULL;
}

struct page {
    const struct report_page_source *sources;
    size_t n_sources;
    FILE *out;
    struct err *err;
};

static void put_part(const struct page *self, const char *name, size_t n)
{
    const struct report_page_file *file = find(name, n);
    if (file)
        fwrite(file->begin, 1, (size_t)(file->end - file->begin), self->out);
    else if (n == 4 && memcmp(name, "data", n) == 0)
        report_page_json(self->sources, self->n_sources, self->out, self->err);
    else
        err_set(self->err, ERR_INTERNAL, "the page has no part '%.*s'", (int)n, name);
}

/* Where a character stands twice in a row between begin and end, or end. */
static const char *find_twice(const char *begin, const char *end, char c)
{
    while (end - begin >= 2 && (begin[0] != c || begin[1] != c))
        begin++;
    return end - begin >= 2 ? begin : end;
}

static void put_page(const struct page *self)
{
    const struct report_page_file *html = find_named("page.html");
    for (const char *at = html->begin; at < html->end && !self->err->code;) {
        const char *mark = find_twice(at, html->end, '{');
        fwrite(at, 1, (size_t)(mark - at), self->out);
        if (mark == html->end)
            break;
        const char *close = find_twice(mark, html->end, '}');
        put_part(self, mark + 2, (size_t)(close - mark) - 2);
        at = close + 2;
    }
}

/* Only runs can be compared. */
static enum err_code check_kinds(const struct report_page_source *sources, size_t n_sources,
                                 struct err *err)
{
    for (size_t k = 0; n_sources > 1 && k < n_sources; k++) {
        bool is_cut = dataset_dim(sources[k].dataset, "cut") != NULL;
        if (is_cut || dataset_dim(sources[k].dataset, "scenario"))
            return err_set(err, ERR_INPUT, "%s is a %s: a page of its own, only runs are compared",
                           sources[k].name, is_cut ? "cut study" : "sweep");
    }
    return ERR_OK;
}

enum err_code report_page_write(const char *path, const struct report_page_source *sources,
                                size_t n_sources, struct err *err)
{
    char *bytes = NULL;
    size_t n_bytes = 0;
    if (!report_page_has_charts())
        return err_set(err, ERR_INTERNAL,
                       "this build has no charts: ./dev build fetches ECharts and builds it in");
    if (check_kinds(sources, n_sources, err) != ERR_OK)
        return err->code;
    FILE *out = open_memstream(&bytes, &n_bytes);
    if (!out)
        return err_set(err, ERR_MEMORY, "no memory for the page");
    put_page(&(struct page){sources, n_sources, out, err});
    bool failed = ferror(out) != 0;
    if ((fclose(out) != 0 || failed) && !err->code)
        err_set(err, ERR_MEMORY, "no memory for the page");
    if (!err->code)
        file_write(path, bytes, n_bytes, err);
    free(bytes);
    return err->code;
}
