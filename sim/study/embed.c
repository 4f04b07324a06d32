/* The embedding API: a handle around a scenario and the result of its last run.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake.h>

#include <retake/base/build_info.h>
#include <retake/engine/plan.h>
#include <retake/study/single.h>
#include <retake/tally/address.h>

#include <stdlib.h>

struct retake {
    struct scenario scenario;
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
    return calloc(1, sizeof(struct retake));
}

static void drop_result(struct retake *self)
{
    store_result_free(&self->result);
    self->result = (struct store_result){0};
    self->has_result = false;
}

void retake_free(struct retake *self)
{
    if (!self)
        return;
    drop_result(self);
    config_scenario_free(&self->scenario);
    free(self);
}

const char *retake_message(const struct retake *self)
{
    return self->err.detail;
}

int retake_load(struct retake *self, const char *path)
{
    err_clear(&self->err);
    drop_result(self);
    config_scenario_free(&self->scenario);
    self->is_loaded = config_scenario_load(path, &self->scenario, &self->err) == ERR_OK;
    return err_exit_status(self->err.code);
}

static int require(struct retake *self, bool condition, const char *what)
{
    err_clear(&self->err);
    if (!condition)
        err_set(&self->err, ERR_USAGE, "%s", what);
    return err_exit_status(self->err.code);
}

int retake_set(struct retake *self, const char *assignment)
{
    if (require(self, self->is_loaded, "no scenario is loaded"))
        return err_exit_status(self->err.code);
    config_scenario_set(&self->scenario, assignment, &self->err);
    return err_exit_status(self->err.code);
}

static void relay(uint64_t n_done, uint64_t n_total, void *context)
{
    struct retake *self = context;
    if (self->progress && self->progress(n_done, n_total, self->context) != 0)
        __atomic_store_n(&self->stop, 1, __ATOMIC_RELAXED);
}

int retake_add_rules(struct retake *self, const struct rule_set *rules)
{
    err_clear(&self->err);
    bool is_good = !rules || cat_rule_set_check(rules, &self->err) == ERR_OK;
    self->rules = is_good ? rules : NULL;
    return err_exit_status(self->err.code);
}

int retake_check(struct retake *self)
{
    struct engine_plan plan = {0};
    if (require(self, self->is_loaded, "no scenario is loaded"))
        return err_exit_status(self->err.code);
    self->scenario.rules = self->rules;
    engine_plan_init(&self->scenario, &plan, &self->err);
    engine_plan_free(&plan);
    return err_exit_status(self->err.code);
}

int retake_run(struct retake *self, int n_threads, retake_progress *progress, void *context)
{
    if (require(self, self->is_loaded, "no scenario is loaded"))
        return err_exit_status(self->err.code);
    drop_result(self);
    self->progress = progress;
    self->context = context;
    self->stop = 0;
    self->scenario.rules = self->rules;
    struct engine_options options = {
        .n_threads = n_threads, .progress = relay, .context = self, .stop = &self->stop};
    self->has_result = study_single_run(&self->scenario, &options, "retake_run", &self->result,
                                        &self->err) == ERR_OK;
    return err_exit_status(self->err.code);
}

size_t retake_values(const struct retake *self, const char *name, double *values, size_t n_values)
{
    const struct dataset_var *var =
        self->has_result ? dataset_var(&self->result.dataset, name) : NULL;
    for (size_t i = 0; var && values && i < var->n && i < n_values; i++)
        values[i] = var->type == DATASET_COUNT ? (double)var->count[i] : var->real[i];
    return var ? var->n : 0;
}

int retake_number(struct retake *self, const char *address, double *value, double *mcse)
{
    struct tally_number number;
    if (require(self, self->has_result, "no run has been made"))
        return err_exit_status(self->err.code);
    if (tally_address_read(&self->result.dataset, address, &number, &self->err) != ERR_OK)
        return err_exit_status(self->err.code);
    if (value)
        *value = number.value;
    if (mcse)
        *mcse = number.mcse;
    return 0;
}

int retake_write(struct retake *self, const char *path)
{
    if (require(self, self->has_result, "no run has been made"))
        return err_exit_status(self->err.code);
    store_result_write(path, &self->result.dataset, &self->result.provenance, &self->err);
    return err_exit_status(self->err.code);
}
