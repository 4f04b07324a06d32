/* Forget the macros of params.def after an inclusion; on purpose without an include guard.
 * SPDX-License-Identifier: Apache-2.0 */
#undef GROUP_REAL
#undef REAL
#undef LIMIT
#undef COUNT
#undef FLAG
#undef CHOICE
#undef NAME
#undef TEXT
#undef DAY
