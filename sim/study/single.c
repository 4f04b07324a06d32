/* One policy, and the record of what was run: the scenario's text, every parameter used, the seed,
 * digests of the inputs, and what the program was built from.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/single.h>

#include <retake/base/build_info.h>
#include <retake/base/wording.h>
#include <retake/study/durable.h>
#include <retake/study/grid_doubt.h>
#include <retake/study/reach_doubt.h>
#include <retake/study/record.h>

#include <stdio.h>

struct record {
    struct store_result *out;
    struct err *err;
};

static void add_text(struct record *self, const char *name, const char *text)
{
    study_record_text(self->out, name, text, self->err);
}

static void add_number(struct record *self, const char *name, double number)
{
    study_record_number(self->out, name, number, self->err);
}

static void add_program(struct record *self, const struct scenario *scenario, const char *history)
{
    char source[128];
    snprintf(source, sizeof source, "retake %s (%s)", build_info_version(), build_info_commit());
    add_text(self, "title", scenario->title);
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
    add_text(self, "scenario", scenario->source_text);
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

/* Limits that a retaker's tests miss, who has met too many items. */
static void warn_of_limits(struct store_result *out, struct err *err)
{
    const struct dataset_var *missed = dataset_var(&out->dataset, "n_missed_limits");
    char text[160];
    int64_t n = 0;
    for (size_t k = 0; missed && k < missed->n; k++)
        n += missed->count[k];
    if (n == 0)
        return;
    snprintf(text, sizeof text,
             "%s %s limits of exam.content: their items are used up (n_missed_limits)",
             wording_count((uint64_t)n, "sitting").text, n == 1 ? "misses" : "miss");
    study_record_warning(out, text, err);
}

/* Cuts that no estimate reaches, or that all do. */
static void warn_of_reach(const struct scenario *scenario, struct store_result *out,
                          struct err *err)
{
    struct study_reach_doubt found[STUDY_MOST_REACH_DOUBTS];
    char text[STUDY_REACH_DOUBT_BYTES + 32];
    size_t n = study_reach_doubts_of(scenario, &out->dataset, found);
    for (size_t k = 0; k < n; k++) {
        snprintf(text, sizeof text, "%s: %s", found[k].key, found[k].text);
        study_record_warning(out, text, err);
    }
}

enum err_code study_single_warn(const struct scenario *scenario, struct store_result *out,
                                struct err *err)
{
    char text[STUDY_GRID_DOUBT_BYTES];
    warn_of_reach(scenario, out, err);
    if (study_grid_doubt_of(scenario, &out->dataset, text))
        study_record_warning(out, text, err);
    warn_of_limits(out, err);
    return err->code;
}

enum err_code study_single_describe(struct scenario *scenario, const char *history,
                                    struct store_result *out, struct err *err)
{
    struct record record = {out, err};
    add_program(&record, scenario, history);
    study_record_inputs(out, scenario, err);
    return study_record_params(out, scenario, err);
}

enum err_code study_single_result(const struct engine_plan *plan, const struct tally *tally,
                                  const struct store_provenance *description,
                                  struct store_result *out, struct err *err)
{
    struct record record = {out, err};
    *out = (struct store_result){0};
    if (tally_statistics(tally, &out->dataset, err) != ERR_OK)
        return err->code;
    study_record_copy(out, description, err);
    add_exposure(&record, &plan->exposure);
    if (plan->library)
        add_text(&record, "library_digest", plan->library->digest);
    if (plan->library && plan->library->statistics_digest[0])
        add_text(&record, STUDY_LIBRARY_STATISTICS, plan->library->statistics_digest);
    return study_single_warn(plan->scenario, out, err);
}

enum err_code study_single_run(struct scenario *scenario, const struct engine_options *options,
                               const char *history, struct store_result *out, struct err *err)
{
    static const struct study_durable plain = {0};
    return study_durable_run(scenario, options, &plain, history, out, err);
}
