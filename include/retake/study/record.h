/* What a result says of itself, and whether two results are of the same run.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_RECORD_H
#define RETAKE_STUDY_RECORD_H

#include <retake/config/scenario.h>
#include <retake/store/result.h>

/** The attribute that says of which values the file of a session library was. */
#define STUDY_LIBRARY_STATISTICS "library_statistics_digest"

/**
 * Add an attribute to a result whose attributes were all added by these functions. Names and texts
 * are copied into its arena.
 * @return ERR_OK; ERR_MEMORY
 */
enum err_code study_record_text(struct store_result *self, const char *name, const char *text,
                                struct err *err);
enum err_code study_record_number(struct store_result *self, const char *name, double number,
                                  struct err *err);
/** One more line of the attribute "warning", which a summary shows. */
enum err_code study_record_warning(struct store_result *self, const char *text, struct err *err);
/** The same for all attributes of another result. */
enum err_code study_record_copy(struct store_result *self, const struct store_provenance *from,
                                struct err *err);

/**
 * What a result made of n_parts says: all that the first part says, but for what is of that part
 * alone, and who joined them.
 * @param own  names that are of the part alone, ended by NULL; "history" and the shard always are
 */
enum err_code study_record_merged(struct store_result *self, const struct store_provenance *first,
                                  const char *const *own, size_t n_parts, struct err *err);

/** Every parameter as used, under its dotted path. */
enum err_code study_record_params(struct store_result *self, const struct scenario *scenario,
                                  struct err *err);

/** The digests of all files that the scenario names; one that cannot be read is left out: building
 * the plan says why. */
enum err_code study_record_inputs(struct store_result *self, struct scenario *scenario,
                                  struct err *err);

/** The whole number from 1 to most that an attribute says; 0: it says none. */
uint64_t study_record_count(const struct store_provenance *self, const char *name, uint64_t most);

/** Whether a result is of the candidates so far, a checkpoint. */
bool study_record_is_unfinished(const struct store_provenance *self);

/**
 * Whether two results are of different scenarios, inputs or versions of retake; of the paths of
 * files the digests count. What differs first goes into text: "policy.wait_days is 15 there, 30
 * here".
 * @param with_shard  whether they must be of the same shard, too
 */
bool study_record_differs(const struct store_provenance *there, const struct store_provenance *here,
                          bool with_shard, char text[512]);

#endif
