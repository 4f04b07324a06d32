// A sweep of many policies: one statistic along the axes, differences from the base policy, trade-offs, sensitivity.
// SPDX-License-Identifier: Apache-2.0
const MOST_COMPARED = 6; // policies that are compared in all statistics
const isSweep = (result) => result.n("scenario") > 0;
const MOST_BARS = 30;   // policies in the chart of differences
const MOST_LINES = 7;   // values of an axis that get a line each

// The statistics a sweep may show: label, variable, kind, where along its other dimension.
function sweepStatistics(result) {
  const attempts = result.n("attempt"), outcome = (name) => result.dim.outcome ? result.dim.outcome.values.indexOf(name) : -1;
  const all = [
    ["passed in the end", "cumulative_pass_rate", "rate", {attempt: attempts - 1}],
    ["passed at the first attempt", "cumulative_pass_rate", "rate", {attempt: 0}],
    ["passed within 3 attempts", "cumulative_pass_rate", "rate", {attempt: Math.min(2, attempts - 1)}],
    ["false passes in the end", "false_pass_rate", "rate", {attempt: attempts - 1}],
    ["false fails in the end", "false_fail_rate", "rate", {attempt: attempts - 1}],
    ["licensed, of all", "outcome_rate", "rate", {outcome: outcome("licensed")}],
    ["withdrew, of all", "outcome_rate", "rate", {outcome: outcome("withdrew")}],
    ["days to certification, mean", "days_to_certification_mean", "real", {}],
    ["fees a candidate", "cost_per_candidate", "money", {}],
    ["sittings a candidate", "seats_per_candidate", "real", {}],
    ["refreshers a candidate", "refreshers_per_candidate", "real", {}],
    ["minutes at the first attempt", "session_minutes_mean", "real", {attempt: 0}],
  ];
  return all.filter(([, name]) => result.has(name)).map(([label, name, kind, at]) => {
    const get = (suffix) => result.has(name + suffix) ? result.at(name + suffix, {group: 0, ...at}) : range(result.n("scenario")).map(() => NaN);
    const one = (suffix) => result.has(name + suffix) ? result.at(name + suffix, {group: 0, ...at}) : NaN;
    return {label, name, kind, value: get(""), error: get("_mcse"), difference: get("_difference"), differenceError: get("_difference_mcse"), base: one("_base"), baseError: one("_base_mcse")};
  });
}

function sweepAxes(result) {
  const named = String(result.attribute("coordinates") || "").split(" ").filter((name) => result.has(name));
  return named.map((name) => {
    const values = result.vars[name].data, isNumber = values.every(known);
    const distinct = [...new Set(values)].sort(isNumber ? (a, b) => a - b : undefined);
    return {name, values, isNumber, distinct, label: parameterWords(name), unit: (DATA.parameters[name] || {}).unit};
  });
}

// A value of an axis where there is little room: what is not all of it is marked as near. Tables have it exactly.
function axisLevel(a, value) {
  const short_ = a.isNumber ? Number(value.toPrecision(3)) : value, text = parameterValue(a.name, short_);
  return short_ === value ? text : `≈${text}`;
}
const axisValue = (a, i) => axisLevel(a, a.values[i]);
const axisText = (axes, i) => axes.map((a) => `${a.label} ${axisValue(a, i)}`).join(", ");
const LONG_NAME = 48; // characters: what is longer is named by its values alone
const axisNames = (axes, at, width) => at.map((i) => isNarrow(width) || at.some((k) => axisText(axes, k).length > LONG_NAME) ? axisValues(axes, i) : axisText(axes, i));
const axisValues = (axes, i) => axes.map((a) => axisValue(a, i)).join(", ");
const display = (kind, x) => ({rate: percent(x), money: money(x, 2), real: fixed(x, 2)})[kind] || CELL.number(x);
const displayDifference = (kind, x, error) => `${differenceText(kind, x, error)}${kind === "rate" && !isSame(x, error) ? " points" : ""}`;
// Policies are compared with each other: where their errors against the base are known, those are shown.
const isPaired = (stat) => stat.differenceError.some(known);
// What equals the base in everything is it: today's policy.
const isBasePolicy = (stats, i) => stats.some(isPaired) && stats.filter(isPaired).every((s) => isSame(s.difference[i], s.differenceError[i]));
const sweepValueAxis = (stat, more = {}) => stat.kind === "rate" ? percentAxis(more.name || "", {...zoomed(LEAST_RATE, {from: 0, to: 1}), ...more})
  : axis({type: "value", ...zoomed(), name: stat.label, ...more});

