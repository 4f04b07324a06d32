/* The commands: each takes its own arguments, argv[0] being its name, and returns the exit status.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CLI_COMMANDS_H
#define RETAKE_CLI_COMMANDS_H

int cmd_bank(int argc, char **argv);
int cmd_calibrate(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_merge(int argc, char **argv);
int cmd_params(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_solve(int argc, char **argv);
int cmd_summary(int argc, char **argv);
int cmd_sweep(int argc, char **argv);
int cmd_trace(int argc, char **argv);
int cmd_validate(int argc, char **argv);

#endif
