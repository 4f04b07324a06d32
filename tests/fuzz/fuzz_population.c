/* Any bytes as a file of candidates, and as one of abilities: an error in one line, or a population
 * whose candidates are finite. SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "file_input.h"

#include <retake/person/population.h>

#include <math.h>

static void read_population(const char *format, const char *path)
{
    struct scenario scenario;
    struct person_design design;
    struct err err = {0};
    file_scenario(format, path, &scenario);
    person_design_init(&scenario, &design, &err);
    require_message(&err);
    for (uint64_t c = 0; err.code == ERR_OK && c < 40; c++) {
        struct person person;
        person_draw(&design, c, &person);
        require(isfinite(person.theta) && isfinite(person.speed) && person.group < design.n_groups);
        for (int k = 0; k < PERSON_N_BUCKETS; k++)
            require(person.initial[k] >= 0 && isfinite(person.initial[k]));
    }
    person_design_free(&design);
    config_scenario_free(&scenario);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    struct file_input file;
    file_input_init(data, n_bytes, &file);
    read_population(
        "exam: {form: normal}\npopulation: {candidates_file: %s, groups: {all: {}, rural: {}}}\n",
        file.path);
    read_population("exam: {form: normal}\n"
                    "population: {groups: {all: {theta_shape: empirical, theta_file: %s}}}\n",
                    file.path);
    file_input_free(&file);
    return 0;
}
