/* The cut against the range of the estimates that there are.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/study/reach_doubt.h>

#include <retake/base/real.h>
#include <retake/pathway/timeline.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

struct range {
    double low, high;
    const char *what;
};

/* The estimator of the scenario as far as it bounds estimates. */
static struct irt_estimator estimator_of(const struct scenario *s)
{
    const char *rule = s->exam_estimate_rule;
    return (struct irt_estimator){
        .method = strcmp(rule, "eap") == 0   ? IRT_EAP
                  : strcmp(rule, "map") == 0 ? IRT_MAP
                  : strcmp(rule, "ml") == 0  ? IRT_ML
                                             : IRT_WL,
        .prior = (enum irt_prior)s->exam_estimate_prior,
        .prior_min = s->exam_estimate_prior_min,
        .prior_max = s->exam_estimate_prior_max,
        .theta_min = s->exam_estimate_theta_min,
        .theta_max = s->exam_estimate_theta_max,
        .constant = (enum irt_constant)s->exam_estimate_constant,
        .start_theta = s->exam_start_theta,
        .b_min = -INFINITY,
        .b_max = INFINITY,
    };
}

static struct range range_of(const struct irt_estimator *self)
{
    struct range out = {self->theta_min, self->theta_max, "exam.estimate.theta_min .. theta_max"};
    bool is_bayes = self->method == IRT_EAP || self->method == IRT_MAP;
    if (is_bayes && self->prior == IRT_PRIOR_UNIFORM) {
        out.what = "exam.estimate.theta_min .. theta_max and the prior's range";
        out.low = real_max(out.low, self->prior_min);
        out.high = real_min(out.high, self->prior_max);
    }
    if (self->method == IRT_ML && self->constant == IRT_CONSTANT_DODD) {
        out.low = real_min(out.low, self->b_min);
        out.high = real_max(out.high, self->b_max);
    }
    if (self->method == IRT_ML && self->constant != IRT_CONSTANT_BOUNDS &&
        self->constant != IRT_CONSTANT_MAP) {
        out.low = real_min(out.low, self->start_theta);
        out.high = real_max(out.high, self->start_theta);
    }
    return out;
}

uint32_t study_reach_first(const struct scenario *s, double theta, uint32_t max_attempts)
{
    size_t n_raises = s->policy_retake_cut_raise.n;
    for (uint32_t k = 1; k <= max_attempts && k <= n_raises + 1; k++)
        if (!pathway_reaches_cut(s, theta, pathway_cut_raise(s, k)))
            return k;
    return 0;
}

static void doubt_unreachable(const struct scenario *s, const struct range *range, uint32_t attempt,
                              struct study_reach_doubt *out)
{
    out->key = attempt == 1 ? "exam.cut_theta" : "policy.retake_cut_raise";
    if (attempt == 1)
        snprintf(out->text, sizeof out->text, "%g lies outside %s = %g .. %g: nobody can pass",
                 s->exam_cut_theta, range->what, range->low, range->high);
    else
        snprintf(out->text, sizeof out->text,
                 "the cut of attempt %u, %g + %g, lies outside %s = %g .. %g: nobody can pass then",
                 attempt, s->exam_cut_theta, pathway_cut_raise(s, attempt), range->what, range->low,
                 range->high);
}

static void doubt_all_reach(const struct scenario *s, const struct range *range,
                            struct study_reach_doubt *out)
{
    out->key = "exam.cut_theta";
    snprintf(out->text, sizeof out->text, "%g lies %s the least of %s = %g .. %g: everybody passes",
             s->exam_cut_theta, s->exam_cut_theta < range->low ? "below" : "at", range->what,
             range->low, range->high);
}

size_t study_reach_doubts(const struct scenario *scenario, const struct irt_estimator *estimator,
                          uint32_t max_attempts,
                          struct study_reach_doubt out[STUDY_MOST_REACH_DOUBTS])
{
    size_t n = 0;
    if (scenario->exam_form == CONFIG_FORM_NORMAL)
        return 0;
    const struct irt_estimator own = estimator_of(scenario);
    const struct range range = range_of(estimator ? estimator : &own);
    uint32_t attempt = study_reach_first(scenario, range.high, max_attempts);
    if (attempt > 0)
        doubt_unreachable(scenario, &range, attempt, &out[n++]);
    if (pathway_reaches_cut(scenario, range.low, 0))
        doubt_all_reach(scenario, &range, &out[n++]);
    return n;
}

size_t study_reach_doubts_of(const struct scenario *scenario, const struct dataset *dataset,
                             struct study_reach_doubt out[STUDY_MOST_REACH_DOUBTS])
{
    const struct dataset_dim *attempts = dataset_dim(dataset, "attempt");
    return study_reach_doubts(scenario, NULL, attempts ? (uint32_t)attempts->n : 1, out);
}
