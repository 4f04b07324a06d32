/* Rules from a shared object. SPDX-License-Identifier: Apache-2.0 */
#include "rules_file.h"

#include <retake/base/digest.h>
#include <retake/base/file.h>
#include <retake/cat/design.h>

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

/* A loader's message, the file's name in front of it taken away. */
static const char *reason(const char *path)
{
    const char *text = dlerror();
    size_t n = strlen(path);
    if (text && strncmp(text, path, n) == 0 && strncmp(text + n, ": ", 2) == 0)
        text += n + 2;
    return text ? text : "unknown reason";
}

/* First of all, since the loader would wait for a pipe. */
static enum err_code keep_digest(const char *path, const char *plain, struct scenario *scenario,
                                 struct err *err)
{
    struct arena arena = {0};
    struct file_text file;
    struct err why = {0};
    char digest[33];
    if (file_read(plain, FILE_MEMORY_BYTES, &arena, &file, &why) == ERR_OK) {
        digest_hex(file.bytes, file.n_bytes, digest);
        scenario->rules_digest = arena_text(&scenario->arena, digest, strlen(digest));
        if (!scenario->rules_digest)
            err_set(err, ERR_MEMORY, "no memory for the digest of %s", path);
    } else {
        err_set(err, why.code, "--rules %s: cannot be loaded: %s", path,
                why.detail + strlen(plain) + strlen(": "));
    }
    arena_free(&arena);
    return err->code;
}

enum err_code cli_use_rules(const char *path, struct scenario *scenario, struct err *err)
{
    char plain[4096];
    if (!path)
        return ERR_OK;
    /* without a slash the loader would look into the folders of the system's libraries */
    snprintf(plain, sizeof plain, "%s%s", strchr(path, '/') ? "" : "./", path);
    if (keep_digest(path, plain, scenario, err) != ERR_OK)
        return err->code;
    void *library = dlopen(plain, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return err_set(err, ERR_INPUT, "--rules %s: cannot be loaded: %s", path, reason(plain));
    const struct rule_set *rules = dlsym(library, "retake_rules");
    if (!rules)
        return err_set(err, ERR_INPUT,
                       "--rules %s: does not export `const struct rule_set retake_rules`", path);
    struct err why = {0};
    if (cat_rule_set_check(rules, &why) != ERR_OK)
        return err_set(err, why.code, "--rules %s: %s", path, why.detail + strlen("rules: "));
    scenario->rules = rules;
    return ERR_OK;
}
