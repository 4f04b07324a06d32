/* The least that a program which embeds retake does: print which version it got.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake.h>

#include <stdio.h>

int main(void)
{
    puts(retake_version());
    return 0;
}
