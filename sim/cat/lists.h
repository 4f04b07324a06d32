/* The rows of all rules. SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_CAT_LISTS_H
#define RETAKE_CAT_LISTS_H

#include "rules.h"

extern const struct cat_select_rule cat_select_fisher, cat_select_fisher_at_cut, cat_select_kl,
    cat_select_klp, cat_select_fp_kl, cat_select_vp_kl, cat_select_fi_kl, cat_select_vi_kl,
    cat_select_gdi, cat_select_gdip, cat_select_mlwi, cat_select_mpwi, cat_select_mei,
    cat_select_mepv, cat_select_closest_difficulty, cat_select_closest_maximum,
    cat_select_progressive, cat_select_proportional, cat_select_a_stratified, cat_select_random;

extern const struct cat_content_rule cat_content_none, cat_content_kingsbury_zara,
    cat_content_modified_multinomial;

extern const struct cat_exposure_rule cat_exposure_none, cat_exposure_sympson_hetter,
    cat_exposure_eligibility;

extern const struct rule_stop cat_stop_confidence, cat_stop_fixed, cat_stop_se,
    cat_stop_information, cat_stop_sprt, cat_stop_glr;

extern const struct rule_out_of_time cat_out_of_time_last_estimate,
    cat_out_of_time_fail_below_minimum, cat_out_of_time_last_60;

#endif
