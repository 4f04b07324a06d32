/* Which rows of microdata are kept, as words on the command line and in the file.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/tally/micro_rows.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The number behind a name that a word begins with; 0 where it does not, or is no number from 1. */
static uint64_t number_behind(const char *name, const char *word, size_t n_word)
{
    char digits[24];
    size_t n = strlen(name);
    if (n_word <= n || strncmp(word, name, n) != 0 || n_word - n >= sizeof digits)
        return 0;
    memcpy(digits, word + n, n_word - n);
    digits[n_word - n] = '\0';
    char *end;
    errno = 0;
    unsigned long long value = strtoull(digits, &end, 10);
    return digits[0] < '0' || digits[0] > '9' || *end != '\0' || errno ? 0 : value;
}

static bool take_word(const char *word, size_t n, struct tally_micro_keep *self)
{
    static const char failed[] = "failed";
    uint64_t attempt = number_behind("attempt>=", word, n);
    uint64_t every = number_behind("every=", word, n);
    if (attempt > 0 && attempt <= PATHWAY_MAX_ATTEMPTS)
        self->from_attempt = (uint32_t)attempt;
    else if (every > 0)
        self->every = every;
    else if (n == sizeof failed - 1 && memcmp(word, failed, n) == 0)
        self->only_failed = true;
    else
        return false;
    return true;
}

enum err_code tally_micro_keep_parse(const char *words, struct tally_micro_keep *self,
                                     struct err *err)
{
    for (const char *word = words;; word++) {
        size_t n = strcspn(word, ",");
        if (!take_word(word, n, self))
            return err_set(err, ERR_USAGE,
                           "--microdata-keep: '%.*s' is none of attempt>=N (N up to %d), failed, "
                           "every=N; several are joined by commas",
                           (int)n, word, PATHWAY_MAX_ATTEMPTS);
        word += n;
        if (*word == '\0')
            return ERR_OK;
    }
}

void tally_micro_keep_format(const struct tally_micro_keep *self, char text[96])
{
    char *at = text;
    char *const end = text + 96;
    *at = '\0';
    if (self->from_attempt > 1)
        at += snprintf(at, (size_t)(end - at), ",attempt>=%u", self->from_attempt);
    if (self->only_failed)
        at += snprintf(at, (size_t)(end - at), ",failed");
    if (self->every > 1)
        at += snprintf(at, (size_t)(end - at), ",every=%llu", (unsigned long long)self->every);
    if (at == text)
        snprintf(text, 96, ",all");
    memmove(text, text + 1, strlen(text));
}
