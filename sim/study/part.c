/* The bytes: a head, the exposure parameters, the packed tally. Little-endian, as x86-64 and ARM
 * have them.
 * SPDX-License-Identifier: Apache-2.0 */
#include "part.h"

#include <string.h>

static const char part_magic[16] = "retake-part-1\n";

struct head {
    char magic[16];
    uint64_t first, next, end;
    uint64_t n_tally, n_exposed;
    uint64_t is_calibrated, n_iterations;
    double greatest_before, greatest_after;
};

void study_part_range(uint64_t n_candidates, uint64_t shard, uint64_t n_shards, uint64_t *first,
                      uint64_t *end)
{
    uint64_t n_blocks = (n_candidates + TALLY_BLOCK - 1) / TALLY_BLOCK, edge[2];
    for (uint64_t k = 0; k < 2; k++) {
        uint64_t block = n_blocks * (shard - 1 + k) / n_shards; /* below 2^32 times 10^6 */
        edge[k] = block * TALLY_BLOCK < n_candidates ? block * TALLY_BLOCK : n_candidates;
    }
    *first = edge[0];
    *end = edge[1];
}

enum err_code study_part_put(struct store_result *self, const struct engine_plan *plan,
                             const struct engine_state *state, uint64_t end, struct err *err)
{
    const double *p = plan->cat.p_shown;
    struct head head = {.first = state->first,
                        .next = state->next,
                        .end = end,
                        .n_tally = tally_n_bytes(&plan->shape),
                        .n_exposed = p ? plan->cat.n_scored : 0,
                        .is_calibrated = plan->exposure.is_calibrated,
                        .n_iterations = plan->exposure.n_iterations,
                        .greatest_before = plan->exposure.greatest_before,
                        .greatest_after = plan->exposure.greatest_after};
    memcpy(head.magic, part_magic, sizeof head.magic);
    size_t n_exposed = head.n_exposed * sizeof *p;
    unsigned char *to = store_result_state_new(self, sizeof head + n_exposed + head.n_tally);
    if (!to)
        return err_set(err, ERR_MEMORY, "no memory for the state of the run");
    memcpy(to, &head, sizeof head);
    if (p)
        memcpy(to + sizeof head, p, n_exposed);
    tally_pack(state->total, to + sizeof head + n_exposed);
    return ERR_OK;
}

/* Not of NaN. */
static bool is_share(double p)
{
    return p >= 0 && p <= 1;
}

static bool head_is_sound(const struct head *head, size_t n_bytes)
{
    size_t room = n_bytes - sizeof *head;
    return head->first <= head->next && head->next <= head->end &&
           (head->first % TALLY_BLOCK == 0 || head->first == head->end) &&
           (head->next % TALLY_BLOCK == 0 || head->next == head->end) &&
           head->n_exposed <= room / sizeof(double) && head->is_calibrated <= 1 &&
           head->n_iterations <= UINT32_MAX && is_share(head->greatest_before) &&
           is_share(head->greatest_after) &&
           head->n_tally == room - head->n_exposed * sizeof(double);
}

enum err_code study_part_take(const char *name, const struct store_result *self,
                              struct study_part *out, struct err *err)
{
    const struct store_state *state = &self->state;
    struct head head;
    *out = (struct study_part){0};
    if (state->n_bytes == 0)
        return err_set(err, ERR_INPUT, "%s: neither a checkpoint nor a shard: it has no state",
                       name);
    if (state->n_bytes < sizeof head || memcmp(state->bytes, part_magic, sizeof head.magic) != 0)
        return err_set(err, ERR_INPUT, "%s: its state is of another version of retake", name);
    memcpy(&head, state->bytes, sizeof head);
    if (!head_is_sound(&head, state->n_bytes))
        return err_set(err, ERR_INPUT, "%s: damaged: its state contradicts itself", name);
    const unsigned char *exposed = state->bytes + sizeof head;
    const double *p = (const double *)(const void *)exposed;
    for (size_t k = 0; k < head.n_exposed; k++)
        if (!is_share(p[k]))
            return err_set(err, ERR_INPUT, "%s: damaged: its state contradicts itself", name);
    *out =
        (struct study_part){.first = head.first,
                            .next = head.next,
                            .end = head.end,
                            .tally = exposed + head.n_exposed * sizeof(double),
                            .n_tally = head.n_tally,
                            .exposure = {.exposure = {.is_calibrated = head.is_calibrated != 0,
                                                      .n_iterations = (uint32_t)head.n_iterations,
                                                      .greatest_before = head.greatest_before,
                                                      .greatest_after = head.greatest_after},
                                         .n_items = head.n_exposed,
                                         .p = p}};
    return ERR_OK;
}

enum err_code study_part_fit(const char *name, const struct study_part *part,
                             const struct tally_shape *shape, struct err *err)
{
    if (part->n_tally != tally_n_bytes(shape))
        err_set(err, ERR_INPUT, "%s: its state is of another version of retake", name);
    return err->code;
}

enum err_code study_part_count(const char *name, const struct store_result *self,
                               const struct study_part *part, const struct tally_shape *shape,
                               struct tally *out, struct err *err)
{
    struct dataset dataset = {0};
    char digest[33] = "";
    const char *stated = store_result_text(self, "statistics_digest");
    if (study_part_fit(name, part, shape, err) != ERR_OK)
        return err->code;
    tally_unpack(out, part->tally);
    bool is_sound = tally_is_sound(out, part->next - part->first);
    if (is_sound && tally_statistics(out, &dataset, err) == ERR_OK)
        dataset_digest(&dataset, digest);
    dataset_free(&dataset);
    if (!err->code && (!stated || strcmp(stated, digest) != 0))
        err_set(err, ERR_INPUT,
                "%s: damaged, or of another version of retake: its counters do not give its "
                "statistics",
                name);
    return err->code;
}
