#!/usr/bin/env bash
# The sources are as clang-format 14 writes them. SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "${RETAKE_SOURCE_DIR:-$(dirname "$0")/../..}"
command -v clang-format-14 >/dev/null || exit 77
folders=()
for folder in sim include tests bench; do
    [ ! -d "$folder" ] || folders+=("$folder")
done
find "${folders[@]}" -name '*.[ch]' -print0 | xargs -0 clang-format-14 --dry-run -Werror
