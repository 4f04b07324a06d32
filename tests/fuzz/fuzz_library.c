/* The tables of a session library with changes, as a file under a good seal may have them: refused,
 * or a run that draws from it stays within its own tables and gives rates.
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "file_input.h"
#include "mutate.h"

#include <retake/engine/run.h>

enum { N_CANDIDATES = 256 }; /* all of the first replicate */

static struct {
    struct scenario scenario;
    struct engine_plan plan;
    const struct pathway_library *library; /* sound */
} own;

/* A short exam with a clock, domains and demands. */
static void own_init(void)
{
    char bank[4096];
    struct file_input input;
    struct err err = {0};
    int n = snprintf(bank, sizeof bank, "id,b,domain,demand_scope\n");
    for (int i = 0; i < 30; i++)
        n += snprintf(bank + n, sizeof bank - (size_t)n, "I%d,%.3f,D%d,%.2f\n", i, 2.0 * i / 30 - 1,
                      i % 3, i % 2 ? 0.5 : 0.25);
    file_input_init(bank, (size_t)n, &input);
    file_scenario(
        "bank: %s\n"
        "engine: {candidates: 1024, sessions: library, library: {sittings: 4, replicates: "
        "8}}\n"
        "exam: {min_items: 4, max_items: 6, pilot_items: 0, time_limit_min: none}\n"
        "deficits: {domain_spread: 0.3}\n"
        "policy: {max_cycles: 1}\n",
        input.path, &own.scenario);
    require(engine_plan_init(&own.scenario, &own.plan, &err) == ERR_OK);
    own.library = own.plan.pathway.library;
    file_input_free(&input);
}

/* Copies of the first replicate, which may be changed. */
static size_t copy_tables(struct pathway_library *self, struct mutate_piece pieces[6])
{
    size_t n = self->per_replicate, n_coarse = pathway_library_n_coarse();
    size_t n_details = pathway_library_n_details(&self->size);
    self->size.n_replicates = 1;
    pieces[0] = (struct mutate_piece){self->sittings, n * sizeof *self->sittings};
    pieces[1] = (struct mutate_piece){self->profiles, n_coarse * sizeof *self->profiles};
    pieces[2] = (struct mutate_piece){self->demands, n_coarse * sizeof *self->demands};
    pieces[3] = (struct mutate_piece){self->details, n * n_details * sizeof *self->details};
    for (int k = 0; k < 4; k++) {
        void *copy = malloc(pieces[k].n_bytes);
        require(copy != NULL);
        memcpy(copy, pieces[k].bytes, pieces[k].n_bytes);
        pieces[k].bytes = copy;
    }
    self->sittings = pieces[0].bytes;
    self->profiles = pieces[1].bytes;
    self->demands = pieces[2].bytes;
    self->details = pieces[3].bytes;
    pieces[4] = (struct mutate_piece){&self->center, sizeof self->center};
    pieces[5] = (struct mutate_piece){&self->safe_speed, sizeof self->safe_speed};
    return 4;
}

static void draw_all(void)
{
    const struct engine_options options = {.n_threads = 1};
    struct engine_state state;
    struct dataset dataset;
    struct err err = {0};
    require(engine_state_init(&own.plan, 0, &state, &err) == ERR_OK);
    require(engine_advance(&own.plan, &options, N_CANDIDATES, &state, &err) == ERR_OK);
    require(tally_is_sound(state.total, N_CANDIDATES));
    require(tally_statistics(state.total, &dataset, &err) == ERR_OK);
    dataset_free(&dataset);
    engine_state_free(&state);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    struct mutate_piece pieces[6];
    if (!own.library)
        own_init();
    struct pathway_library changed = *own.library;
    size_t n_copies = copy_tables(&changed, pieces);
    mutate(pieces, 6, data, n_bytes);
    if (pathway_library_is_sound(&changed, &own.plan.cat)) {
        pathway_library_meet(&changed, &own.plan.cat);
        own.plan.pathway.library = &changed;
        draw_all();
        own.plan.pathway.library = own.library;
    }
    for (size_t k = 0; k < n_copies; k++)
        free(pieces[k].bytes);
    return 0;
}
