/* The state of a checkpoint or a shard, from its head to statistics. An even first byte: the rest
 * behind the magic. An odd one: the rest as changes to the state of a run. Either an error in one
 * line, or counters that give the statistics again, and may be added to others.
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "file_input.h"
#include "mutate.h"

#include <retake/study/record.h>

#include "part.h"

static struct {
    struct scenario scenario;
    struct engine_plan plan;
    struct engine_state state;
    struct store_result result;
    struct tally *one, *total;
} own;

/* A run without items, of two groups. */
static void own_init(void)
{
    static const char text[] = "engine: {candidates: 5000, seed: 7}\nexam: {form: normal}\n"
                               "policy: {horizon_days: 30}\npopulation: {groups: {a: {}, b: {}}}\n";
    const struct engine_options options = {.n_threads = 1};
    struct dataset dataset;
    struct err err = {0};
    char digest[33];
    config_scenario_parse("fuzz.yaml", text, sizeof text - 1, &own.scenario, &err);
    engine_plan_init(&own.scenario, &own.plan, &err);
    engine_state_init(&own.plan, 0, &own.state, &err);
    engine_advance(&own.plan, &options, 1024, &own.state, &err);
    study_part_put(&own.result, &own.plan, &own.state, 5000, &err);
    tally_statistics(own.state.total, &dataset, &err);
    dataset_digest(&dataset, digest);
    dataset_free(&dataset);
    study_record_text(&own.result, "statistics_digest", digest, &err);
    own.one = tally_new(&own.plan.shape);
    own.total = tally_new(&own.plan.shape);
    require(err.code == ERR_OK && own.one && own.total);
}

/* As a merge takes it. */
static void count_part(const struct store_result *result, const struct study_part *part)
{
    struct dataset dataset;
    struct err err = {0};
    study_part_count("fuzz.h5", result, part, &own.plan.shape, own.one, &err);
    require_message(&err);
    if (err.code)
        return;
    uint64_t n = part->next - part->first;
    require(tally_is_sound(own.one, n));
    tally_merge(own.total, own.one);
    tally_merge(own.total, own.state.total);
    require(tally_statistics(own.total, &dataset, &err) == ERR_OK);
    dataset_free(&dataset);
    tally_free(own.total);
    own.total = tally_new(&own.plan.shape);
    require(own.total);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    static const char magic[16] = "retake-part-1\n";
    if (n_bytes < 1)
        return 0;
    if (!own.one)
        own_init();
    bool is_raw = data[0] % 2 == 0;
    size_t n = is_raw ? sizeof magic + n_bytes - 1 : own.result.state.n_bytes;
    unsigned char *bytes = malloc(n); /* exactly as long: reads beyond are seen */
    require(bytes != NULL);
    memcpy(bytes, is_raw ? (const void *)magic : own.result.state.bytes, is_raw ? sizeof magic : n);
    if (is_raw)
        memcpy(bytes + sizeof magic, data + 1, n_bytes - 1);
    else
        mutate(&(struct mutate_piece){bytes, n}, 1, data + 1, n_bytes - 1);
    struct store_result result = own.result;
    struct study_part part = {0};
    struct err err = {0};
    result.state = (struct store_state){bytes, n};
    study_part_take("fuzz.h5", &result, &part, &err);
    require_message(&err);
    if (err.code == ERR_OK) {
        require(part.first <= part.next && part.next <= part.end);
        require(part.tally >= bytes && part.n_tally <= n && part.tally + part.n_tally <= bytes + n);
        for (size_t k = 0; k < part.exposure.n_items; k++)
            require(part.exposure.p[k] >= 0 && part.exposure.p[k] <= 1);
        count_part(&result, &part);
    }
    free(bytes);
    return 0;
}
