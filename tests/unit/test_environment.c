/* SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/environment.h>

#include <criterion/criterion.h>
#include <stdlib.h>

Test(environment, takes_an_empty_variable_for_none)
{
    setenv("RETAKE_TEST", "", 1);
    cr_expect_null(environment_text("RETAKE_TEST"));
    setenv("RETAKE_TEST", "8", 1);
    cr_expect_str_eq(environment_text("RETAKE_TEST"), "8");
}
