/* Which scores a bank can decide, as a sentence: for a terminal and for the page.
 * SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>

#include "summary_parts.h"

/* Of the distance between two score points: a gap below it is what halving left. */
static const double no_gap = 1e-4;

static double number_of(const struct dataset *self, const char *name)
{
    const struct dataset_var *var = dataset_var(self, name);
    return var && var->type == DATASET_REAL && var->n == 1 ? var->real[0] : (double)NAN;
}

/* Whether the stop rule asks for information nowhere. */
static bool asks_nothing(const struct dataset *self)
{
    const struct dataset_var *needed = dataset_var(self, "bank_information_needed");
    for (size_t k = 0; needed && needed->type == DATASET_REAL && k < needed->n; k++)
        if (!isnan(needed->real[k]))
            return false;
    return needed != NULL;
}

static double spacing(const struct dataset *self)
{
    const struct dataset_dim *points = dataset_dim(self, "score_point");
    bool has_two = points && points->type == DATASET_REAL && points->n > 1;
    return has_two ? points->real[1] - points->real[0] : 1;
}

/* Decimals that tell two scores apart; one at least. */
static int decimals(double gap)
{
    int n = 1;
    for (double step = 0.1; step > gap / 2 && n < 6; step /= 10)
        n++;
    return n;
}

bool report_bank_decides(const struct dataset *self, char text[REPORT_SENTENCE_BYTES])
{
    static const char best[] = "at the maximum of items the best test";
    double below = number_of(self, "bank_undecidable_below");
    double above = number_of(self, "bank_undecidable_above"), gap = above - below;
    if (!dataset_var(self, "bank_undecidable_below"))
        return false;
    if (asks_nothing(self))
        snprintf(text, REPORT_SENTENCE_BYTES,
                 "the stop rule asks for no information, so no score is decided by it");
    else if (isnan(below) && isnan(above))
        snprintf(text, REPORT_SENTENCE_BYTES,
                 "%s decides no score: it never has the information that the stop rule asks for",
                 best);
    else if (isnan(below))
        snprintf(text, REPORT_SENTENCE_BYTES, "%s decides scores from %.1f on only", best, above);
    else if (isnan(above))
        snprintf(text, REPORT_SENTENCE_BYTES, "%s decides scores up to %.1f only", best, below);
    else if (gap < no_gap * spacing(self))
        snprintf(text, REPORT_SENTENCE_BYTES,
                 "%s decides every score: it has the information that the stop rule asks for",
                 best);
    else
        snprintf(text, REPORT_SENTENCE_BYTES,
                 "%s decides scores up to %.*f and from %.*f on, not those between", best,
                 decimals(gap), below, decimals(gap), above);
    return true;
}
