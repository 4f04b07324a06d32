/* What is counted. Integers only, so that totals do not depend on the order of blocks or threads.
 *
 * The sampling unit is a block of TALLY_BLOCK candidates (number c belongs to block c /
 * TALLY_BLOCK); with a library of sessions, a replicate of it with all who use it. A rate
 * y/n keeps, over blocks, the sums of y, n, y^2, y n and n^2 that the ratio
 * estimator needs: sittings cluster within candidates, and denominators are random.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_TALLY_TALLY_H
#define RETAKE_TALLY_TALLY_H

#include <retake/base/exact.h>
#include <retake/pathway/journey.h>
#include <retake/tally/dataset.h>

enum { TALLY_BLOCK = PERSON_BLOCK }; /* so that strata are complete within a block */

/** Equal bins from low to high; values beyond fall into the first or the last. */
struct tally_bins {
    double low, width;
    size_t n;
};

/** What a tally is about: built once, shared const. */
struct tally_shape {
    const struct scenario *scenario;
    const struct irt_bank *bank;  /* NULL with exam.form: normal */
    const struct cat_design *cat; /* likewise */
    bool is_timed;
    bool has_limits; /* of constraints beside those of domains; not with a library of sessions */
    bool counts_sessions; /* scores, lengths, minutes, stop reasons, misses, rushes and estimates by
                             ability; decisions and mean minutes are always counted */
    size_t n_items;       /* with statistics of their own; 0 with a library of sessions */
    size_t n_replicates;  /* of the library of sessions; 0 = none */
    size_t n_groups;      /* of the scenario */
    size_t n_rows;        /* of the group dimension: n_groups, and "all" first unless it is alone */
    size_t n_attempts, n_cycles, n_lengths;
    struct tally_bins score, minutes, days, theta;
};

/** @return ERR_OK; ERR_INPUT: one of several groups is named "all" */
enum err_code tally_shape_init(const struct pathway_design *pathway, const struct irt_bank *bank,
                               struct tally_shape *self, struct err *err);

/** Leave out what counts_sessions stands for, and the variables made of it. */
void tally_shape_leave_out_sessions(struct tally_shape *self);

/** Whether a variable is among them. */
bool tally_is_of_sessions(const char *name);

/** Counters of one thread, or the total. */
struct tally;

/** NULL when memory is out. The shape must live on. */
struct tally *tally_new(const struct tally_shape *shape);
void tally_free(struct tally *self);

/** Count n outcomes that form one whole block (the last block of a run may be short). */
void tally_add_block(struct tally *self, const struct pathway_outcomes *outcomes, size_t from,
                     size_t n);

/** Count outcomes of candidates of one replicate of a library, who may go on (end = PATHWAY_N_ENDS)
 * under several policies. Then tally_settle before the tally is used. */
void tally_add_stage(struct tally *self, const struct pathway_outcomes *outcomes);
void tally_settle(struct tally *self);

/** Add the counts of another tally of the same shape. */
void tally_merge(struct tally *self, const struct tally *other);

/** Add the counts of a tally of stages (settled) that this policy shares with others: that shape
 * may have more attempts and cycles, but nothing in them that this policy does not allow. */
void tally_inherit(struct tally *self, const struct tally *shared);

/** A tally as bytes, the same on every little-endian machine: what a checkpoint keeps, a shard
 * hands to a merge and a rank sends to another. Meant for a tally of the same shape. */
size_t tally_n_bytes(const struct tally_shape *shape);
void tally_pack(const struct tally *self, void *bytes);
/** Replace the counts by packed ones. */
void tally_unpack(struct tally *self, const void *bytes);

/** Whether counts from a file can be those of n_candidates: none is negative, each candidate is
 * counted once, rates lie within 0 and 1, and two such tallies can be added. */
bool tally_is_sound(const struct tally *self, uint64_t n_candidates);

/** The statistics, in the order and under the names of docs/results-format.md. dataset_free them.
 */
enum err_code tally_statistics(const struct tally *self, struct dataset *out, struct err *err);

#endif
