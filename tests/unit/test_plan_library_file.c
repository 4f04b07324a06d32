/* The file of a session library is believed only where every value is one that a sitting of the
 * exam may have. The witness is the definition: what stands in a table, what leads into one, and
 * what the exam decides; a library that was just built is sound, and each change is not.
 * SPDX-License-Identifier: Apache-2.0 */
#include "plan_library.h"

#include "policy.h"

#include <math.h>

static const char exam[] = "engine: {candidates: 1000, seed: 7, sessions: library, library: "
                           "{sittings: 4, replicates: 8}}\n"
                           "exam: {min_items: 5, max_items: 10, pilot_items: 0}\n"
                           "policy: {max_cycles: 1}\n";

struct fixture {
    struct scenario scenario;
    struct engine_plan plan;
    struct engine_library *library;
    char bank[256], path[256];
};

static void begin(struct fixture *self, const char *minutes)
{
    struct err err = {0};
    char text[4096];
    int at = snprintf(text, sizeof text, "id,b,domain,demand_scope\n");
    for (int i = 0; i < 40; i++)
        at += snprintf(text + at, sizeof text - (size_t)at, "I%d,%.3f,D%d,%.2f\n", i,
                       2.0 * i / 40 - 1, i % 3, i % 2 ? 0.5 : 0.25);
    policy_file(text, self->bank);
    policy_file("", self->path);
    policy_scenario(exam, self->bank, &self->scenario);
    policy_set(&self->scenario, "deficits.domain_spread=0.3");
    snprintf(text, sizeof text, "exam.time_limit_min=%s", minutes);
    policy_set(&self->scenario, text);
    cr_assert_eq(engine_plan_init(&self->scenario, &self->plan, &err), ERR_OK, "%s", err.detail);
    self->library = self->plan.libraries.first;
    cr_assert(self->library && self->library->sittings.size.n_domains == 3);
}

static void end(struct fixture *self)
{
    engine_plan_free(&self->plan);
    config_scenario_free(&self->scenario);
    unlink(self->bank);
    unlink(self->path);
}

static bool is_sound(const struct fixture *self)
{
    return pathway_library_is_sound(&self->library->sittings, &self->plan.cat);
}

