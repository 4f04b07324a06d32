/* Embeds retake: what does a scenario give with a wait of 15 days, and with 30?
 * usage: example SCENARIO.yaml [KEY=VALUE]...
 *     cc example.c -o example $(pkg-config --cflags --libs retake)
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake.h>

#include <stdio.h>

static const char *const questions[] = {"cumulative_pass_rate[attempt=1]",
                                        "cumulative_pass_rate[attempt=3]",
                                        "false_pass_rate[attempt=3]"};

/* Called now and then during a run, by one thread at a time; anything but 0 ends the run. */
static int show(uint64_t n_done, uint64_t n_total, void *context)
{
    fprintf(context, "\r%3.0f %%", 100 * (double)n_done / (double)n_total);
    return 0;
}

/* Change the scenario, run it, read three numbers with their standard errors. */
static int ask(struct retake *handle, const char *change)
{
    int status = retake_set(handle, change);
    if (status == 0)
        status = retake_run(handle, 0, show, stderr);
    if (status == 0)
        printf("%s\n", change);
    for (size_t k = 0; k < sizeof questions / sizeof questions[0] && status == 0; k++) {
        double value, mcse;
        status = retake_number(handle, questions[k], &value, &mcse);
        if (status == 0)
            printf("  %-32s %6.2f +- %.2f %%\n", questions[k], 100 * value, 100 * mcse);
    }
    return status;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fputs("usage: example SCENARIO.yaml [KEY=VALUE]...\n", stderr);
        return 2;
    }
    struct retake *handle = retake_new();
    if (!handle)
        return 1;
    int status = retake_load(handle, argv[1]);
    for (int k = 2; k < argc && status == 0; k++)
        status = retake_set(handle, argv[k]);
    if (status == 0)
        status = ask(handle, "policy.wait_days=15");
    if (status == 0)
        status = ask(handle, "policy.wait_days=30");
    if (status == 0)
        status = retake_write(handle, "wait30.h5");
    if (status != 0) /* one line: what, where, and the nearest known word */
        fprintf(stderr, "example: %s\n", retake_message(handle));
    retake_free(handle);
    return status;
}
