/* What each parameter of a result rests on. A default has the grade of the table of parameters; a
 * value that is set has what the scenario's text says of it.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_REPORT_GRADES_H
#define RETAKE_SIM_REPORT_GRADES_H

#include <retake/config/params.h>
#include <retake/config/statements.h>
#include <retake/store/result.h>

struct report_grades {
    const struct store_provenance *provenance;
    struct config_statements stated;
};

struct report_grade {
    const struct param *param;
    const char *key;
    char value[CONFIG_LIST_BYTES]; /* as it stands in YAML */
    bool is_set;                   /* it is not the default */
    const char *grades;            /* "" where nobody says */
    const char *source;            /* what the scenario says besides; "" of a default */
};

enum { REPORT_GRADE_BYTES = 1024 };

/** @return ERR_OK; ERR_MEMORY. report_grades_free it, even after failure */
enum err_code report_grades_init(const struct store_provenance *provenance,
                                 struct report_grades *self, struct err *err);
void report_grades_free(struct report_grades *self);

/** Of the attribute of this name. False where there is none, or it is no parameter, or err is set.
 */
bool report_grades_find(struct report_grades *self, const char *key, struct report_grade *out,
                        struct err *err);

/** "rule"; "set here: assumed (recalled)"; "set here". */
void report_grade_words(const struct report_grade *self, bool with_source,
                        char text[REPORT_GRADE_BYTES]);

#endif
