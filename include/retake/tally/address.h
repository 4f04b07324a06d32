/* The address of one statistic: VARIABLE[dimension=coordinate,...], the same for --precision, the
 * targets of a calibration and whatever asks for one number of a dataset.
 *
 * A coordinate is a number or a label; a number within a bin names the bin. A label with a comma, a
 * bracket or a quote stands in double quotes, a quote in it twice. A dimension of one
 * element may be left out, and so may group: that is "all", the first row. FIRST/SECOND is the
 * ratio of two counts, e.g. n_failed_all/n_attempted[attempt=1].
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_TALLY_ADDRESS_H
#define RETAKE_TALLY_ADDRESS_H

#include <retake/config/params.h>
#include <retake/tally/dataset.h>

#include <stdbool.h>

enum {
    ADDRESS_WORD_BYTES = CONFIG_NAME_BYTES + 1,
    /* a ratio of two addresses, with what stands between their words */
    ADDRESS_TEXT_BYTES = 2 * (2 * DATASET_MAX_DIMS + 1) * (CONFIG_QUOTED_BYTES + 1)
};

/** VARIABLE[dimension=coordinate,...] taken apart. */
struct tally_address {
    char variable[ADDRESS_WORD_BYTES];
    size_t n_dims;
    struct tally_coordinate {
        char dim[ADDRESS_WORD_BYTES], label[ADDRESS_WORD_BYTES];
    } at[DATASET_MAX_DIMS];
};

/** The number at an address. */
struct tally_number {
    double value;
    double mcse;   /* Monte Carlo standard error; NaN where there is none. Of a ratio of counts that
                      of independent trials, an approximation. */
    bool is_count; /* of the candidates simulated: it grows with their number */
};

/**
 * Take apart the address that text begins with.
 * @param end  receives where it ends: "" or "/..."; NULL = it must be all of the text
 * @return ERR_OK; ERR_INPUT: "ADDRESS: message"
 */
enum err_code tally_address_parse(const char *text, struct tally_address *out, const char **end,
                                  struct err *err);

/** Bytes of the address that text begins with: up to / = < or > outside brackets. */
size_t tally_address_length(const char *text);

/** The coordinate that an address gives for a dimension, or NULL. */
const char *tally_address_label(const struct tally_address *self, const char *dim);

/** The numbers at an address along one dimension that it leaves out, e.g. the policies of a sweep.
 */
struct tally_series {
    size_t n;
    struct tally_series_part {
        const struct dataset_var *var, *error; /* error: NULL where there is none */
        size_t first, stride;
    } top, bottom; /* bottom.var: NULL where it is no ratio */
};

/**
 * Find an address, or a ratio of two.
 * @param along  the dimension; where the dataset or a variable has none, all numbers are the same
 * @return ERR_OK; ERR_INPUT as tally_address_read
 */
enum err_code tally_series_find(const struct dataset *dataset, const char *text, const char *along,
                                struct tally_series *out, struct err *err);
struct tally_number tally_series_at(const struct tally_series *self, size_t k);

/**
 * The number at an address or at a ratio of two.
 * @return ERR_OK; ERR_INPUT for a wrong address: one line that suggests the nearest name
 */
enum err_code tally_address_read(const struct dataset *dataset, const char *text,
                                 struct tally_number *out, struct err *err);

#endif