const axisTitle = (a) => `${a.label}${a.unit && a.unit !== "1" ? ` [${a.unit}]` : ""}`;
const axisColumns = (axes) => axes.map((a) => ({name: a.name, label: axisTitle(a), kind: a.isNumber ? "parameter" : "text"}));
const differenceColumns = (stat) => [{name: `${stat.name}_difference`, label: "difference", kind: `${stat.kind} difference`},
  {name: `${stat.name}_difference_mcse`, label: "± se", kind: stat.kind === "rate" ? "rate difference_mcse" : stat.kind}];

// At most so many of the values, evenly spread, first and last among them.
const spread = (values, most) => values.length <= most ? values : range(most).map((k) => values[Math.round(k * (values.length - 1) / (most - 1))]);

// Whether the values of an axis can have a line each: all of a cloud have not.
const hasLevels = (axes, by) => axes.every((a) => a.distinct.length <= 30) || by.distinct.length <= MOST_LINES;

// Policies along one axis, a line or a cloud for each value of another.
function sweepMap(result, axes, stat, x, by) {
  const ok = range(result.n("scenario")).filter((i) => known(stat.value[i]));
  const levels = by && hasLevels(axes, by) ? spread(by.distinct, MOST_LINES) : null;
  const groups = levels ? levels.map((v) => ({name: `${by.label} ${axisLevel(by, v)}`, at: ok.filter((i) => by.values[i] === v)}))
    : [{name: "policies", at: ok}];
  const few = axes.every((a) => a.distinct.length <= 30);
  const mean = (at) => {
    const levels = x.distinct.filter((v) => at.some((i) => x.values[i] === v));
    return levels.map((v) => { const here = at.filter((i) => x.values[i] === v); return [x.isNumber ? v : String(v), sum(here.map((i) => stat.value[i])) / here.length, here.length === 1 ? (isPaired(stat) ? stat.differenceError : stat.error)[here[0]] : 0]; });
  };
  const low = ok.reduce((a, b) => stat.value[b] < stat.value[a] ? b : a, ok[0]), high = ok.reduce((a, b) => stat.value[b] > stat.value[a] ? b : a, ok[0]);
  const many = groups.some((g) => mean(g.at).length < g.at.length);
  return {
    id: "sweep-map", title: `${capital(stat.label)}, along ${x.label}`, wide: true,
    sentence: `It lies between ${display(stat.kind, stat.value[low])} (${axisText(axes, low)}) and ${display(stat.kind, stat.value[high])} (${axisText(axes, high)})` +
      `${known(stat.base) ? `; today's policy, the base, has ${display(stat.kind, stat.base)}` : ""}.`,
    caption: (levels && levels.length < by.distinct.length ? `Drawn: ${levels.length} of the ${by.distinct.length} values of ${by.label}; the table has all. ` : "") + (few && many ? "Each point is a policy; a line runs through the means over the axes that are not shown." : few ? `Each point is a policy, with a band of 1.96 standard errors${isPaired(stat) ? " of its difference from the base, which meets the same candidates: that is what policies are compared by" : " of the simulation"}.`
      : "Each point is a policy; the other axes vary too.") + (known(stat.base) ? " The dotted line is the base, today's policy." : ""),
    table: {columns: [...axisColumns(axes), {name: stat.name, label: stat.label, kind: stat.kind}, {name: `${stat.name}_mcse`, label: "± se", kind: stat.kind},
      ...(isPaired(stat) ? differenceColumns(stat) : [])],
    rows: ok.map((i) => [...axes.map((a) => a.values[i]), stat.value[i], stat.error[i], ...(isPaired(stat) ? [stat.difference[i], stat.differenceError[i]] : [])])},
    height: (width) => isNarrow(width) ? 340 : 400,
    option: (width) => frame({
      legend: {...frame({}).legend, show: groups.length > 1, data: groups.map((g) => g.name)},
      xAxis: axis({type: x.isNumber ? "value" : "category", data: x.isNumber ? undefined : x.distinct.map(String), line: true, scale: true, minInterval: x.isNumber && x.values.every(Number.isInteger) ? 1 : 0, name: axisTitle(x)}),
      yAxis: sweepValueAxis(stat, {name: ""}),
      tooltip: {...frame({}).tooltip, trigger: "item", formatter: tip((p) => p.seriesType === "scatter" ? axisText(axes, p.value[2]) : `${x.label} ${p.value[0]}`, (p) => display(stat.kind, p.value[1]))},
      series: groups.flatMap((g, k) => {
        const line = mean(g.at), c = theme.colours.series[k % 7];
        const dots = {name: g.name, type: "scatter", color: c, symbol: SYMBOLS[k % SYMBOLS.length], symbolSize: ok.length > 200 ? 5 : 8, large: ok.length > 400, largeThreshold: 1, itemStyle: {opacity: few ? 0.85 : 0.6},
          data: g.at.map((i) => [x.isNumber ? x.values[i] : String(x.values[i]), stat.value[i], i])};
        if (k === 0 && known(stat.base)) dots.markLine = {silent: true, symbol: "none", precision: 15, lineStyle: {type: "dotted", color: theme.colours.soft}, data: [{yAxis: stat.base}],
          label: {formatter: "base", position: "insideEndTop", color: theme.colours.soft}};
        return few ? [...bandedLine(g.name, line.map((p) => p[0]), line.map((p) => p[1]), line.map((p) => p[2]), k, {series: {symbol: "none"}}), dots] : [dots];
      }),
    }),
  };
}

