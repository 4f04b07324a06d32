/* An exam, built once from a scenario and a bank, then shared const by all sessions.
 *
 * Items are kept in design order: the scored ones by rising difficulty (of a linear form: in the
 * bank's order), then the pilots. Everything in the room cat counts items in this order; order[]
 * leads back to the bank. SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CAT_DESIGN_H
#define RETAKE_CAT_DESIGN_H

#include <retake/config/reference.h>
#include <retake/config/scenario.h>
#include <retake/irt/grid.h>
#include <retake/rule.h>

/** Why a session ended. */
enum cat_stop {
    CAT_GOING,
    CAT_STOP_RULE,
    CAT_STOP_MAXIMUM,
    CAT_STOP_TIME,
    CAT_STOP_NO_ITEM,
    CAT_N_STOPS
};

/** Names of the reasons after CAT_GOING, for results: [CAT_N_STOPS]. */
extern const char *const cat_stop_names[CAT_N_STOPS];

struct cat_design {
    struct rule_exam exam;
    size_t n_items, n_scored;     /* in the pool; pilots are items n_scored .. n_items - 1 */
    const struct irt_item *items; /* [n_items]; a includes exam.scaling_constant */
    const uint32_t *order;        /* [n_items]: index in the bank */
    size_t pilot_bit, n_words;    /* layout of a set of items: scored items from bit 0, pilots from
                                     pilot_bit, n_words words of 64 bits in all */
    uint32_t pilot_items;         /* a session's pilots, all within the first n_slots items */
    uint32_t n_slots, max_seen;   /* min_items + pilot_items - 1: the last item that everyone takes
                                     is scored, so that no stop rule precedes a pilot;
                                     max_items + pilot_items */
    double time_limit_s;          /* INFINITY = untimed: no times are drawn */
    struct irt_estimator estimator;
    struct irt_grid grid;           /* of EAP */
    const double *likelihood;       /* rows of all answers over the grid, irt_grid_likelihood */
    const uint32_t *first_row;      /* [n_scored] */
    const double *grid_information; /* [n_scored][8 n_vectors], or NULL: EAP with Jeffreys' prior */
    bool keeps_previous;            /* exam.estimate.unbounded: previous */
    bool keeps_answers;             /* sessions keep the parameters of the items answered */
    bool is_monotone, is_logistic;  /* every scored item 1PL or 2PL; 1PL to 4PL */
    bool is_plain;                  /* the selection rule alone decides on every item */
    bool keeps_shown;               /* session->shown is wanted */
    bool is_lazy;                   /* estimates before min_items are not needed by any rule */
    bool se_may_wait;               /* no rule reads the standard error before min_items */
    uint32_t se_from;               /* scored answers from which on it is kept: 0, unless skipped */
    const struct cat_enemies *enemies;   /* NULL: the bank has none */
    const struct cat_content *content;   /* NULL: no limits and no targets */
    const struct cat_curves *curves;     /* NULL: no rule integrates over theta */
    const struct cat_evidence *evidence; /* NULL: no rule asks for it */
    uint32_t randomesque;                /* draw among this many best items */
    const struct cat_select_rule *select, *start;
    const struct cat_index *index; /* of maximum information; NULL: no rule uses it */
    const struct cat_select_numbers *select_numbers;
    const double *peaks;    /* [n_scored]: where information is greatest; NULL: not needed */
    const uint32_t *strata; /* [n_scored]: by discrimination, from 0; NULL: not needed */
    const struct cat_exposure_rule *exposure; /* NULL: none */
    const double *p_shown; /* [n_scored]: exposure parameters; NULL: none, or not calibrated yet */
    const struct cat_stop_node *stop; /* NULL: a linear form, never */
    const struct rule_out_of_time *out_of_time;
    struct arena arena; /* owns every pointer above */
};

/**
 * Build a design for exam.form: cat or linear.
 * @param self  caller's; cat_design_free it, even after failure
 * @return ERR_OK; ERR_INPUT: an unknown rule, too few items in the bank, limits that no test can
 * meet; ERR_MEMORY
 */
enum err_code cat_design_init(const struct scenario *scenario, const struct irt_bank *bank,
                              struct cat_design *self, struct err *err);
void cat_design_free(struct cat_design *self);

/** A linear form gets a second stage: after n_form items it goes on in the bank's order until
 * exam.stop.rule, which may be no sequential test, ends it, to max_items at most.
 * @return ERR_OK; ERR_INPUT: the rule; ERR_MEMORY */
enum err_code cat_design_add_stage(const struct scenario *scenario, uint32_t n_form,
                                   struct cat_design *self, struct err *err);

/** Leave out the standard errors before min_items, where no rule reads them: for callers who look
 * at the standard error of a session only when it has ended. */
void cat_design_skip_se(struct cat_design *self);

/** Whether a test that exam.stop.rule ends is decided: whether the rule looks at the cut.
 * Confidence, sprt, glr and rules from outside the tree do; se, information and fixed do not. */
enum cat_decides {
    CAT_DECIDES_NOTHING, /* a linear form too */
    CAT_DECIDES_SOME,    /* any(...) of rules that do and rules that do not */
    CAT_DECIDES_ALL
};
enum cat_decides cat_design_decides(const struct cat_design *self);

/** Whether any of the rules that the text of exam.stop.rule names looks at the cut. A name that is
 * none of retake's own is one from outside the tree. */
bool cat_stop_text_decides(const char *text);

/** Whether an exposure rule is one of those that need parameters. */
bool cat_exposure_has_parameters(const char *rule);

/** Whether the exposure rule needs parameters that the design does not have yet. */
bool cat_design_awaits_exposure(const struct cat_design *self);

/** Give the design its exposure parameters, [n_scored] in its order; copied. */
enum err_code cat_design_expose(struct cat_design *self, const double *p_shown, struct err *err);

/** The bit of an item in a set of items. */
static inline size_t cat_item_bit(const struct cat_design *self, uint32_t item)
{
    return item < self->n_scored ? item : self->pilot_bit + (item - self->n_scored);
}

/** The rules that a key can say, as config_describe_rule of retake/config/reference.h. */
bool cat_rule_describe(const char *key, size_t k, struct config_rule *out);

/** Whether rules from outside the tree can be used. @return ERR_OK; ERR_INPUT: the version, a name,
 * a function; the message says which rule */
enum err_code cat_rule_set_check(const struct rule_set *rules, struct err *err);

#endif
