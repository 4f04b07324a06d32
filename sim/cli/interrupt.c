/* The one handler of signals. SPDX-License-Identifier: Apache-2.0 */
#include "interrupt.h"

#include <stddef.h>

static volatile sig_atomic_t stop_requested;

static void request_stop(int number)
{
    (void)number;
    __atomic_store_n(&stop_requested, 1, __ATOMIC_RELAXED); /* other threads read it */
}

void cli_interrupt_begin(void)
{
    signal(SIGXFSZ, SIG_IGN);
}

/* The terminal is gone; nohup says that this is of no account. */
static void catch_hangup(void)
{
    struct sigaction before;
    if (sigaction(SIGHUP, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        signal(SIGHUP, request_stop);
}

const volatile sig_atomic_t *cli_interrupt_catch(bool with_usr1)
{
    signal(SIGINT, request_stop);
    signal(SIGTERM, request_stop);
    signal(SIGXCPU, request_stop);
    catch_hangup();
    if (with_usr1)
        signal(SIGUSR1, request_stop);
    return &stop_requested;
}
