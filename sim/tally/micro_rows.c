/* Rows of microdata from outcomes. One line below is one column: its type, its unit, what it is,
 * when a run has it, and its value.
 *
 * A real is rounded down to 32 bits, so that it never crosses a cut score or an edge of a bin that
 * 32 bits hold exactly: counting rows gives the counts of the statistics.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/tally/micro_rows.h>

#include <stdlib.h>
#include <string.h>

/* X(name, type, unit, present, value, text); in value, c is the candidate's outcome */
#define CANDIDATE_COLUMNS(X)                                                                       \
    X(candidate, I64, "1", true, candidate, "number of the candidate, from 0")                     \
    X(n_sittings, U8, "1", true, n_kept, "sittings of the candidate in this file")                 \
    X(group, I16, "1", true, c->group, "group of the candidate")                                   \
    X(ability, F32, "logit", true, c->ability,                                                     \
      "ability at the end of the course, without deficits")                                        \
    X(speed, F32, "1", true, c->speed, "speed at the end of the course, log scale")                \
    X(course_ended, I32, "days since 1970-01-01", true, c->course_day,                             \
      "the day on which the course ended: day 0 of the candidate")                                 \
    X(n_attempts, U8, "1", true, c->n_sittings, "sittings taken, whether or not in this file")     \
    X(outcome, I8, "1", true, c->end, "where the candidate ended")                                 \
    X(held_by, I8, "1", true, c->held_by, "gate that holds up a candidate who passed")             \
    X(n_repairs, U8, "1", true, c->n_refreshers, "refreshers and whole new courses completed")     \
    X(n_forfeited, U16, "1", true, c->n_forfeited, "authorizations to test that ran out")          \
    X(certified_day, I32, "day", true, c->certified_day, "day certified; -1 = not")                \
    X(licensed_day, I32, "day", true, c->licensed_day, "day licensed; -1 = not")                   \
    X(window, I8, "1", true, c->is_window_open, "the window to test on the horizon day")

/* s is the sitting, attempt counts from 1 */
#define SITTING_COLUMNS(X)                                                                         \
    X(attempt, U8, "1", true, attempt, "attempt, from 1")                                          \
    X(day, I32, "day", true, s->day, "day of the sitting, from the end of the course")             \
    X(result_day, I32, "day", true, s->result_day, "day on which its result posted")               \
    X(passed, I8, "1", true, s->passed, "the decision")                                            \
    X(competent, I8, "1", true, s->is_competent, "whether the candidate was competent that day")   \
    X(theta, F32, "logit", true, s->proficiency, "true ability on the day, less open deficits")    \
    X(theta_estimate, F32, "logit", true, s->theta, "estimate of theta")                           \
    X(theta_se, F32, "logit", true, s->se, "standard error of the estimate")                       \
    X(score, F32, "points", true, s->score, "report-scale score before rounding")                  \
    X(minutes, F32, "min", shape->is_timed, s->minutes, "minutes used")                            \
    X(n_scored, U16, "1", shape->bank, s->n_scored, "scored items answered")                       \
    X(n_items, U16, "1", shape->bank, s->n_seen, "items answered, with pilots")                    \
    X(stop_reason, I8, "1", shape->bank, s->stop - 1, "why the session ended")                     \
    X(misses_knowledge, U16, "1", shape->bank, s->misses[0], "misses logged under knowledge")      \
    X(misses_sequence, U16, "1", shape->bank, s->misses[1], "misses logged under sequence")        \
    X(misses_scope, U16, "1", shape->bank, s->misses[2], "misses logged under scope")              \
    X(misses_reading, U16, "1", shape->bank, s->misses[3], "misses logged under reading")          \
    X(misses_pacing, U16, "1", shape->bank, s->misses[4], "misses logged under pacing")            \
    X(n_rushed, U16, "1", shape->is_timed && shape->scenario->pacing_rush_speedup > 1,             \
      s->n_rushed, "answers given in a hurry")

enum candidate_column {
#define X(name, ...) CANDIDATE_##name,
    CANDIDATE_COLUMNS(X) N_CANDIDATE_COLUMNS
#undef X
};

enum sitting_column {
#define X(name, ...) SITTING_##name,
    SITTING_COLUMNS(X) N_SITTING_COLUMNS
#undef X
};

const size_t tally_micro_bytes[TALLY_MICRO_N_TYPES] = {1, 1, 2, 2, 4, 8, 4};

/* ---- schema ---- */

/* Words for flags: a blank within one becomes _, since blanks part them. NULL when memory is out.
 */
static const char *words_join(struct arena *arena, const char *const *words, size_t n)
{
    size_t n_bytes = 1, at = 0;
    for (size_t i = 0; i < n; i++)
        n_bytes += strlen(words[i]) + 1;
    char *text = arena_alloc(arena, n_bytes);
    for (size_t i = 0; text && i < n; i++) {
        size_t length = strlen(words[i]);
        if (i > 0)
            text[at++] = ' ';
        memcpy(text + at, words[i], length);
        for (size_t k = at; k < at + length; k++)
            if (text[k] == ' ')
                text[k] = '_';
        at += length;
    }
    if (text)
        text[at] = '\0';
    return text;
}

