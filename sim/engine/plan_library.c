/* The library of a plan. It depends on the exam, the bank, the pacing, its own size and seed, and
 * on whether knowledge is spread over domains, all of which make its digest; not on the policy,
 * else on the population, and engine.seed.
 * SPDX-License-Identifier: Apache-2.0 */
#include "plan_library.h"

#include "team.h"

#include <retake/base/build_info.h>
#include <retake/base/digest.h>
#include <retake/base/file.h>
#include <retake/base/stream.h>
#include <retake/base/wording.h>
#include <retake/config/params.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIBRARY_VERSION = 4, SLOW_SHARE = 8, LEAST_SLOW = 8, N_SPEEDS = 24 };

void engine_libraries_free(struct engine_libraries *self)
{
    for (struct engine_library *library = self->first, *next; library; library = next) {
        next = library->next;
        pathway_library_free(&library->sittings);
        free(library);
    }
    self->first = NULL;
}

static void note(const struct engine_options *options, const char *text)
{
    if (options->note)
        options->note(text, options->note_context);
}

/* ---- what it depends on ---- */

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static bool matters(const char *path)
{
    static const char *const none[] = {"exam.scale.", "exam.exclude_seen", "exam.sem",
                                       "exam.exposure.file", "engine.library.folder"};
    static const char *const all[] = {"exam.", "pacing.", "engine.library."};
    for (size_t k = 0; k < sizeof none / sizeof none[0]; k++)
        if (starts_with(path, none[k]))
            return false;
    for (size_t k = 0; k < sizeof all / sizeof all[0]; k++)
        if (starts_with(path, all[k]))
            return true;
    return false;
}

static void print_params(const struct scenario *scenario, FILE *out)
{
    size_t n_params;
    const struct param *params = config_params(&n_params);
    char path[512], text[CONFIG_LIST_BYTES];
    for (size_t k = 0; k < n_params; k++)
        for (size_t m = 0; m < config_param_n_members(&params[k], scenario); m++) {
            config_param_path(&params[k], scenario, m, path, sizeof path);
            config_param_format(&params[k], scenario, m, text, sizeof text);
            if (matters(path))
                fprintf(out, "%s=%s\n", path, text);
        }
}

static enum err_code make_digest(const struct engine_plan *plan, char digest[33], struct err *err)
{
    const struct cat_design *cat = &plan->cat;
    char *text = NULL, shown[33] = "";
    size_t n_bytes = 0;
    FILE *out = stream_to_memory(&text, &n_bytes);
    if (!out)
        return err_set(err, ERR_MEMORY, "no memory for the digest of a library");
    if (cat->p_shown)
        digest_hex(cat->p_shown, cat->n_scored * sizeof *cat->p_shown, shown);
    fprintf(out, "library %d of retake %s %s\nbank=%s\nexposure=%s\ndomains=%zu\n", LIBRARY_VERSION,
            build_info_version(), build_info_commit(), plan->bank_digest, shown,
            plan->person.n_domains);
    print_params(plan->scenario, out);
    if (fclose(out) == 0)
        digest_hex(text, n_bytes, digest);
    else
        err_set(err, ERR_MEMORY, "no memory for the digest of a library");
    free(text);
    return err->code;
}

/* ---- building ---- */

struct building {
    struct pathway_library *library;
    const struct pathway_design *design;
    struct library_demands *sums; /* [n_replicates][coarse] */
};

static void *building_begin(void *context)
{
    return pathway_librarian_new(((struct building *)context)->design);
}

static void building_end(void *context, void *librarian)
{
    (void)context;
    pathway_librarian_free(librarian);
}

/* Each replicate writes its own part of the library. */
static void building_chunk(void *context, void *librarian, uint64_t replicate)
{
    struct building *self = context;
    pathway_library_simulate(self->library, (uint32_t)replicate, librarian,
                             self->sums + replicate * pathway_library_n_coarse());
}

static void building_done(void *context, uint64_t replicate)
{
    (void)context;
    (void)replicate;
}

static enum err_code simulate(struct building *self, const struct engine_options *options,
                              struct err *err)
{
    const struct engine_options threads = {.n_threads = options->n_threads, .stop = options->stop};
    struct engine_team team = {.options = &threads,
                               .n_chunks = self->library->size.n_replicates,
                               .context = self,
                               .begin = building_begin,
                               .chunk = building_chunk,
                               .done = building_done,
                               .end = building_end};
    engine_team_run(&team);
    if (team.out_of_memory)
        return err_set(err, ERR_MEMORY, "no memory to build a library of sessions");
    if (team.next_chunk < team.n_chunks)
        return err_set(err, ERR_INTERRUPTED, "interrupted while the session library was built");
    return ERR_OK;
}

