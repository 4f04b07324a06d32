/* The adequacy of a bank on a terminal. SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/plain.h>
#include <retake/report/bank_adequacy.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "summary_parts.h"

enum { N_CELLS = 20, N_MOST_EXPOSED = 10 };

static const double *reals(const struct dataset *self, const char *name)
{
    const struct dataset_var *var = dataset_var(self, name);
    return var && var->type == DATASET_REAL ? var->real : NULL;
}

static const int64_t *counts(const struct dataset *self, const char *name)
{
    const struct dataset_var *var = dataset_var(self, name);
    return var && var->type == DATASET_COUNT ? var->count : NULL;
}

/* ---- information ---- */

static void print_number(double value, FILE *out)
{
    if (isfinite(value))
        fprintf(out, " %12.2f", value);
    else
        plain_print(out, " %12s", isnan(value) ? "-" : "no end");
}

static void print_bar(double share, FILE *out)
{
    for (int k = 0; k < (int)lround((double)N_CELLS * fmin(fmax(share, 0), 1)); k++)
        fputs("█", out);
}

static void print_information(const struct dataset *self, FILE *out)
{
    const struct dataset_dim *points = dataset_dim(self, "score_point");
    const double *best = reals(self, "bank_information_best");
    const double *needed = reals(self, "bank_information_needed");
    double most = 0;
    if (!points || !best || !needed)
        return;
    for (size_t k = 0; k < points->n; k++)
        most = fmax(most, best[k]);
    plain_print(out, "\n%-18s %12s %12s %10s\n", "Information at", "best test", "to decide",
                "SE of best");
    for (size_t k = 0; k < points->n; k++) {
        fprintf(out, "  %16.6g", points->real[k]);
        print_number(best[k], out);
        print_number(needed[k], out);
        plain_print(out, " %10.3f  %-9s  ", 1 / sqrt(best[k]),
                    isnan(needed[k])      ? ""
                    : best[k] < needed[k] ? "undecided"
                                          : "");
        print_bar(best[k] / most, out);
        fputc('\n', out);
    }
}

static void print_undecidable(const struct dataset *self, FILE *out)
{
    const double *below = reals(self, "bank_undecidable_below");
    const double *above = reals(self, "bank_undecidable_above");
    if (!below || !above)
        return;
    if (isnan(*below) && isnan(*above))
        fputs("  the stop rule asks for no information, or the bank never has enough\n", out);
    else if (isnan(*below))
        fprintf(out, "  at the maximum of items the best test decides scores from %.1f on only\n",
                *above);
    else if (isnan(*above))
        fprintf(out, "  at the maximum of items the best test decides scores up to %.1f only\n",
                *below);
    else if (*above - *below < 0.05)
        fputs("  at the maximum of items the best test decides every score\n", out);
    else
        fprintf(out,
                "  at the maximum of items the best test decides scores up to %.1f and from %.1f "
                "on, not those between\n",
                *below, *above);
}

/* ---- by domain and difficulty ---- */

struct bins {
    const int64_t *items, *needed, *missing, *over;
    const double *used;
};

static void print_row(const char *domain, const char *bin, int64_t items, double used,
                      const struct bins *bins, const int64_t rest[3], FILE *out)
{
    plain_print(out, "  %-26.26s %-14s %8lld", domain, bin, (long long)items);
    if (bins->used)
        fprintf(out, " %12.2f %8lld %8lld %12lld", used, (long long)rest[0], (long long)rest[1],
                (long long)rest[2]);
    fputc('\n', out);
}

