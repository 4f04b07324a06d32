/* The state of a run as the bytes of a result: what a checkpoint and a shard have beyond
 * statistics. SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_PART_H
#define RETAKE_STUDY_PART_H

#include <retake/engine/run.h>
#include <retake/store/result.h>

/** What is in the state of a result; pointers into its bytes. */
struct study_part {
    uint64_t first, next, end; /* candidates first .. next - 1 are counted, of first .. end - 1 */
    const unsigned char *tally;
    size_t n_tally; /* bytes */
    struct engine_exposure_known exposure;
};

/** The candidates of a shard: whole blocks, as evenly as they go; perhaps none. Shards of 2
 * n_shards cut each of n_shards in two. */
void study_part_range(uint64_t n_candidates, uint64_t shard, uint64_t n_shards, uint64_t *first,
                      uint64_t *end);

/** Give a result the state of a run. @return ERR_OK; ERR_MEMORY */
enum err_code study_part_put(struct store_result *self, const struct engine_plan *plan,
                             const struct engine_state *state, uint64_t end, struct err *err);

/** Find the parts of a result's state. @return ERR_OK; ERR_INPUT: it has none, or another one */
enum err_code study_part_take(const char *name, const struct store_result *self,
                              struct study_part *out, struct err *err);

/** Whether the part's counters are of this shape: to ask before a tally of it is made, for a file
 * may say any. @return ERR_OK; ERR_INPUT */
enum err_code study_part_fit(const char *name, const struct study_part *part,
                             const struct tally_shape *shape, struct err *err);

/** The counters of a part, if they give its statistics again.
 * @param shape  of out and, if it is of the same run, of the part
 * @return ERR_OK; ERR_INPUT: damaged, or of another shape; ERR_MEMORY */
enum err_code study_part_count(const char *name, const struct store_result *self,
                               const struct study_part *part, const struct tally_shape *shape,
                               struct tally *out, struct err *err);

#endif
