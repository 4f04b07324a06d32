/* The dataset and the attributes of a checkpoint, a part or a result, under a good seal, with other
 * types, dimensions and values than they should have: resume, merge and summary take them or say in
 * one line why not. The names are all that some reader asks for by name.
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "file_input.h"

#include <retake/report/summary.h>
#include <retake/study/record.h>
#include <retake/study/sensitivity.h>
#include <retake/tally/join.h>

#include "merge_shape.h"
#include "sweep_row.h"

static const char *const dims[] = {
    "scenario",   "group",      "attempt",     "attempts_used", "outcome",
    "cycle",      "day_bin",    "length",      "theta_bin",     "item",
    "statistic",  "parameter",  "cut",         "competence",    "change",
    "cost_ratio", "panel_se",   "score_point", "score_band",    "domain",
    "gate",       "minute_bin", "bucket",      "stop_reason",   "difficulty_bin"};
enum { N_DIMS = sizeof dims / sizeof dims[0] };

static const char *const vars[] = {"n_candidates",
                                   "n_attempted",
                                   "n_passed",
                                   "pass_rate",
                                   "pass_rate_mcse",
                                   "cumulative_pass_rate",
                                   "cumulative_pass_rate_difference",
                                   "cumulative_pass_rate_base",
                                   "n_by_attempts_used",
                                   "n_outcome",
                                   "n_awaiting_by_gate",
                                   "n_days_to_certification",
                                   "n_session_length",
                                   "n_session_minutes",
                                   "n_stop_reason",
                                   "n_misses_by_bucket",
                                   "n_theta",
                                   "pass_rate_theta",
                                   "pass_rate_theta_mcse",
                                   "item_exposure_rate",
                                   "item_seen_again_rate",
                                   "item_exposure_parameter",
                                   "seats",
                                   "fees",
                                   "n_refreshers",
                                   "policy_status",
                                   "policy_message",
                                   "policy.wait_days",
                                   "sobol_first",
                                   "sobol_total",
                                   "sobol_n",
                                   "sobol_variance",
                                   "accuracy",
                                   "loss_minimising_cut",
                                   "bank_n_items",
                                   "bank_n_needed",
                                   "bank_n_short",
                                   "panel_pass_rate",
                                   "p_pass",
                                   "n_score_band",
                                   "change_accuracy_difference",
                                   "session_minutes_mean"};
enum { N_VARS = sizeof vars / sizeof vars[0] };

static const char *const attributes[] = {"n_shards",
                                         "shard",
                                         "n_policies",
                                         STUDY_SALTELLI_N,
                                         STUDY_SALTELLI_AXES,
                                         STUDY_SENSITIVITY,
                                         "coordinates",
                                         "exam.scale.cut",
                                         "exam.scale.per_logit",
                                         "title",
                                         "engine.seed",
                                         "population.competent_theta",
                                         "policy.max_cycles"};
enum { N_ATTRIBUTES = sizeof attributes / sizeof attributes[0] };

static const double reals[] = {0, 1, 2.5, -1, 0.0 / 0.0, 1.0 / 0.0, 1e300, -1e300, 950, 200, 1e18};
static const int64_t counts[] = {0, 1, 2, 3, 60, -1, INT64_MAX, INT64_MIN};
static const char *const texts[] = {"all",
                                    "",
                                    "policy.wait_days",
                                    "x y",
                                    "pass_rate[attempt=1]",
                                    "n_passed[attempt=1]/n_attempted[attempt=1]"};

/* The fuzzer's bytes, one after the other; then zeros. */
struct source {
    const uint8_t *data;
    size_t n_bytes;
};

static uint8_t source_next(struct source *self)
{
    if (self->n_bytes == 0)
        return 0;
    self->n_bytes--;
    return *self->data++;
}

enum { MOST = 64 };

static struct {
    double real[2 * MOST];
    int64_t count[MOST];
    const char *text[MOST];
} values;

static void values_fill(struct source *from, size_t n)
{
    uint8_t step = source_next(from), first = source_next(from);
    for (size_t i = 0; i < MOST; i++) {
        size_t k = first + i * step;
        bool is_odd = i < n && step % 2;
        values.real[i] = is_odd ? reals[k % (sizeof reals / sizeof *reals)] : (double)i;
        values.count[i] = is_odd ? counts[k % (sizeof counts / sizeof *counts)] : (int64_t)i + 1;
        values.text[i] = texts[k % (sizeof texts / sizeof *texts)];
    }
    for (size_t i = MOST; i < 2 * MOST; i++)
        values.real[i] = (double)i;
}

