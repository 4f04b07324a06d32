/* A cut study on a terminal: the caveat; agreement at the operational cut beside the indices; then
 * along cuts, thresholds of competence, true scores and observed scores. Long dimensions are
 * thinned; the file and --json have all. SPDX-License-Identifier: Apache-2.0 */
#include "summary_cut.h"

#include <retake/base/wording.h>

#include <math.h>
#include <string.h>

#include "summary_parts.h"

enum { MOST_ROWS = 21, MIN_IN_BAND = 50 };

/* Of n rows every step-th, so that the row `through` is among them. */
static size_t step_of(size_t n)
{
    return n > MOST_ROWS ? (n + MOST_ROWS - 1) / MOST_ROWS : 1;
}

static double coordinate(const struct dataset_dim *dim, size_t i)
{
    return dim->type == DATASET_REAL ? dim->real[i] : NAN;
}

/* ---- at the operational cut ---- */

static void agreement(const struct report_cut *self)
{
    static const char *const names[] = {"accuracy", "consistency", "kappa"};
    static const char *const indices[][2] = {
        {"rudner", "Rudner"}, {"lee", "Lee"}, {"livingston_lewis", "Livingston-Lewis"}};
    struct report_column columns[5] = {{"", 26, true}, {"simulated", 18, false}};
    struct report_table table;
    char name[64];
    const char *used[3];
    size_t n = 0;
    for (size_t k = 0; k < 3; k++) {
        snprintf(name, sizeof name, "%s_kappa", indices[k][0]);
        if (!report_cut_has(self, name))
            continue;
        columns[2 + n] = (struct report_column){indices[k][1], k == 2 ? 17 : 10, false};
        used[n++] = indices[k][0];
    }
    report_table_begin(&table, self->sheet, "Agreement of decisions", columns, 2 + n);
    for (size_t i = 0; i < 3; i++) {
        report_table_cell(&table, names[i]);
        report_cut_number(self, &table, names[i], &self->here, 4, 1);
        for (size_t k = 0; k < n; k++) {
            snprintf(name, sizeof name, "%s_%s", used[k], names[i]);
            report_table_number(&table, report_cut_value(self, name, &self->here), NAN, 4);
        }
    }
    report_sheet_note(
        self->sheet,
        "first sittings; accuracy: with true status, consistency: of two "
        "sittings, kappa: beyond chance; ± Monte Carlo standard error, from ... to: the "
        "exact 95 %% interval of none or all");
}

static void attempts(const struct report_cut *self)
{
    static const struct report_column columns[] = {{"Attempt", 9, false},
                                                   {"% within", 15, false},
                                                   {"% false pass", 15, false},
                                                   {"% false fail", 15, false},
                                                   {"", 0, true}};
    struct report_table table;
    struct report_cut_place at = self->here;
    report_table_begin(&table, self->sheet, "By attempt", columns, 5);
    for (at.attempt = 0; at.attempt < self->n_attempts; at.attempt++) {
        report_table_print(&table, "%zu", at.attempt + 1);
        report_cut_rate(self, &table, "cumulative_pass_rate", &at);
        report_cut_rate(self, &table, "false_pass_rate", &at);
        report_cut_rate(self, &table, "false_fail_rate", &at);
        report_table_bar(&table, report_cut_value(self, "false_pass_rate", &at));
    }
    report_sheet_note(self->sheet, "so far; false pass: of those not competent, false fail: of the "
                                   "competent; bars: false passes");
}

/* ---- along the cuts ---- */

static void cut_row(const struct report_cut *self, double cut, size_t i, struct report_table *table)
{
    struct report_cut_place first = self->here, last;
    first.cut = i;
    last = first;
    last.attempt = self->n_attempts - 1;
    report_table_print(table, "%.12g", cut);
    report_cut_rate(self, table, "cumulative_pass_rate", &first);
    report_cut_rate(self, table, "cumulative_pass_rate", &last);
    report_cut_rate(self, table, "accuracy", &first);
    report_cut_rate(self, table, "consistency", &first);
    report_table_number(table, report_cut_value(self, "kappa", &first), NAN, 3);
    report_table_number(table, 100 * report_cut_value(self, "false_pass_rate", &first), NAN, 2);
    report_table_number(table, 100 * report_cut_value(self, "false_pass_rate", &last), NAN, 2);
    report_table_number(table, 100 * report_cut_value(self, "false_fail_rate", &first), NAN, 2);
    report_table_number(table, 100 * report_cut_value(self, "false_fail_rate", &last), NAN, 2);
    report_table_number(table, report_cut_value(self, "session_length_mean", &first), NAN, 1);
    report_table_number(table, 100 * report_cut_value(self, "undecided_rate", &first), NAN, 2);
    report_table_bar(table, report_cut_value(self, "cumulative_pass_rate", &first));
}

