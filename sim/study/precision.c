/* When to stop. The run is looked at after 64 blocks, then after every growth by an eighth; it ends
 * at the first look at which the half-width of every goal is small enough. The places depend on the
 * number of blocks alone, so that threads, kills and resumptions change nothing, and an end is at
 * most an eighth late.
 *
 * Half-width = t(.975, B - 1) SE, SE being the ratio estimator's over B blocks. The quantile is
 * Fisher's expansion in 1/nu about the normal one (Abramowitz & Stegun 26.7.5; error below 3e-7
 * for nu >= 49). Stopping on an estimated error favours moments at which that is too small; after
 * 64 blocks its coefficient of variation is 9 %, which costs about one percentage point of coverage
 * at most (docs/sampling.md, tests/repro/coverage_long.py).
 *
 * A share of which nothing has been seen in B blocks occurs in a block with a probability of at
 * most about 3/B (at 95 %; Hanley & Lippman-Hand 1983, the rule of three), and is at most that.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/real.h>
#include <retake/base/wording.h>
#include <retake/study/precision.h>

#include <retake/study/record.h>
#include <retake/tally/address.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum err_code refuse(const char *text, struct err *err)
{
    return err_set(err, ERR_USAGE,
                   "--precision %.200s: ADDRESS=HALFWIDTH is needed, such as "
                   "'cumulative_pass_rate[attempt=3]=0.0005'",
                   text);
}

enum err_code study_precision_add(struct study_precision *self, const char *text, struct err *err)
{
    if (self->n_goals == STUDY_MAX_GOALS)
        return err_set(err, ERR_USAGE, "--precision: more than %d times", STUDY_MAX_GOALS);
    struct study_goal *goal = &self->goals[self->n_goals];
    const char *equals = strrchr(text, '=');
    char *end;
    if (!equals || equals == text || (size_t)(equals - text) >= sizeof goal->address)
        return refuse(text, err);
    *goal = (struct study_goal){.text = text, .half_width = strtod(equals + 1, &end)};
    if (end == equals + 1 || *end != '\0')
        return refuse(text, err);
    if (!(goal->half_width > 0) || isinf(goal->half_width))
        return err_set(err, ERR_USAGE, "--precision %.200s: the half-width must be positive", text);
    memcpy(goal->address, text, (size_t)(equals - text));
    goal->reached = (double)NAN;
    self->n_goals++;
    return ERR_OK;
}

/* The standard error at an address. */
static enum err_code read_error(const struct dataset *dataset, const char *text, double *mcse,
                                struct err *err)
{
    struct tally_address address;
    struct tally_number number;
    if (tally_address_parse(text, &address, NULL, err) != ERR_OK ||
        tally_address_read(dataset, text, &number, err) != ERR_OK)
        return err->code;
    *mcse = number.mcse;
    if (dataset_var(dataset, address.variable)->ancillary)
        return ERR_OK;
    return err_set(err, ERR_INPUT,
                   "%.200s: it has no standard error, so no precision can be asked of it", text);
}

enum err_code study_precision_check(const struct study_precision *self,
                                    const struct engine_plan *plan, struct err *err)
{
    struct tally *empty = tally_new(&plan->shape);
    struct dataset dataset = {0};
    double mcse;
    if (!empty)
        err_set(err, ERR_MEMORY, "no memory for the tallies");
    else
        tally_statistics(empty, &dataset, err);
    for (size_t k = 0; k < self->n_goals && !err->code; k++)
        read_error(&dataset, self->goals[k].address, &mcse, err);
    dataset_free(&dataset);
    tally_free(empty);
    return err->code;
}

uint64_t study_precision_next_look(uint64_t next)
{
    enum { ROUND = 4 }; /* the chunks that threads take */
    uint64_t look = STUDY_FIRST_LOOK;
    while (look * TALLY_BLOCK <= next)
        look += (look / 8 + ROUND - 1) / ROUND * ROUND;
    return look * TALLY_BLOCK;
}

static bool is_a_look(uint64_t next)
{
    return next > 0 && study_precision_next_look(next - 1) == next;
}

double study_precision_half_width(double mcse, uint64_t n_blocks)
{
    const double z = 1.959963984540054, z3 = z * z * z, z5 = z3 * z * z, z7 = z5 * z * z;
    double blocks = (double)n_blocks, nu = blocks - 1;
    double t = z + (z3 + z) / (4 * nu) + (5 * z5 + 16 * z3 + 3 * z) / (96 * nu * nu) +
               (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * nu * nu * nu);
    return mcse == 0 ? 3 / blocks : t * mcse;
}

