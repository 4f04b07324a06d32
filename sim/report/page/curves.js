// Lines over a numeric axis, and rows of points with intervals: what many figures are made of.
// SPDX-License-Identifier: Apache-2.0
const nearest = (values, x) => values.reduce((best, v, i) => Math.abs(v - x) < Math.abs(values[best] - x) ? i : best, 0);

function plainLine(line, xs, k) {
  return {name: line.name, type: "line", symbol: "none", color: line.colour || theme.colours.series[k % 7],
    lineStyle: {width: 2, type: DASHES[k % DASHES.length]}, z: 4, ...line.series, data: xs.map((x, i) => [x, line.values[i]])};
}

// A table of lines: x, then each line's variable with its standard error.
const curvesTable = (x, lines, kind) => ({
  columns: [{name: x.name, label: x.label, kind: "number"}, ...lines.flatMap((l) => [{name: l.variable, label: l.name, kind: l.kind || kind},
    ...(l.errors ? [{name: `${l.variable}_mcse`, label: "± se", kind: l.kind || kind}] : [])])],
  rows: x.values.map((v, i) => [v, ...lines.flatMap((l) => l.errors ? [l.values[i], l.errors[i]] : [l.values[i]])]),
});

// spec: id, title, sentence, caption, keys; x {name, label, values, marks: [[x, label]]}; lines: [{name, variable, values, errors, k, dash, kind}];
// kind of the values; y: more for the axis. null where there is nothing to draw.
function curves(spec) {
  const {x, kind = "rate", y = {}} = spec, lines = spec.lines.filter((l) => l.values && l.values.some(known));
  if (!lines.length) return null;
  const show = (v, error) => kind === "rate" ? rate(v, error) : `${fixed(v, spec.digits ?? 1)}${known(error) ? ` ± ${fixed(error, (spec.digits ?? 1) + 1)}` : ""}`;
  return {
    table: curvesTable(x, lines, kind), ...spec,
    option: (width) => {
      const inside = range(x.values.length).filter((i) => !(x.values[i] < x.min || x.values[i] > x.max)), pick = (xs) => xs && inside.map((i) => xs[i]), xs = pick(x.values);
      const series = lines.flatMap((l, j) => {
        const k = l.k ?? j;
        if (!l.errors) return [plainLine({...l, values: pick(l.values)}, xs, k)];
        return bandedLine(l.name, xs, pick(l.values), pick(l.errors), k, {series: {symbol: "none", ...(l.dash ? {lineStyle: {width: 2.5, type: l.dash, color: theme.colours.series[k % 7]}} : {}), ...l.series}});
      });
      const first = series.find((s) => !s.silent), legend = {...frame({}).legend, data: lines.map((l) => l.name), itemStyle: {opacity: 0}};
      first.markLine = {...markAt(0, ""), data: (x.marks || []).map(([at, label]) => ({xAxis: at, label: {formatter: label}}))};
      return frame({
        legend, grid: {...GRID, top: 26},
        xAxis: axisOf(xs, width, {name: x.label, axisLabel: {formatter: score}}),
        yAxis: kind === "rate" ? percentAxis("", y) : axis({type: "value", name: spec.unit || "", ...y}),
        tooltip: {...frame({}).tooltip, formatter: tip((p) => `${capital(x.head || x.label)} ${score(xOf(p))}`, (p) => {
          const line = lines.find((l) => l.name === p.seriesName);
          const i = inside[p.dataIndex];
          return show(line.values[i], line.errors && line.errors[i]);
        })},
        series,
      });
    },
  };
}

const ROW_TEXT = () => textStyle(theme.printing ? 9 : 11); // values beside their points
const longest = (texts, style) => Math.max(0, ...texts.map((text) => textWidth(text, style)));

// A row for each label, in it a point with an interval for each series: {name, values: [[value, low, high]]}. show(x): a value as text.
// Labels and values have the room they need, the plot has the rest; labels that would take more than MOST_LABEL are broken.
const MOST_LABEL = 0.46;
function forest(width, labels, series, show, xAxis, {first = 0, size = 12, overflow = "break", tell = show, bars = false} = {}) {
  const c = theme.colours, n = series.length, labelStyle = textStyle(isNarrow(width) ? Math.min(size, 11) : size);
  const left = Math.min((isNarrow(width) && overflow === "break" ? 0.32 : MOST_LABEL) * width, longest(labels, labelStyle) + 2);
  const right = 8 + longest(series.flatMap((s) => s.values.map((v) => show(...v))), ROW_TEXT());
  const point = (k) => (params, api) => {
    const offset = n === 1 ? 0 : (k + 1 - (n + 1) / 2) / (n + 1), y = api.coord([0, api.value(0)])[1] + offset * api.size([0, 1])[1];
    const [m, a, b] = [api.value(1), api.value(2), api.value(3)].map((x) => api.coord([x, 0])[0]);
    const colour = series[k].colour ? series[k].colour(api.value(1)) : c.series[(k + first) % 7];
    const text = show(api.value(1), api.value(2), api.value(3)), end = Math.max(a, b, m + 5) + 5;
    return {type: "group", children: [
      ...(bars ? [{type: "rect", shape: {x: api.coord([0, 0])[0], y: y - 7, width: m - api.coord([0, 0])[0], height: 14}, style: {fill: colour, opacity: 0.45}}] : []),
      {type: "line", shape: {x1: a, x2: b, y1: y, y2: y}, style: {stroke: colour, lineWidth: 3}},
      {type: k % 2 ? "rect" : "circle", shape: k % 2 ? {x: m - 5, y: y - 5, width: 10, height: 10} : {cx: m, cy: y, r: 5.5}, style: {fill: colour}},
      {type: "text", style: {text, x: end, y, textVerticalAlign: "middle", ...ROW_TEXT(), fill: c.ink}},
    ]};
  };
  return frame({
    legend: {...frame({}).legend, itemWidth: 12, itemHeight: 12, data: series.map((s, k) => ({name: s.name, icon: k % 2 ? "rect" : "circle"}))}, grid: {...GRID, right},
    xAxis: axis({type: "value", axisLine: {show: true, onZero: false, lineStyle: {color: c.line}}, splitNumber: isNarrow(width) ? 3 : 5, ...xAxis, axisLabel: {hideOverlap: true, ...xAxis.axisLabel}}),
    yAxis: axis({type: "category", inverse: true, data: labels, axisLabel: {...labelStyle, interval: 0, width: left, overflow, lineHeight: 14}, axisLine: {onZero: true, lineStyle: {color: c.soft}}}),
    tooltip: {...frame({}).tooltip, trigger: "item", formatter: (p) => tipBox(labels[p.value[0]], [{name: n > 1 ? p.seriesName : "", value: tell(p.value[1], p.value[2], p.value[3])}])},
    series: series.map((s, k) => ({name: s.name, type: "custom", color: c.series[(k + first) % 7], renderItem: point(k), encode: {x: bars ? [1, 2, 3, 4] : [1, 2, 3], y: 0},
      data: s.values.map(([v, low, high], i) => [i, v, low, high, 0])})),
  });
}
const forestHeight = (nLabels, nSeries) => () => theme.printing ? 86 + 9 * nLabels * (nSeries + 1) : 80 + nLabels * (14 + 20 * nSeries);
