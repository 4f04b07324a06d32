/* Numbers as people say them. Plurals by the rules of English spelling, and one exception.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/wording.h>

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), n_end = strlen(end);
    return n >= n_end && strcmp(text + n - n_end, end) == 0;
}

/* A consonant before the last letter. */
static bool has_hard_y(const char *noun)
{
    size_t n = strlen(noun);
    return n > 1 && noun[n - 1] == 'y' && !strchr("aeiou", noun[n - 2]);
}

struct wording wording_noun(uint64_t n, const char *noun)
{
    static const struct {
        const char *end, *plural;
    } endings[] = {{"person", "people"}, {"is", "es"}, {"s", "ses"}, {"x", "xes"}, {"ch", "ches"}};
    struct wording out;
    int length = (int)strlen(noun);
    snprintf(out.text, sizeof out.text, "%s%s", noun, n == 1 ? "" : "s");
    if (n != 1 && has_hard_y(noun))
        snprintf(out.text, sizeof out.text, "%.*sies", length - 1, noun);
    for (size_t k = 0; n != 1 && k < sizeof endings / sizeof *endings; k++)
        if (ends_with(noun, endings[k].end)) {
            snprintf(out.text, sizeof out.text, "%.*s%s", length - (int)strlen(endings[k].end),
                     noun, endings[k].plural);
            break;
        }
    return out;
}

struct wording wording_count(uint64_t n, const char *noun)
{
    struct wording out;
    snprintf(out.text, sizeof out.text, "%llu %.40s", (unsigned long long)n,
             wording_noun(n, noun).text);
    return out;
}

struct wording wording_duration(double seconds)
{
    static const struct {
        double seconds, most; /* of one; as many as are said in it */
        const char *name;
    } units[] = {{1, 120, "s"},
                 {60, 120, "min"},
                 {3600, 48, "h"},
                 {86400, 730, "days"},
                 {31557600, INFINITY, "years"}};
    struct wording out;
    size_t k = 0;
    while (seconds / units[k].seconds >= units[k].most)
        k++;
    double value = seconds / units[k].seconds;
    snprintf(out.text, sizeof out.text,
             value < 9.95  ? "%.2g %s"
             : value < 1e6 ? "%.0f %s"
                           : "%.2g %s",
             value, units[k].name);
    return out;
}