static enum err_code simulate_and_gather(struct building *self,
                                         const struct engine_options *options, struct err *err)
{
    size_t n = self->library->size.n_replicates * pathway_library_n_coarse();
    self->sums = calloc(n, sizeof *self->sums);
    if (!self->sums)
        return err_set(err, ERR_MEMORY, "no memory to build a library of sessions");
    if (simulate(self, options, err) == ERR_OK)
        pathway_library_gather(self->library, self->sums);
    free(self->sums);
    return err->code;
}

/* What a scenario asks of a library; where the clock never binds it has no speeds. */
static struct pathway_library ask(const struct scenario *s, const struct engine_plan *plan)
{
    uint32_t n_sittings = (uint32_t)s->engine_library_sittings, n_slow = n_sittings / SLOW_SHARE;
    return (struct pathway_library){
        .size = {.n_replicates = (uint32_t)s->engine_library_replicates,
                 .n_sittings = n_sittings,
                 .n_slow = n_slow < LEAST_SLOW ? LEAST_SLOW : n_slow,
                 .n_speeds = isfinite(plan->cat.time_limit_s) ? N_SPEEDS : 0,
                 .n_domains = (uint32_t)plan->person.n_domains},
        .seed = (uint64_t)s->engine_library_seed};
}

static enum err_code build(const struct scenario *s, const struct engine_options *options,
                           const struct engine_plan *plan, struct engine_library *out,
                           struct err *err)
{
    struct building building = {.library = &out->sittings, .design = &plan->pathway};
    struct library_size size = ask(s, plan).size;
    struct pathway_librarian *librarian = pathway_librarian_new(&plan->pathway);
    if (!librarian)
        return err_set(err, ERR_MEMORY, "no memory to build a library of sessions");
    double safe = pathway_library_pilot(librarian, (uint64_t)s->engine_library_seed);
    pathway_librarian_free(librarian);
    if (!isfinite(safe))
        size.n_speeds = 0;
    if (pathway_library_init(&size, &plan->cat, &out->sittings, err) != ERR_OK)
        return err->code;
    out->sittings.seed = (uint64_t)s->engine_library_seed;
    out->sittings.safe_speed = isfinite(safe) ? safe : 0;
    return simulate_and_gather(&building, options, err);
}

static enum err_code build_noted(const struct scenario *s, const struct engine_options *options,
                                 const struct engine_plan *plan, struct engine_library *out,
                                 struct err *err)
{
    char text[128];
    note(options, "building the session library");
    double began = engine_time_s();
    if (build(s, options, plan, out, err) != ERR_OK)
        return err->code;
    size_t n = out->sittings.size.n_replicates * out->sittings.per_replicate;
    snprintf(text, sizeof text, "built the session library: %s in %.1f s",
             wording_count(n, "session").text, engine_time_s() - began);
    note(options, text);
    return ERR_OK;
}

/* ---- the file ---- */

static enum err_code file_path(struct scenario *scenario, const char *digest, char path[4096],
                               struct err *err)
{
    const char *folder = config_scenario_file_path(scenario, scenario->engine_library_folder);
    if (!folder)
        return err_set(err, ERR_MEMORY, "no memory for the path of a library");
    if (snprintf(path, 4096, "%s/library-%s.h5", folder, digest) >= 4096)
        return config_scenario_error(scenario, "engine.library.folder", err, ERR_INPUT,
                                     "the path is too long");
    return ERR_OK;
}

/* Whether the file held the library. A file that cannot be used is replaced, and that is said. */
static bool read_file(const char *path, const struct engine_plan *plan,
                      const struct engine_options *options, struct engine_library *out,
                      struct err *err)
{
    const struct pathway_library asked = ask(plan->scenario, plan);
    char text[4400];
    struct err reason = {0};
    bool is_there;
    if (file_look(path, &is_there, err) != ERR_OK || !is_there)
        return false;
    enum err_code code = engine_library_read(path, &plan->cat, &asked, out, &reason);
    if (code != ERR_OK)
        pathway_library_free(&out->sittings);
    if (code == ERR_MEMORY)
        err_set(err, code, "%s", reason.detail);
    else if (code != ERR_OK)
        snprintf(text, sizeof text, "%s; it is built anew", reason.detail);
    else
        snprintf(text, sizeof text, "using the session library %s", path);
    if (!err->code)
        note(options, text);
    return code == ERR_OK;
}

