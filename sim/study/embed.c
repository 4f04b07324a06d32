/* The embedding API: a handle around a scenario and the result of its last run.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake.h>

#include <retake/base/build_info.h>
#include <retake/config/inputs.h>
#include <retake/engine/plan.h>
#include <retake/study/single.h>
#include <retake/tally/address.h>

#include <assert.h>
#include <stdlib.h>

/* A handle that is in use says so; one that was freed no longer does. */
enum { IN_USE = 0x7E7A4E21 };

struct retake {
    struct scenario scenario;
    volatile uint32_t state; /* in the middle: free() writes over both ends */
    struct store_result result;
    struct err err;
    const struct rule_set *rules;
    retake_progress *progress;
    void *context;
    volatile sig_atomic_t stop;
    bool is_loaded, has_result;
};

const char *retake_version(void)
{
    return build_info_version();
}

struct retake *retake_new(void)
{
    struct retake *self = calloc(1, sizeof *self);
    if (self)
        self->state = IN_USE;
    return self;
}

/* NULL is the caller's to answer. */
#define CHECK_HANDLE(self)                                                                         \
    assert((!(self) || (self)->state == IN_USE) && "a handle of retake_new that is not freed yet")

static void drop_result(struct retake *self)
{
    store_result_free(&self->result);
    self->result = (struct store_result){0};
    self->has_result = false;
}

void retake_free(struct retake *self)
{
    CHECK_HANDLE(self);
    if (!self)
        return;
    drop_result(self);
    config_scenario_free(&self->scenario);
    self->state = 0;
    free(self);
}

const char *retake_message(const struct retake *self)
{
    CHECK_HANDLE(self);
    return self ? self->err.detail : "no handle: NULL";
}

static int status_of(const struct retake *self)
{
    return self ? err_exit_status(self->err.code) : err_exit_status(ERR_USAGE);
}

/* Begin a call: the last message goes. @return whether there is a handle, and what is required */
static bool begins(struct retake *self, bool condition, const char *what)
{
    if (!self)
        return false;
    err_clear(&self->err);
    if (!condition)
        err_set(&self->err, ERR_USAGE, "%s", what);
    return condition;
}

static bool begins_loaded(struct retake *self)
{
    return begins(self, self && self->is_loaded, "no scenario is loaded");
}

static bool begins_with_result(struct retake *self)
{
    return begins(self, self && self->has_result, "no run has been made");
}

int retake_load(struct retake *self, const char *path)
{
    CHECK_HANDLE(self);
    if (!begins(self, path != NULL, "no path: NULL"))
        return status_of(self);
    drop_result(self);
    config_scenario_free(&self->scenario);
    self->is_loaded = config_scenario_load(path, &self->scenario, &self->err) == ERR_OK;
    return status_of(self);
}

int retake_set(struct retake *self, const char *assignment)
{
    CHECK_HANDLE(self);
    if (begins(self, assignment != NULL, "no assignment: NULL") && begins_loaded(self))
        config_scenario_set(&self->scenario, assignment, &self->err);
    return status_of(self);
}

static void relay(uint64_t n_done, uint64_t n_total, void *context)
{
    struct retake *self = context;
    if (self->progress && self->progress(n_done, n_total, self->context) != 0)
        __atomic_store_n(&self->stop, 1, __ATOMIC_RELAXED);
}

int retake_add_rules(struct retake *self, const struct rule_set *rules)
{
    CHECK_HANDLE(self);
    if (!begins(self, true, ""))
        return status_of(self);
    bool is_good = !rules || cat_rule_set_check(rules, &self->err) == ERR_OK;
    self->rules = is_good ? rules : NULL;
    return status_of(self);
}

int retake_check(struct retake *self)
{
    struct engine_plan plan = {0};
    CHECK_HANDLE(self);
    if (!begins_loaded(self))
        return status_of(self);
    self->scenario.rules = self->rules;
    config_inputs_free(self->scenario.inputs);
    engine_plan_init(&self->scenario, &plan, &self->err);
    engine_plan_free(&plan);
    return status_of(self);
}

int retake_run(struct retake *self, int n_threads, retake_progress *progress, void *context)
{
    CHECK_HANDLE(self);
    if (!begins(self, n_threads >= 0, "n_threads is negative") || !begins_loaded(self))
        return status_of(self);
    drop_result(self);
    self->progress = progress;
    self->context = context;
    self->stop = 0;
    self->scenario.rules = self->rules;
    config_inputs_free(self->scenario.inputs);
    struct engine_options options = {
        .n_threads = n_threads, .progress = relay, .context = self, .stop = &self->stop};
    self->has_result = study_single_run(&self->scenario, &options, "retake_run", &self->result,
                                        &self->err) == ERR_OK;
    return status_of(self);
}

size_t retake_values(const struct retake *self, const char *name, double *values, size_t n_values)
{
    CHECK_HANDLE(self);
    const struct dataset_var *var =
        self && name && self->has_result ? dataset_var(&self->result.dataset, name) : NULL;
    if (!var || var->type == DATASET_TEXT)
        return 0;
    for (size_t i = 0; values && i < var->n && i < n_values; i++)
        values[i] = var->type == DATASET_COUNT ? (double)var->count[i] : var->real[i];
    return var->n;
}

int retake_number(struct retake *self, const char *address, double *value, double *mcse)
{
    struct tally_number number;
    CHECK_HANDLE(self);
    if (!begins(self, address != NULL, "no address: NULL") || !begins_with_result(self) ||
        tally_address_read(&self->result.dataset, address, &number, &self->err) != ERR_OK)
        return status_of(self);
    if (value)
        *value = number.value;
    if (mcse)
        *mcse = number.mcse;
    return 0;
}

int retake_write(struct retake *self, const char *path)
{
    CHECK_HANDLE(self);
    if (begins(self, path != NULL, "no path: NULL") && begins_with_result(self))
        store_result_write(path, &self->result.dataset, &self->result.provenance, &self->err);
    return status_of(self);
}
