/* For readers that take a path: the fuzzer's bytes as a file in memory.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_FUZZ_FILE_INPUT_H
#define RETAKE_FUZZ_FILE_INPUT_H

#include <retake/config/scenario.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes);

static inline void require(bool condition)
{
    if (!condition)
        abort();
}

/** What a reader may say of any file: nothing, or one line about the input. */
static inline void require_message(const struct err *err)
{
    require(err->code == ERR_OK || err->code == ERR_INPUT || err->code == ERR_RANGE);
    require(!strpbrk(err->detail, "\n\r\033"));
    require((err->code == ERR_OK) == (err->detail[0] == '\0'));
}

/** Bytes under a path. */
struct file_input {
    int descriptor;
    char path[64];
};

static inline void file_input_init(const void *bytes, size_t n_bytes, struct file_input *self)
{
    self->descriptor = memfd_create("fuzz", 0);
    require(self->descriptor >= 0);
    require(write(self->descriptor, bytes, n_bytes) == (ssize_t)n_bytes);
    snprintf(self->path, sizeof self->path, "/proc/self/fd/%d", self->descriptor);
}

static inline void file_input_free(struct file_input *self)
{
    close(self->descriptor);
}

/** A scenario from text in which %s is the path. */
static inline void file_scenario(const char *format, const char *path, struct scenario *out)
{
    char text[1024];
    struct err err = {0};
    int n = snprintf(text, sizeof text, format, path);
    require(n > 0 && (size_t)n < sizeof text);
    require(config_scenario_parse("fuzz.yaml", text, (size_t)n, out, &err) == ERR_OK);
}

#endif