static void add_dim(struct source *from, struct dataset *out)
{
    uint8_t flags = source_next(from);
    size_t n = 1 + flags % 4;
    enum dataset_type type = (enum dataset_type)(flags / 4 % 3);
    struct err err = {0};
    const char *name = dims[source_next(from) % N_DIMS];
    if (dataset_dim(out, name))
        return;
    values_fill(from, n);
    const struct dataset_dim dim = {.name = name,
                                    .n = n,
                                    .type = type,
                                    .real = values.real,
                                    .count = values.count,
                                    .text = values.text,
                                    .bounds = flags & 64 ? values.real : NULL};
    require(dataset_add_dim(out, &dim, &err) == ERR_OK);
    struct dataset_dim *added = &out->dims[out->n_dims - 1]; /* as the reader leaves them */
    added->real = type == DATASET_REAL ? added->real : NULL;
    added->count = type == DATASET_COUNT ? added->count : NULL;
    added->text = type == DATASET_TEXT ? added->text : NULL;
}

static void add_var(struct source *from, struct dataset *out)
{
    uint8_t flags = source_next(from);
    struct err err = {0};
    struct dataset_var var = {.name = vars[source_next(from) % N_VARS],
                              .type = (enum dataset_type)(flags % 3),
                              .n = 1,
                              .ancillary = flags & 64 ? vars[flags % N_VARS] : NULL};
    if (dataset_var(out, var.name) || out->n_dims == 0)
        return;
    for (size_t k = 0; k < flags / 4 % 4u; k++) {
        size_t d = source_next(from) % out->n_dims;
        if (var.n * out->dims[d].n > MOST)
            break;
        var.dim[var.n_dims++] = d;
        var.n *= out->dims[d].n;
    }
    values_fill(from, var.n);
    var.real = var.type == DATASET_REAL ? values.real : NULL;
    var.count = var.type == DATASET_COUNT ? values.count : NULL;
    var.text = var.type == DATASET_TEXT ? values.text : NULL;
    require(dataset_add_var(out, &var, &err) == ERR_OK);
}

static void add_attribute(struct source *from, struct store_result *out)
{
    struct err err = {0};
    const char *name = attributes[source_next(from) % N_ATTRIBUTES];
    uint8_t k = source_next(from);
    if (store_attribute_find(&out->provenance, name))
        return;
    if (k % 2)
        study_record_text(out, name, texts[k / 2 % (sizeof texts / sizeof *texts)], &err);
    else
        study_record_number(out, name, reals[k / 2 % (sizeof reals / sizeof *reals)], &err);
    require(err.code == ERR_OK);
}

static void result_make(struct source *from, struct store_result *out)
{
    struct err err = {0};
    *out = (struct store_result){0};
    require(study_record_text(out, "scenario", "exam: {form: normal}", &err) == ERR_OK);
    for (int k = source_next(from) % 12; k > 0; k--)
        add_dim(from, &out->dataset);
    for (int k = source_next(from) % 24; k > 0; k--)
        add_var(from, &out->dataset);
    for (int k = source_next(from) % 8; k > 0; k--)
        add_attribute(from, out);
}

static void print_all(const struct store_result *result)
{
    struct err err = {0};
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    require(out != NULL);
    require(report_summary_text(&result->dataset, &result->provenance, out, &err) == ERR_OK);
    require(report_summary_markdown(&result->dataset, &result->provenance, out, &err) == ERR_OK);
    require(report_summary_csv(&result->dataset, out, &err) == ERR_OK);
    require(report_summary_json(&result->dataset, &result->provenance, out, &err) == ERR_OK);
    require(fclose(out) == 0);
    free(text);
}

/* As a merge of a sweep joins its parts. */
static void join_parts(const struct store_result *one, const struct store_result *two)
{
    struct store_result out = {0};
    struct err err = {0};
    if (!study_row_are_joined(&one->dataset) || !study_row_are_joined(&two->dataset) ||
        !dataset_dim(&one->dataset, "scenario") || !dataset_dim(&two->dataset, "scenario"))
        return;
    const struct dataset_row rows[] = {{.number = 1, .dataset = &one->dataset, .is_joined = true},
                                       {.number = 2,
                                        .dataset = &two->dataset,
                                        .is_joined = true,
                                        .at = dataset_dim(&two->dataset, "scenario")->n - 1}};
    const struct dataset_joint joint = {
        .dim = "scenario", .n_rows = 2, .rows = rows, .common = &one->dataset};
    dataset_join(&joint, &out.dataset, &err);
    require_message(&err);
    if (err.code == ERR_OK) {
        study_record_copy(&out, &one->provenance, &err);
        study_sensitivity_add(&out, &err);
        require_message(&err);
        print_all(&out);
    }
    store_result_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    struct source from = {data, n_bytes};
    struct store_result one, two;
    struct study_shape shape;
    struct err err = {0};
    result_make(&from, &one);
    result_make(&from, &two);
    study_shape_init("fuzz.h5", &one, &shape, &err);
    require_message(&err);
    study_shape_free(&shape);
    print_all(&one);
    join_parts(&one, &two);
    store_result_free(&one);
    store_result_free(&two);
    return 0;
}