static enum err_code obtain(struct scenario *scenario, const struct engine_options *options,
                            const struct engine_plan *plan, struct engine_library *out,
                            struct err *err)
{
    char path[4096];
    struct file_pending trial;
    /* rules from outside the tree may change under the same name */
    if (!scenario->engine_library_folder[0] || scenario->rules)
        return build_noted(scenario, options, plan, out, err);
    if (file_path(scenario, out->digest, path, err) != ERR_OK)
        return err->code;
    if (read_file(path, plan, options, out, err) || err->code)
        return err->code;
    if (file_begin_beside(path, FILE_NO_OUTPUT, &trial, err) != ERR_OK)
        return err->code;
    file_discard(&trial);
    if (build_noted(scenario, options, plan, out, err) != ERR_OK)
        return err->code;
    return engine_library_write(path, out, err);
}

static struct engine_library *find(const struct engine_libraries *pool, const char *digest)
{
    struct engine_library *library = pool->first;
    while (library && strcmp(library->digest, digest) != 0)
        library = library->next;
    return library;
}

/* Standard errors come from as many replicates as there are stretches of candidates. */
static void note_few(const struct scenario *scenario, const struct engine_options *options)
{
    enum { FEW = 16 };
    char text[320];
    double n = ceil((double)scenario->engine_candidates / (double)LIBRARY_BLOCK);
    if (n >= (double)FEW || n >= (double)scenario->engine_library_replicates)
        return;
    snprintf(text, sizeof text,
             "%s %s %.0f of %s of the session library: standard errors rest on no more; take at "
             "least %d",
             wording_count((uint64_t)scenario->engine_candidates, "candidate").text,
             scenario->engine_candidates == 1 ? "uses" : "use", n,
             wording_count((uint64_t)scenario->engine_library_replicates, "replicate").text,
             FEW * LIBRARY_BLOCK);
    note(options, text);
}

enum err_code engine_library_init(struct scenario *scenario, const struct engine_options *options,
                                  struct engine_plan *plan, struct err *err)
{
    struct engine_libraries *pool = options->libraries ? options->libraries : &plan->libraries;
    char digest[33];
    if (engine_library_check_exam(scenario, err) != ERR_OK ||
        engine_library_check_attempts(plan, err) != ERR_OK ||
        make_digest(plan, digest, err) != ERR_OK)
        return err->code;
    struct engine_library *library = find(pool, digest);
    if (!library) {
        library = calloc(1, sizeof *library);
        if (!library)
            return err_set(err, ERR_MEMORY, "no memory for a library");
        memcpy(library->digest, digest, sizeof digest);
        if (obtain(scenario, options, plan, library, err) != ERR_OK) {
            pathway_library_free(&library->sittings);
            free(library);
            return err->code;
        }
        pathway_library_meet(&library->sittings, &plan->cat);
        library->next = pool->first;
        pool->first = library;
    }
    plan->pathway.library = &library->sittings;
    plan->library = library;
    note_few(scenario, options);
    return engine_library_check_people(plan, &library->sittings, err);
}

/* Whether two scenarios have the same candidates before the first sitting, and the same exam: then
 * what was found of the one holds for the other. */
static bool same_people(const struct scenario *a, const struct scenario *b)
{
    static const char *const parts[] = {"population.", "deficits.", "exam.", "pacing.",
                                        "engine.seed"};
    size_t n_params;
    const struct param *params = config_params(&n_params);
    char text[2][CONFIG_LIST_BYTES];
    for (size_t k = 0; k < n_params; k++) {
        bool bears = false;
        for (size_t p = 0; p < sizeof parts / sizeof parts[0]; p++)
            bears = bears || starts_with(params[k].path, parts[p]);
        size_t n = bears ? config_param_n_members(&params[k], a) : 0;
        if (bears && n != config_param_n_members(&params[k], b))
            return false;
        for (size_t m = 0; m < n; m++) {
            config_param_format(&params[k], a, m, text[0], sizeof text[0]);
            config_param_format(&params[k], b, m, text[1], sizeof text[1]);
            if (strcmp(text[0], text[1]) != 0)
                return false;
        }
    }
    return true;
}

enum err_code engine_library_share(const struct engine_plan *exam, struct engine_plan *plan,
                                   struct err *err)
{
    char digest[33];
    if (engine_library_check_exam(plan->scenario, err) != ERR_OK ||
        engine_library_check_attempts(plan, err) != ERR_OK ||
        make_digest(plan, digest, err) != ERR_OK)
        return err->code;
    if (!exam->library || strcmp(digest, exam->library->digest) != 0)
        return err_set(err, ERR_INTERNAL, "a session library to share is missing");
    plan->pathway.library = exam->pathway.library;
    plan->library = exam->library;
    if (same_people(exam->scenario, plan->scenario))
        return engine_library_check_clock(plan, exam->library_clock_share, err);
    return engine_library_check_people(plan, plan->pathway.library, err);
}
