/* The tables of a result on a terminal, and all of it as JSON.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_REPORT_SUMMARY_H
#define RETAKE_REPORT_SUMMARY_H

#include <retake/store/result.h>

#include <stdbool.h>
#include <stdio.h>

/**
 * Print the tables of a run (all candidates first, then each group where there are several), of a
 * sweep or of a cut study. What
 * the dataset does not hold is left out. The caller checks ferror(out).
 * @param provenance  title, source and parameters for the first lines; may be empty
 * @param out         shown as base/terminal.h says: as wide, and in ASCII where that is needed
 * @return ERR_OK; ERR_MEMORY
 */
enum err_code report_summary_text(const struct dataset *dataset,
                                  const struct store_provenance *provenance, FILE *out,
                                  struct err *err);

/**
 * Print one JSON object: a key per variable, per dimension (its coordinate) and per `<dim>_bounds`,
 * with nested arrays in the order of the dimensions, "attributes", an object,
 * "policy", its sentences, "evidence": the grade of each parameter, and "intervals": low and high,
 * 95 % limits of each rate whose trials are known (tally/rate_interval.h). Numbers round-trip; NaN
 * is null.
 * @return ERR_OK; ERR_IO; ERR_MEMORY
 */
enum err_code report_summary_json(const struct dataset *dataset,
                                  const struct store_provenance *provenance, FILE *out,
                                  struct err *err);

/**
 * Print "address,value,mcse" and a line for each value, the addresses as tally/address.h reads
 * them. Numbers round-trip; what is no number is empty.
 * @return ERR_OK; ERR_IO
 */
enum err_code report_summary_csv(const struct dataset *dataset, FILE *out, struct err *err);

/** The tables of report_summary_text as tables of Markdown. @return ERR_OK; ERR_MEMORY */
enum err_code report_summary_markdown(const struct dataset *dataset,
                                      const struct store_provenance *provenance, FILE *out,
                                      struct err *err);

/** The parameters of a result that are not the defaults, each with its grade and what the scenario
 * says of it. @return ERR_OK; ERR_MEMORY */
enum err_code report_parameters_text(const struct store_provenance *provenance, bool as_markdown,
                                     FILE *out, struct err *err);

#endif
