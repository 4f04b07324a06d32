/* An output takes three names: its own, that of its lock, and that of its checkpoint.
 * SPDX-License-Identifier: Apache-2.0 */
#include "files.h"

#include <retake/config/inputs.h>
#include <retake/study/durable.h>

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const suffixes[] = {"", FILE_LOCK_SUFFIX, STUDY_CHECKPOINT_SUFFIX};

enum { N_SUFFIXES = sizeof suffixes / sizeof *suffixes };

void cli_files_output(struct cli_files *self, const char *option, const char *path)
{
    assert(self->n_outputs < CLI_MAX_OUTPUTS);
    self->outputs[self->n_outputs++] =
        (struct cli_output){.option = option, .path = path, .lock = {.descriptor = -1}};
}

void cli_files_output_made(struct cli_files *self, const char *option, const char *path)
{
    cli_files_output(self, option, path);
    self->outputs[self->n_outputs - 1].is_made = true;
}

/* One of the names that an output takes; the caller frees it. */
static char *name_of(const struct cli_output *output, int k, struct err *err)
{
    char *name = file_beside(output->path, suffixes[k]);
    if (!name)
        err_set(err, errno == ENOMEM ? ERR_MEMORY : ERR_IO, "%s: cannot write: %s", output->path,
                strerror(errno));
    return name;
}

/* What a path would be to an output; NULL: nothing. */
static char *name_taken(const struct cli_output *output, const char *path, struct err *err)
{
    for (int k = 0; k < N_SUFFIXES; k++) {
        char *name = name_of(output, k, err);
        if (!name || file_is_same(name, path))
            return name;
        free(name);
    }
    return NULL;
}

enum err_code cli_files_input(const struct cli_files *self, const char *path, struct err *err)
{
    for (size_t k = 0; k < self->n_outputs && !err->code; k++) {
        const struct cli_output *output = &self->outputs[k];
        char *name = name_taken(output, path, err);
        if (name)
            err_set(err, ERR_USAGE, "%s: --%s %s would replace %s, which is one of the inputs",
                    self->command, output->option, output->path, path);
        free(name);
    }
    return err->code;
}

static enum err_code outputs_compare(const struct cli_files *self, size_t a, size_t b,
                                     struct err *err)
{
    const struct cli_output *one = &self->outputs[a], *two = &self->outputs[b];
    for (int k = 0; k < N_SUFFIXES && !err->code; k++) {
        char *name = name_of(one, k, err), *taken = name ? name_taken(two, name, err) : NULL;
        if (taken)
            err_set(err, ERR_USAGE, "%s: --%s %s and --%s %s would both write %s", self->command,
                    one->option, one->path, two->option, two->path, name);
        free(taken);
        free(name);
    }
    return err->code;
}

/* For config_scenario_each_input. */
static enum err_code input_compare(void *context, const struct param *param, size_t member,
                                   const char *path, struct err *err)
{
    (void)param;
    (void)member;
    return cli_files_input(context, path, err);
}

static enum err_code all_compare(struct cli_files *self, struct scenario *scenario, struct err *err)
{
    if (self->n_outputs == 0)
        return ERR_OK;
    for (size_t a = 0; a < self->n_outputs; a++)
        for (size_t b = 0; b < a; b++)
            if (outputs_compare(self, a, b, err) != ERR_OK)
                return err->code;
    for (size_t k = 0; k < self->n_words; k++)
        if (cli_files_input(self, self->words[k], err) != ERR_OK)
            return err->code;
    for (size_t k = 0; k < self->n_named; k++) /* a file, or some other word */
        if (access(self->named[k], F_OK) == 0 &&
            cli_files_input(self, self->named[k], err) != ERR_OK)
            return err->code;
    return scenario ? config_scenario_each_input(scenario, input_compare, self, err) : ERR_OK;
}

/* Whether it can be written is to be known before hours of work. */
static enum err_code output_take(struct cli_output *self, bool may_be_finished, struct err *err)
{
    struct file_pending trial;
    struct stat status;
    if (self->is_made && lstat(self->path, &status) == 0 && S_ISLNK(status.st_mode))
        return err_set(err, ERR_IO, "%s: cannot write: it is a link; name it with --%s", self->path,
                       self->option);
    if (file_begin(self->path, &trial, err) != ERR_OK) {
        bool is_there = stat(self->path, &status) == 0 && S_ISREG(status.st_mode);
        if (err->code != ERR_IO || !may_be_finished || !is_there)
            return err->code;
        self->cannot_write = *err;
        err_clear(err);
        return ERR_OK;
    }
    file_discard(&trial);
    return file_lock_output(self->path, &self->lock, err);
}

enum err_code cli_files_take(struct cli_files *self, struct scenario *scenario, struct err *err)
{
    if (all_compare(self, scenario, err) != ERR_OK)
        return err->code;
    for (size_t k = 0; k < self->n_outputs && !err->code; k++)
        output_take(&self->outputs[k], self->may_be_finished, err);
    return err->code;
}

const struct err *cli_files_cannot_write(const struct cli_files *self)
{
    for (size_t k = 0; k < self->n_outputs; k++)
        if (self->outputs[k].cannot_write.code)
            return &self->outputs[k].cannot_write;
    return NULL;
}

void cli_files_end(struct cli_files *self)
{
    for (size_t k = 0; k < self->n_outputs; k++)
        file_unlock(&self->outputs[k].lock);
}
