/* The cut study: what a technical manual says of a passing point. For a range of cuts around the
 * operational one the whole pathway is simulated on common random numbers; competence is a true
 * threshold that is varied by itself. Definitions and sources: docs/cut-study.md.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_STUDY_CUT_H
#define RETAKE_STUDY_CUT_H

#include <retake/engine/run.h>
#include <retake/store/result.h>

/** What a cut study does, and how long that takes by a trial of each stage on few candidates. */
struct study_cut_estimate {
    size_t n_cuts, n_changes, n_points; /* n_points: scores of given ability */
    double first_cut, last_cut;         /* score points */
    uint64_t n_candidates, n_sittings;  /* of each cut and change; of each score point */
    int n_threads;
    double prepare_s, seconds; /* before the first candidate: exposure control, tables of each cut
                                  and change, the trial; from then on */
};

/** @return what study_cut_run returns before its first candidate */
enum err_code study_cut_try(struct scenario *scenario, const struct engine_options *options,
                            struct study_cut_estimate *out, struct err *err);

/** "41 cuts and 4 changes with 40000 candidates each, ...: about 72 s on 2 threads" */
void study_cut_estimate_text(const struct study_cut_estimate *self, char text[512]);

/**
 * Study the cut of a scenario under validate.*; the variables are those of docs/results-format.md.
 * options->note is told the estimate; options->progress counts microseconds of it.
 * @param history  the command line, for the record
 * @param out  caller's; store_result_free it, even after failure
 * @return ERR_OK; ERR_INPUT or ERR_RANGE with one clear line; ERR_MEMORY; ERR_INTERRUPTED
 */
enum err_code study_cut_run(struct scenario *scenario, const struct engine_options *options,
                            const char *history, struct store_result *out, struct err *err);

#endif
