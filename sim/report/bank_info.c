/* Tables about an item bank. Quantiles are order statistics by the nearest rank.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/report/bank_info.h>

#include <retake/base/plain.h>
#include <retake/irt/model.h>

#include <math.h>
#include <stdlib.h>

static int by_value(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* One parameter of an item; k counts the rows of the table. */
static double parameter(const struct irt_item *item, int k)
{
    const double values[] = {item->a,      item->b, item->c, item->d, exp(item->time_intensity),
                             item->time_sd};
    return values[k];
}

static void print_quantiles(const struct irt_bank *bank, double *values, FILE *out)
{
    static const char *const names[] = {"a", "b", "c", "d", "median time [s]", "SD of log time"};
    static const double p[] = {0, 0.05, 0.25, 0.5, 0.75, 0.95, 1};
    plain_print(out, "\n%-16s %9s %9s %9s %9s %9s %9s %9s\n", "scored items", "min", "5 %", "25 %",
                "50 %", "75 %", "95 %", "max");
    for (int k = 0; k < 6; k++) {
        size_t n = 0;
        for (size_t i = 0; i < bank->n_items; i++)
            if (!bank->items[i].is_pilot)
                values[n++] = parameter(&bank->items[i], k);
        if (n == 0)
            return;
        qsort(values, n, sizeof *values, by_value);
        plain_print(out, "%-16s", names[k]);
        for (size_t q = 0; q < sizeof p / sizeof p[0]; q++)
            fprintf(out, " %9.3f", values[(size_t)(p[q] * (double)(n - 1) + 0.5)]);
        fputc('\n', out);
    }
}

static void print_domains(const struct irt_bank *bank, FILE *out)
{
    size_t n_scored = bank->n_items - bank->n_pilots;
    plain_print(out, "%s: %zu items, %zu scored, %zu pilots\n\n%-28s %8s %8s %8s\n", bank->path,
                bank->n_items, n_scored, bank->n_pilots, "domain", "scored", "share", "pilots");
    for (size_t k = 0; k < bank->n_domains; k++) {
        size_t scored = 0, pilots = 0;
        for (size_t i = 0; i < bank->n_items; i++)
            if (bank->items[i].domain == k)
                *(bank->items[i].is_pilot ? &pilots : &scored) += 1;
        plain_print(out, "%-28s %8zu %7.1f%% %8zu\n", bank->domains[k], scored,
                    n_scored ? 100.0 * (double)scored / (double)n_scored : 0, pilots);
    }
}

/* The information of the n best scored items at theta: what a test of n items can reach there. */
static double best_information(const struct irt_bank *bank, double theta, size_t n_best,
                               double *values)
{
    size_t n = 0;
    double total = 0;
    for (size_t i = 0; i < bank->n_items; i++)
        if (!bank->items[i].is_pilot)
            values[n++] = irt_information(&bank->items[i], theta);
    qsort(values, n, sizeof *values, by_value);
    for (size_t k = 0; k < n_best && k < n; k++)
        total += values[n - 1 - k];
    return total;
}

/* Scored items of a domain (SIZE_MAX: of all) within some distance of the cut. */
static size_t count_near(const struct irt_bank *bank, size_t domain, double cut, double distance)
{
    size_t n = 0;
    for (size_t i = 0; i < bank->n_items; i++) {
        const struct irt_item *item = &bank->items[i];
        n += !item->is_pilot && (domain == SIZE_MAX || item->domain == domain) &&
             fabs(item->b - cut) <= distance;
    }
    return n;
}

static void print_near(const struct irt_bank *bank, double cut, FILE *out)
{
    static const double distances[] = {0.25, 0.5, 1};
    plain_print(out, "\n%-28s %11s %11s %11s\n", "scored items near the cut", "within 0.25",
                "within 0.5", "within 1");
    for (size_t row = 0; row <= bank->n_domains; row++) {
        size_t domain = row < bank->n_domains ? row : SIZE_MAX;
        plain_print(out, "%-28s", row < bank->n_domains ? bank->domains[row] : "all");
        for (size_t k = 0; k < sizeof distances / sizeof distances[0]; k++)
            fprintf(out, " %11zu", count_near(bank, domain, cut, distances[k]));
        fputc('\n', out);
    }
}

/* How far from the cut a 95 % interval after the n best items excludes it, on one side. */
static double distance_decided(const struct irt_bank *bank, double cut, size_t n, int side,
                               double *values)
{
    const double step = 0.01, farthest = 4;
    for (double distance = step; distance <= farthest; distance += step) {
        double information = best_information(bank, cut + side * distance, n, values);
        if (distance * sqrt(information) > 1.959963984540054)
            return distance;
    }
    return INFINITY;
}

static void print_cut(const struct irt_bank *bank, double cut, double *values, FILE *out)
{
    const double most = best_information(bank, cut, SIZE_MAX, values);
    double best_60 = best_information(bank, cut, 60, values);
    fprintf(out,
            "\nat the cut, theta %.3f: information %.1f in all; the best 60 items %.2f (SE %.3f), "
            "the best 80 %.2f\n",
            cut, most, best_60, 1 / sqrt(best_60), best_information(bank, cut, 80, values));
    fprintf(out,
            "a 95 %% interval excludes the cut after the best 60 items from %.2f below and %.2f "
            "above it, after the best 80 from %.2f and %.2f\n",
            distance_decided(bank, cut, 60, -1, values), distance_decided(bank, cut, 60, 1, values),
            distance_decided(bank, cut, 80, -1, values),
            distance_decided(bank, cut, 80, 1, values));
}

static void print_information(const struct irt_bank *bank, double bound, double *values, FILE *out)
{
    size_t n_thin = 0;
    plain_print(out, "\n%6s %12s %14s %14s\n", "theta", "information", "best 60 items",
                "SE of best 60");
    for (int k = -8; k <= 8; k++) {
        double theta = 0.5 * k, best = best_information(bank, theta, 60, values);
        plain_print(out, "%6.1f %12.2f %14.2f %14.3f %s ", theta, irt_bank_information(bank, theta),
                    best, 1 / sqrt(best), best < bound ? "thin" : "    ");
        n_thin += best < bound;
        for (int cell = 0; cell < (int)(best * 2) && cell < 40; cell++)
            fputs("█", out);
        fputc('\n', out);
    }
    if (n_thin > 0)
        fprintf(out, "thin: the best 60 items give less information than %g (SE %.3f)\n", bound,
                1 / sqrt(bound));
}

enum err_code report_bank_info(const struct irt_bank *bank, double cut_theta, double bound,
                               FILE *out, struct err *err)
{
    double *values = malloc(bank->n_items * sizeof *values);
    if (!values)
        return err_set(err, ERR_MEMORY, "no memory for %zu items", bank->n_items);
    print_domains(bank, out);
    print_quantiles(bank, values, out);
    print_cut(bank, cut_theta, values, out);
    print_near(bank, cut_theta, out);
    print_information(bank, bound, values, out);
    free(values);
    return ERR_OK;
}
