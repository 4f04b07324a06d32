/* retake params: the parameters with their defaults, ranges, units and evidence.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/stream.h>
#include <retake/cat/design.h>
#include <retake/config/reference.h>
#include <retake/report/text.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "options.h"

static const char usage[] =
    "usage: retake params [KEY | --markdown]\n"
    "Prints key, default, range, unit, grade of evidence and description of every parameter, of\n"
    "one, or of a section such as exam.stop. --markdown prints the page docs/parameters.md.\n";

static enum err_code refuse_key(const char *key, struct err *err)
{
    char hint[256];
    config_reference_hint(key, hint, sizeof hint);
    return err_set(err, ERR_USAGE, "params: unknown key '%s'%s%s", key, hint,
                   *hint ? "" : "; retake params lists them");
}

/* As the terminal has room: what is broken goes on below the description. @return how many */
static size_t print_fitted(const char *what, struct err *err)
{
    char *text = NULL;
    size_t n_bytes = 0, n = 0;
    FILE *stream = stream_to_memory(&text, &n_bytes);
    if (stream)
        n = config_reference_print(what, cat_rule_describe, stream);
    if (!stream || fclose(stream) != 0)
        err_set(err, ERR_MEMORY, "no memory for the reference of the parameters");
    else
        report_help(stdout, text);
    free(text);
    return n;
}

static enum err_code print_params(const char *what, struct err *err)
{
    if (what && strcmp(what, "--markdown") == 0)
        config_reference_markdown(cat_rule_describe, stdout);
    else if (what && what[0] == '-')
        return err_set(err, ERR_USAGE, "params: unknown option %s; retake params --help", what);
    else if (print_fitted(what, err) == 0 && !err->code)
        return refuse_key(what, err);
    return err->code;
}

int cmd_params(int argc, char **argv)
{
    struct err err = {0};
    const char *what = argc > 1 ? argv[1] : NULL;
    if (what && (strcmp(what, "--help") == 0 || strcmp(what, "-h") == 0)) {
        report_help(stdout, usage);
        return 0;
    }
    if (argc > 2)
        err_set(&err, ERR_USAGE, "params: one key at most; retake params --help");
    else
        print_params(what, &err);
    return err.code ? cli_fail(&err) : 0;
}