static void print_domain(const struct dataset_dim *domains, const struct dataset_dim *difficulty,
                         size_t domain, const struct bins *bins, FILE *out)
{
    char label[REPORT_TEXT_BYTES], range[REPORT_TEXT_BYTES];
    int64_t items = 0, rest[3] = {0};
    double used = 0;
    size_t first = domain * difficulty->n;
    report_label(domains, domain, label);
    for (size_t k = first; k < first + difficulty->n; k++) {
        items += bins->items[k];
        used += bins->used ? bins->used[k] : 0;
        rest[0] += bins->used ? bins->needed[k] : 0;
        rest[1] += bins->used ? bins->missing[k] : 0;
        rest[2] += bins->used ? bins->over[k] : 0;
    }
    print_row(label, "all", items, used, bins, rest, out);
    for (size_t k = 0; bins->used && k < difficulty->n; k++) {
        size_t at = first + k;
        const int64_t of_bin[3] = {bins->needed[at], bins->missing[at], bins->over[at]};
        if (bins->missing[at] == 0)
            continue;
        snprintf(range, sizeof range, "%.4g to %.4g", difficulty->bounds[2 * k],
                 difficulty->bounds[2 * k + 1]);
        print_row("", range, bins->items[at], bins->used[at], bins, of_bin, out);
    }
}

static void print_bins(const struct dataset *self, FILE *out)
{
    const struct dataset_dim *domains = dataset_dim(self, "domain");
    const struct dataset_dim *difficulty = dataset_dim(self, "difficulty_bin");
    struct bins bins = {counts(self, "bank_n_items"), counts(self, "bank_n_needed"),
                        counts(self, "bank_n_short"), counts(self, "bank_n_overexposed"),
                        reals(self, "bank_items_used_mean")};
    if (!domains || !difficulty || !bins.items)
        return;
    plain_print(out, "\n%-28s %-14s %8s", "Scored items", "difficulty", "in bank");
    if (bins.used)
        plain_print(out, " %12s %8s %8s %12s", "in a sitting", "needed", "short", "overexposed");
    fputc('\n', out);
    for (size_t d = 0; d < domains->n; d++)
        print_domain(domains, difficulty, d, &bins, out);
    if (bins.used)
        fputs("  needed so that no item need be in more than the greatest share of sittings; of "
              "the difficulties only those with items short\n",
              out);
}

/* ---- exposure ---- */

static size_t most_exposed(const double *rate, size_t n, const bool *is_printed)
{
    size_t best = n;
    for (size_t i = 0; i < n; i++)
        if (!is_printed[i] && (best == n || rate[i] > rate[best]))
            best = i;
    return best;
}

static void print_exposure(const struct dataset *self, FILE *out)
{
    const struct dataset_dim *items = dataset_dim(self, "item");
    const double *rate = reals(self, "item_exposure_rate");
    const double *again = reals(self, "item_seen_again_rate");
    const double *a_year = reals(self, "item_exposures_a_year");
    bool *is_printed = items ? calloc(items->n, sizeof *is_printed) : NULL;
    if (!is_printed || !rate || !again || !a_year) {
        free(is_printed);
        return;
    }
    plain_print(out, "\n%-28s %14s %14s %18s\n", "Most exposed items", "of sittings", "a year",
                "known to retakers");
    for (size_t k = 0; k < N_MOST_EXPOSED && k < items->n; k++) {
        size_t i = most_exposed(rate, items->n, is_printed);
        char share[REPORT_TEXT_BYTES], whole[REPORT_TEXT_BYTES], known[REPORT_TEXT_BYTES];
        is_printed[i] = true;
        report_percent(rate[i], share);
        report_whole(a_year[i], whole);
        report_percent(again[i], known);
        plain_print(out, "  %-26.26s %14s %14s %18s\n", items->text[i], share, whole, known);
    }
    free(is_printed);
}

static void print_overlap(const struct dataset *self, FILE *out)
{
    const double *overlap = reals(self, "bank_overlap_rate");
    const double *again = reals(self, "bank_seen_again_mean");
    if (!overlap || !again)
        return;
    fprintf(out, "\nTwo candidates have %.1f %% of their scored items in common", 100 * *overlap);
    if (isfinite(*again))
        fprintf(out, "; a retaker meets %.1f scored items again", *again);
    fputs(".\n", out);
}

void report_bank_adequacy(const struct dataset *dataset, FILE *out)
{
    print_information(dataset, out);
    print_undecidable(dataset, out);
    print_bins(dataset, out);
    print_exposure(dataset, out);
    print_overlap(dataset, out);
}
