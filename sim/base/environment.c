/* The one place that asks for variables of the environment.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/environment.h>

#include <stdlib.h>

const char *environment_text(const char *name)
{
    const char *text = getenv(name);
    return text && *text ? text : NULL;
}
