#!/usr/bin/env bash
# docs/parameters.md is what the table of parameters makes it.
# usage: parameters_md.sh [RETAKE [SOURCE_DIR]]. SPDX-License-Identifier: Apache-2.0
set -euo pipefail
retake=${1:-${RETAKE:-}}
source_dir=${2:-${RETAKE_SOURCE_DIR:-$(dirname "$0")/../..}}
if [ -z "$retake" ]; then
    echo "parameters_md: no retake program" >&2
    exit 77
fi
page=$(mktemp)
trap 'rm -f "$page"' EXIT
"$retake" params --markdown >"$page"
if ! diff -u "$source_dir/docs/parameters.md" "$page"; then
    echo "stale; run: retake params --markdown > docs/parameters.md" >&2
    exit 1
fi
