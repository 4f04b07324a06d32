/* retake bank generate: an item pool from distributions.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/file.h>
#include <retake/study/pool.h>

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bank_commands.h"
#include "options.h"

static const char usage[] =
    "usage: retake bank generate -o BANK.csv [options]\n"
    "  --model rasch|2pl|3pl   response model (default rasch)\n"
    "  --items N               scored items (default 1000)\n"
    "  --pilots N              unscored items (default 300)\n"
    "  --seed S                seed (default 20250401)\n"
    "  --b-mean M, --b-sd S    difficulties, normal (default 0, 1.2)\n"
    "  --log-a-sd S            discriminations, lognormal with median 1 (default 0.25; 2pl, 3pl)\n"
    "  --intensity-mean M, --intensity-sd S   log response time in s (default 3.54, 0.33)\n"
    "  --domains NAME=WEIGHT,...              content domains (default: the EMR blueprint of "
    "2025)\n"
    "Without options, generate makes the pool of configs/banks/emr.csv.\n";

enum { MAX_DOMAINS = 64 };

/* "name=weight,name=weight"; the text is cut up in place. */
static enum err_code parse_domains(char *text, struct study_domain *domains, size_t *n,
                                   struct err *err)
{
    for (char *rest = text, *part; (part = strsep(&rest, ","));) {
        char *equals = strchr(part, '=');
        if (!equals || equals == part || *n == MAX_DOMAINS)
            return err_set(err, ERR_USAGE, "bank generate: --domains needs NAME=WEIGHT,...");
        *equals = '\0';
        domains[*n].name = part;
        if (cli_bank_real("--domains", equals + 1, 1e-9, &domains[*n].weight, err) != ERR_OK)
            return err->code;
        (*n)++;
    }
    return ERR_OK;
}

static enum err_code parse_model(const char *text, enum study_model *out, struct err *err)
{
    static const char *const names[] = {"rasch", "2pl", "3pl"};
    for (int k = 0; k < 3; k++)
        if (strcasecmp(text, names[k]) == 0) {
            *out = (enum study_model)k;
            return ERR_OK;
        }
    return err_set(err, ERR_USAGE, "bank generate: --model %s: rasch, 2pl or 3pl is needed", text);
}

enum {
    OPT_MODEL = 256,
    OPT_ITEMS,
    OPT_PILOTS,
    OPT_SEED,
    OPT_DOMAINS,
    OPT_B_MEAN,
    OPT_B_SD,
    OPT_LOG_A_SD,
    OPT_INTENSITY_MEAN,
    OPT_INTENSITY_SD
};

static const struct option longs[] = {
    {"output", required_argument, NULL, 'o'},
    {"help", no_argument, NULL, 'h'},
    {"model", required_argument, NULL, OPT_MODEL},
    {"items", required_argument, NULL, OPT_ITEMS},
    {"pilots", required_argument, NULL, OPT_PILOTS},
    {"seed", required_argument, NULL, OPT_SEED},
    {"domains", required_argument, NULL, OPT_DOMAINS},
    {"b-mean", required_argument, NULL, OPT_B_MEAN},
    {"b-sd", required_argument, NULL, OPT_B_SD},
    {"log-a-sd", required_argument, NULL, OPT_LOG_A_SD},
    {"intensity-mean", required_argument, NULL, OPT_INTENSITY_MEAN},
    {"intensity-sd", required_argument, NULL, OPT_INTENSITY_SD},
    {0}};

struct options {
    struct study_pool pool;
    struct study_domain domains[MAX_DOMAINS];
    size_t n_domains;
    const char *output;
    bool help;
};

static void parse_one(int c, struct options *self, struct err *err)
{
    int64_t whole = 0;
    struct study_pool *pool = &self->pool;
    if (c == 'o')
        self->output = optarg;
    else if (c == 'h')
        self->help = true;
    else if (c == OPT_MODEL)
        parse_model(optarg, &pool->model, err);
    else if (c == OPT_ITEMS && !cli_whole_number("--items", optarg, 1, 1000000, &whole, err))
        pool->n_items = (size_t)whole;
    else if (c == OPT_PILOTS && !cli_whole_number("--pilots", optarg, 0, 1000000, &whole, err))
        pool->n_pilots = (size_t)whole;
    else if (c == OPT_SEED && !cli_whole_number("--seed", optarg, 0, INT64_MAX, &whole, err))
        pool->seed = (uint64_t)whole;
    else if (c == OPT_DOMAINS)
        parse_domains(optarg, self->domains, &self->n_domains, err);
    else if (c == OPT_B_MEAN)
        cli_bank_real("--b-mean", optarg, -20, &pool->b_mean, err);
    else if (c == OPT_B_SD)
        cli_bank_real("--b-sd", optarg, 0, &pool->b_sd, err);
    else if (c == OPT_LOG_A_SD)
        cli_bank_real("--log-a-sd", optarg, 0, &pool->log_a_sd, err);
    else if (c == OPT_INTENSITY_MEAN)
        cli_bank_real("--intensity-mean", optarg, -20, &pool->intensity_mean, err);
    else if (c == OPT_INTENSITY_SD)
        cli_bank_real("--intensity-sd", optarg, 0, &pool->intensity_sd, err);
}

static enum err_code generate(struct options *self, struct err *err)
{
    char *text = NULL;
    size_t n_bytes = 0;
    if (!self->output)
        return err_set(err, ERR_USAGE, "bank generate: -o BANK.csv is needed");
    if (self->n_domains > 0) {
        self->pool.domains = self->domains;
        self->pool.n_domains = self->n_domains;
    }
    if (study_pool_csv(&self->pool, &text, &n_bytes, err) == ERR_OK)
        file_write(self->output, text, n_bytes, err);
    free(text);
    return err->code;
}

int cmd_bank_generate(int argc, char **argv)
{
    struct err err = {0};
    struct options options = {.pool = study_pool_emr()};
    for (int c; (c = getopt_long(argc, argv, ":o:h", longs, NULL)) != -1;) {
        if (c == '?' || c == ':')
            cli_wrong_option("bank generate", c, argv, longs, &err);
        else
            parse_one(c, &options, &err);
    }
    if (options.help) {
        fputs(usage, stdout);
        return 0;
    }
    if (optind < argc)
        err_set(&err, ERR_USAGE, "bank generate: '%s' is too much", argv[optind]);
    if (!err.code)
        generate(&options, &err);
    return err.code ? cli_fail(&err) : 0;
}
