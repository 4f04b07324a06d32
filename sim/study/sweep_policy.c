/* Plans: what rests on the exam alone is built once for each exam. A key is a digest of all that
 * the exam and a library of its sessions depend on: exam.*, bank, pacing.* and whether knowledge is
 * spread over domains; of everything where exposure control is calibrated, for that simulates the
 * population.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sweep_policy.h"

#include <retake/base/digest.h>
#include <retake/config/params.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_EXAMS = 256 };

struct study_exam {
    char key[33];
    struct scenario scenario;
    struct engine_plan plan;
};

static bool is_of_exam(const char *path)
{
    static const char *const all[] = {"exam.", "bank", "pacing.", "engine.library.",
                                      "deficits.domain_spread"};
    for (size_t k = 0; k < sizeof all / sizeof all[0]; k++)
        if (strncmp(path, all[k], strlen(all[k])) == 0)
            return true;
    return false;
}

static bool has_exam_axis(const struct study_sweep *sweep)
{
    for (size_t k = 0; k < sweep->n_columns; k++)
        if (is_of_exam(sweep->columns[k].key))
            return true;
    return false;
}

static void key_of(const struct scenario *scenario, char key[33])
{
    char digests[2][33] = {"", ""}, text[CONFIG_LIST_BYTES + 512];
    bool all = engine_exposure_is_calibrated(scenario);
    size_t n;
    const struct param *params = config_params(&n);
    for (size_t k = 0; k < n; k++)
        for (size_t m = 0; m < config_param_n_members(&params[k], scenario); m++) {
            char path[512], value[CONFIG_LIST_BYTES], joined[66 + sizeof text];
            if (!all && !is_of_exam(params[k].path))
                continue;
            config_param_path(&params[k], scenario, m, path, sizeof path);
            config_param_format(&params[k], scenario, m, value, sizeof value);
            snprintf(text, sizeof text, "%s=%s", path, value);
            int length = snprintf(joined, sizeof joined, "%s%s", digests[0], text);
            digest_hex(joined, (size_t)length, digests[1]);
            memcpy(digests[0], digests[1], sizeof digests[0]);
        }
    memcpy(key, digests[0], 33);
}

void study_exams_init(const struct study_sweep *sweep, const struct engine_options *options,
                      struct scenario *base, struct engine_plan *base_plan,
                      struct study_exams *self)
{
    *self = (struct study_exams){
        .sweep = sweep, .options = options, .base = base, .base_plan = base_plan};
    self->all_share = !has_exam_axis(sweep) && !engine_exposure_is_calibrated(base);
    key_of(base, self->base_digest);
}

static void exam_free(struct study_exam *self)
{
    engine_plan_free(&self->plan);
    config_scenario_free(&self->scenario);
}

void study_exams_free(struct study_exams *self)
{
    study_exams_trim(self, NULL, 0);
    free(self->exams);
    *self = (struct study_exams){0};
}

void study_exams_key(const struct study_exams *self, size_t point, char key[33])
{
    struct scenario scenario = {0};
    struct err ignored = {0};
    memcpy(key, self->base_digest, 33);
    if (self->all_share)
        return;
    if (study_sweep_policy(self->sweep, point, &scenario, &ignored) == ERR_OK)
        key_of(&scenario, key);
    config_scenario_free(&scenario);
}

static bool is_among(const char *key, const char (*keys)[33], size_t n)
{
    for (size_t k = 0; k < n; k++)
        if (strcmp(key, keys[k]) == 0)
            return true;
    return false;
}

/* Plans must not move: each exam is on its own. */
void study_exams_trim(struct study_exams *self, const char (*keys)[33], size_t n_keys)
{
    for (size_t k = 0; k < MAX_EXAMS && self->exams; k++)
        if (self->exams[k].key[0] && !is_among(self->exams[k].key, keys, n_keys)) {
            exam_free(&self->exams[k]);
            self->exams[k] = (struct study_exam){.key = ""};
            self->n--;
        }
}

/* A free place or the exam of the key; NULL: no room, so that the policy has its own. */
static struct study_exam *find_place(struct study_exams *self, const char *key)
{
    struct study_exam *place = NULL;
    if (!self->exams)
        self->exams = calloc(MAX_EXAMS, sizeof *self->exams);
    for (size_t k = 0; k < MAX_EXAMS && self->exams; k++) {
        if (strcmp(self->exams[k].key, key) == 0)
            return &self->exams[k];
        if (!place && !self->exams[k].key[0])
            place = &self->exams[k];
    }
    return place;
}

/* The plan to borrow the exam from; NULL: the policy builds its own. */
static const struct engine_plan *exam_of(struct study_exams *self, size_t point, const char *key,
                                         struct err *failure)
{
    if (strcmp(key, self->base_digest) == 0)
        return self->base_plan;
    struct study_exam *exam = find_place(self, key);
    if (!exam || exam->key[0])
        return exam ? &exam->plan : NULL;
    if (study_sweep_policy(self->sweep, point, &exam->scenario, failure) == ERR_OK &&
        engine_plan_prepare(&exam->scenario, self->options, &exam->plan, failure) == ERR_OK) {
        memcpy(exam->key, key, sizeof exam->key);
        self->n++;
        return &exam->plan;
    }
    exam_free(exam);
    *exam = (struct study_exam){.key = ""};
    return NULL;
}

static void build(struct study_exams *exams, struct study_policy *self)
{
    char key[33];
    struct err *failure = &self->failure;
    if (study_sweep_policy(exams->sweep, self->point, &self->scenario, failure) != ERR_OK)
        return;
    if (exams->all_share)
        memcpy(key, exams->base_digest, sizeof key);
    else
        key_of(&self->scenario, key);
    const struct engine_plan *exam = exam_of(exams, self->point, key, failure);
    if (failure->code)
        return;
    if (exam)
        engine_plan_share(&self->scenario, exam, &self->plan, failure);
    else
        engine_plan_prepare(&self->scenario, exams->options, &self->plan, failure);
    if (!failure->code && !exams->base_plan->shape.counts_sessions)
        engine_plan_leave_out_sessions(&self->plan);
    if (!failure->code && self->plan.shape.n_rows != exams->base_plan->shape.n_rows)
        err_set(failure, ERR_INPUT, "it has other groups than the base");
}

enum err_code study_policy_build(struct study_exams *exams, size_t point, struct study_policy *self,
                                 struct err *err)
{
    *self = (struct study_policy){.point = point};
    build(exams, self);
    enum err_code code = self->failure.code;
    if (code == ERR_MEMORY || code == ERR_INTERRUPTED || code == ERR_INTERNAL)
        return err_set(err, code, "%s", self->failure.detail);
    return ERR_OK;
}

void study_policy_free(struct study_policy *self)
{
    engine_plan_free(&self->plan);
    config_scenario_free(&self->scenario);
}
