/* A grid whose spacing is wide against the standard errors reached makes estimates lumpy.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/grid_doubt.h>

#include <retake/base/real.h>
#include <retake/base/wording.h>
#include <retake/config/params.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double least_ratio = 0.8; /* of a standard error to the spacing */

static double width_of(const struct scenario *scenario)
{
    return scenario->exam_estimate_theta_max - scenario->exam_estimate_theta_min;
}

static double spacing_of(const struct scenario *scenario)
{
    return width_of(scenario) / (double)(scenario->exam_estimate_points - 1);
}

double study_grid_least_se(const struct scenario *scenario)
{
    bool is_used = scenario->exam_form != CONFIG_FORM_NORMAL &&
                   strcmp(scenario->exam_estimate_rule, "eap") == 0;
    return is_used ? least_ratio * spacing_of(scenario) : 0;
}

bool study_grid_doubt(const struct scenario *scenario, double least, double share,
                      char text[STUDY_GRID_DOUBT_BYTES])
{
    char advice[96];
    double most = config_param_find(STUDY_GRID_KEY)->max;
    double points = ceil(width_of(scenario) / (least / least_ratio)) + 1;
    if (share < 0.01 || study_grid_least_se(scenario) == 0)
        return false;
    if (points <= most)
        snprintf(advice, sizeof advice, "take at least %s",
                 wording_count((uint64_t)points, "point").text);
    else
        snprintf(advice, sizeof advice,
                 "no number of points up to %.0f is enough: take exam.estimate.rule: map", most);
    snprintf(text, STUDY_GRID_DOUBT_BYTES,
             STUDY_GRID_KEY ": the grid is spaced %.3g logits, but standard errors reach %.3g "
                            "(%.0f %% of sittings); %s",
             spacing_of(scenario), least, 100 * share, advice);
    return true;
}

/* The share of sittings, by bins of ability, whose mean standard error lies below a bound. */
static double share_below(const struct dataset *dataset, double bound, double *least)
{
    const struct dataset_var *se = dataset_var(dataset, "theta_se");
    const struct dataset_var *n = dataset_var(dataset, "n_theta");
    int64_t below = 0, all = 0;
    *least = bound;
    for (size_t i = 0; se && n && i < se->n; i++) {
        all += n->count[i];
        if (se->real[i] >= bound || n->count[i] == 0)
            continue;
        below += n->count[i];
        *least = real_min(*least, se->real[i]);
    }
    return all > 0 ? (double)below / (double)all : 0;
}

bool study_grid_doubt_of(const struct scenario *scenario, const struct dataset *dataset,
                         char text[STUDY_GRID_DOUBT_BYTES])
{
    double least, bound = study_grid_least_se(scenario);
    double share = bound > 0 ? share_below(dataset, bound, &least) : 0;
    return share > 0 && study_grid_doubt(scenario, least, share, text);
}
