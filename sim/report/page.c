/* The page: what CMake put together, with the data between.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/report/page.h>

#include "page_parts.h"

bool report_page_has_charts(void)
{
    return report_page_head.begin != NULL;
}

static void put_part(const struct report_page_part *self, FILE *out)
{
    fwrite(self->begin, 1, (size_t)(self->end - self->begin), out);
}

/* Only runs can be compared. */
static enum err_code check_kinds(const struct report_page *self, struct err *err)
{
    for (size_t k = 0; self->n_sources > 1 && k < self->n_sources; k++) {
        const struct report_page_source *source = &self->sources[k];
        bool is_cut = dataset_dim(source->dataset, "cut") != NULL;
        if (is_cut || dataset_dim(source->dataset, "scenario"))
            return err_set(err, ERR_INPUT, "%s is a %s: a page of its own, only runs are compared",
                           source->name, is_cut ? "cut study" : "sweep");
    }
    return ERR_OK;
}

enum err_code report_page_print(const struct report_page *self, FILE *out, struct err *err)
{
    if (!report_page_has_charts())
        return err_set(
            err, ERR_INTERNAL,
            "this build has no charts: ./dev build fetches ECharts, or takes your copy by "
            "--echarts FILE");
    if (check_kinds(self, err) != ERR_OK)
        return err->code;
    put_part(&report_page_head, out);
    report_page_tables(self, out, err);
    put_part(&report_page_middle, out);
    if (!err->code)
        report_page_json(self, out, err);
    put_part(&report_page_tail, out);
    return err->code;
}