static const char *groups_join(struct arena *arena, const struct scenario *s)
{
    const char **names = arena_alloc(arena, (s->n_groups + 1) * sizeof *names);
    for (size_t g = 0; names && g < s->n_groups; g++)
        names[g] = s->groups[g].name;
    return names ? words_join(arena, names, s->n_groups) : NULL;
}

static void columns_list(const struct tally_shape *shape, struct tally_micro_schema *self)
{
    struct tally_micro_table *candidates = &self->tables[TALLY_MICRO_CANDIDATES];
    struct tally_micro_table *sittings = &self->tables[TALLY_MICRO_SITTINGS];
    candidates->dimension = "candidate";
    sittings->dimension = "sitting";
#define ADD(table, prefix, name, type, unit, present, text)                                        \
    if (present)                                                                                   \
        table->columns[table->n_columns++] = (struct tally_micro_column){                          \
            prefix##name, #name, TALLY_MICRO_##type, unit, text, NULL};
#define X(name, type, unit, present, value, text)                                                  \
    ADD(candidates, CANDIDATE_, name, type, unit, present, text)
    CANDIDATE_COLUMNS(X)
#undef X
#define X(name, type, unit, present, value, text)                                                  \
    ADD(sittings, SITTING_, name, type, unit, present, text)
    SITTING_COLUMNS(X)
#undef X
#undef ADD
}

static bool meanings_add(const struct scenario *s, struct tally_micro_schema *self)
{
    const char *const held[] = {pathway_gate_names[PATHWAY_GATE_RESULT],
                                pathway_gate_names[PATHWAY_GATE_SKILLS],
                                pathway_gate_names[PATHWAY_GATE_LICENSURE], "none"};
    const struct {
        const char *column, *words;
    } meanings[] = {
        {"group", groups_join(&self->arena, s)},
        {"outcome", words_join(&self->arena, pathway_end_names, PATHWAY_N_ENDS)},
        {"held_by", words_join(&self->arena, held, PATHWAY_N_GATES + 1)},
        {"window", "closed open"},
        {"passed", "failed passed"},
        {"competent", "not_competent competent"},
        {"stop_reason", words_join(&self->arena, cat_stop_names + 1, CAT_N_STOPS - 1)},
    };
    for (size_t m = 0; m < sizeof meanings / sizeof *meanings; m++) {
        if (!meanings[m].words)
            return false;
        for (int t = 0; t < TALLY_MICRO_N_TABLES; t++)
            for (size_t k = 0; k < self->tables[t].n_columns; k++)
                if (strcmp(self->tables[t].columns[k].name, meanings[m].column) == 0)
                    self->tables[t].columns[k].meanings = meanings[m].words;
    }
    return true;
}

enum err_code tally_micro_schema_init(const struct tally_shape *shape,
                                      const struct tally_micro_keep *keep,
                                      struct tally_micro_schema *self, struct err *err)
{
    *self = (struct tally_micro_schema){.keep = *keep};
    columns_list(shape, self);
    return meanings_add(shape->scenario, self)
               ? ERR_OK
               : err_set(err, ERR_MEMORY, "no memory for the columns of the microdata");
}

void tally_micro_schema_free(struct tally_micro_schema *self)
{
    arena_free(&self->arena);
    *self = (struct tally_micro_schema){0};
}

/* ---- rows ---- */

struct tally_micro_rows *tally_micro_rows_new(const struct tally_micro_schema *schema,
                                              const size_t n[TALLY_MICRO_N_TABLES])
{
    enum { ALIGNMENT = 8 };
    size_t n_bytes = sizeof(struct tally_micro_rows);
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++)
        for (size_t k = 0; k < schema->tables[t].n_columns; k++)
            n_bytes += n[t] * tally_micro_bytes[schema->tables[t].columns[k].type] + ALIGNMENT;
    struct tally_micro_rows *self = malloc(n_bytes);
    if (!self)
        return NULL;
    *self = (struct tally_micro_rows){.n = {n[0], n[1]}};
    char *at = (char *)(self + 1);
    for (int t = 0; t < TALLY_MICRO_N_TABLES; t++)
        for (size_t k = 0; k < schema->tables[t].n_columns; k++) {
            self->values[t][k] = at;
            at += n[t] * tally_micro_bytes[schema->tables[t].columns[k].type];
            at += (ALIGNMENT - (uintptr_t)at % ALIGNMENT) % ALIGNMENT;
        }
    return self;
}

static bool keeps_candidate(const struct tally_micro_keep *keep, uint64_t candidate)
{
    return keep->every <= 1 || candidate % keep->every == 0;
}

static bool chooses_sittings(const struct tally_micro_keep *keep)
{
    return keep->from_attempt > 1 || keep->only_failed;
}

static bool keeps_sitting(const struct tally_micro_keep *keep,
                          const struct pathway_sitting *sitting, uint32_t attempt)
{
    return attempt >= keep->from_attempt && !(keep->only_failed && sitting->passed);
}

