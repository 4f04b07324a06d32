// Colours and the look of charts. The palette is that of Okabe and Ito, safe for colour-blind readers; wherever
// a colour says something, a label, a dash or a symbol says it too. SPDX-License-Identifier: Apache-2.0
const PALETTE = {
  light: {
    ink: "#1b1f24", soft: "#57606a", line: "#d0d7de", back: "#ffffff",
    series: ["#0072b2", "#d55e00", "#009e73", "#a6548a", "#8a6d00", "#3a86a8", "#6b6b6b"],
    good: "#009e73", bad: "#d55e00",
  },
  dark: {
    ink: "#e6edf3", soft: "#9ea7b3", line: "#3a424c", back: "#14181d",
    series: ["#56b4e9", "#f0894a", "#2fc79b", "#d992bd", "#e5c952", "#8fd0ea", "#b3b3b3"],
    good: "#2fc79b", bad: "#f0894a",
  },
};
const OUTCOME_COLOURS = {
  licensed: "#009e73", certified_only: "#56b4e9", awaiting_gate: "#8fb9d4", withdrew: "#e69f00",
  attempts_exhausted: "#d55e00", window_expired: "#cc79a7", never_tested: "#8c959f",
};
const DASHES = ["solid", "dashed", "dotted", [8, 3, 2, 3], [2, 2], [12, 4]];
const SYMBOLS = ["circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect"];

const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");
const theme = {
  chosen: "system", // system, light, dark
  printing: false,
  get dark() {
    if (this.printing) return false;
    return this.chosen === "system" ? prefersDark.matches : this.chosen === "dark";
  },
  get colours() { return PALETTE[this.dark ? "dark" : "light"]; },
};

function applyTheme() {
  document.documentElement.dataset.theme = theme.dark ? "dark" : "light";
  document.getElementById("theme").setAttribute("aria-label", `Colours: ${theme.chosen}; press to change`);
}

// ---- parts that charts share ----

const isNarrow = (width) => width < 520;

function textStyle(size = 12) {
  return {color: theme.colours.soft, fontSize: size, fontFamily: "system-ui, sans-serif"};
}

function axis(options) {
  const c = theme.colours;
  return {
    nameLocation: "middle", nameGap: 8, nameTextStyle: textStyle(), axisLabel: {...textStyle(), hideOverlap: true},
    axisLine: {show: options.type !== "value" || options.line, lineStyle: {color: c.line}},
    axisTick: {show: false}, splitLine: {show: options.type === "value" && !options.line, lineStyle: {color: c.line}},
    ...options,
  };
}

const percentAxis = (name, more = {}) => axis({
  type: "value", name, min: 0, axisLabel: {...textStyle(), formatter: (x) => `${Math.round(100 * x * 10) / 10} %`}, ...more,
});

// Within it lie the labels and names of the axes too; the legend comes on top.
const GRID = {left: 2, right: 18, top: 14, bottom: 2, outerBoundsMode: "same", outerBoundsContain: "all"};

function frame(options) {
  return {
    animation: false,
    aria: {enabled: true},
    textStyle: textStyle(),
    backgroundColor: "transparent",
    grid: {...GRID},
    legend: {top: 0, left: 0, right: 0, textStyle: textStyle(), itemWidth: 26, itemGap: 14, inactiveColor: theme.colours.line},
    tooltip: {trigger: "axis", confine: true, backgroundColor: theme.colours.back, borderColor: theme.colours.line,
      textStyle: {...textStyle(), color: theme.colours.ink}, axisPointer: {lineStyle: {color: theme.colours.soft}}},
    ...options,
  };
}

// A line with a band of 1.96 standard errors, or of the limits in their place: three series, the band stacked and silent.
function bandedLine(name, xs, values, errors, k, more = {}) {
  const colour = more.colour || theme.colours.series[k % 7];
  const ends = values.map((v, i) => errors[i] instanceof Limits ? [errors[i].low, errors[i].high] : [-1, 1].map((sign) => v + sign * 1.96 * (errors[i] || 0)));
  const low = ends.map(([from]) => from), high = ends.map(([from, to]) => to - from);
  const band = {type: "line", silent: true, symbol: "none", stack: `band ${name}`, stackStrategy: "all", lineStyle: {opacity: 0},
    tooltip: {show: false}, emphasis: {disabled: true}, z: 1};
  const pairs = (ys) => ys.map((y, i) => [xs[i], y]);
  return [
    {...band, name: `${name} (low)`, data: pairs(low)},
    {...band, name: `${name} (band)`, data: pairs(high), areaStyle: {color: colour, opacity: 0.25}},
    {name, type: "line", data: pairs(values), symbol: SYMBOLS[k % SYMBOLS.length], symbolSize: 7, color: colour,
      lineStyle: {color: colour, width: 2.5, type: DASHES[k % DASHES.length]}, itemStyle: {color: colour}, z: 3,
      ...more.series},
  ];
}

// A vertical line with a label at x.
function markAt(x, label, more = {}) {
  return {silent: true, symbol: "none", precision: 15, data: [{xAxis: x}],
    lineStyle: {color: theme.colours.ink, type: "dashed", width: 1.5},
    label: {formatter: label, color: theme.colours.ink, fontSize: 12, position: "end", ...more}};
}
