/* SPDX-License-Identifier: Apache-2.0 */
#include <retake/base/wording.h>

#include <criterion/criterion.h>
#include <string.h>

Test(wording, counts_a_noun)
{
    static const struct {
        uint64_t n;
        const char *noun, *text;
    } cases[] = {{1, "policy", "1 policy"},
                 {0, "policy", "0 policies"},
                 {2, "day", "2 days"},
                 {3, "axis", "3 axes"},
                 {1, "person", "1 person"},
                 {7, "person", "7 people"},
                 {2, "base point", "2 base points"},
                 {4, "batch", "4 batches"}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        cr_expect_str_eq(wording_count(cases[k].n, cases[k].noun).text, cases[k].text);
}

Test(wording, says_a_time_in_the_unit_that_people_take)
{
    static const struct {
        double seconds;
        const char *text;
    } cases[] = {{0.1, "0.1 s"},  {9.97, "10 s"},       {119, "119 s"},       {150, "2.5 min"},
                 {7500, "2.1 h"}, {200000, "2.3 days"}, {1.62e8, "5.1 years"}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        cr_expect_str_eq(wording_duration(cases[k].seconds).text, cases[k].text);
}
