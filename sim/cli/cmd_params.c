/* retake params: the parameters with their defaults, ranges, units and evidence.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/cat/design.h>
#include <retake/config/reference.h>

#include <string.h>

#include "commands.h"
#include "options.h"

static void print_help(void)
{
    puts("usage: retake params [KEY | --markdown]\n"
         "Prints key, default, range, unit, grade of evidence and description of every parameter, "
         "of "
         "one,\nor of a section such as exam.stop. --markdown prints the page docs/parameters.md.");
}

static enum err_code refuse_key(const char *key, struct err *err)
{
    char hint[256];
    config_reference_hint(key, hint, sizeof hint);
    return err_set(err, ERR_USAGE, "params: unknown key '%s'%s%s", key, hint,
                   *hint ? "" : "; retake params lists them");
}

static enum err_code print_params(const char *what, struct err *err)
{
    if (what && strcmp(what, "--markdown") == 0)
        config_reference_markdown(cat_rule_describe, stdout);
    else if (what && what[0] == '-')
        return err_set(err, ERR_USAGE, "params: unknown option %s; retake params --help", what);
    else if (config_reference_print(what, cat_rule_describe, stdout) == 0)
        return refuse_key(what, err);
    return ERR_OK;
}

int cmd_params(int argc, char **argv)
{
    struct err err = {0};
    const char *what = argc > 1 ? argv[1] : NULL;
    if (what && (strcmp(what, "--help") == 0 || strcmp(what, "-h") == 0)) {
        print_help();
        return 0;
    }
    if (argc > 2)
        err_set(&err, ERR_USAGE, "params: one key at most; retake params --help");
    else
        print_params(what, &err);
    return err.code ? cli_fail(&err) : 0;
}
