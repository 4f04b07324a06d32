/* Ranks by MPI; the only file with MPI. On rank 0 one thread does all the talking, so that a rank
 * that asks need not wait until a chunk of candidates is done; nobody spins while waiting, for the
 * processors are for the candidates. Messages between two ranks stay in order, so a rank is away
 * once its TAG_BYE is there.
 *
 *     others -> 0: TAG_READY (a unit, please), TAG_RESULT, TAG_FAILURE, TAG_BYE
 *     0 -> others: TAG_UNIT, and at the end one TAG_STOP
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/engine/comm.h>

#include <limits.h>
#include <mpi.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TAG_READY, TAG_RESULT, TAG_FAILURE, TAG_BYE, TAG_UNIT, TAG_STOP };

struct letter {
    struct letter *next;
    struct engine_parcel parcel;
};

struct ranks {
    struct engine_comm comm; /* first: the two are one address */
    pthread_mutex_t lock;
    pthread_t server;
    engine_comm_next next;
    void *context;
    struct letter *oldest, *newest;
    bool *is_waiting; /* [n_ranks] */
    int n_away;
    bool is_serving, is_ending;
};

static struct ranks *of(struct engine_comm *comm)
{
    return (struct ranks *)comm;
}

static void nap(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 500000}, NULL);
}

/* ---- rank 0: the thread that serves ---- */

static void keep(struct ranks *self, struct letter *letter)
{
    pthread_mutex_lock(&self->lock);
    if (self->newest)
        self->newest->next = letter;
    else
        self->oldest = letter;
    self->newest = letter;
    pthread_mutex_unlock(&self->lock);
}

