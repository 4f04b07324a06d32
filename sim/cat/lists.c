/* The lists of rules. Adding a rule is one file with one row, and one line here.
 * SPDX-License-Identifier: Apache-2.0 */
#include "lists.h"

const struct cat_select_rule *const cat_select_rules[] = {
    &cat_select_fisher,
    &cat_select_fisher_at_cut,
    &cat_select_kl,
    &cat_select_klp,
    &cat_select_fp_kl,
    &cat_select_vp_kl,
    &cat_select_fi_kl,
    &cat_select_vi_kl,
    &cat_select_gdi,
    &cat_select_gdip,
    &cat_select_mlwi,
    &cat_select_mpwi,
    &cat_select_mei,
    &cat_select_mepv,
    &cat_select_closest_difficulty,
    &cat_select_closest_maximum,
    &cat_select_progressive,
    &cat_select_proportional,
    &cat_select_a_stratified,
    &cat_select_random,
    NULL,
};

const struct cat_content_rule *const cat_content_rules[] = {
    &cat_content_none,
    &cat_content_kingsbury_zara,
    &cat_content_modified_multinomial,
    NULL,
};

const struct cat_exposure_rule *const cat_exposure_rules[] = {
    &cat_exposure_none,
    &cat_exposure_sympson_hetter,
    &cat_exposure_eligibility,
    NULL,
};

const struct rule_stop *const cat_stop_rules[] = {
    &cat_stop_confidence, &cat_stop_fixed, &cat_stop_se, &cat_stop_information,
    &cat_stop_sprt,       &cat_stop_glr,   NULL,
};

const struct rule_out_of_time *const cat_out_of_time_rules[] = {
    &cat_out_of_time_last_estimate,
    &cat_out_of_time_fail_below_minimum,
    &cat_out_of_time_last_60,
    NULL,
};
