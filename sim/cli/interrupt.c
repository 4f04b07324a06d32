/* The one handler of signals. SPDX-License-Identifier: Apache-2.0 */
#include "interrupt.h"

static volatile sig_atomic_t stop_requested;

static void request_stop(int number)
{
    (void)number;
    __atomic_store_n(&stop_requested, 1, __ATOMIC_RELAXED); /* other threads read it */
}

const volatile sig_atomic_t *cli_interrupt_catch(bool with_usr1)
{
    signal(SIGINT, request_stop);
    signal(SIGTERM, request_stop);
    if (with_usr1)
        signal(SIGUSR1, request_stop);
    return &stop_requested;
}
