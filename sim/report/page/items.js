// What becomes of the item bank. SPDX-License-Identifier: Apache-2.0
function exposureFigure(view) {
  if (view.group !== 0 || !view.has("item_exposure_rate")) return null;
  const shown = view.get("item_exposure_rate"), again = view.get("item_seen_again_rate"), ids = view.labels("item");
  const error = view.get("item_exposure_rate_mcse"), n = shown.length;
  const order = range(n).sort((a, b) => shown[b] - shown[a]), top = shown[order[0]];
  const unused = shown.filter((x) => !(x > 0)).length, heavy = shown.filter((x) => x > 0.2).length;
  const yearly = view.get("item_exposures_a_year"), limit = yearly ? view.result.attribute("validate.greatest_exposure") : NaN, over = known(limit) ? shown.filter((x) => x > limit).length : 0;
  const known_ = again ? sum(again.filter(known)) : NaN, rows = order.map((i) => [ids[i], shown[i], error ? error[i] : NaN, again ? again[i] : NaN, ...(yearly ? [yearly[i]] : [])]);
  const points = (xs) => order.map((i, rank) => [rank + 1, xs[i]]);
  return {
    id: "exposure", title: "Exposure of items",
    sentence: `The most used of ${plural(n, "item")} is in ${percent(top)} of all sittings; ${plural(heavy, "item")} ${heavy === 1 ? "is" : "are"} in more than a fifth, and ${whole(unused)} ${unused === 1 ? "is" : "are"} never used. ` +
      `${known(known_) ? `A retaker meets ${fixed(known_)} known items a sitting.` : ""}` +
      `${yearly ? ` The most used is shown ${whole(yearly[order[0]])} times a year; ${plural(over, "item")} ${over === 1 ? "is" : "are"} above the limit of ${percent(limit, 0)}.` : ""}`,
    caption: "Items by how often they are used, pilot items included. Met again: of retake sittings, those in which the candidate had answered the item before.",
    keys: ["bank", "exam.select.rule", "exam.select.randomesque", "exam.exposure.rule", "exam.exclude_seen", "exam.content.rule"],
    table: {columns: [{name: "item", kind: "text"}, {name: "item_exposure_rate", label: "in sittings", kind: "rate"}, {name: "item_exposure_rate_mcse", label: "± se", kind: "rate"},
      {name: "item_seen_again_rate", label: "met again by a retaker", kind: "rate"}, ...(yearly ? [{name: "item_exposures_a_year", label: "times a year", kind: "count"}] : [])], rows},
    option: (width) => frame({
      legend: {...frame({}).legend, data: ["in sittings", "met again by a retaker"]},
      xAxis: lineAxis(1, n, width, {name: "items, the most used first"}), yAxis: percentAxis(""),
      tooltip: {...frame({}).tooltip, formatter: tip((p) => `Item ${ids[order[p.dataIndex]]}, rank ${p.dataIndex + 1}`, (p) => percent(yOf(p), 2))},
      series: [
        {name: "in sittings", type: "line", symbol: "none", data: points(shown), color: theme.colours.series[0],
          markLine: known(limit) ? {...markAt(0, ""), data: [{yAxis: limit, label: {formatter: `limit ${percent(limit, 0)}`, position: "insideEndTop"}}]} : undefined, lineStyle: {width: 2.5}, areaStyle: {opacity: 0.15}},
        ...(again ? [{name: "met again by a retaker", type: "scatter", symbolSize: 3, data: points(again), color: theme.colours.series[1], itemStyle: {opacity: 0.6}}] : []),
      ],
    }),
  };
}
