/* What output is shown on. The locale is read from the environment, not from the C library: a
 * system without the locale's files shows UTF-8 all the same.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/terminal.h>

#include <retake/base/environment.h>
#include <retake/base/plain.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { MOST_COLUMNS = 100000 };

static int at_least(long n)
{
    return n < TERMINAL_LEAST_COLUMNS ? TERMINAL_LEAST_COLUMNS : (int)n;
}

int terminal_columns(FILE *out)
{
    const char *text = environment_text("COLUMNS");
    struct winsize size = {0};
    char *end;
    long n = text ? strtol(text, &end, 10) : 0;
    int file = fileno(out);
    if (file < 0)
        return 0;
    if (n > 0 && n <= MOST_COLUMNS && !*end)
        return at_least(n);
    bool is_known = isatty(file) && ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return is_known ? at_least(size.ws_col) : 0;
}

bool terminal_is_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    const char *locale = NULL;
    for (size_t k = 0; k < sizeof names / sizeof *names && !locale; k++)
        locale = environment_text(names[k]);
    const char *dot = locale ? strchr(locale, '.') : NULL, *codeset = dot ? dot + 1 : locale;
    return codeset &&
           (strncasecmp(codeset, "UTF-8", 5) == 0 || strncasecmp(codeset, "utf8", 4) == 0);
}

bool terminal_takes_escapes(FILE *out)
{
    const char *kind = environment_text("TERM"), *no_color = environment_text("NO_COLOR");
    return isatty(fileno(out)) && kind && strcmp(kind, "dumb") != 0 && !no_color;
}

/* What a character looks like; a bar from half a cell on. */
static const char *likeness(uint32_t c)
{
    static const struct {
        uint32_t first, last;
        const char *text;
    } rows[] = {
        {0xB1, 0xB1, "+-"},      {0xD7, 0xD7, "x"},      {0xB7, 0xB7, "."},
        {0x2010, 0x2015, "-"},   {0x2018, 0x2019, "'"},  {0x201C, 0x201D, "\""},
        {0x2026, 0x2026, "..."}, {0x2190, 0x2190, "<-"}, {0x2192, 0x2192, "->"},
        {0x2212, 0x2212, "-"},   {0x2264, 0x2264, "<="}, {0x2265, 0x2265, ">="},
        {0x2500, 0x2501, "="},   {0x2502, 0x2503, "|"},  {0x2580, 0x258C, "#"},
        {0x258D, 0x258F, ""},    {0x2591, 0x2593, "."},
    };
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        if (c >= rows[k].first && c <= rows[k].last)
            return rows[k].text;
    return "?";
}

void terminal_make_ascii(char *text)
{
    char *to = text;
    for (size_t n = strlen(text), taken; n > 0; text += taken, n -= taken) {
        uint32_t c = 0;
        taken = plain_decode(text, n, &c);
        if (taken == 1) {
            *to++ = *text;
            continue;
        }
        const char *like = taken > 0 ? likeness(c) : "?";
        taken = taken > 0 ? taken : 1;
        memcpy(to, like, strlen(like));
        to += strlen(like);
    }
    *to = '\0';
}

void terminal_fit(char *text)
{
    if (!terminal_is_utf8())
        terminal_make_ascii(text);
}
