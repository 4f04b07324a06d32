/* Whether a library that was read from a file can be one of this exam. Nothing that is drawn from
 * it is looked at again: what counts or leads to a place in a table must be right here. Whoever can
 * write the file can still make up sittings that this exam might have had.
 * SPDX-License-Identifier: Apache-2.0 */
#include "library_nodes.h"

#include <retake/base/real.h>

#include <math.h>

static const double farthest = 100,       /* no estimate is beyond [logit] */
    rounding = 1.000001, pilot_reach = 1; /* of speeds, beyond the fastest that a pilot tries */

/* In comparisons NaN is refused. */
static bool is_within(double x, double low, double high)
{
    return x >= low && x <= high;
}

/* ---- sittings ---- */

/* The estimate was rounded to single precision, and how many estimates lay above the cut is not
 * kept: the decision must be that of an estimate nearby. */
static bool is_decided(const struct cat_design *cat, const struct library_sitting *sitting)
{
    const double near[] = {(double)sitting->theta, (double)nextafterf(sitting->theta, -INFINITY),
                           (double)nextafterf(sitting->theta, INFINITY)};
    for (size_t k = 0; k < 2 * sizeof near / sizeof near[0]; k++) {
        const struct cat_session session = {.seen = {.theta = near[k / 2],
                                                     .se = (double)sitting->se,
                                                     .elapsed_s = 60 * (double)sitting->minutes,
                                                     .n_scored = sitting->n_scored,
                                                     .n_seen = sitting->n_seen,
                                                     .n_above_cut = k % 2 ? sitting->n_scored : 0},
                                            .stop = (enum cat_stop)sitting->stop};
        if (cat_session_passes(cat, &session) == (sitting->passed == 1))
            return true;
    }
    return false;
}

static bool is_ended(const struct cat_design *cat, const struct library_sitting *sitting)
{
    switch (sitting->stop) {
    case CAT_STOP_RULE:
        return sitting->n_scored >= cat->exam.min_items;
    case CAT_STOP_MAXIMUM:
        return sitting->n_scored == cat->exam.max_items;
    case CAT_STOP_TIME:
        return isfinite(cat->time_limit_s);
    default:
        return sitting->stop == CAT_STOP_NO_ITEM;
    }
}

/* The item on the screen when time runs out is not among those seen, but may have been rushed. */
static bool sitting_is_sound(const struct cat_design *cat, const struct library_sitting *sitting)
{
    double most_minutes = isfinite(cat->time_limit_s) ? cat->time_limit_s / 60 : 0;
    return sitting->n_scored <= cat->exam.max_items && sitting->n_scored <= sitting->n_seen &&
           sitting->n_seen <= cat->max_seen &&
           sitting->n_misses + sitting->n_guesses <= sitting->n_seen &&
           sitting->n_rushed <= sitting->n_seen + 1 && sitting->passed <= 1 &&
           is_within((double)sitting->theta, -farthest, farthest) &&
           is_within((double)sitting->se, 0, INFINITY) &&
           is_within((double)sitting->minutes, 0, most_minutes * rounding) &&
           is_ended(cat, sitting) && is_decided(cat, sitting);
}

/* Information is a sum of squares. */
static bool details_are_sound(const struct library_size *size, const int16_t *details)
{
    bool is_sound = details[LIBRARY_INFORMATION] >= 0;
    for (size_t d = 0; d < size->n_domains; d++)
        is_sound = is_sound && details[LIBRARY_BY_DOMAIN + d] >= 0;
    return is_sound;
}

static bool sittings_are_sound(const struct pathway_library *self, const struct cat_design *cat)
{
    size_t n = self->size.n_replicates * self->per_replicate;
    size_t n_details = pathway_library_n_details(&self->size);
    for (size_t k = 0; k < n; k++)
        if (!sitting_is_sound(cat, &self->sittings[k]) ||
            !details_are_sound(&self->size, self->details + k * n_details))
            return false;
    return true;
}

/* ---- items and demands ---- */

/* The greatest of the items that may be shown; none is below 0. */
struct greatest {
    double a, demand[IRT_N_DEMANDS];
};

static struct greatest greatest_of(const struct cat_design *cat)
{
    struct greatest out = {.a = 0};
    for (size_t i = 0; i < cat->n_items; i++) {
        out.a = real_max(out.a, (double)(float)cat->items[i].a);
        for (int k = 0; k < IRT_N_DEMANDS; k++)
            out.demand[k] = real_max(out.demand[k], (double)cat->items[i].demand[k]);
    }
    return out;
}

static bool profile_is_sound(const struct library_profile *profile, const struct greatest *greatest,
                             size_t n_domains)
{
    for (size_t i = 0; i < LIBRARY_PROFILE; i++) {
        if (!is_within((double)profile->p[i], 0, 1) ||
            !is_within((double)profile->a[i], 0, greatest->a) ||
            (n_domains > 0 && profile->domain[i] >= n_domains))
            return false;
        for (int k = 0; k < IRT_N_DEMANDS; k++)
            if (!is_within((double)profile->demand[k][i], 0, greatest->demand[k]))
                return false;
    }
    return true;
}

static bool demands_are_sound(const struct library_demands *demands,
                              const struct greatest *greatest)
{
    double sum = 0;
    for (int k = 0; k < IRT_N_DEMANDS; k++)
        if (!is_within(demands->mean[k], 0, greatest->demand[k] * rounding))
            return false;
    for (int d = 0; d < PERSON_MAX_DOMAINS; d++) {
        if (!is_within(demands->domain[d], 0, rounding))
            return false;
        sum += demands->domain[d];
    }
    return sum <= rounding;
}

/* ---- all of it ---- */

bool pathway_library_is_sound(const struct pathway_library *self, const struct cat_design *cat)
{
    const struct greatest greatest = greatest_of(cat);
    size_t n_profiles = self->size.n_replicates * (size_t)LIBRARY_N_COARSE;
    double fastest = self->size.n_speeds > 0 ? library_fastest + pilot_reach : 0;
    if (!is_within(self->safe_speed, -fastest, fastest) || self->center != cat->exam.cut_theta ||
        !sittings_are_sound(self, cat))
        return false;
    for (size_t k = 0; k < n_profiles; k++)
        if (!profile_is_sound(&self->profiles[k], &greatest, self->size.n_domains))
            return false;
    for (size_t k = 0; k < LIBRARY_N_COARSE; k++)
        if (!demands_are_sound(&self->demands[k], &greatest))
            return false;
    return true;
}
