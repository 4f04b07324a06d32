/* Ctrl-C and its like: a request that the work at hand looks at.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CLI_INTERRUPT_H
#define RETAKE_CLI_INTERRUPT_H

#include <signal.h>
#include <stdbool.h>

/** At the start of the program: a write beyond the limit of a file's size (ulimit -f) fails, as on
 * a full disk, and does not end it. */
void cli_interrupt_begin(void);

/** From now on SIGINT, SIGTERM, SIGXCPU (ulimit -t) and SIGHUP unless it is ignored, and SIGUSR1
 * where it is asked for, make what is returned non-zero and do nothing else. For the stop of struct
 * engine_options. */
const volatile sig_atomic_t *cli_interrupt_catch(bool with_usr1);

#endif
