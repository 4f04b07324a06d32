/* retake bank info: look into an item bank. SPDX-License-Identifier: Apache-2.0 */
#include <retake/report/bank_info.h>

#include <getopt.h>
#include <stdio.h>

#include "bank_commands.h"
#include "options.h"

static const char usage[] =
    "usage: retake bank info BANK.csv [options]\n"
    "  --cut THETA      where the bank must be strong (default 0)\n"
    "  --information I  flag abilities where the best 60 items give less (default 10, SE 0.316)\n";

enum { OPT_CUT = 256, OPT_INFORMATION };

int cmd_bank_info(int argc, char **argv)
{
    static const struct option longs[] = {{"cut", required_argument, NULL, OPT_CUT},
                                          {"information", required_argument, NULL, OPT_INFORMATION},
                                          {"help", no_argument, NULL, 'h'},
                                          {0}};
    struct err err = {0};
    struct irt_bank bank = {0};
    double cut = 0, bound = 10;
    for (int c; (c = getopt_long(argc, argv, ":h", longs, NULL)) != -1;) {
        if (c == 'h') {
            fputs(usage, stdout);
            return 0;
        }
        if (c == OPT_CUT)
            cli_bank_real("--cut", optarg, -20, &cut, &err);
        else if (c == OPT_INFORMATION)
            cli_bank_real("--information", optarg, 0, &bound, &err);
        else
            cli_wrong_option("bank info", c, argv, longs, &err);
    }
    if (!err.code && optind != argc - 1)
        err_set(&err, ERR_USAGE, "bank info: exactly one bank is needed");
    if (!err.code && cli_bank_load(argv[optind], &bank, &err) == ERR_OK)
        report_bank_info(&bank, cut, bound, stdout, &err);
    irt_bank_free(&bank);
    return err.code ? cli_fail(&err) : 0;
}
