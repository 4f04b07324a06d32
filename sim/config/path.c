/* Dotted paths: component by component against the paths of the table, where * stands for a name.
 * A name with a dot, an equals sign or a quote in it stands in double quotes, a quote in it twice.
 * SPDX-License-Identifier: Apache-2.0 */
#include "path.h"

#include <retake/base/plain.h>

#include <stdio.h>
#include <string.h>

/* ---- names ---- */

size_t config_path_component(const char *path)
{
    size_t n = 1;
    if (*path != '"')
        return strcspn(path, ".");
    while (path[n] && (path[n] != '"' || path[n + 1] == '"'))
        n += path[n] == '"' ? 2 : 1;
    return path[n] ? n + 1 : n;
}

const char *config_name_fault(const char *name, size_t n_name)
{
    size_t n;
    uint32_t code_point;
    if (n_name == 0)
        return "empty";
    if (n_name >= CONFIG_NAME_BYTES)
        return "a name of more than 128 bytes";
    for (size_t i = 0; i < n_name; i += n) {
        n = plain_decode(name + i, n_name - i, &code_point);
        if (n == 0 || !plain_is(code_point))
            return "a name with a control character";
    }
    return NULL;
}

bool config_path_name(const struct path_match *match, char out[CONFIG_NAME_BYTES])
{
    const char *from = match->name, *end = from + match->n_name;
    bool is_quoted = *from == '"';
    size_t n = 0;
    if (is_quoted && (match->n_name < 2 || end[-1] != '"'))
        return false;
    for (from += is_quoted, end -= is_quoted; from < end && n < CONFIG_NAME_BYTES; n++) {
        out[n] = *from;
        from += is_quoted && *from == '"' ? 2 : 1;
    }
    if (config_name_fault(out, n))
        return false;
    out[n] = '\0';
    return true;
}

void config_name_quote(const char *name, char out[CONFIG_QUOTED_BYTES])
{
    size_t n = strlen(name), to = 0;
    bool is_bare = n > 0 && !strpbrk(name, ".=\"[],") && name[0] != ' ' && name[n - 1] != ' ';
    if (!is_bare)
        out[to++] = '"';
    for (; *name && to + 3 < CONFIG_QUOTED_BYTES; name++) {
        out[to++] = *name;
        if (*name == '"')
            out[to++] = '"';
    }
    if (!is_bare)
        out[to++] = '"';
    out[to] = '\0';
}

size_t config_key_length(const char *text)
{
    size_t n = 0;
    while (text[n] && text[n] != '=') {
        size_t component = config_path_component(text + n);
        n += text[n] == '"' ? component : strcspn(text + n, ".=");
        n += text[n] == '.';
    }
    return n;
}

bool config_path_append(char *path, size_t n_path, const char *key, bool is_section)
{
    char quoted[CONFIG_QUOTED_BYTES];
    size_t n = strlen(path);
    bool is_family = false;
    for (int f = FAMILY_NONE + 1; f < N_FAMILIES; f++)
        is_family = is_family || strcmp(path, config_family((enum family)f)->path) == 0;
    int n_more = snprintf(path + n, n_path - n, "%s%s", n ? "." : "", key);
    bool fits = n_more >= 0 && n + (size_t)n_more < n_path;
    if (!is_family || !is_section || !*key || *key == '"' ||
        (fits && config_path_match(path).kind != PATH_UNKNOWN))
        return fits;
    config_name_quote(key, quoted);
    n_more = snprintf(path + n, n_path - n, ".%s", quoted);
    return n_more >= 0 && n + (size_t)n_more < n_path;
}

bool config_path_tidy(const char *path, char *out, size_t n_out)
{
    char name[CONFIG_NAME_BYTES], quoted[CONFIG_QUOTED_BYTES];
    struct path_match match = config_path_match(path);
    int n = snprintf(out, n_out, "%s", path);
    if (match.name && config_path_name(&match, name)) {
        config_name_quote(name, quoted);
        n = snprintf(out, n_out, "%.*s%s%s", (int)(match.name - path), path, quoted,
                     match.name + match.n_name);
    }
    return n >= 0 && (size_t)n < n_out;
}

/* ---- matching ---- */

/* How far path agrees with the path of one parameter. */
static enum path_kind match_one(const struct param *param, const char *path, struct path_match *out)
{
    const char *known = param->path;
    *out = (struct path_match){.param = param};
    while (*known && *path) {
        if (*known == '*') {
            out->name = path;
            out->n_name = config_path_component(path);
            if (out->n_name == 0)
                return PATH_UNKNOWN;
            path += out->n_name;
            known++;
        } else if (*known++ != *path++) {
            return PATH_UNKNOWN;
        }
    }
    if (*path)
        return PATH_UNKNOWN;
    if (!*known)
        return PATH_PARAM;
    if (*known != '.')
        return PATH_UNKNOWN;
    return out->name ? PATH_MEMBER : PATH_SECTION;
}

struct path_match config_path_match(const char *path)
{
    size_t n_params;
    const struct param *params = config_params(&n_params);
    for (size_t i = 0; i < n_params && *path; i++) {
        struct path_match match;
        enum path_kind kind = match_one(&params[i], path, &match);
        match.kind = kind;
        if (kind != PATH_UNKNOWN)
            return match;
    }
    return (struct path_match){.kind = PATH_UNKNOWN};
}

const struct param *config_param_find(const char *path)
{
    struct path_match match = config_path_match(path);
    return match.kind == PATH_PARAM ? match.param : NULL;
}
