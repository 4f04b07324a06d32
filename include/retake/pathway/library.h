/* A library of simulated sittings: what happens in a sitting depends on what the examinee brings,
 * not on the policy, so that journeys may draw sittings instead of simulating them
 * (docs/library.md).
 *
 * Axes: the effective ability (nodes on a line, denser near the cut; between two neighbours one is
 * drawn, so that every mean is interpolated linearly) and the speed where the clock may bind. What
 * deficits take from item to item is met by a choice among the sittings of a node
 * (sim/pathway/library_draw.c).
 * The library is made of replicates, each with sittings of its own; LIBRARY_BLOCK candidates use
 * one of them, and replicates are the sampling unit of standard errors, which so contain the
 * library's own.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_PATHWAY_LIBRARY_H
#define RETAKE_PATHWAY_LIBRARY_H

#include <retake/pathway/journey.h>

enum {
    LIBRARY_BLOCK = 1024,   /* candidates in a row that use the same replicate */
    LIBRARY_PROFILE = 16,   /* missed items kept for each node and replicate */
    LIBRARY_SLOPE = 512,    /* parts of one, in which slopes are kept */
    LIBRARY_CURVATURE = 128 /* likewise information */
};

/** What else is kept of a sitting, for those whose deficits weigh unevenly on items: information of
 * its scored items, summed; the same times each demand; times each product of two (sequence with
 * all three, scope with two, reading); then in each domain; last the slope in each domain. */
enum library_detail {
    LIBRARY_INFORMATION,
    LIBRARY_TIMES_DEMAND,
    LIBRARY_TIMES_PRODUCT = LIBRARY_TIMES_DEMAND + IRT_N_DEMANDS,
    LIBRARY_BY_DOMAIN = LIBRARY_TIMES_PRODUCT + IRT_N_DEMANDS * (IRT_N_DEMANDS + 1) / 2
};

/** One simulated sitting. */
struct library_sitting {
    float theta, se, minutes; /* minutes at the speed of the node */
    uint16_t n_scored, n_seen;
    uint16_t n_misses, n_guesses; /* misses that were not guesses, and those that were */
    uint16_t n_rushed;
    uint8_t stop, passed; /* the decision of a first attempt */
    /* In units of 1/LIBRARY_SLOPE: the slope of the log likelihood, sum over the scored items of
     * d log P(answer)/d theta; and the same sum weighted by each demand. */
    int16_t slope[1 + IRT_N_DEMANDS];
};

/** Items missed at a node, for the buckets of misses. */
struct library_profile {
    float p[LIBRARY_PROFILE], a[LIBRARY_PROFILE]; /* P(right) at the node; discrimination */
    float demand[IRT_N_DEMANDS][LIBRARY_PROFILE];
    uint16_t domain[LIBRARY_PROFILE];
};

/** What the exam asks of an examinee at a node: means over scored items, weighted by information.
 */
struct library_demands {
    double mean[IRT_N_DEMANDS];
    double domain[PERSON_MAX_DOMAINS]; /* shares */
};

/** Sizes, from which everything else follows. */
struct library_size {
    uint32_t n_replicates;
    uint32_t n_sittings, n_slow; /* at each node of the two parts */
    uint32_t n_speeds;           /* of the slow part; 0 = the clock never binds */
    uint32_t n_domains;          /* over which knowledge is spread; 0 = it is not */
};

/** The first sitting of each part of a replicate. */
struct library_parts {
    size_t plain, slow, end;
};

struct pathway_library {
    struct library_size size;
    struct library_parts parts;
    uint64_t seed;
    double center;     /* of the nodes of ability: the cut */
    double safe_speed; /* above it the clock never binds; times are scaled */
    double covariance[IRT_N_DEMANDS][IRT_N_DEMANDS]; /* of demands over scored items */
    double information;                              /* of a sitting near the cut [1/logit^2] */
    size_t per_replicate;                            /* sittings */
    struct library_sitting *sittings;                /* [n_replicates][per_replicate] */
    int16_t *details;                                /* [n_replicates][per_replicate][n_details] */
    struct library_profile *profiles;                /* [n_replicates][coarse nodes] */
    struct library_demands *demands;                 /* [coarse nodes] */
    struct arena arena;
};

/** Sets parts and per_replicate from the size. */
void pathway_library_lay_out(struct pathway_library *self);
/** Details kept of one sitting: a multiple of four. */
size_t pathway_library_n_details(const struct library_size *size);
/** Nodes of profiles and demands. */
size_t pathway_library_n_coarse(void);

/** Memory for a library of this size.
 * @return ERR_OK; ERR_MEMORY. pathway_library_free it, even after failure. */
enum err_code pathway_library_init(const struct library_size *size, const struct cat_design *cat,
                                   struct pathway_library *self, struct err *err);
void pathway_library_free(struct pathway_library *self);

/** Whether a library from a file, of the right sizes, can be one of this exam: every value that
 * counts or leads to a place in a table is one that a sitting may have. */
bool pathway_library_is_sound(const struct pathway_library *self, const struct cat_design *cat);

/** How demands vary and vary together over the scored items of the exam, and the information of its
 * sittings; when they are there. */
void pathway_library_meet(struct pathway_library *self, const struct cat_design *cat);

/** What one thread needs to simulate sittings for a library. */
struct pathway_librarian;
struct pathway_librarian *pathway_librarian_new(const struct pathway_design *design);
void pathway_librarian_free(struct pathway_librarian *self);

/** The slowest speed at which hardly any sitting meets the clock, by a pilot; -INFINITY: none does
 * at any speed. */
double pathway_library_pilot(struct pathway_librarian *by, uint64_t seed);

/** Simulate a replicate. @param demands [coarse nodes] sums found, for pathway_library_gather */
void pathway_library_simulate(struct pathway_library *self, uint32_t replicate,
                              struct pathway_librarian *by, struct library_demands *demands);

/** From sums of demands, [n_replicates][coarse nodes], to means. */
void pathway_library_gather(struct pathway_library *self, const struct library_demands *sums);

#endif
