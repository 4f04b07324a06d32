/* Columns are as wide as what is in them.
 * SPDX-License-Identifier: Apache-2.0 */
#include "verbs.h"

#include <retake/base/terminal.h>
#include <retake/report/text.h>

#include <string.h>

static int greater(int a, size_t b)
{
    return (int)b > a ? (int)b : a;
}

void cli_verbs_print(FILE *out, const char *first, const char *before, const struct cli_verb *verbs,
                     size_t n)
{
    int columns = terminal_columns(out), n_before = (int)strlen(before);
    int name = 0, usage = 0, doc = 0;
    for (size_t k = 0; k < n; k++) {
        name = greater(name, strlen(verbs[k].name));
        usage = greater(usage, strlen(verbs[k].usage));
        doc = greater(doc, strlen(verbs[k].doc));
    }
    bool is_narrow = columns > 0 && columns < n_before + name + 1 + usage + 2 + doc;
    for (size_t k = 0; k < n; k++) {
        const char *start = k == 0 ? first : before;
        if (!is_narrow) {
            report_line(out, 0, "%s%-*s %-*s  %s", start, name, verbs[k].name, usage,
                        verbs[k].usage, verbs[k].doc);
            continue;
        }
        int own = (int)strspn(start, " ");
        report_line(out, n_before + name + 1 - own, "%s%-*s %s", start, name, verbs[k].name,
                    verbs[k].usage);
        report_line(out, 0, "%*s %s", n_before + name, "", verbs[k].doc);
    }
}