static void cuts(const struct report_cut *self)
{
    static const struct report_column columns[] = {{"Cut", 9, false},
                                                   {"% pass\nfirst", 15, false},
                                                   {"% pass\nin the end", 15, false},
                                                   {"%\naccuracy", 15, false},
                                                   {"%\nconsistency", 15, false},
                                                   {"\nkappa", 7, false},
                                                   {"% false\npass, first", 12, false},
                                                   {"\nin the end", 11, false},
                                                   {"% false\nfail, first", 12, false},
                                                   {"\nin the end", 11, false},
                                                   {"\nitems", 7, false},
                                                   {"%\nundecided", 10, false},
                                                   {"", 0, true}};
    const struct dataset_dim *dim = dataset_dim(self->dataset, "cut");
    struct report_table table;
    size_t step = step_of(dim->n);
    report_table_begin(&table, self->sheet, "By cut", columns, 13);
    for (size_t i = self->here.cut % step; i < dim->n; i += step)
        cut_row(self, coordinate(dim, i), i, &table);
    report_sheet_note(self->sheet, "%s; %s; bars: passed the first attempt",
                      step > 1 ? "not all cuts are shown" : "all cuts",
                      isnan(report_cut_value(self, "undecided_rate", &self->here))
                          ? "the stop rule decides nothing, so no test ends undecided"
                          : "undecided: the interval of exam.stop.level holds the cut at the end");
}

static void thresholds(const struct report_cut *self)
{
    static const struct report_column columns[] = {{"", 26, true},
                                                   {"% accuracy", 15, false},
                                                   {"% false pass", 15, false},
                                                   {"in the end", 15, false},
                                                   {"% false fail", 15, false},
                                                   {"in the end", 15, false}};
    const struct dataset_dim *dim = dataset_dim(self->dataset, "competence");
    struct report_table table;
    struct report_cut_place first = self->here, last;
    if (!dim)
        return;
    report_table_begin(&table, self->sheet, "Competent from [logit]", columns, 6);
    for (first.competence = 0; first.competence < dim->n; first.competence++) {
        last = first;
        last.attempt = self->n_attempts - 1;
        report_table_print(&table, "%.2f%s", coordinate(dim, first.competence) + 0.0,
                           first.competence == self->here.competence ? ", the scenario's" : "");
        report_cut_rate(self, &table, "accuracy", &first);
        report_cut_rate(self, &table, "false_pass_rate", &first);
        report_cut_rate(self, &table, "false_pass_rate", &last);
        report_cut_rate(self, &table, "false_fail_rate", &first);
        report_cut_rate(self, &table, "false_fail_rate", &last);
    }
    report_sheet_note(self->sheet, "at the operational cut; one attempt, and over the pathway");
}

/* ---- along the scores ---- */

static void score_row(const struct report_cut *self, const struct dataset_dim *dim,
                      const struct report_cut_place *at, struct report_table *table)
{
    struct report_cut_place last = *at;
    last.attempt = self->n_attempts - 1;
    report_table_print(table, "%.12g", coordinate(dim, at->score_point));
    report_cut_number(self, table, "conditional_sem_score", at, 1, 1);
    report_table_number(table, self->per_logit * report_cut_value(self, "information_sem", at), NAN,
                        1);
    report_table_number(table, self->per_logit * report_cut_value(self, "reported_se_mean", at),
                        NAN, 1);
    report_table_number(table, self->per_logit * report_cut_value(self, "conditional_bias", at),
                        NAN, 1);
    report_cut_rate(self, table, "p_pass", at);
    report_table_number(table, 100 * report_cut_value(self, "p_pass_within", &last), NAN, 2);
    report_table_number(table, report_cut_value(self, "session_length_mean_given_theta", at), NAN,
                        1);
    report_table_number(table, 100 * report_cut_value(self, "undecided_rate_given_theta", at), NAN,
                        2);
    report_table_bar(table, report_cut_value(self, "p_pass", at));
}

