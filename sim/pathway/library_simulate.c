/* Sittings simulated for a library: an examinee without deficits sits at a node of ability and
 * speed.
 * SPDX-License-Identifier: Apache-2.0 */
#include "library_nodes.h"
#include "sitting.h"

#include <retake/base/real.h>
#include <retake/irt/model.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N_LANES = 32, PILOT_SITTINGS = 2048 };

static const double farthest = 4, pilot_step = 0.25, fine_step = 0.05,
                    safety = 0.1; /* the share of sittings that meet the clock falls tenfold for
                                     each 0.03 or so near its end */

struct pathway_librarian {
    struct pathway_design design; /* of the exam alone */
    struct person_design person;
    struct cat_workspace cat;
    struct lane lanes[N_LANES];
};

/* Whom to simulate; number keys the draws. */
struct order {
    uint64_t number;
    double theta, speed;
};

/* Where orders come from and sittings go. */
struct orders {
    size_t n;
    void (*make)(void *context, size_t k, struct order *out);
    void (*take)(void *context, size_t k, const struct order *order, const struct lane *lane);
    void *context;
};

struct pathway_librarian *pathway_librarian_new(const struct pathway_design *design)
{
    struct pathway_librarian *self = calloc(1, sizeof *self);
    struct err err = {0};
    if (!self)
        return NULL;
    self->design = *design;
    self->person = (struct person_design){.pacing = design->person->pacing, .deficit_cv = 0};
    self->design.person = &self->person;
    if (cat_workspace_init(design->cat, N_LANES, &self->cat, &err) == ERR_OK)
        return self;
    pathway_librarian_free(self);
    return NULL;
}

void pathway_librarian_free(struct pathway_librarian *self)
{
    if (!self)
        return;
    cat_workspace_free(&self->cat);
    free(self);
}

static void sit_down(struct pathway_librarian *self, const struct order *order, struct lane *lane)
{
    struct person *person = &lane->person;
    *person =
        (struct person){.candidate = order->number, .theta = order->theta, .speed = order->speed};
    person_lane_begin(&self->person, person, 1, &lane->examinee);
    cat_session_begin(self->design.cat, rng_keyed(self->person.seed, order->number, 1, RNG_SELECT),
                      NULL, lane->session);
}

/* All orders, their sittings interleaved. */
static void fulfil(struct pathway_librarian *self, const struct orders *orders)
{
    struct lane *active[N_LANES];
    struct order order[N_LANES];
    size_t n_active = 0, next = 0;
    for (size_t k = 0; k < N_LANES && next < orders->n; k++) {
        struct lane *lane = &self->lanes[k];
        lane->session = &self->cat.sessions[k];
        lane->slot = next;
        orders->make(orders->context, next++, &order[k]);
        sit_down(self, &order[k], lane);
        active[n_active++] = lane;
    }
    while (n_active > 0) {
        pathway_sittings_step(&self->design, active, n_active);
        for (size_t k = n_active; k-- > 0;) {
            struct lane *lane = active[k];
            struct order *of_lane = &order[lane - self->lanes];
            if (lane->session->stop == CAT_GOING)
                continue;
            orders->take(orders->context, lane->slot, of_lane, lane);
            if (next == orders->n) {
                active[k] = active[--n_active];
                continue;
            }
            lane->slot = next;
            orders->make(orders->context, next++, of_lane);
            sit_down(self, of_lane, lane);
        }
    }
}

/* ---- the pilot ---- */

struct pilot {
    double center, speed;
    size_t n_met; /* the clock */
};

/* Abilities within 4 logits, half of them within 1 of the cut, where tests are long. Elsewhere
 * items may take longer. */
static void pilot_make(void *context, size_t k, struct order *out)
{
    const struct pilot *self = context;
    double x = ((double)k + 0.5) / (double)PILOT_SITTINGS * 2 - 1,
           theta = self->center + farthest * x * fabs(x);
    *out = (struct order){.number = k, .theta = theta, .speed = self->speed};
}

static void pilot_take(void *context, size_t k, const struct order *order, const struct lane *lane)
{
    struct pilot *self = context;
    (void)k;
    (void)order;
    self->n_met += lane->session->stop == CAT_STOP_TIME || lane->examinee.n_rushed > 0;
}

static bool meets_clock(struct pathway_librarian *by, double speed)
{
    struct pilot pilot = {.center = by->design.cat->exam.cut_theta, .speed = speed};
    const struct orders orders = {PILOT_SITTINGS, pilot_make, pilot_take, &pilot};
    fulfil(by, &orders);
    return pilot.n_met > 0;
}

