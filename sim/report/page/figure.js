// A figure: heading, what it shows, the chart, what is assumed, and its numbers as a table to copy or download.
// SPDX-License-Identifier: Apache-2.0
function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") node.className = value;
    else if (name === "style") node.style.cssText = value; // the policy of the page forbids the attribute
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((c) => c !== null && c !== undefined));
  return node;
}

const say = (text) => { document.getElementById("said").textContent = text; };

// ---- tables ----

function htmlTable(table, caption) {
  const head = element("tr", {}, ...table.columns.map((c) =>
    element("th", {scope: "col", class: isNumeric(c.kind) ? "number" : ""}, c.label || c.name)));
  const rows = table.rows.map((row) => element("tr", {}, ...row.map((x, i) => {
    const column = table.columns[i], first = i === 0, kind = typeof column.kind === "function" ? column.kind(row) : column.kind;
    return element(first ? "th" : "td", {class: isNumeric(kind) ? "number" : "", scope: first ? "row" : null}, CELL[kind](x, errorBeside(table, row, i)));
  })));
  return element("table", {}, element("caption", {class: "hidden"}, caption),
    element("thead", {}, head), element("tbody", {}, ...rows));
}

function save(name, text) {
  const url = URL.createObjectURL(new Blob([text], {type: "text/csv"}));
  const link = element("a", {href: url, download: name});
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

function copy(text) {
  const box = element("textarea", {class: "hidden", "aria-hidden": "true"});
  box.value = text;
  document.body.append(box);
  box.select();
  const done = document.execCommand("copy"); // navigator.clipboard is not there in a file: page
  box.remove();
  say(done ? "Copied" : "The browser did not let the page copy");
  return done;
}

function numbers(spec) {
  const {id, title, table} = spec;
  const button = (text, what) => element("button", {type: "button", "aria-label": `${text}: ${title}`, onclick: what}, text);
  const copyButton = button("Copy", () => {
    if (copy(csv(table).replace(/,/g, "\t"))) {
      copyButton.textContent = "Copied";
      setTimeout(() => { copyButton.textContent = "Copy"; }, 1500);
    }
  });
  const scroll = element("div", {class: "scroll", tabindex: "0", role: "region", "aria-label": `Numbers: ${title}`});
  const details = element("details", {ontoggle: () => {
    if (details.open && !scroll.firstChild) scroll.append(htmlTable(table, title));
  }}, element("summary", {}, "Numbers"), scroll);
  return element("div", {class: "numbers"}, details,
    element("div", {class: "tools"}, copyButton, button("CSV", () => save(`${id}.csv`, csv(table)))));
}

// ---- charts ----

const FIGURES = [];
const PRINT_WIDTH = {wide: 688, half: 334}; // of A4 less its margins, and of one of two columns

const describe = (spec) => `${spec.title}. ${spec.sentence} The numbers are in the table that follows.`;
const heightOf = (spec, width) => spec.height ? spec.height(width) : theme.printing ? 204 : isNarrow(width) ? 280 : 330; // three rows to a page of paper

function draw(figure) {
  const {spec, box} = figure, before = figure.chart && figure.chart.getOption().legend[0].selected;
  const width = theme.printing ? PRINT_WIDTH[figure.node.matches(".wide, :has(details[open])") ? "wide" : "half"] : box.clientWidth || 320;
  const option = spec.option(width);
  option.aria = {enabled: true, label: {description: describe(spec)}};
  if (before && option.legend.selected) option.legend.selected = {...option.legend.selected, ...before};
  const height = heightOf(spec, width) + fitLegend(option, width);
  fitTexts(option, width, height);
  box.style.height = `${height}px`;
  if (!figure.chart) figure.chart = echarts.init(box, null, {renderer: "svg", width, height});
  else figure.chart.resize({width, height});
  figure.chart.setOption(option, true);
  const svg = box.querySelector("svg");
  if (svg) svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  figure.width = width;
  coming.unobserve(box);
}

// A chart is drawn when it comes near the screen or has the focus; for print, all are.
const coming = new IntersectionObserver((entries) => entries.filter((e) => e.isIntersecting).forEach((e) => {
  const figure = FIGURES.find((f) => f.box === e.target);
  if (figure && !figure.chart) draw(figure);
}), {rootMargin: "200px 0px"});

// When nothing else is to be done, the rest is drawn too, one chart at a time.
const whenIdle = (what) => window.requestIdleCallback ? requestIdleCallback(what, {timeout: 500}) : setTimeout(what, 50);
function drawRest() {
  const next = FIGURES.find((f) => !f.chart);
  document.documentElement.dataset.drawn = next ? "some" : "all";
  if (!next) return;
  draw(next);
  whenIdle(drawRest);
}

// Keeps the place of charts that are not drawn yet.
function reserve(figures) {
  const widths = figures.map((f) => f.box.clientWidth || 320);
  figures.forEach((f, i) => { f.box.style.height = `${heightOf(f.spec, widths[i])}px`; });
}

// The arrow keys move the tooltip along a chart that has the focus.
function step(figure, event) {
  const by = {ArrowRight: 1, ArrowLeft: -1}[event.key];
  if (!by) return;
  event.preventDefault();
  const {series} = figure.chart.getOption();
  const seriesIndex = Math.max(0, series.findIndex((s) => !s.silent));
  const n = (series[seriesIndex].data || []).length;
  figure.at = Math.min(n - 1, Math.max(0, (figure.at === undefined ? (by > 0 ? -1 : n) : figure.at) + by));
  figure.chart.dispatchAction({type: "showTip", seriesIndex, dataIndex: figure.at});
  setTimeout(() => {
    const tip = figure.box.querySelector("div.tip");
    if (tip) say(tip.innerText.replace(/\n/g, ", "));
  }, 60);
}

// spec: id, title, sentence, caption, keys (parameters it rests on), table, option(width), height(width), wide
function addFigure(parent, view, spec) {
  const box = element("div", {class: "chart", tabindex: "0", role: "img", "aria-label": describe(spec)});
  const node = element("figure", {id: spec.id, class: spec.wide ? "wide" : "", "aria-labelledby": `${spec.id}-title`},
    element("figcaption", {}, element("h3", {id: `${spec.id}-title`}, spec.title), element("p", {class: "says"}, spec.sentence)),
    spec.option ? box : null, spec.body || null,
    assumed(view, spec.caption, spec.keys || []), spec.table ? numbers(spec) : null);
  parent.append(node);
  if (!spec.option) return;
  const figure = {spec, box, node};
  box.addEventListener("focus", () => { if (!figure.chart) draw(figure); });
  box.addEventListener("keydown", (event) => step(figure, event));
  FIGURES.push(figure);
}

// Figures may have nothing to show: make returns null then.
function addFigures(parent, view, makers) {
  for (const make of makers) {
    const spec = make(view);
    if (spec) addFigure(parent, view, spec);
  }
  // A figure that would stand alone in its row takes all of it.
  let alone = null;
  for (const node of parent.children) alone = node.classList.contains("wide") ? (alone && alone.classList.add("wide"), null) : alone ? null : node;
  if (alone) alone.classList.add("wide");
}

// After a change of what they show: those drawn before are drawn anew.
function drawAll() {
  if (theme.printing) { FIGURES.forEach(draw); return; }
  const waiting = FIGURES.filter((f) => !f.chart);
  FIGURES.filter((f) => f.chart).forEach(draw);
  reserve(waiting);
  waiting.forEach((f) => coming.observe(f.box));
  document.documentElement.dataset.drawn = "some";
  whenIdle(drawRest);
}

function dropAll() {
  coming.disconnect();
  FIGURES.forEach((f) => f.chart && f.chart.dispose());
  FIGURES.length = 0;
}

let resizing = 0;
window.addEventListener("resize", () => {
  cancelAnimationFrame(resizing);
  resizing = requestAnimationFrame(() => {
    if (theme.printing) return;
    reserve(FIGURES.filter((f) => !f.chart));
    FIGURES.filter((f) => f.chart && f.box.clientWidth !== f.width).forEach(draw);
  });
});

// On paper the foot stays with the last section: alone it would take a sheet.
function printing(on) {
  const foot = document.getElementById("foot");
  if (on) document.querySelector("main > section:last-of-type").append(foot);
  else document.getElementById("main").after(foot);
  theme.printing = on;
  applyTheme();
  drawAll();
}
window.addEventListener("beforeprint", () => printing(true));
window.addEventListener("afterprint", () => printing(false));

// What a tooltip holds, as nodes: a heading, then lines of a name and a value, each with the colour of its series
// where that is known. No HTML is made of text.
function tipBox(head, lines) {
  const box = element("div", {class: "tip"}, head);
  for (const {colour, name, value} of lines) {
    box.append(element("br"));
    if (typeof colour === "string") box.append(element("span", {class: "marker", style: `background: ${colour}`}));
    box.append(name ? `${name}: ` : "", element("b", {}, value));
  }
  return box;
}

// The tooltip of a chart: a heading, then a line for each series that is no band.
function tip(head, value) {
  return (params) => {
    const list = Array.isArray(params) ? params : [params];
    const shown = list.filter((p) => !/ \((low|band)\)$/.test(p.seriesName));
    if (shown.length === 0) return "";
    return tipBox(head(shown[0]), shown.map((p) => ({colour: p.color, name: p.seriesName, value: value(p)})));
  };
}
const yOf = (p) => Array.isArray(p.value) ? p.value[1] : p.value;
const xOf = (p) => Array.isArray(p.value) ? p.value[0] : p.axisValue;
