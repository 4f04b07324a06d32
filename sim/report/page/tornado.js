// What a statistic depends on: Sobol' indices of a sweep by the design saltelli. SPDX-License-Identifier: Apache-2.0
const addressWords = (address) => words(address).replace(/\[(.*)\]$/, (_, at) => `, ${at.replace(/=/g, " ").replace(/,/g, ", ")}`);

function tornadoFigure(result, statistic, s) {
  const parameters = result.dim.parameter.values, get = (name) => result.has(name) ? result.at(name, {statistic: s}) : parameters.map(() => NaN);
  const [first, total] = ["sobol_first", "sobol_total"].map((name) => ({value: get(name), low: get(`${name}_low`), high: get(`${name}_high`)}));
  const order = range(parameters.length).sort((a, b) => total.value[b] - total.value[a]), noise = result.has("sobol_noise_share") ? result.at("sobol_noise_share", {statistic: s}) : 0;
  const joint = 1 - sum(first.value), values = (x) => order.map((i) => [x.value[i], known(x.low[i]) ? x.low[i] : x.value[i], known(x.high[i]) ? x.high[i] : x.value[i]]);
  return {
    id: `tornado-${s + 1}`, title: `What it depends on: ${addressWords(statistic)}`, wide: true,
    sentence: `Of its variation over the ranges of the sweep, ${listed(order.slice(0, 3).map((i) => `${percent(total.value[i], 0)} involves ${parameterWords(parameters[i])}`))}${joint > 0.02 ? `; ${percent(joint, 0)} comes of several together` : ""}.`,
    caption: "Sobol’ indices. Alone: the share of the variance that this parameter explains by itself. In all: with its interactions too, so shares may sum to more than 100 %. Lines are 95 % intervals by bootstrap. They hold for the ranges of this sweep only." +
      (noise > 0.01 ? ` Up to ${percent(noise, 0)} of the variance is the simulation’s own noise: read small indices with care.` : ""),
    table: {columns: [{name: "in_words", label: "parameter", kind: "text"}, {name: "parameter", label: "key", kind: "text"}, ...[["first", "alone"], ["total", "in all"]].flatMap(([name, label]) => [["", label], ["_low", "from"], ["_high", "to"]].map(([suffix, l]) => ({name: `sobol_${name}${suffix}`, label: l, kind: "rate"})))],
      rows: order.map((i) => [capital(parameterWords(parameters[i])), parameters[i], ...[first, total].flatMap((x) => [x.value[i], x.low[i], x.high[i]])])},
    height: forestHeight(order.length, 2),
    option: (width) => forest(width, order.map((i) => parameterWords(parameters[i])), [{name: "in all", values: values(total)}, {name: "alone", values: values(first)}], (x) => percent(x, 0),
      {name: "share of the variance", axisLabel: {...textStyle(), formatter: (x) => percent(x, 0)}},
      {bars: true, size: isNarrow(width) ? 10 : 12, tell: (v, a, b) => `${percent(v)} (${percent(a)} to ${percent(b)})`}),
  };
}

function sensitivitySection(result) {
  const statistics = (result.dim.statistic || {values: ["the statistic"]}).values;
  if (!result.has("sobol_total", "sobol_first")) return;
  const grid = element("div", {class: "grid"});
  const varies = (s) => result.at("sobol_total", {statistic: s}).some(known), all = range(statistics.length);
  section("sensitivity", "What it depends on").append(...all.filter((s) => !varies(s)).map((s) => element("p", {}, `${addressWords(statistics[s])}: does not vary over the ranges of this sweep.`)), grid);
  addFigures(grid, null, all.filter(varies).map((s) => () => tornadoFigure(result, statistics[s], s)));
}