double pathway_library_pilot(struct pathway_librarian *by, uint64_t seed)
{
    by->person.seed = seed;
    if (!isfinite(by->design.cat->time_limit_s))
        return -INFINITY;
    double speed = library_fastest;
    while (speed > -library_fastest && !meets_clock(by, speed - pilot_step))
        speed -= pilot_step;
    if (speed <= -library_fastest)
        return -INFINITY;
    while (!meets_clock(by, speed - fine_step))
        speed -= fine_step;
    return speed + safety;
}

/* ---- one part of one replicate ---- */

struct task {
    struct pathway_library *library;
    uint32_t replicate;
    struct library_demands *demands;
};

static void make(void *context, size_t k, struct order *out)
{
    const struct task *self = context;
    const struct pathway_library *library = self->library;
    const struct library_size *size = &library->size;
    *out = (struct order){.number = (uint64_t)self->replicate * library->per_replicate + k,
                          .theta = library->center,
                          .speed = size->n_speeds > 0 ? library->safe_speed : 0};
    if (k < library->parts.slow) {
        out->theta += pathway_library_node(k / size->n_sittings);
    } else {
        size_t cell = (k - library->parts.slow) / size->n_slow;
        out->theta += pathway_library_node(2 * (cell / size->n_speeds));
        out->speed -= pathway_library_slowness(cell % size->n_speeds);
    }
}

/* What the scored items that were answered asked for, weighted by their information. */
static void add_demands(const struct cat_design *cat, const struct cat_session *session,
                        double theta, struct library_demands *out)
{
    for (uint32_t i = 0; i < session->seen.n_seen; i++) {
        const struct irt_item *item = &cat->items[session->items[i]];
        if (session->items[i] >= cat->n_scored)
            continue;
        double information = irt_information(item, theta);
        for (int k = 0; k < IRT_N_DEMANDS; k++)
            out->mean[k] += information * (double)item->demand[k];
        out->domain[item->domain % PERSON_MAX_DOMAINS] += information;
    }
}

static bool is_missed(const struct cat_design *cat, const struct cat_session *session, uint32_t i)
{
    const struct irt_item *item = &cat->items[session->items[i]];
    return session->answers[i] + 1u < irt_n_categories(item);
}

/* One of the items missed, or of all where none was. */
static void keep_item(const struct cat_design *cat, const struct cat_session *session, double theta,
                      struct rng rng, size_t slot, struct library_profile *out)
{
    uint32_t n_missed = 0, chosen = 0, n_seen = session->seen.n_seen;
    for (uint32_t i = 0; i < n_seen; i++)
        if (is_missed(cat, session, i) && rng_below(&rng, ++n_missed) == 0)
            chosen = i;
    if (n_seen == 0)
        return;
    if (n_missed == 0)
        chosen = rng_below(&rng, n_seen);
    const struct irt_item *item = &cat->items[session->items[chosen]];
    out->p[slot] = (float)irt_p(item, theta);
    out->a[slot] = (float)item->a;
    out->domain[slot] = item->domain;
    for (int k = 0; k < IRT_N_DEMANDS; k++)
        out->demand[k][slot] = item->demand[k];
}

/* Sitting k of a coarse node fills every n_sittings-th slot from k on. */
static void learn(struct task *self, size_t at, const struct order *order, const struct lane *lane,
                  const struct cat_design *cat)
{
    uint32_t n = self->library->size.n_sittings;
    size_t coarse = at / n / 2, k = at % n;
    struct library_profile *profile =
        &self->library->profiles[self->replicate * (size_t)LIBRARY_N_COARSE + coarse];
    if (at / n % 2 != 0 || k >= LIBRARY_PROFILE)
        return;
    add_demands(cat, lane->session, order->theta, &self->demands[coarse]);
    for (size_t slot = k; slot < LIBRARY_PROFILE; slot += n)
        keep_item(cat, lane->session, order->theta,
                  rng_keyed(self->library->seed, order->number, 2, RNG_SELECT), slot, profile);
}

static int16_t fixed(double x, double parts)
{
    return (int16_t)real_min(real_max(nearbyint(x * parts), INT16_MIN), INT16_MAX);
}

/* How the log likelihood of the answers would change with ability, and with ability on the items
 * that ask for each skill, and on those of each domain. */
