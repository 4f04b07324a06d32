// Several results: the first is what the others are compared with. SPDX-License-Identifier: Apache-2.0

// The mean of days in a histogram whose bins begin with whole days, and its error.
function meanDays(view) {
  const n = view.get("n_days_to_certification"), {low, width} = n ? view.result.edges("day_bin") : {};
  if (!n || !(sum(n) > 0)) return [NaN, NaN];
  const day = low.map((x) => x + (width - 1) / 2), total = sum(n), mean = sum(n.map((x, i) => x * day[i])) / total;
  return [mean, view.errorOf(Math.sqrt(sum(n.map((x, i) => x * (day[i] - mean) ** 2))) / total)];
}

const outcomeShare = (view, name) => view.has("n_outcome") ? view.shareOf(view.get("n_outcome")[view.labels("outcome").indexOf(name)], view.nCandidates) : [NaN, NaN];

// The statistics that are compared: [label, kind, (view) => [value, standard error]].
const COMPARED = [
  ["passed at the first attempt", "rate", (v) => v.rateAt("cumulative_pass_rate", 0)],
  ["passed within 3 attempts", "rate", (v) => v.rateAt("cumulative_pass_rate", Math.min(2, v.nAttempts - 1))],
  ["passed in the end", "rate", (v) => v.rateAt("cumulative_pass_rate", v.nAttempts - 1)],
  ["false passes in the end", "rate", (v) => v.rateAt("false_pass_rate", v.nAttempts - 1)],
  ["false fails in the end", "rate", (v) => v.rateAt("false_fail_rate", v.nAttempts - 1)],
  ["licensed, of all", "rate", (v) => outcomeShare(v, "licensed")],
  ["withdrew, of all", "rate", (v) => outcomeShare(v, "withdrew")],
  ["days to certification, mean", "real", meanDays],
  ["sittings a candidate", "real", sittingsOf],
  ["fees a candidate", "money", feesOf],
];

// The first of several results is today's policy.
const isBase = (view) => view.result === RESULTS[0];
const letterOf = (view) => `${view.result.letter}${isBase(view) ? " (today's)" : ""}`;
const policyLabel = (view) => `${letterOf(view)}: ${view.result.name}`;
const shortLabel = (view, width) => isNarrow(width) ? letterOf(view) : policyLabel(view).length > 70 ? `${policyLabel(view).slice(0, 68)}…` : policyLabel(view);

function comparePass(views) {
  const n = Math.max(...views.map((v) => v.nAttempts)), labels = range(n).map((k) => String(k + 1));
  const curve = (v, name) => range(v.nAttempts).map((k) => v.get(name)[k]);
  const ends = views.map((v) => v.rateAt("cumulative_pass_rate", v.nAttempts - 1)[0]);
  const best = ends.indexOf(Math.max(...ends)), worst = ends.indexOf(Math.min(...ends));
  return {
    id: "compare-pass", title: "Passed by attempt, policy by policy", wide: true,
    sentence: `In the end, ${views[best].result.letter} passes most (${percent(ends[best])}) and ${views[worst].result.letter} least (${percent(ends[worst])}), of those who sat at least once.`,
    caption: "Bands are 95 % intervals of the simulation; where none is seen, it is narrower than the line.",
    table: {columns: [{name: "attempt", kind: "text"}, ...views.flatMap((v) => [{name: v.result.name, label: v.result.letter, kind: "rate"}, {name: `${v.result.name} mcse`, label: "± se", kind: "rate"}])],
      rows: labels.map((label, k) => [label, ...views.flatMap((v) => [curve(v, "cumulative_pass_rate")[k], curve(v, "cumulative_pass_rate_mcse")[k]])])},
    height: (width) => isNarrow(width) ? 300 : 360,
    option: (width) => frame({
      legend: {...frame({}).legend, data: views.map((v) => shortLabel(v, width))},
      xAxis: axis({type: "category", data: labels, name: "attempt"}), yAxis: percentAxis("", {min: (x) => Math.floor(10 * Math.max(0, x.min - 0.02)) / 10, max: 1}),
      tooltip: {...frame({}).tooltip, formatter: tip((p) => `After attempt ${labels[p.dataIndex]}`, (p) => percent(yOf(p), 2))},
      series: views.flatMap((v, k) => bandedLine(shortLabel(v, width), labels, curve(v, "cumulative_pass_rate"), curve(v, "cumulative_pass_rate_mcse"), k)),
    }),
  };
}