static void scores(const struct report_cut *self)
{
    static const struct report_column columns[] = {{"True\nscore", 9, false},
                                                   {"conditional\nSEM", 14, false},
                                                   {"by infor-\nmation", 10, false},
                                                   {"as\nreported", 10, false},
                                                   {"\nbias", 8, false},
                                                   {"% pass,\none attempt", 15, false},
                                                   {"% in all\nattempts", 10, false},
                                                   {"\nitems", 7, false},
                                                   {"%\nundecided", 10, false},
                                                   {"", 0, true}};
    const struct dataset_dim *dim = dataset_dim(self->dataset, "score_point");
    struct report_table table;
    struct report_cut_place at = self->here;
    if (!dim || dim->type != DATASET_REAL)
        return;
    report_table_begin(&table, self->sheet, "By true score", columns, 10);
    double reach = 2 * self->per_logit, width = dim->n > 1 ? dim->real[1] - dim->real[0] : 1;
    double n = fmin((double)dim->n, 1 + 2 * reach / width);
    size_t step = step_of(n >= 1 ? (size_t)n : dim->n);
    for (size_t i = 0; i < dim->n; i++) {
        double steps = (dim->real[i] - self->operational) / width / (double)step;
        at.score_point = i;
        if (fabs(steps - round(steps)) < 1e-6 && fabs(dim->real[i] - self->operational) <= reach)
            score_row(self, dim, &at, &table);
    }
    report_sheet_note(self->sheet,
                      "score points; at the operational cut, without deficits, within two logits "
                      "of it; in all attempts: nothing is learnt in between; bars: one attempt");
}

static void bands(const struct report_cut *self)
{
    static const struct report_column columns[] = {{"", 26, true},
                                                   {"sittings", 10, false},
                                                   {"% right", 15, false},
                                                   {"% same again", 15, false},
                                                   {"% competent", 15, false},
                                                   {"", 0, true}};
    const struct dataset_dim *dim = dataset_dim(self->dataset, "score_band");
    struct report_table table;
    struct report_cut_place at = self->here;
    if (!dim || !dim->bounds)
        return;
    report_table_begin(&table, self->sheet, "By observed score", columns, 6);
    for (at.score_band = 0; at.score_band < dim->n; at.score_band++) {
        double n = report_cut_value(self, "n_score_band", &at);
        if (!(n >= (double)MIN_IN_BAND))
            continue;
        report_table_print(&table, "%.12g to %.12g", dim->bounds[2 * at.score_band],
                           dim->bounds[2 * at.score_band + 1]);
        report_table_whole(&table, n);
        report_cut_rate(self, &table, "p_decision_right_given_band", &at);
        report_cut_rate(self, &table, "p_same_decision_given_band", &at);
        report_cut_rate(self, &table, "p_competent_given_band", &at);
        report_table_bar(&table, report_cut_value(self, "p_decision_right_given_band", &at));
    }
    report_sheet_note(self->sheet,
                      "first sittings; right: the decision agrees with true status; bands with at "
                      "least %s; bars: right",
                      wording_count((uint64_t)MIN_IN_BAND, "sitting").text);
}

void report_summary_cut(const struct dataset *dataset, const struct store_provenance *provenance,
                        const struct report_sheet *sheet)
{
    struct report_cut self;
    char title[128];
    report_cut_open(&self, dataset, provenance, sheet);
    snprintf(title, sizeof title, "at the cut of %.12g",
             coordinate(dataset_dim(dataset, "cut"), self.here.cut));
    report_sheet_heading(sheet, title);
    agreement(&self);
    attempts(&self);
    thresholds(&self);
    report_sheet_heading(sheet, "along the cuts");
    cuts(&self);
    if (dataset_dim(dataset, "score_point") || dataset_dim(dataset, "score_band"))
        report_sheet_heading(sheet, "along the scores");
    scores(&self);
    bands(&self);
    report_cut_choice(&self);
}
