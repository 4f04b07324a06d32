/* Ctrl-C and its like: a request that the work at hand looks at.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CLI_INTERRUPT_H
#define RETAKE_CLI_INTERRUPT_H

#include <signal.h>
#include <stdbool.h>

/** From now on SIGINT and SIGTERM, and SIGUSR1 where it is asked for, make what is returned
 * non-zero and do nothing else. For the stop of struct engine_options. */
const volatile sig_atomic_t *cli_interrupt_catch(bool with_usr1);

#endif