function compareDifferences(views) {
  const [base, ...others] = views, seed = (v) => v.result.attribute("engine.seed"), sameSeed = others.every((v) => seed(v) === seed(base) && v.result.attribute("engine.sessions") === base.result.attribute("engine.sessions"));
  // To the last digit, errors included: no candidate fares otherwise.
  const same = (v, x, e, y, f) => seed(v) === seed(base) && x === y && (e === f || !known(e) && !known(f) && String(e) === String(f)) && v.nCandidates === base.nCandidates;
  const rows = COMPARED.map(([label, kind, of]) => {
    const [y, f] = of(base);
    return {label, kind, base: [y, f], others: others.map((v) => {
      const [x, e] = of(v);
      return {value: x, error: e, difference: x - y, differenceError: same(v, x, e, y, f) ? 0 : Math.hypot(e, f)};
    })};
  });
  const baseName = `${base.result.letter}, today's policy`;
  return differencesFigures("differences", rows, baseName, others.map((v) => v.result.letter), (width) => others.map((v) => shortLabel(v, width)),
    "The error takes the runs for independent" + (sameSeed ? "; they share their random numbers, so it is in truth smaller: a sweep of the same policies has the paired errors." : ".") +
    " Those of shares of all, days, sittings and fees are of independent candidates.");
}

function compareOutcomes(views) {
  const outcomes = [...new Set(views.flatMap((v) => v.labels("outcome")))];
  const share = (v, o) => v.get("n_outcome")[v.labels("outcome").indexOf(o)] / v.nCandidates;
  const used = outcomes.filter((o) => views.some((v) => share(v, o) > 0));
  return {
    id: "compare-outcomes", title: "Where candidates end, policy by policy", wide: true,
    sentence: `Licensed: ${listed(views.map((v) => `${percent(share(v, "licensed"))} with ${v.result.letter}`))}.`,
    caption: "Of all candidates who completed the course, on the last day observed.",
    table: {columns: [{name: "outcome", kind: "text"}, ...views.map((v) => ({name: v.result.name, label: v.result.letter, kind: "rate"}))],
      rows: used.map((o) => [outcomeWords(o), ...views.map((v) => share(v, o))])},
    height: (width) => 110 + 44 * views.length + (isNarrow(width) ? 30 : 0),
    option: () => frame({
      legend: {...frame({}).legend, data: used.map(outcomeWords)},
      xAxis: percentAxis("", {max: 1}), yAxis: axis({type: "category", inverse: true, data: views.map((v) => v.result.letter)}),
      tooltip: {...frame({}).tooltip, axisPointer: {type: "shadow"}, formatter: tip((p) => `Policy ${p.name}`, (p) => percent(p.value, 2))},
      series: used.map((o) => ({name: outcomeWords(o), type: "bar", stack: "all", barMaxWidth: 34, color: OUTCOME_COLOURS[o], itemStyle: {borderColor: theme.colours.back, borderWidth: 1},
        data: views.map((v) => share(v, o)), label: {show: true, color: "#111", fontSize: 11, formatter: (p) => p.value > 0.06 ? percent(p.value, 0) : ""}})),
    }),
  };
}

