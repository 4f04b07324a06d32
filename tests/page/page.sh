#!/usr/bin/env bash
# The page of `retake report` in a real browser: a run, one of few candidates, two runs compared, a sweep, one for
# sensitivity, a cut study. The work is done by browser.mjs; this makes the results. SPDX-License-Identifier: Apache-2.0
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
retake=${RETAKE:-$root/build/release/retake}

skip() {
    echo "page: $1"
    [ "${RETAKE_REQUIRE_INTEROP:-0}" = 1 ] && exit 1
    exit 77
}
command -v node >/dev/null || skip "no node: ./dev test installs it"
command -v chromium >/dev/null || skip "no chromium: ./dev test installs it"
[ -d "$root/build/npm/node_modules/playwright-core" ] || skip "no playwright-core: ./dev test fetches it"
[ -f "$root/build/npm/node_modules/echarts/dist/echarts.min.js" ] || skip "no ECharts: ./dev build fetches it"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
few=(--candidates 5000 --threads 2)
"$retake" run "$root/configs/emr.yaml" "${few[@]}" -o run.h5 2>/dev/null
"$retake" run "$root/configs/emr.yaml" --candidates 120 --seed 5 --threads 2 -o few.h5 2>/dev/null
"$retake" run "$root/configs/emr.yaml" "${few[@]}" --set policy.attempts_per_cycle=6 --set "title==Six </script><script>window.ran=1</script> & <img src=x onerror=window.ran=2>" -o other.h5 2>/dev/null
"$retake" sweep "$root/configs/sweeps/attempts-and-wait.yaml" --candidates 1000 --threads 2 -o sweep.h5 2>/dev/null
cat >sensitivity.yaml <<YAML
base: $root/configs/exact/emr.yaml
design: {rule: saltelli, n: 8, seed: 1}
axes:
  population.groups.all.theta_sd: {uniform: [0.5, 1]}
  leave.after_fail: {uniform: [0.15, 0.5]}
sensitivity: ["cumulative_pass_rate[attempt=3]"]
YAML
"$retake" sweep sensitivity.yaml --threads 2 -o sensitivity.h5 2>/dev/null
"$retake" validate "$root/configs/emr.yaml" --candidates 1000 --threads 2 --set validate.cut_step=20 --set validate.sittings=40 \
    --set validate.score_step=50 --set 'validate.cost_ratio=[1, 4]' -o cut.h5 2>/dev/null
"$retake" report run.h5 2>/dev/null
"$retake" report run.h5 other.h5 -o compared.html 2>/dev/null
for name in few sweep sensitivity cut; do "$retake" report "$name.h5" -o "$name.html" 2>/dev/null; done
status=0 # only runs are compared
"$retake" report run.h5 cut.h5 -o none.html 2>/dev/null || status=$?
[ "$status" = 65 ] && [ ! -e none.html ] || { echo "page: a run beside a cut study: status $status" >&2; exit 1; }
for name in run few sweep cut; do "$retake" summary --json "$name.h5" >"$name.json"; done
node "$here/browser.mjs" "$root/build/npm/" "$folder"