struct changes {
    double slope[1 + IRT_N_DEMANDS], detail[LIBRARY_BY_DOMAIN];
    double information[PERSON_MAX_DOMAINS], domain_slope[PERSON_MAX_DOMAINS];
};

static void add_item(const struct irt_item *item, double slope, double information,
                     struct changes *out)
{
    double demand[IRT_N_DEMANDS], *product = out->detail + LIBRARY_TIMES_PRODUCT;
    size_t domain = item->domain % PERSON_MAX_DOMAINS;
    out->slope[0] += slope;
    out->detail[LIBRARY_INFORMATION] += information;
    out->domain_slope[domain] += slope;
    out->information[domain] += information;
    for (int k = 0; k < IRT_N_DEMANDS; k++) {
        demand[k] = (double)item->demand[k];
        out->slope[1 + k] += slope * demand[k];
        out->detail[LIBRARY_TIMES_DEMAND + k] += information * demand[k];
    }
    for (int k = 0; k < IRT_N_DEMANDS; k++)
        for (int l = k; l < IRT_N_DEMANDS; l++)
            *product++ += information * demand[k] * demand[l];
}

static void keep_changes(const struct cat_design *cat, const struct cat_session *session,
                         double theta, size_t n_domains, struct library_sitting *out,
                         int16_t *details)
{
    struct changes changes = {.slope = {0}};
    for (uint32_t i = 0; i < session->seen.n_seen; i++) {
        const struct irt_item *item = &cat->items[session->items[i]];
        struct irt_category8 category[IRT_MAX_CATEGORIES];
        if (session->items[i] >= cat->n_scored)
            continue;
        irt_categories8(item, vec_all(theta), category);
        const struct irt_category8 *given = &category[session->answers[i]];
        add_item(item, given->dp[0] / given->p[0], irt_information(item, theta), &changes);
    }
    for (int k = 0; k <= IRT_N_DEMANDS; k++)
        out->slope[k] = fixed(changes.slope[k], LIBRARY_SLOPE);
    for (int k = 0; k < LIBRARY_BY_DOMAIN; k++)
        details[k] = fixed(changes.detail[k], LIBRARY_CURVATURE);
    for (size_t d = 0; d < n_domains; d++) {
        details[LIBRARY_BY_DOMAIN + d] = fixed(changes.information[d], LIBRARY_CURVATURE);
        details[LIBRARY_BY_DOMAIN + n_domains + d] = fixed(changes.domain_slope[d], LIBRARY_SLOPE);
    }
}

struct worker {
    struct task task;
    struct pathway_librarian *by;
};

static void take(void *context, size_t k, const struct order *order, const struct lane *lane)
{
    struct worker *worker = context;
    struct task *self = &worker->task;
    const struct cat_session *session = lane->session;
    const struct cat_design *cat = worker->by->design.cat;
    const uint32_t *misses = lane->examinee.misses;
    const struct library_size *size = &self->library->size;
    size_t number = self->replicate * self->library->per_replicate + k;
    struct library_sitting *out = &self->library->sittings[number];
    uint32_t n_misses = misses[PERSON_KNOWLEDGE] + misses[PERSON_SEQUENCE] + misses[PERSON_SCOPE] +
                        misses[PERSON_READING];
    *out = (struct library_sitting){
        .theta = (float)session->seen.theta,
        .se = (float)session->seen.se,
        .minutes = (float)(session->seen.elapsed_s / 60),
        .n_scored = (uint16_t)session->seen.n_scored,
        .n_seen = (uint16_t)session->seen.n_seen,
        .n_misses = (uint16_t)n_misses,
        .n_guesses = (uint16_t)misses[PERSON_PACING],
        .n_rushed = (uint16_t)lane->examinee.n_rushed,
        .stop = (uint8_t)session->stop,
        .passed = cat_session_passes(cat, session),
    };
    keep_changes(cat, session, order->theta, size->n_domains, out,
                 self->library->details + number * pathway_library_n_details(size));
    if (k < self->library->parts.slow)
        learn(self, k, order, lane, cat);
}

static void worker_make(void *context, size_t k, struct order *out)
{
    make(&((struct worker *)context)->task, k, out);
}

void pathway_library_simulate(struct pathway_library *self, uint32_t replicate,
                              struct pathway_librarian *by, struct library_demands *demands)
{
    struct worker worker = {.task = {.library = self, .replicate = replicate, .demands = demands},
                            .by = by};
    const struct orders orders = {self->per_replicate, worker_make, take, &worker};
    by->person.seed = self->seed;
    fulfil(by, &orders);
}
