/* The sub-commands of retake bank, one file each; argv[0] is the sub-command.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CLI_BANK_COMMANDS_H
#define RETAKE_CLI_BANK_COMMANDS_H

#include <retake/irt/bank.h>

int cmd_bank_adequacy(int argc, char **argv);
int cmd_bank_check(int argc, char **argv);
int cmd_bank_convert(int argc, char **argv);
int cmd_bank_exposure(int argc, char **argv);
int cmd_bank_generate(int argc, char **argv);
int cmd_bank_info(int argc, char **argv);

/** Read a bank from a file. @param self irt_bank_free it, even after failure */
enum err_code cli_bank_load(const char *path, struct irt_bank *self, struct err *err);

/** A number from min to 1e6 from an option's argument. @return ERR_OK; ERR_USAGE */
enum err_code cli_bank_real(const char *option, const char *text, double min, double *out,
                            struct err *err);

#endif