function sweepDifferences(result, axes, stat, stats) {
  const ok = range(result.n("scenario")).filter((i) => known(stat.difference[i]));
  if (!ok.length) return null;
  const ranked = [...ok].sort((a, b) => stat.difference[b] - stat.difference[a]), half = MOST_BARS / 2;
  const drawn = ranked.length > MOST_BARS ? [...ranked.slice(0, half), ...ranked.slice(-half)] : ranked;
  const clear = ok.filter((i) => Math.abs(stat.difference[i]) > 1.96 * stat.differenceError[i]).length;
  const top = ranked[0], bottom = ranked[ranked.length - 1], same = ok.filter((i) => isSame(stat.difference[i], stat.differenceError[i])).length;
  const show = (x, low, high) => isSame(x, high - low) ? "same" : differenceText(stat.kind, x, (high - low) / 3.92), tellOf = (i) => displayDifference(stat.kind, stat.difference[i], stat.differenceError[i]);
  return {
    id: "sweep-differences", title: `${capital(stat.label)}: differences from the base policy`, wide: true,
    sentence: same === ok.length ? `It is ${SAME}, whatever the policy.`
      : `${whole(clear)} of ${plural(ok.length, "policy", "policies")} differ from the base by more than the simulation's error` +
      `${same ? `; under ${whole(same)} it is ${SAME}` : ""}; the extremes are ${tellOf(top)} (${axisText(axes, top)}) and ${tellOf(bottom)} (${axisText(axes, bottom)}).`,
    caption: `Every policy meets the same candidates as the base, so the errors are those of paired differences. Bars: 95 % intervals.${ranked.length > MOST_BARS ? ` Drawn: the ${half} highest and the ${half} lowest.` : ""} Where there is little room a policy is named by its values of ${listed(axes.map((a) => a.label))}.`,
    table: {columns: [...axisColumns(axes), ...differenceColumns(stat)],
      rows: ranked.map((i) => [...axes.map((a) => a.values[i]), stat.difference[i], stat.differenceError[i]])},
    height: () => 80 + 24 * drawn.length,
    option: (width) => forest(width, axisNames(axes, drawn, width).map((name, k) => `${name}${isBasePolicy(stats, drawn[k]) ? " (today's)" : ""}`),
      [{name: "difference", colour: (x) => theme.colours.series[x < 0 ? 1 : 0], values: drawn.map((i) => [stat.difference[i], stat.difference[i] - 1.96 * stat.differenceError[i], stat.difference[i] + 1.96 * stat.differenceError[i]])}],
      show, {name: stat.kind === "rate" ? "percentage points" : stat.label, axisLabel: {...textStyle(), hideOverlap: true, formatter: (v) => stat.kind === "rate" ? points(v, 1) : fixed(v, 1)}},
      {size: isNarrow(width) ? 10 : 12, overflow: "truncate",
        tell: (v, low, high) => low === high && v === 0 ? SAME : `${show(v, low, high)} ± ${fixed((stat.kind === "rate" ? 100 : 1) * (high - v) / 1.96, decimals((stat.kind === "rate" ? 100 : 1) * (high - v) / 1.96))}`}),
  };
}

