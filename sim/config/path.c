/* Dotted paths: component by component against the paths of the table, where * stands for a name.
 * SPDX-License-Identifier: Apache-2.0 */
#include "path.h"

#include <string.h>

/* How far path agrees with the path of one parameter. */
static enum path_kind match_one(const struct param *param, const char *path, struct path_match *out)
{
    const char *known = param->path;
    *out = (struct path_match){.param = param};
    while (*known && *path) {
        if (*known == '*') {
            out->name = path;
            out->n_name = strcspn(path, ".");
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
