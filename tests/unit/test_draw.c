/* The choice among the sittings of a node. Witness: where the change t of a sitting's log
 * likelihood is normal with variance v, weighting by exp(-t) moves its mean to -v and leaves its
 * variance (exponential tilting of a normal distribution).
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/dist.h>
#include <retake/base/rng.h>
#include <retake/base/vec.h>
#include <retake/pathway/draw.h>

#include <criterion/criterion.h>

enum { N_REPLICATES = 32, N_SITTINGS = 64, N_CANDIDATES = 8 * N_REPLICATES * LIBRARY_BLOCK };

/* Slopes on the items that ask for sequence are normal with variance 1; nothing else matters. */
static void make(struct pathway_library *out)
{
    const struct library_size size = {.n_replicates = N_REPLICATES, .n_sittings = N_SITTINGS};
    static const struct cat_design cat;
    struct err err = {0};
    struct rng rng = rng_keyed(1, 0, 0, RNG_POOL);
    cr_assert_eq(pathway_library_init(&size, &cat, out, &err), ERR_OK, "%s", err.detail);
    out->information = out->covariance[0][0] = 1;
    for (size_t k = 0; k < N_REPLICATES * out->per_replicate; k++) {
        double z = dist_normal_quantile(rng_unit(&rng));
        out->sittings[k].slope[1] = (int16_t)nearbyint(z * (double)LIBRARY_SLOPE);
    }
}

/* The mean and the variance of t among sittings drawn by examinees with a sequence deficit, and how
 * often two attempts meet the same sitting. */
struct found {
    double mean, variance, same;
};

static struct found draw_all(const struct pathway_library *library, double deficit, size_t n)
{
    const struct person_design design = {.seed = 7};
    struct found out = {0, 0, 0};
    for (uint64_t first = 0; first < N_CANDIDATES; first += n) {
        struct person person[VEC_LANES] = {{0}};
        struct person_state state[VEC_LANES] = {{.ability = 0}};
        struct pathway_drawn drawn[2][VEC_LANES];
        for (uint32_t attempt = 1; attempt <= 2; attempt++) {
            struct pathway_sitter sitters[VEC_LANES];
            for (size_t k = 0; k < n; k++) {
                double theta = 3 * (double)(first + k) / (double)N_CANDIDATES - 1.5;
                person[k].candidate = first + k;
                state[k] = (struct person_state){.ability = theta, .proficiency = theta};
                state[k].deficit[PERSON_SEQUENCE] = deficit;
                sitters[k] =
                    (struct pathway_sitter){&person[k], &state[k], attempt, &drawn[attempt - 1][k]};
            }
            pathway_library_draw(library, &design, sitters, n);
        }
        for (size_t k = 0; k < n; k++) {
            double t = deficit * drawn[0][k].sitting->slope[1] / (double)LIBRARY_SLOPE;
            out.mean += t / (double)N_CANDIDATES;
            out.variance += t * t / (double)N_CANDIDATES;
            out.same += (drawn[0][k].sitting == drawn[1][k].sitting) / (double)N_CANDIDATES;
        }
    }
    out.variance -= out.mean * out.mean;
    return out;
}

/* Of 97 x 64 x 32 sittings within 1.5 logits of the cut one in n is taken at least, roughly: the
 * limit is five standard errors of the mean of that many, and what the expansion leaves. */
Test(draw, a_choice_tilts_the_distribution)
{
    static const struct {
        double deficit, n_rivals, mean_error, least_variance;
    } cases[] = {
        {0.2, 4, 0.01, 0.9}, {0.45, 4, 0.01, 0.9}, {0.6, 16, 0.01, 0.95}, {0.9, 32, 0.02, 0.9}};
    struct pathway_library library;
    make(&library);
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        double v = cases[c].deficit * cases[c].deficit, sd = cases[c].deficit;
        struct found found = draw_all(&library, cases[c].deficit, VEC_LANES);
        double limit = cases[c].mean_error * v + 5 * sd / sqrt(97.0 * 64 * 32 / cases[c].n_rivals);
        cr_expect_float_eq(found.mean, -v, limit, "deficit %g: %g, not %g +- %g", cases[c].deficit,
                           found.mean, -v, limit);
        cr_expect(found.variance > cases[c].least_variance * v && found.variance < 1.02 * v,
                  "deficit %g: variance %g of %g", cases[c].deficit, found.variance, v);
        cr_expect_eq(found.same, 0, "deficit %g: two attempts met the same sitting",
                     cases[c].deficit);
    }
    pathway_library_free(&library);
}

Test(draw, those_who_sit_down_together_do_not_matter)
{
    struct pathway_library library;
    make(&library);
    struct found alone = draw_all(&library, 0.7, 1), in_eights = draw_all(&library, 0.7, VEC_LANES);
    cr_expect_eq(alone.mean, in_eights.mean);
    cr_expect_eq(alone.variance, in_eights.variance);
    pathway_library_free(&library);
}
