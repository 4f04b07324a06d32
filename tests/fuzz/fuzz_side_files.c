/* Any bytes as a file of holidays, of exposure parameters, of free parameters and of targets: an
 * error in one line, or values within their ranges. SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "file_input.h"

#include <retake/pathway/calendar.h>
#include <retake/study/calibrate.h>

#include <math.h>

static void read_holidays(const char *path)
{
    struct scenario scenario;
    struct pathway_calendar calendar;
    struct arena arena = {0};
    struct err err = {0};
    file_scenario("exam: {form: normal}\ncalendar: {holidays_file: %s}\n", path, &scenario);
    pathway_calendar_init(&scenario, &arena, &calendar, &err);
    require_message(&err);
    for (size_t k = 1; err.code == ERR_OK && k < calendar.n_holidays; k++)
        require(calendar.holidays[k - 1] < calendar.holidays[k]);
    arena_free(&arena);
    config_scenario_free(&scenario);
}

static void read_exposure(const char *path)
{
    static const char bank_csv[] = "id,b,pilot\nA,0,0\nB,1,0\nC,-1,0\nD,0,1\n";
    struct scenario scenario;
    struct engine_plan plan = {0};
    struct file_input bank;
    char format[512];
    struct err err = {0};
    file_input_init(bank_csv, sizeof bank_csv - 1, &bank);
    snprintf(format, sizeof format,
             "bank: %s\nexam: {min_items: 1, max_items: 2, pilot_items: 0, exposure: {rule: "
             "eligibility, file: %%s}}\n",
             bank.path);
    file_scenario(format, path, &scenario);
    engine_plan_init(&scenario, &plan, &err);
    require_message(&err);
    for (size_t i = 0; err.code == ERR_OK && i < plan.cat.n_scored; i++)
        require(plan.cat.p_shown[i] > 0 && plan.cat.p_shown[i] <= 1);
    engine_plan_free(&plan);
    config_scenario_free(&scenario);
    file_input_free(&bank);
}

static void read_calibration(const char *path)
{
    struct study_calibration calibration = {0};
    struct err err = {0};
    study_free_read(path, &calibration, &err);
    require_message(&err);
    for (size_t k = 0; err.code == ERR_OK && k < calibration.n_free; k++)
        require(calibration.free[k].low < calibration.free[k].high);
    err = (struct err){0};
    study_targets_read(path, &calibration, &err);
    require_message(&err);
    for (size_t k = 0; err.code == ERR_OK && k < calibration.n_targets; k++)
        require(isfinite(calibration.targets[k].value) && calibration.targets[k].se >= 0);
    study_calibration_free(&calibration);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    struct file_input file;
    file_input_init(data, n_bytes, &file);
    read_holidays(file.path);
    read_exposure(file.path);
    read_calibration(file.path);
    file_input_free(&file);
    return 0;
}
