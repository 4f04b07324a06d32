/* retake bank generate: an item pool from distributions.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/file.h>
#include <retake/config/params.h>
#include <retake/study/pool.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bank_commands.h"
#include "deliver.h"
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

struct options {
    struct study_pool pool;
    struct study_domain domains[MAX_DOMAINS];
    int64_t n_items, n_pilots, seed;
    const char *output, *domain_text;
    struct cli_files files;
};

static enum err_code take_model(const struct cli_option *row, const char *text, struct err *err)
{
    static const char *const names[] = {"rasch", "2pl", "3pl"};
    for (int k = 0; k < 3; k++)
        if (strcasecmp(text, names[k]) == 0) {
            *(enum study_model *)row->to = (enum study_model)k;
            return ERR_OK;
        }
    return err_set(err, ERR_USAGE, "bank generate: --model %s: rasch, 2pl or 3pl is needed", text);
}

/* A name in quotes, moved together over its doubled quotes. @return behind it, or NULL */
static char *unquote(char *text)
{
    char *to = text, *from = text + 1;
    while (*from && (*from != '"' || from[1] == '"')) {
        from += *from == '"';
        *to++ = *from++;
    }
    if (*from != '"')
        return NULL;
    *to = '\0';
    return from + 1;
}

/* name=weight,"name"=weight; the text is cut up in place. */
static enum err_code read_domains(char *text, struct options *self, struct err *err)
{
    for (char *rest = text; rest;) {
        char *name = rest, *equals = *name == '"' ? unquote(name) : strchr(name, '=');
        if (!equals || *equals != '=' || self->pool.n_domains == MAX_DOMAINS)
            return err_set(err, ERR_USAGE, "bank generate: --domains needs NAME=WEIGHT,...");
        *equals = '\0';
        rest = equals + 1;
        const char *weight = strsep(&rest, ","), *fault = config_name_fault(name, strlen(name));
        if (fault)
            return err_set(err, ERR_USAGE, "bank generate: --domains: %s", fault);
        struct study_domain *domain = &self->domains[self->pool.n_domains++];
        domain->name = name;
        if (cli_real_number("--domains", weight, 1e-9, &domain->weight, err) != ERR_OK)
            return err->code;
    }
    return ERR_OK;
}

static enum err_code write_pool(const struct options *self, struct err *err)
{
    char *text = NULL;
    size_t n_bytes = 0;
    if (study_pool_csv(&self->pool, &text, &n_bytes, err) == ERR_OK)
        cli_deliver(self->output, text, n_bytes, err);
    free(text);
    return err->code;
}

static enum err_code generate(struct options *self, struct err *err)
{
    char *names = NULL;
    self->pool.n_items = (size_t)self->n_items;
    self->pool.n_pilots = (size_t)self->n_pilots;
    self->pool.seed = (uint64_t)self->seed;
    if (self->domain_text) {
        names = strdup(self->domain_text);
        self->pool.domains = self->domains;
        self->pool.n_domains = 0;
        if (!names)
            err_set(err, ERR_MEMORY, "no memory for domains");
        else
            read_domains(names, self, err);
    }
    if (!err->code && cli_files_take(&self->files, NULL, err) == ERR_OK)
        write_pool(self, err);
    cli_files_end(&self->files);
    free(names);
    return err->code;
}

static bool parse(int argc, char **argv, struct options *self, struct err *err)
{
    struct study_pool *pool = &self->pool;
    const struct cli_option rows[] = {
        {"output", .text = &self->output, .needed = "-o BANK.csv", .may_be_stdout = true},
        {"model", .take = take_model, .to = &pool->model},
        {"items", .whole = &self->n_items, .min = 1, .max = 1000000},
        {"pilots", .whole = &self->n_pilots, .min = 0, .max = 1000000},
        {"seed", .whole = &self->seed, .min = 0, .max = INT64_MAX},
        {"domains", .text = &self->domain_text},
        {"b-mean", .real = &pool->b_mean, .least = -20},
        {"b-sd", .real = &pool->b_sd},
        {"log-a-sd", .real = &pool->log_a_sd},
        {"intensity-mean", .real = &pool->intensity_mean, .least = -20},
        {"intensity-sd", .real = &pool->intensity_sd},
        {0}};
    const struct cli_command command = {"bank generate", usage, rows, .files = &self->files};
    struct cli_words none;
    return cli_command_read(&command, argc, argv, &none, err);
}

int cmd_bank_generate(int argc, char **argv)
{
    struct err err = {0};
    struct options options = {.pool = study_pool_emr()};
    options.n_items = (int64_t)options.pool.n_items;
    options.n_pilots = (int64_t)options.pool.n_pilots;
    options.seed = (int64_t)options.pool.seed;
    if (parse(argc, argv, &options, &err))
        generate(&options, &err);
    return cli_end(&err);
}
