/* The summary of a cut study: known values of a small one stand in their rows.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/report/summary.h>

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { CUTS = 3, THRESHOLDS = 2, ATTEMPTS = 2 };

static void add_dim(struct dataset *self, const char *name, size_t n, const double *real,
                    const int64_t *count)
{
    struct err err = {0};
    struct dataset_dim dim = {.name = name,
                              .n = n,
                              .type = real ? DATASET_REAL : DATASET_COUNT,
                              .real = real,
                              .count = count,
                              .unit = "1",
                              .long_name = name};
    cr_assert_eq(dataset_add_dim(self, &dim, &err), ERR_OK, "%s", err.detail);
}

/* A variable over the first n_dims of `dims`, whose value is base + 1/1000 of its index. */
static void add_var(struct dataset *self, const char *name, size_t n_dims, const size_t *dims,
                    double base)
{
    double real[64];
    struct err err = {0};
    struct dataset_var var = {.name = name,
                              .type = DATASET_REAL,
                              .n_dims = n_dims,
                              .n = 1,
                              .real = real,
                              .unit = "1",
                              .long_name = name};
    for (size_t k = 0; k < n_dims; k++) {
        var.dim[k] = dims[k];
        var.n *= self->dims[dims[k]].n;
    }
    for (size_t i = 0; i < var.n; i++)
        real[i] = base + 0.001 * (double)i;
    cr_assert_eq(dataset_add_var(self, &var, &err), ERR_OK, "%s", err.detail);
}

static void example(struct dataset *self)
{
    static const double cuts[] = {940, 950, 960}, thresholds[] = {-0.1, 0}, ratios[] = {2};
    static const int64_t attempts[] = {1, 2};
    static const size_t cut_attempt[] = {0, 2}, cut_threshold[] = {0, 1}, all[] = {0, 1, 2},
                        least[] = {1, 3, 2};
    add_dim(self, "cut", CUTS, cuts, NULL);
    add_dim(self, "competence", THRESHOLDS, thresholds, NULL);
    add_dim(self, "attempt", ATTEMPTS, NULL, attempts);
    add_dim(self, "cost_ratio", 1, ratios, NULL);
    add_var(self, "cumulative_pass_rate", 2, cut_attempt, 0.6);
    add_var(self, "accuracy", 2, cut_threshold, 0.9);
    add_var(self, "accuracy_mcse", 2, cut_threshold, 0);
    add_var(self, "consistency", 1, cut_attempt, 0.8);
    add_var(self, "kappa", 1, cut_attempt, 0.7);
    add_var(self, "rudner_kappa", 1, cut_attempt, 0.71);
    add_var(self, "rudner_accuracy", 2, cut_threshold, 0.91);
    add_var(self, "false_pass_rate", 3, all, 0.2);
    add_var(self, "loss_minimising_cut", 3, least, 955);
    add_var(self, "loss_minimising_cut_low", 3, least, 954);
    add_var(self, "loss_minimising_cut_high", 3, least, 956);
}

static const struct store_attribute attributes[] = {{"caveat", "It does not show this.", 0},
                                                    {"exam.scale.cut", NULL, 950},
                                                    {"population.competent_theta", NULL, 0}};

/* The caller frees the text. */
static char *text_of(bool is_markdown)
{
    char *text = NULL;
    size_t n = 0;
    struct dataset dataset = {0};
    const struct store_provenance provenance = {3, attributes};
    FILE *out = open_memstream(&text, &n);
    cr_assert(out);
    struct err err = {0};
    example(&dataset);
    if (is_markdown)
        cr_assert(report_summary_markdown(&dataset, &provenance, out, &err) == ERR_OK);
    else
        cr_expect_eq(report_summary_text(&dataset, &provenance, out, &err), ERR_OK);
    fclose(out);
    dataset_free(&dataset);
    return text;
}

static void expect(const char *text, const char *part)
{
    cr_expect(strstr(text, part), "no '%s' in\n%s", part, text);
}

Test(summary_cut, stands_at_the_operational_cut_and_the_scenarios_threshold)
{
    char *text = text_of(false);
    expect(text, "It does not show this.\n");
    expect(text, "━━ at the cut of 950 ━━\n");
    expect(text,
           "  accuracy                    0.9030 ± 0.0030     0.9130\n"); /* [cut 1, threshold 1] */
    expect(text, "  kappa                                0.7010     0.7110\n");
    expect(text, "        2    60.30           20.70"); /* [cut 1, threshold 1, attempt 1] */
    expect(text, "      960    60.40           60.50             90.5 ± 0.5");
    expect(text, "  false pass 2 : 1               955.0 (954.0 to 956.0)");
    cr_expect_null(strstr(text, "the bank"));
    cr_expect_null(strstr(text, "Panel"));
    free(text);
}

Test(summary_cut, has_markdown)
{
    char *text = text_of(true);
    expect(text,
           "\n## at the cut of 950\n\n### Agreement of decisions\n\n| | simulated | Rudner |\n");
    expect(text, "\n| accuracy | 0.9030 ± 0.0030 | 0.9130 |\n");
    cr_expect_null(strstr(text, "```"));
    free(text);
}