/* The value of a place is changed, and put back. */
#define REFUSED(place, changed)                                                                    \
    do {                                                                                           \
        __typeof__(place) kept = (place);                                                          \
        (place) = (changed);                                                                       \
        cr_expect(!is_sound(&self), "%s = %s", #place, #changed);                                  \
        (place) = kept;                                                                            \
    } while (0)

Test(plan_library_file, sittings_that_no_exam_has)
{
    struct fixture self;
    begin(&self, "9");
    cr_assert(is_sound(&self));
    cr_assert_gt(self.library->sittings.size.n_speeds, 0, "the clock never binds");
    struct pathway_library *library = &self.library->sittings;
    struct library_sitting *one = &library->sittings[library->per_replicate * 5 + 3];
    struct library_sitting *last =
        &library->sittings[library->per_replicate * library->size.n_replicates - 1];
    REFUSED(one->n_scored, 65535);
    REFUSED(one->n_scored, 11);
    REFUSED(one->n_scored, (uint16_t)(one->n_seen + 1));
    REFUSED(one->n_seen, 11);
    REFUSED(one->n_misses, 60000);
    REFUSED(one->n_guesses, 60000);
    REFUSED(one->n_rushed, 60000);
    REFUSED(one->stop, 0);
    REFUSED(one->stop, CAT_N_STOPS);
    REFUSED(one->stop, 255);
    REFUSED(one->passed, 2);
    REFUSED(one->passed, !one->passed);
    REFUSED(last->passed, !last->passed);
    REFUSED(one->theta, NAN);
    REFUSED(one->theta, -one->theta);
    REFUSED(last->theta, INFINITY);
    REFUSED(one->se, NAN);
    REFUSED(one->se, -1);
    REFUSED(one->minutes, NAN);
    REFUSED(one->minutes, 1e30F);
    REFUSED(one->minutes, 9.1F);
    REFUSED(library->details[LIBRARY_INFORMATION], -1);
    REFUSED(library->details[LIBRARY_BY_DOMAIN + 1], -1);
    cr_expect(is_sound(&self));
    end(&self);
}

Test(plan_library_file, tables_and_numbers_that_no_exam_has)
{
    struct fixture self;
    begin(&self, "none");
    struct pathway_library *library = &self.library->sittings;
    struct library_profile *profile = &library->profiles[pathway_library_n_coarse() + 1];
    struct library_demands *demands = &library->demands[pathway_library_n_coarse() - 1];
    REFUSED(profile->domain[7], 3);
    REFUSED(profile->domain[7], 65535);
    REFUSED(profile->p[15], NAN);
    REFUSED(profile->p[15], 1.5F);
    REFUSED(profile->a[0], -1);
    REFUSED(profile->a[0], 1e20F);
    REFUSED(profile->demand[1][0], 0.6F); /* beyond that of any item */
    REFUSED(profile->demand[1][0], NAN);
    REFUSED(demands->mean[1], NAN);
    REFUSED(demands->mean[1], -0.1);
    REFUSED(demands->mean[1], 0.6);
    REFUSED(demands->domain[63], 2);
    REFUSED(demands->domain[2], NAN);
    REFUSED(library->center, NAN);
    REFUSED(library->center, 0.1);
    REFUSED(library->safe_speed, NAN);
    REFUSED(library->safe_speed, 20);
    cr_expect(is_sound(&self));
    end(&self);
}

/* ---- the file ---- */

static enum err_code read_file(struct fixture *self, const struct pathway_library *asked,
                               char digest[33])
{
    struct engine_library again = {0};
    struct err err = {0};
    memcpy(again.digest, self->library->digest, sizeof again.digest);
    engine_library_read(self->path, &self->plan.cat, asked, &again, &err);
    cr_expect(err.code == ERR_OK || strstr(err.detail, "not a session library") ||
                  strstr(err.detail, "not the session library"),
              "%s", err.detail);
    memcpy(digest, again.statistics_digest, 33);
    pathway_library_free(&again.sittings);
    return err.code;
}

Test(plan_library_file, a_file_is_held_to_the_exam_and_to_what_was_asked_for)
{
    struct fixture self;
    struct err err = {0};
    char digest[33];
    begin(&self, "none");
    struct pathway_library *library = &self.library->sittings;
    struct pathway_library asked = {.size = library->size, .seed = library->seed};
    cr_assert_eq(engine_library_write(self.path, self.library, &err), ERR_OK, "%s", err.detail);
    cr_expect_eq(read_file(&self, &asked, digest), ERR_OK);
    cr_expect_str_eq(digest, self.library->statistics_digest);
    uint32_t *const sizes[] = {&asked.size.n_replicates, &asked.size.n_sittings, &asked.size.n_slow,
                               &asked.size.n_domains};
    for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++)
        for (int more = -1; more <= 1; more += 2) {
            *sizes[k] = (uint32_t)((int)*sizes[k] + more);
            cr_expect_eq(read_file(&self, &asked, digest), ERR_INPUT, "size %zu", k);
            *sizes[k] = (uint32_t)((int)*sizes[k] - more);
        }
    asked.seed++;
    cr_expect_eq(read_file(&self, &asked, digest), ERR_INPUT);
    asked.seed--;
    library->sittings[7].n_scored = 65535; /* under a good seal */
    cr_assert_eq(engine_library_write(self.path, self.library, &err), ERR_OK, "%s", err.detail);
    cr_expect_eq(read_file(&self, &asked, digest), ERR_INPUT);
    end(&self);
}

static void keep_note(const char *text, void *context)
{
    if (strstr(text, "anew"))
        snprintf(context, 1024, "%s", text);
}

/* Under its own name and a good seal: said, and built anew with the values that it should have. */
Test(plan_library_file, a_changed_library_is_built_anew)
{
    struct fixture self;
    struct err err = {0};
    char folder[] = "/tmp/retake-library-XXXXXX", path[512], set[600], said[1024] = "", before[33];
    struct engine_options options = {.n_threads = 1, .note = keep_note, .note_context = said};
    cr_assert(mkdtemp(folder));
    begin(&self, "none");
    snprintf(set, sizeof set, "engine.library.folder=%s", folder);
    policy_set(&self.scenario, set);
    snprintf(path, sizeof path, "%s/library-%s.h5", folder, self.library->digest);
    self.library->sittings.sittings[7].n_scored = 65535;
    cr_assert_eq(engine_library_write(path, self.library, &err), ERR_OK, "%s", err.detail);
    memcpy(before, self.library->statistics_digest, sizeof before);
    struct engine_plan again;
    cr_assert_eq(engine_plan_prepare(&self.scenario, &options, &again, &err), ERR_OK, "%s",
                 err.detail);
    cr_expect(strstr(said, "not a session library; it is built anew"), "%s", said);
    cr_expect_str_neq(again.library->statistics_digest, before);
    cr_expect_leq(again.library->sittings.sittings[7].n_scored, 10);
    engine_plan_free(&again);
    unlink(path);
    rmdir(folder);
    end(&self);
}
