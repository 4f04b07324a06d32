/* What the programs under the thread sanitizer share: a shipped scenario, changed, and ends at the
 * first surprise. Plain programs: Criterion aborts under the thread sanitizer.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_TSAN_TRIAL_H
#define RETAKE_TSAN_TRIAL_H

#include <retake/base/err.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

enum { TRIAL_MAX_SETS = 6 };

struct trial {
    const char *name, *file;          /* relative to the source tree */
    const char *sets[TRIAL_MAX_SETS]; /* NULL ends them */
};

/* About five chunks each, the last block short. */
static const struct trial trials[] = {
    {"adaptive", "configs/emr.yaml", {"engine.candidates=4500"}},
    {"every item once",
     "configs/emr.yaml",
     {"engine.candidates=2100", "exam.exclude_seen=all", "exam.select.randomesque=1",
      "exam.estimate.rule=ml"}},
    {"two groups", "configs/credential.yaml", {"engine.candidates=2100"}},
    {"normal", "configs/emr.yaml", {"engine.candidates=20001", "exam.form=normal"}},
};

enum { N_TRIALS = sizeof trials / sizeof trials[0] };

static inline void trial_must(bool condition, const char *what, const char *detail)
{
    if (condition)
        return;
    fprintf(stderr, "%s: %s\n", what, detail);
    exit(1);
}

static inline void trial_path(const struct trial *self, char path[4096])
{
    const char *root = getenv("RETAKE_SOURCE_DIR");
    snprintf(path, 4096, "%s/%s", root ? root : ".", self->file);
}

#endif
