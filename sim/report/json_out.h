/* JSON made step by step; memory that is out is noted once and looked at when it is written, so
 * that what is written is never a part. SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_SIM_REPORT_JSON_OUT_H
#define RETAKE_SIM_REPORT_JSON_OUT_H

#include <retake/base/err.h>
#include <retake/store/result.h>

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/** What goes wrong while values are made. All functions below pass NULL on; a zeroed one is new. */
struct report_json {
    struct err err;
};

json_t *report_json_object(struct report_json *self);
json_t *report_json_array(struct report_json *self);

/** A number; null where JSON has none, for NaN and infinity. */
json_t *report_json_number(struct report_json *self, double value);
json_t *report_json_count(struct report_json *self, int64_t value);

/** null for NULL and for what is not UTF-8. */
json_t *report_json_text(struct report_json *self, const char *text);

/** Give a value to an object or to an array. A name that is not UTF-8 is ERR_INPUT. */
void report_json_set(struct report_json *self, json_t *object, const char *name, json_t *value);
void report_json_append(struct report_json *self, json_t *array, json_t *value);

/** The same for a value of that kind. */
void report_json_set_number(struct report_json *self, json_t *object, const char *name,
                            double value);
void report_json_set_count(struct report_json *self, json_t *object, const char *name,
                           int64_t value);
void report_json_set_text(struct report_json *self, json_t *object, const char *name,
                          const char *text);
void report_json_set_flag(struct report_json *self, json_t *object, const char *name, bool value);

/** The attributes of a result. */
json_t *report_attributes_json(struct report_json *self, const struct store_provenance *provenance);

/** Their policy in words; null where they have none. */
json_t *report_policy_json(struct report_json *self, const struct store_provenance *provenance);

/** Of each parameter among them: label, unit, grades, whether it is set here, and if so the default
 * and what the scenario says of it.
 * @param text  makes JSON of what the scenario says, e.g. report_json_text */
json_t *report_evidence_json(struct report_json *self, const struct store_provenance *provenance,
                             json_t *(*text)(struct report_json *, const char *));

/** The text of a value, which is released; the caller frees it. NULL: err says why.
 *  @param flags  of json_dumps */
char *report_json_dump(struct report_json *self, json_t *json, size_t flags, struct err *err);

/**
 * Write the text of a value. What is not plain (base/plain.h) is escaped: the same JSON, harmless
 * on a terminal. A failure is for ferror to tell.
 * @param for_page  to stand within a script element and to be shown: '<' is escaped, so that no
 *                  text ends the element; what is not plain is '?'
 */
void report_json_write(const char *text, bool for_page, FILE *out);

/** Print a value and a line's end, and release it. @return ERR_OK; ERR_MEMORY; ERR_INPUT; ERR_IO */
enum err_code report_json_print(struct report_json *self, json_t *json, size_t flags, FILE *out,
                                struct err *err);

#endif
