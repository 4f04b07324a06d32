/* Errors: texts, exit statuses and the one detail line.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/err.h>
#include <retake/base/plain.h>

#include <stdarg.h>
#include <stdio.h>

enum err_code err_set(struct err *err, enum err_code code, const char *format, ...)
{
    if (err->code != ERR_OK)
        return err->code;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(err->detail, sizeof err->detail, format, arguments);
    va_end(arguments);
    plain_make(err->detail); /* one line, whatever it quotes */
    err->code = code;
    return code;
}

void err_clear(struct err *err)
{
    err->code = ERR_OK;
    err->detail[0] = '\0';
}

void err_note(const struct err *err, const char *format, ...)
{
    char line[sizeof err->detail];
    if (!err->note)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    plain_make(line);
    err->note(line);
}

const char *err_text(enum err_code code)
{
    static const char *const texts[] = {
#define X(name, status, text) text,
        ERR_LIST(X)
#undef X
    };
    return code < ERR_N_CODES ? texts[code] : "unknown error";
}

int err_exit_status(enum err_code code)
{
    static const int statuses[] = {
#define X(name, status, text) status,
        ERR_LIST(X)
#undef X
    };
    return code < ERR_N_CODES ? statuses[code] : 1;
}

bool err_is_bad_input(enum err_code code)
{
    return err_exit_status(code) == err_exit_status(ERR_INPUT);
}
