/* A program that adds its own rules to an installed retake and looks at what they do.
 * usage: outside_program SCENARIO.yaml. SPDX-License-Identifier: Apache-2.0 */
#include <retake.h>
#include <retake/rule.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const struct rule_set retake_rules;

enum { MAX_VALUES = 4096 };

struct values {
    size_t n;
    double of[MAX_VALUES];
};

static const char *scenario;

static void expect(int condition, const char *what, const struct retake *handle)
{
    if (condition)
        return;
    fprintf(stderr, "outside_program: not so: %s (%s)\n", what, retake_message(handle));
    exit(1);
}

/* Run with up to three changes; NULL for none. */
static struct retake *run(const char *set1, const char *set2, const char *set3)
{
    const char *sets[] = {set1, set2, set3};
    struct retake *handle = retake_new();
    expect(retake_load(handle, scenario) == 0, "the scenario loads", handle);
    expect(retake_add_rules(handle, &retake_rules) == 0, "the rules are accepted", handle);
    for (int k = 0; k < 3; k++)
        if (sets[k])
            expect(retake_set(handle, sets[k]) == 0, sets[k], handle);
    expect(retake_check(handle) == 0, "the scenario is good", handle);
    expect(retake_run(handle, 2, NULL, NULL) == 0, "it runs", handle);
    return handle;
}

static void values(const struct retake *handle, const char *name, struct values *out)
{
    out->n = retake_values(handle, name, out->of, MAX_VALUES);
    expect(out->n > 0 && out->n <= MAX_VALUES, name, handle);
}

static double total(const struct values *self)
{
    double sum = 0;
    for (size_t i = 0; i < self->n; i++)
        sum += self->of[i];
    return sum;
}

/* One attempt, one group: lengths count from exam.min_items (60) or from 0. */
static void stop_rule(void)
{
    struct values length;
    struct retake *handle = run("exam.stop.rule=after_61", NULL, NULL);
    values(handle, "n_session_length", &length);
    size_t at = length.n;
    for (size_t i = 0; i < length.n; i++)
        if (length.of[i] > 0) {
            expect(at == length.n, "all sessions have one length", handle);
            at = i;
        }
    expect(at < length.n && length.of[at] == 1000, "1,000 sessions", handle);
    values(handle, "n_stop_reason", &length);
    expect(length.of[0] == 1000, "all were ended by the stop rule", handle);
    retake_free(handle);
    handle = run("exam.stop.rule=all(after_61, any(confidence, after_61))", NULL, NULL);
    struct values again;
    values(handle, "n_stop_reason", &again);
    expect(again.of[0] == 1000, "within all and any as well", handle);
    retake_free(handle);
}

static void selection_rule(const char *more)
{
    static const char *const names[] = {"n_passed",   "theta_rmse",           "theta_se",
                                        "theta_bias", "item_exposure_rate",   "n_session_length",
                                        "n_theta",    "item_seen_again_rate", "minutes_mean"};
    struct values a, b;
    struct retake *own = run("exam.select.rule=closest_difficulty", more, NULL);
    struct retake *other = run("exam.select.rule=nearest", more, NULL);
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        if (retake_values(own, names[k], NULL, 0) == 0)
            continue;
        values(own, names[k], &a);
        values(other, names[k], &b);
        expect(a.n == b.n && memcmp(a.of, b.of, a.n * sizeof a.of[0]) == 0, names[k], other);
    }
    retake_free(own);
    retake_free(other);
}

/* Without control the pool of 200 is used where it is near; with it the first item never. */
static void exposure_rule(void)
{
    struct values rate;
    double even = 0, odd = 0;
    struct retake *handle = run("exam.exposure.rule=half", "exam.select.rule=random", NULL);
    values(handle, "item_exposure_rate", &rate);
    expect(rate.n == 200 && rate.of[0] == 0, "the first item is never shown", handle);
    for (size_t i = 2; i < rate.n; i++)
        *(i % 2 ? &odd : &even) += rate.of[i];
    expect(even > 0 && even < 0.9 * odd, "even items are shown less often", handle);
    retake_free(handle);
}

static void out_of_time_rules(void)
{
    struct values passed, stops, ratio;
    struct retake *handle =
        run("exam.time_limit_min=5", "exam.out_of_time.rule=everyone", "exam.stop.rule=fixed");
    values(handle, "n_stop_reason", &stops);
    values(handle, "n_passed", &passed);
    expect(stops.of[2] == 1000 && passed.of[0] == 1000, "out of time, everyone passes", handle);
    retake_free(handle);
    handle = run("exam.time_limit_min=5", "exam.out_of_time.rule=by_ratio", NULL);
    values(handle, "n_passed", &ratio);
    expect(total(&ratio) > 300 && total(&ratio) < 900, "the ratio is known", handle);
    retake_free(handle);
}

static void refused(void)
{
    static const struct rule_stop se = {.name = "se", .doc = "", .step = NULL};
    static const struct rule_stop *const stops[] = {&se, NULL};
    static const struct rule_set taken = {.version = RULE_VERSION, .stops = stops};
    struct retake *handle = retake_new();
    expect(retake_add_rules(handle, &taken) == 65, "a name that retake has is refused", handle);
    expect(strstr(retake_message(handle), "'se'") != NULL, "the message names it", handle);
    expect(retake_load(handle, scenario) == 0, "the scenario loads", handle);
    expect(retake_set(handle, "exam.stop.rule=after_62") == 0, "any name can be set", handle);
    expect(retake_add_rules(handle, &retake_rules) == 0, "the rules are accepted", handle);
    expect(retake_check(handle) == 65, "an unknown rule", handle);
    expect(strstr(retake_message(handle), "did you mean 'after_61'?") != NULL, "hint", handle);
    retake_free(handle);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    scenario = argv[1];
    stop_rule();
    selection_rule(NULL);
    selection_rule("exam.estimate.rule=ml");
    exposure_rule();
    out_of_time_rules();
    refused();
    puts("rules from outside the tree: ok");
    return 0;
}