/* Half-widths fall with the root of the candidates. */
static uint64_t expect(const struct study_precision *self, uint64_t next)
{
    double most = 0;
    for (size_t k = 0; k < self->n_goals; k++) {
        double ratio = self->goals[k].reached / self->goals[k].half_width;
        if (isnan(ratio))
            return 0;
        most = real_max(most, ratio * ratio * (double)next);
    }
    return most < 1e18 ? (uint64_t)most : 0;
}

enum err_code study_precision_look(struct study_precision *self, const struct tally *total,
                                   uint64_t next, struct err *err)
{
    struct dataset dataset = {0};
    uint64_t n_blocks = (next + TALLY_BLOCK - 1) / TALLY_BLOCK;
    self->is_met = self->n_goals > 0 && n_blocks >= STUDY_LEAST_BLOCKS;
    self->looked_at = next;
    if (tally_statistics(total, &dataset, err) != ERR_OK)
        goto out;
    for (size_t k = 0; k < self->n_goals; k++) {
        struct study_goal *goal = &self->goals[k];
        double mcse;
        if (read_error(&dataset, goal->address, &mcse, err) != ERR_OK)
            goto out;
        goal->reached = study_precision_half_width(mcse, n_blocks);
        if (!(goal->reached <= goal->half_width)) /* also NaN */
            self->is_met = false;
    }
    self->expected = expect(self, next);
    if (self->looked)
        self->looked(self, self->looked_context);
out:
    dataset_free(&dataset);
    return err->code;
}

enum err_code study_precision_until(struct study_precision *self, const struct engine_state *state,
                                    uint64_t end, uint64_t *out, struct err *err)
{
    uint64_t look = study_precision_next_look(state->next);
    *out = self->n_goals > 0 && look < end ? look : end;
    if (self->n_goals == 0 || (!is_a_look(state->next) && state->next < end))
        return ERR_OK;
    if (self->looked_at != state->next &&
        study_precision_look(self, state->total, state->next, err) != ERR_OK)
        return err->code;
    if (self->is_met)
        *out = state->next;
    return ERR_OK;
}

void study_precision_text(const struct study_precision *self, bool reached, char *text,
                          size_t n_bytes)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t k = 0; k < self->n_goals && used < n_bytes; k++) {
        const struct study_goal *goal = &self->goals[k];
        const char *between = k > 0 ? "; " : "";
        int n = reached ? snprintf(text + used, n_bytes - used, "%s%s=%.4g", between, goal->address,
                                   goal->reached)
                        : snprintf(text + used, n_bytes - used, "%s%s", between, goal->text);
        used += n > 0 ? (size_t)n : 0;
    }
}

void study_precision_shortfall(const struct study_precision *self, char *line, size_t n_bytes)
{
    char asked[960], reached[960]; /* both fit a line of 2048 */
    line[0] = '\0';
    if (self->n_goals == 0 || self->is_met)
        return;
    study_precision_text(self, false, asked, sizeof asked);
    study_precision_text(self, true, reached, sizeof reached);
    snprintf(line, n_bytes, "the precision asked for was not reached with %s: asked %s, reached %s",
             wording_count(self->looked_at, "candidate").text, asked, reached);
}

/* ---- hooks ---- */

static enum err_code begun(void *context, const struct engine_plan *plan,
                           const struct engine_state *state, bool is_resumed, struct err *err)
{
    (void)state;
    (void)is_resumed;
    return study_precision_check(context, plan, err);
}

static uint64_t until(void *context, const struct engine_state *state, uint64_t end)
{
    struct study_precision *self = context;
    uint64_t out = state->next;
    if (!self->failure.code)
        study_precision_until(self, state, end, &out, &self->failure);
    return self->failure.code ? state->next : out;
}

static enum err_code describe(void *context, const struct engine_state *state,
                              struct store_result *result, struct err *err)
{
    const struct study_precision *self = context;
    char text[2048];
    (void)state;
    if (self->failure.code)
        return err_set(err, self->failure.code, "%s", self->failure.detail);
    study_precision_text(self, true, text, sizeof text);
    study_record_text(result, "precision_reached", text, err);
    study_record_text(result, "precision_met", self->is_met ? "yes" : "no", err);
    study_precision_shortfall(self, text, sizeof text);
    return *text && !err->code ? study_record_warning(result, text, err) : err->code;
}

const struct study_hooks *study_precision_hooks(struct study_precision *self)
{
    self->hooks =
        (struct study_hooks){.context = self, .begun = begun, .until = until, .describe = describe};
    return &self->hooks;
}
