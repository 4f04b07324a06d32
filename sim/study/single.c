/* One policy, and the record of what was run: the scenario's text, every parameter used, the seed,
 * digests of the inputs, and what the program was built from.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/single.h>

#include <retake/base/build_info.h>
#include <retake/config/params.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

struct record {
    struct store_provenance *out;
    struct store_attribute *attributes;
    struct arena *arena;
    struct err *err;
};

static const char *keep(struct record *self, const char *text)
{
    const char *copy = arena_text(self->arena, text, strlen(text));
    if (!copy)
        err_set(self->err, ERR_MEMORY, "no memory for the provenance");
    return copy;
}

static void add_text(struct record *self, const char *name, const char *text)
{
    self->attributes[self->out->n_attributes++] =
        (struct store_attribute){.name = keep(self, name), .text = keep(self, text)};
}

static void add_number(struct record *self, const char *name, double number)
{
    self->attributes[self->out->n_attributes++] =
        (struct store_attribute){.name = keep(self, name), .number = number};
}

static void add_param(struct record *self, const struct param *param,
                      const struct scenario *scenario, size_t member)
{
    char name[512], text[CONFIG_LIST_BYTES];
    double real = 0;
    int64_t count = 0;
    const void *field = config_param_field(param, scenario, member);
    struct scenario_list list = {0};
    config_param_path(param, scenario, member, name, sizeof name);
    if (param->type == PARAM_REAL)
        memcpy(&real, field, sizeof real);
    else if (param->type == PARAM_COUNT)
        memcpy(&count, field, sizeof count);
    else if (param->type == PARAM_REALS)
        memcpy(&list, field, sizeof list);
    bool is_single = list.n == 1;
    if (is_single)
        real = list.values[0];
    if (is_single || param->type == PARAM_REAL ||
        (param->type == PARAM_COUNT && count < (INT64_C(1) << 53))) {
        add_number(self, name, param->type == PARAM_COUNT ? (double)count : real);
        return;
    }
    config_param_format(param, scenario, member, text, sizeof text);
    add_text(self, name, text);
}

static void add_params(struct record *self, const struct scenario *scenario)
{
    size_t n;
    const struct param *params = config_params(&n);
    for (size_t k = 0; k < n; k++)
        for (size_t m = 0; m < config_param_n_members(&params[k], scenario); m++)
            if (strcmp(params[k].path, "title") != 0)
                add_param(self, &params[k], scenario, m);
}

/* How many attributes add_params makes at most. */
static size_t count_params(const struct scenario *scenario)
{
    size_t n, n_values = 0;
    const struct param *params = config_params(&n);
    for (size_t k = 0; k < n; k++)
        n_values += config_param_n_members(&params[k], scenario);
    return n_values;
}

static void add_program(struct record *self, const struct engine_plan *plan, const char *history)
{
    char source[128];
    snprintf(source, sizeof source, "retake %s (%s)", build_info_version(), build_info_commit());
    add_text(self, "title", plan->scenario->title);
    add_text(self, "source", source);
    add_text(self, "history", history);
    add_text(self, "references", "model, statistics and evidence: docs/model.md of retake");
    add_text(self, "product_version", build_info_version());
    add_text(self, "commit", build_info_commit());
    add_text(self, "compiler", build_info_compiler());
    add_text(self, "compiler_flags", build_info_flags());
    add_text(self, "hdf5_version", build_info_hdf5());
    add_text(self, "libyaml_version", build_info_yaml());
    add_text(self, "jansson_version", build_info_jansson());
    add_text(self, "xxhash_version", build_info_xxhash());
    add_text(self, "scenario", plan->scenario->source_text);
    if (plan->bank_digest[0])
        add_text(self, "bank_digest", plan->bank_digest);
    if (plan->library_digest[0])
        add_text(self, "library_digest", plan->library_digest);
    if (plan->person.digest[0])
        add_text(self, "candidates_digest", plan->person.digest);
}

/* How exposure control was calibrated. */
static void add_exposure(struct record *self, const struct engine_exposure *exposure)
{
    if (!exposure->is_calibrated)
        return;
    add_number(self, "exposure_iterations", exposure->n_iterations);
    add_number(self, "exposure_greatest_rate_before", exposure->greatest_before);
    add_number(self, "exposure_greatest_rate", exposure->greatest_after);
    add_number(self, "exposure_items_controlled", (double)exposure->n_controlled);
}

/* The share of sittings, by bins of ability, whose mean standard error lies below a bound. */
static double share_below(const struct dataset *dataset, double bound, double *least)
{
    const struct dataset_var *se = dataset_var(dataset, "theta_se");
    const struct dataset_var *n = dataset_var(dataset, "n_theta");
    int64_t below = 0, all = 0;
    *least = bound;
    for (size_t i = 0; i < se->n; i++) {
        all += n->count[i];
        if (se->real[i] >= bound || n->count[i] == 0)
            continue;
        below += n->count[i];
        *least = fmin(*least, se->real[i]);
    }
    return all > 0 ? (double)below / (double)all : 0;
}

/* A grid whose spacing is wide against the standard errors reached makes estimates lumpy. */
static void warn_of_grid(struct record *self, const struct engine_plan *plan,
                         const struct dataset *dataset)
{
    const struct cat_design *cat = plan->pathway.cat;
    double least;
    if (!cat || cat->estimator.method != IRT_EAP)
        return;
    double low = cat->estimator.theta_min, high = cat->estimator.theta_max;
    double spacing = (high - low) / (double)(cat->grid.n_points - 1);
    double share = share_below(dataset, 0.8 * spacing, &least);
    if (share < 0.01)
        return;
    char text[256];
    snprintf(text, sizeof text,
             "exam.estimate.points: the grid is spaced %.3g logits, but standard errors reach %.3g "
             "(%.0f %% of sittings); take at least %.0f points",
             spacing, least, 100 * share, ceil((high - low) / (least / 0.8)) + 1);
    add_text(self, "warning", text);
}

static enum err_code record_all(const struct engine_plan *plan, const char *history,
                                struct store_result *out, struct err *err)
{
    size_t capacity = 32 + count_params(plan->scenario);
    struct record record = {
        .out = &out->provenance,
        .arena = &out->dataset.arena,
        .err = err,
        .attributes = arena_alloc(&out->dataset.arena, capacity * sizeof(struct store_attribute))};
    if (!record.attributes)
        return err_set(err, ERR_MEMORY, "no memory for the provenance");
    out->provenance = (struct store_provenance){.attributes = record.attributes};
    add_program(&record, plan, history);
    add_params(&record, plan->scenario);
    add_exposure(&record, &plan->exposure);
    warn_of_grid(&record, plan, &out->dataset);
    return err->code;
}

enum err_code study_single_run(struct scenario *scenario, const struct engine_options *options,
                               const char *history, struct store_result *out, struct err *err)
{
    struct engine_plan plan = {0};
    struct tally *tally = NULL;
    *out = (struct store_result){0};
    if (engine_plan_prepare(scenario, options, &plan, err) != ERR_OK)
        goto out;
    if (engine_run(&plan, options, &tally, err) != ERR_OK)
        goto out;
    if (tally_statistics(tally, &out->dataset, err) != ERR_OK)
        goto out;
    record_all(&plan, history, out, err);
out:
    tally_free(tally);
    engine_plan_free(&plan);
    return err->code;
}