function compareFalse(views) {
  const path = (v) => range(v.nAttempts).map((k) => [v.get("false_fail_rate")[k], v.get("false_pass_rate")[k]]);
  const end = (v) => path(v)[v.nAttempts - 1];
  return {
    id: "compare-false", title: "False pass against false fail, policy by policy", wide: true,
    sentence: `In the end: ${listed(views.map((v) => `${v.result.letter} ${percent(end(v)[1])} false passes and ${percent(end(v)[0])} false fails`))}.`,
    caption: "Each path runs from the first attempt to the last; the nearer to the lower left corner, the better. Rates are of those not competent and of the competent.",
    table: {columns: [{name: "policy", kind: "text"}, {name: "attempts", kind: "text"}, {name: "false_pass_rate", kind: "rate"}, {name: "false_fail_rate", kind: "rate"}],
      rows: views.flatMap((v) => path(v).map(([ff, fp], k) => [v.result.name, String(k + 1), fp, ff]))},
    height: (width) => isNarrow(width) ? 320 : 380,
    option: (width) => frame({
      legend: {...frame({}).legend, data: views.map((v) => shortLabel(v, width))},
      xAxis: percentAxis("false fails, of the competent"), yAxis: percentAxis("false passes, of those not competent"),
      tooltip: {...frame({}).tooltip, trigger: "item", formatter: tip((p) => `After attempt ${p.dataIndex + 1}`, (p) => `${percent(p.value[1])} false passes, ${percent(p.value[0])} false fails`)},
      series: views.map((v, k) => ({name: shortLabel(v, width), type: "line", data: path(v), symbol: SYMBOLS[k % SYMBOLS.length], symbolSize: 8, color: theme.colours.series[k % 7],
        lineStyle: {width: 2, type: DASHES[k % DASHES.length]}, label: {show: v.nAttempts <= 8, position: k % 2 ? "left" : "right", formatter: (p) => String(p.dataIndex + 1), color: theme.colours.soft, fontSize: 10}})),
    }),
  };
}

// The parameters in which the results differ.
function whatDiffers(views) {
  const skip = /^(history|scenario|date_created|statistics_digest|title|commit|source|.*_version|compiler.*|product_version)$/;
  const keys = [...new Set(views.flatMap((v) => Object.keys(v.result.attributes)))].filter((k) => !skip.test(k))
    .filter((k) => views.some((v) => v.result.attribute(k) !== views[0].result.attribute(k)));
  const cell = (v, k) => { const x = v.result.attribute(k); return x === undefined ? "–" : DATA.parameters[k] ? parameterValue(k, x) : String(x); };
  const table = {columns: [{name: "in_words", label: "parameter", kind: "text"}, ...views.map((v) => ({name: v.result.name, label: letterOf(v), kind: "text"})), {name: "key", kind: "text"}],
    rows: keys.map((k) => [capital(parameterWords(k)), ...views.map((v) => cell(v, k)), k])};
  const told = (k) => `${parameterWords(k)} (${listed(views.map((v) => cell(v, k)), "or")})`;
  return {
    id: "differs", title: "What differs between the policies", wide: true, table,
    sentence: keys.length ? `They differ in ${listed(keys.slice(0, 6).map(told))}${keys.length > 6 ? ` and ${keys.length - 6} more` : ""}; everything else is the same.` : "They do not differ in any parameter.",
    caption: "", body: keys.length ? element("div", {class: "scroll", tabindex: "0", role: "region", "aria-label": "What differs"}, htmlTable(table, "What differs")) : null,
  };
}

function comparison(parent, views) {
  const list = element("ol", {class: "policies", type: "A"}, ...views.map((v) => element("li", {}, element("b", {}, v.result.name), isBase(v) ? " – today's policy, with which the others are compared" : "", element("br"), v.result.policy)));
  parent.append(list);
  const grid = element("div", {class: "grid"});
  parent.append(grid);
  addFigures(grid, null, [...compareDifferences(views), ...[comparePass, compareFalse, compareOutcomes, whatDiffers].map((make) => () => make(views))]);
}