/* Sittings of candidate i that are kept; -1: the candidate is not. */
static int count_kept(const struct tally_micro_keep *keep, const struct pathway_outcomes *outcomes,
                      uint64_t first, size_t i)
{
    const struct pathway_outcome *outcome = &outcomes->outcomes[i];
    if (!keeps_candidate(keep, first + i))
        return -1;
    if (!chooses_sittings(keep))
        return (int)outcome->n_sittings;
    int n = 0;
    for (uint32_t a = 0; a < outcome->n_sittings; a++)
        n += keeps_sitting(keep, &outcomes->sittings[outcome->first_sitting + a], a + 1);
    return n > 0 ? n : -1;
}

/* The greatest number of 32 bits that is not above x. */
static float round_down(double x)
{
    float y = (float)x;
    uint32_t bits;
    if (!((double)y > x))
        return y;
    memcpy(&bits, &y, sizeof bits);
    if (bits << 1 == 0) /* 0, and x lies below it */
        bits = 0x80000001;
    else
        bits += bits >> 31 ? 1 : UINT32_MAX;
    memcpy(&y, &bits, sizeof y);
    return y;
}

#define STORE_I8(at, row, x) ((int8_t *)(at))[row] = (int8_t)(x)
#define STORE_U8(at, row, x) ((uint8_t *)(at))[row] = (uint8_t)(x)
#define STORE_I16(at, row, x) ((int16_t *)(at))[row] = (int16_t)(x)
#define STORE_U16(at, row, x) ((uint16_t *)(at))[row] = (uint16_t)(x)
#define STORE_I32(at, row, x) ((int32_t *)(at))[row] = (int32_t)(x)
#define STORE_I64(at, row, x) ((int64_t *)(at))[row] = (int64_t)(x)
#define STORE_F32(at, row, x) ((float *)(at))[row] = round_down((double)(x))

static void candidate_fill(void *const *at, size_t row, const struct pathway_outcome *c,
                           uint64_t candidate, int n_kept)
{
#define X(name, type, unit, present, value, text)                                                  \
    if (at[CANDIDATE_##name])                                                                      \
        STORE_##type(at[CANDIDATE_##name], row, value);
    CANDIDATE_COLUMNS(X)
#undef X
}

static void sitting_fill(void *const *at, size_t row, const struct pathway_sitting *s,
                         uint32_t attempt)
{
#define X(name, type, unit, present, value, text)                                                  \
    if (at[SITTING_##name])                                                                        \
        STORE_##type(at[SITTING_##name], row, value);
    SITTING_COLUMNS(X)
#undef X
}

/* Where each possible column of a table is written; NULL where the run has it not. */
static void columns_find(const struct tally_micro_schema *schema,
                         const struct tally_micro_rows *rows, int table, void **at)
{
    for (size_t k = 0; k < schema->tables[table].n_columns; k++)
        at[schema->tables[table].columns[k].id] = rows->values[table][k];
}

static void rows_fill(const struct tally_micro_schema *schema,
                      const struct pathway_outcomes *outcomes, uint64_t first,
                      struct tally_micro_rows *rows)
{
    const struct tally_micro_keep *keep = &schema->keep;
    void *candidates[N_CANDIDATE_COLUMNS] = {0}, *sittings[N_SITTING_COLUMNS] = {0};
    size_t row = 0, sitting_row = 0;
    columns_find(schema, rows, TALLY_MICRO_CANDIDATES, candidates);
    columns_find(schema, rows, TALLY_MICRO_SITTINGS, sittings);
    for (size_t i = 0; i < outcomes->n; i++) {
        const struct pathway_outcome *outcome = &outcomes->outcomes[i];
        int n_kept = count_kept(keep, outcomes, first, i);
        if (n_kept < 0)
            continue;
        candidate_fill(candidates, row++, outcome, first + i, n_kept);
        for (uint32_t a = 0; a < outcome->n_sittings; a++) {
            const struct pathway_sitting *s = &outcomes->sittings[outcome->first_sitting + a];
            if (keeps_sitting(keep, s, a + 1))
                sitting_fill(sittings, sitting_row++, s, a + 1);
        }
    }
}

struct tally_micro_rows *tally_micro_rows_of(const struct tally_micro_schema *schema,
                                             const struct pathway_outcomes *outcomes,
                                             uint64_t first)
{
    size_t n[TALLY_MICRO_N_TABLES] = {0};
    for (size_t i = 0; i < outcomes->n; i++) {
        int n_kept = count_kept(&schema->keep, outcomes, first, i);
        n[TALLY_MICRO_CANDIDATES] += n_kept >= 0;
        n[TALLY_MICRO_SITTINGS] += n_kept > 0 ? (size_t)n_kept : 0;
    }
    struct tally_micro_rows *self = tally_micro_rows_new(schema, n);
    if (!self)
        return NULL;
    self->first = first;
    self->n_candidates = outcomes->n;
    rows_fill(schema, outcomes, first, self);
    return self;
}
