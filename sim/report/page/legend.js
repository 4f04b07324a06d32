// A legend shows all of its entries: it is laid out here in rows, and the chart grows by what it takes. (ECharts itself
// would put the further entries on pages, which no paper can turn.) SPDX-License-Identifier: Apache-2.0
const ROW_HEIGHT = 16, LEGEND_PADDING = 5, ICON_GAP = 5;

// ECharts takes the width of this sign for the height of a line. Few fonts have it: with another sign's width lines would
// lie on one another, so it is told what a line of text takes.
const SIGN_OF_HEIGHT = "\u56fd", LINE_HEIGHT = 1.2, pen = document.createElement("canvas").getContext("2d");
echarts.setPlatformAPI({measureText(text, font) {
  pen.font = font;
  return text === SIGN_OF_HEIGHT ? {width: LINE_HEIGHT * parseFloat(/([\d.]+)px/.exec(font)[1])} : pen.measureText(text);
}});

const textWidth = (text, {fontSize, fontFamily}) => Math.ceil(echarts.format.getTextRect(text, `${fontSize}px ${fontFamily}`).width);

// The entries in rows as ECharts breaks them: {entry, lines} each; a name wider than the chart has several lines.
function legendRows(legend, width) {
  const rows = [], most = width - 2 * LEGEND_PADDING - legend.itemWidth - ICON_GAP;
  let used = Infinity;
  for (const entry of legend.data) {
    const name = entry.name || entry, wanted = textWidth(legend.formatter ? legend.formatter(name) : name, legend.textStyle), lines = Math.ceil(1.1 * wanted / most);
    const own = legend.itemWidth + ICON_GAP + Math.min(wanted, most) + 1; // ECharts does not round widths up
    if (used + legend.itemGap + own > width - 2 * LEGEND_PADDING) { rows.push([]); used = -legend.itemGap; }
    used += legend.itemGap + own;
    rows[rows.length - 1].push({lines: Math.max(1, wanted > most ? lines : 1), entry: wanted > most ? {...(entry.name ? entry : {name}),
      textStyle: {width: most, overflow: "break", lineHeight: ROW_HEIGHT}} : entry});
  }
  return rows;
}

// Lays the legend of an option out and places the plot below it; how much higher than with one row the chart becomes.
function fitLegend(option, width) {
  const {legend} = option;
  if (legend.show === false || legend.data.length < 2) {
    option.legend = {show: false};
    return 0;
  }
  const shown = theme.printing && legend.selected ? legend.data.filter((entry) => legend.selected[entry.name || entry] !== false) : legend.data; // nobody clicks on paper
  const rows = legendRows({...legend, data: shown}, width);
  const height = sum(rows.map((row) => ROW_HEIGHT * Math.max(...row.map((e) => e.lines)))) + (rows.length - 1) * legend.itemGap;
  option.legend = {...legend, data: rows.flat().map((e) => e.entry)};
  if (option.grid) option.grid.top += height + 2 * LEGEND_PADDING;
  return height - ROW_HEIGHT;
}

// A legend of attempts: the word once, then numbers.
const attemptLegend = (labels, more = {}) => ({...frame({}).legend, data: labels, itemWidth: 24, itemGap: 10,
  formatter: (name) => name === labels[0] ? name : name.replace("attempt ", ""), ...more});