static void take_letter(struct ranks *self, int rank, int tag, int n_bytes)
{
    struct letter *letter = calloc(1, sizeof *letter);
    unsigned char *bytes = malloc((size_t)n_bytes + 1);
    if (!letter || !bytes)
        MPI_Abort(MPI_COMM_WORLD, err_exit_status(ERR_MEMORY)); /* the checkpoint stays */
    enum err_code code = ERR_OK;
    MPI_Recv(bytes, n_bytes, MPI_BYTE, rank, tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    size_t n = (size_t)n_bytes;
    if (tag == TAG_FAILURE && n >= sizeof code) {
        memcpy(&code, bytes, sizeof code);
        n -= sizeof code;
        memmove(bytes, bytes + sizeof code, n);
    }
    bytes[n] = '\0';
    letter->parcel =
        (struct engine_parcel){.rank = rank, .code = code, .n_bytes = n, .bytes = bytes};
    keep(self, letter);
}

/* One message, if there is one. */
static bool take_message(struct ranks *self)
{
    int there = 0, n_bytes = 0;
    MPI_Status status;
    MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &there, &status);
    if (!there)
        return false;
    int rank = status.MPI_SOURCE, tag = status.MPI_TAG;
    MPI_Get_count(&status, MPI_BYTE, &n_bytes);
    if (tag == TAG_RESULT || tag == TAG_FAILURE) {
        take_letter(self, rank, tag, n_bytes);
        return true;
    }
    MPI_Recv(NULL, 0, MPI_BYTE, rank, tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    self->is_waiting[rank] = tag == TAG_READY;
    self->n_away += tag == TAG_BYE;
    return true;
}

static bool answer(struct ranks *self)
{
    uint64_t words[ENGINE_UNIT_WORDS];
    bool any = false;
    for (int rank = 1; rank < self->comm.n_ranks; rank++) {
        if (!self->is_waiting[rank])
            continue;
        pthread_mutex_lock(&self->lock);
        size_t n = self->next(self->context, words);
        pthread_mutex_unlock(&self->lock);
        if (n == 0)
            break;
        MPI_Send(words, (int)n, MPI_UINT64_T, rank, TAG_UNIT, MPI_COMM_WORLD);
        self->is_waiting[rank] = false;
        any = true;
    }
    return any;
}

static bool is_to_end(struct ranks *self)
{
    pthread_mutex_lock(&self->lock);
    bool is_ending = self->is_ending;
    pthread_mutex_unlock(&self->lock);
    return is_ending;
}

static void *serve(void *context)
{
    struct ranks *self = context;
    bool is_told = false;
    while (self->n_away < self->comm.n_ranks - 1) {
        if (!is_told && is_to_end(self)) {
            for (int rank = 1; rank < self->comm.n_ranks; rank++)
                MPI_Send(NULL, 0, MPI_BYTE, rank, TAG_STOP, MPI_COMM_WORLD);
            is_told = true;
        }
        bool came = take_message(self);
        bool went = !is_told && answer(self);
        if (!came && !went)
            nap();
    }
    return NULL;
}

/* ---- rank 0: the thread that works ---- */

static enum err_code begin(struct engine_comm *comm, engine_comm_next next, void *context,
                           struct err *err)
{
    struct ranks *self = of(comm);
    self->next = next;
    self->context = context;
    self->n_away = 0;
    self->is_ending = false;
    self->is_serving = pthread_create(&self->server, NULL, serve, self) == 0;
    return self->is_serving ? ERR_OK : err_set(err, ERR_MEMORY, "no thread to serve the ranks");
}

static void lock(struct engine_comm *comm)
{
    pthread_mutex_lock(&of(comm)->lock);
}

static void unlock(struct engine_comm *comm)
{
    pthread_mutex_unlock(&of(comm)->lock);
}

static bool collect(struct engine_comm *comm, bool naps, struct engine_parcel *out)
{
    struct ranks *self = of(comm);
    pthread_mutex_lock(&self->lock);
    struct letter *letter = self->oldest;
    if (letter) {
        self->oldest = letter->next;
        self->newest = self->oldest ? self->newest : NULL;
        *out = letter->parcel;
    }
    pthread_mutex_unlock(&self->lock);
    if (!letter && naps)
        nap();
    free(letter);
    return letter != NULL;
}

static void end(struct engine_comm *comm)
{
    struct ranks *self = of(comm);
    if (!self->is_serving)
        return;
    pthread_mutex_lock(&self->lock);
    self->is_ending = true;
    pthread_mutex_unlock(&self->lock);
    pthread_join(self->server, NULL);
    self->is_serving = false;
}

/* ---- the others ---- */

static size_t receive(struct engine_comm *comm, uint64_t words[ENGINE_UNIT_WORDS])
{
    (void)comm;
    int there = 0, n = 0;
    MPI_Status status;
    MPI_Send(NULL, 0, MPI_BYTE, 0, TAG_READY, MPI_COMM_WORLD);
    while (MPI_Iprobe(0, MPI_ANY_TAG, MPI_COMM_WORLD, &there, &status) == MPI_SUCCESS && !there)
        nap();
    if (status.MPI_TAG == TAG_STOP) {
        MPI_Recv(NULL, 0, MPI_BYTE, 0, TAG_STOP, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        MPI_Send(NULL, 0, MPI_BYTE, 0, TAG_BYE, MPI_COMM_WORLD);
        return 0;
    }
    MPI_Recv(words, ENGINE_UNIT_WORDS, MPI_UINT64_T, 0, TAG_UNIT, MPI_COMM_WORLD, &status);
    MPI_Get_count(&status, MPI_UINT64_T, &n);
    return (size_t)n;
}

static bool is_told(struct engine_comm *comm)
{
    (void)comm;
    int there = 0;
    MPI_Iprobe(0, TAG_STOP, MPI_COMM_WORLD, &there, MPI_STATUS_IGNORE);
    return there;
}

static void send_failure(enum err_code code, const void *text, size_t n)
{
    char bytes[sizeof code + sizeof((struct err *)0)->detail];
    n = n < sizeof bytes - sizeof code ? n : sizeof bytes - sizeof code;
    memcpy(bytes, &code, sizeof code);
    memcpy(bytes + sizeof code, text, n);
    MPI_Send(bytes, (int)(n + sizeof code), MPI_BYTE, 0, TAG_FAILURE, MPI_COMM_WORLD);
}

static void send(struct engine_comm *comm, enum err_code code, const void *bytes, size_t n_bytes)
{
    static const char too_large[] = "a result of more than 2 GB is too large for a message";
    (void)comm;
    if (code)
        send_failure(code, bytes, n_bytes);
    else if (n_bytes > INT_MAX)
        send_failure(ERR_INTERNAL, too_large, sizeof too_large - 1);
    else
        MPI_Send(bytes, (int)n_bytes, MPI_BYTE, 0, TAG_RESULT, MPI_COMM_WORLD);
}

/* ---- all ---- */

static int least(struct engine_comm *comm, int own)
{
    int out = own;
    (void)comm;
    MPI_Allreduce(&own, &out, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
    return out;
}

static void stop(struct engine_comm *comm)
{
    struct ranks *self = of(comm);
    struct engine_parcel parcel;
    end(comm);
    while (collect(comm, false, &parcel))
        free(parcel.bytes);
    pthread_mutex_destroy(&self->lock);
    free(self->is_waiting);
    free(self);
    MPI_Finalize();
}

struct engine_comm *engine_comm_open(void)
{
    int level = MPI_THREAD_SINGLE;
    struct ranks *self = calloc(1, sizeof *self);
    if (!self || MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &level) != MPI_SUCCESS)
        goto fail;
    if (level < MPI_THREAD_SERIALIZED)
        goto finalize;
    self->comm = (struct engine_comm){.begin = begin,
                                      .lock = lock,
                                      .unlock = unlock,
                                      .collect = collect,
                                      .end = end,
                                      .receive = receive,
                                      .is_told = is_told,
                                      .send = send,
                                      .least = least,
                                      .close = stop};
    MPI_Comm_rank(MPI_COMM_WORLD, &self->comm.rank);
    MPI_Comm_size(MPI_COMM_WORLD, &self->comm.n_ranks);
    self->is_waiting = calloc((size_t)self->comm.n_ranks, sizeof *self->is_waiting);
    if (self->is_waiting && pthread_mutex_init(&self->lock, NULL) == 0)
        return &self->comm;
    free(self->is_waiting);
finalize:
    MPI_Finalize();
fail:
    free(self);
    return NULL;
}