function sweepTradeoff(result, axes, stats) {
  const of = (label) => stats.find((s) => s.label === label), fp = of("false passes in the end"), pass = of("passed in the end"), colour = axes[0];
  if (!fp || !pass) return null;
  const ok = range(result.n("scenario")).filter((i) => known(fp.value[i]) && known(pass.value[i]));
  const groups = colour.distinct.length <= MOST_LINES ? colour.distinct.map((v) => ({name: `${colour.label} ${axisLevel(colour, v)}`, at: ok.filter((i) => colour.values[i] === v)})) : [{name: "policies", at: ok}];
  const better = ok.filter((i) => pass.value[i] > pass.base && fp.value[i] < fp.base).length;
  return {
    id: "sweep-tradeoff", title: "Passing against false passes", wide: true,
    sentence: known(fp.base) ? `${better === 0 ? "No policy passes" : better === 1 ? "One policy passes" : `${better} policies pass`} more candidates than the base and yet fewer of those not competent.`
      : `False passes lie between ${percent(Math.min(...ok.map((i) => fp.value[i])))} and ${percent(Math.max(...ok.map((i) => fp.value[i])))}.`,
    caption: "Each point is a policy. Up is more candidates passed, left is fewer false passes. The cross is the base, today's policy.",
    table: {columns: [...axisColumns(axes), {name: "false_pass_rate", label: fp.label, kind: "rate"}, {name: "cumulative_pass_rate", label: pass.label, kind: "rate"}],
      rows: ok.map((i) => [...axes.map((a) => a.values[i]), fp.value[i], pass.value[i]])},
    height: (width) => isNarrow(width) ? 340 : 400,
    option: (width) => frame({
      legend: {...frame({}).legend, itemWidth: 12, data: [...groups.map((g) => g.name), ...(known(fp.base) ? ["base"] : [])]},
      xAxis: percentAxis("false passes in the end, of those not competent", {...zoomed(LEAST_RATE, {from: 0, to: 1}), splitNumber: isNarrow(width) ? 3 : 5}), yAxis: percentAxis("passed in the end", zoomed(LEAST_RATE, {from: 0, to: 1})),
      tooltip: {...frame({}).tooltip, trigger: "item", formatter: tip((p) => p.seriesName === "base" ? "base policy" : axisText(axes, p.value[2]), (p) => `${percent(p.value[1])} pass, ${percent(p.value[0])} false passes`)},
      series: [...groups.map((g, k) => ({name: g.name, type: "scatter", color: theme.colours.series[k % 7], symbol: SYMBOLS[k % SYMBOLS.length], symbolSize: ok.length > 200 ? 5 : 10, large: ok.length > 400, largeThreshold: 1, itemStyle: {opacity: 0.75}, data: g.at.map((i) => [fp.value[i], pass.value[i], i])})),
        ...(known(fp.base) ? [{name: "base", type: "scatter", color: theme.colours.ink, symbol: "path://M-5,-1L-1,-1L-1,-5L1,-5L1,-1L5,-1L5,1L1,1L1,5L-1,5L-1,1L-5,1Z", symbolSize: 18, data: [[fp.base, pass.base]]}] : [])],
    }),
  };
}

