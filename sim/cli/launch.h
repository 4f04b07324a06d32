/* The ranks of this process, as the commands see them: the first one talks and writes.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CLI_LAUNCH_H
#define RETAKE_CLI_LAUNCH_H

#include <retake/engine/comm.h>

/**
 * At the start of the program.
 * @return ERR_OK; ERR_USAGE: this is one of several processes that know nothing of each other;
 *         ERR_MEMORY
 */
enum err_code cli_ranks_open(struct err *err);
void cli_ranks_close(void);

struct engine_comm *cli_ranks(void);
bool cli_ranks_is_first(void);

/** Whether this rank may print errors. */
bool cli_ranks_speaks(void);

/** Once in a command, by all: where one failed, all fail with the code of the first of those, which
 * speaks: whichever of them mpirun reports, the status is the same. */
enum err_code cli_ranks_agree(struct err *err);

#endif
