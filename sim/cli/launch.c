/* SPDX-License-Identifier: Apache-2.0 */
#include "launch.h"

#include <retake/base/environment.h>

#include <stdlib.h>

static struct engine_comm *ranks;
static int speaker;

/* Of a launcher's variable; `otherwise` where it is not set. */
static long number_of(const char *name, long otherwise)
{
    const char *text = environment_text(name);
    return text ? strtol(text, NULL, 10) : otherwise;
}

enum err_code cli_ranks_open(struct err *err)
{
    ranks = engine_comm_open();
    if (!ranks)
        return err_set(err, ERR_MEMORY, "MPI cannot begin, or has no threads");
    long n = number_of("OMPI_COMM_WORLD_SIZE", 1);
    if (ranks->n_ranks > 1 || n <= 1)
        return ERR_OK;
    speaker = number_of("OMPI_COMM_WORLD_RANK", 0) == 0 ? 0 : -1;
    return err_set(err, ERR_USAGE,
                   "mpirun started %ld of these, and they know nothing of each other: use "
                   "retake-mpi",
                   n);
}

void cli_ranks_close(void)
{
    if (ranks)
        ranks->close(ranks);
    ranks = NULL;
}

struct engine_comm *cli_ranks(void)
{
    return ranks;
}

bool cli_ranks_is_first(void)
{
    return !ranks || ranks->rank == 0;
}

bool cli_ranks_speaks(void)
{
    return speaker == (ranks ? ranks->rank : 0);
}

enum err_code cli_ranks_agree(struct err *err)
{
    if (!ranks)
        return err->code;
    int first = ranks->least(ranks, err->code ? ranks->rank : ranks->n_ranks);
    if (first >= ranks->n_ranks)
        return ERR_OK;
    speaker = first;
    int code = ranks->least(ranks, ranks->rank == first ? (int)err->code : ERR_N_CODES);
    if (ranks->rank != first)
        err_clear(err);
    return err_set(err, (enum err_code)code, "rank %d failed", first);
}