// Of a few policies all statistics at once, with the errors of paired differences.
function sweepCompared(result, axes, stats) {
  const ok = range(result.n("scenario")).filter((i) => stats.every((s) => known(s.value[i]))), paired = stats.filter(isPaired);
  const others = ok.filter((i) => !isBasePolicy(stats, i));
  if (!paired.length || !others.length || others.length > MOST_COMPARED) return [];
  const rows = paired.map((s) => ({label: s.label, kind: s.kind, base: [s.base, s.baseError],
    others: others.map((i) => ({value: s.value[i], error: s.error[i], difference: s.difference[i], differenceError: s.differenceError[i]}))}));
  const names = others.map((i) => axisText(axes, i));
  return differencesFigures("sweep-compared", rows, "the base, today's policy", names, (width) => axisNames(axes, others, width),
    "Every policy meets the same candidates as the base: the errors are those of paired differences.");
}

function policiesFigure(result, axes, stats) {
  const n = result.n("scenario"), status = result.has("policy_status") ? result.vars.policy_status.data : range(n).map(() => 0);
  const message = result.has("policy_message") ? result.vars.policy_message.data : [], failed = status.filter((s) => s !== 0).length;
  return {
    id: "policies", title: "Every policy", wide: true,
    sentence: `${plural(n, "policy", "policies")}${failed ? `, of which ${whole(failed)} could not be run` : ", all of them run"}.`,
    caption: result.left_out.length ? `Left out of this page for size: ${listed(result.left_out.map(words))}; the file has them.` : "",
    table: {columns: [{name: "policy", kind: "text"}, ...axisColumns(axes), ...stats.flatMap((s) => [{name: s.label, kind: s.kind}, {name: `${s.label} mcse`, label: "± se", kind: s.kind}]), ...(failed ? [{name: "message", kind: "text"}] : [])],
      rows: range(n).map((i) => [String(result.dim.scenario.values[i]), ...axes.map((a) => a.values[i]), ...stats.flatMap((s) => [s.value[i], s.error[i]]), ...(failed ? [message[i] || ""] : [])])},
  };
}

function sweepPage(result) {
  if (result.dim.parameter) sensitivitySection(result);
  const axes = sweepAxes(result), stats = sweepStatistics(result), node = section("sweep", "The sweep");
  node.append(element("p", {class: "policy"}, `Today's policy, the base with which each is compared: ${result.policy}`));
  const notice = warning(result);
  if (axes.length) node.append(element("p", {class: "assumed"}, "Varied: ", ...axes.flatMap((a, k) => [k ? ", " : "", `${a.label} `, element("code", {}, a.name)]), "."));
  if (notice) node.append(notice);
  if (!axes.length || !stats.length) { node.append(element("p", {}, "This sweep keeps none of the statistics that the page shows.")); return; }
  const stat = stats[state.stat], x = axes[state.x], others = axes.filter((a) => a !== x && a.distinct.length > 1), by = others[state.by] || null;
  const choosers = element("p", {class: "choosers"}, chooser("Show", stats.map((s) => s.label), "stat"), chooser("along", axes.map((a) => a.label), "x"));
  if (others.some((a) => hasLevels(axes, a))) choosers.append(chooser("one line for each", [...others.map((a) => a.label), "– nothing –"], "by"));
  node.append(choosers);
  const grid = element("div", {class: "grid"});
  node.append(grid);
  addFigures(grid, null, [() => sweepMap(result, axes, stat, x, by), () => result.dim.parameter ? null : sweepDifferences(result, axes, stat, stats), ...(result.dim.parameter ? [] : sweepCompared(result, axes, stats)), () => sweepTradeoff(result, axes, stats),
    () => policiesFigure(result, axes, stats)]);
}
