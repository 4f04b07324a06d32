// Axes: ticks at round numbers, spans that say something, names that fit. SPDX-License-Identifier: Apache-2.0
const LEAST_RATE = 0.01, LEAST_OF_SIZE = 0.02; // a zoomed axis spans a percentage point, of other values so much of their size

// The least of 1, 2, 5 times a power of ten that divides the span into no more parts than `most`.
function niceStep(span, most) {
  const power = 10 ** Math.floor(Math.log10(span / most));
  return [1, 2, 5, 10].map((x) => x * power).find((step) => span / step <= most * (1 + 1e-9));
}

// A numeric axis from min to max just so, with ticks at the round numbers between.
function lineAxis(min, max, width, options = {}) {
  const step = niceStep(max - min || 1, isNarrow(width) ? 4 : 8), first = Math.ceil(min / step - 1e-9);
  const ticks = range(Math.floor(max / step + 1e-9) - first + 1).map((k) => Number(((first + k) * step).toPrecision(12)));
  return axis({type: "value", line: true, min, max, ...options, axisLabel: {...textStyle(), hideOverlap: true, ...options.axisLabel, customValues: ticks}});
}

// The same of the values themselves.
const axisOf = (xs, width, options) => lineAxis(Math.min(...xs), Math.max(...xs), width, options);

// The ends of an axis that does not begin at 0: round numbers about the values, never closer together than `least`.
function zoomed(least, {from = -Infinity, to = Infinity} = {}) {
  const ends = ({min, max}) => {
    const missing = Math.max(0, (least || LEAST_OF_SIZE * Math.max(Math.abs(min), Math.abs(max)) || 1) - (max - min)) / 2;
    let low = Math.max(from, min - missing), high = Math.min(to, max + missing);
    for (let i = 0; i < 3; i++) { // ECharts takes the step from the ends
      const step = echarts.number.nice((high - low) / 5, true);
      [low, high] = [step * Math.floor(low / step + 1e-9), step * Math.ceil(high / step - 1e-9)].map((x) => Number(x.toPrecision(12)));
    }
    return [low, high];
  };
  return {min: (extent) => ends(extent)[0], max: (extent) => ends(extent)[1]};
}

// A text in lines no wider than that, broken between words.
function brokenText(text, most, style) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines[lines.length - 1], longer = line ? `${line} ${word}` : word;
    if (line && textWidth(longer, style) > most) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines.join("\n");
}

// Names longer than their axis are broken; labels of points that would lie on another are left out: the table has all.
function fitTexts(option, width, height) {
  for (const [name, room] of [["xAxis", width], ["yAxis", height]]) {
    const of = option[name];
    if (of && of.name) option[name] = {...of, name: brokenText(of.name, 0.7 * room, of.nameTextStyle)};
  }
  for (const series of option.series) if ((series.label && series.label.show) || series.endLabel) series.labelLayout = {hideOverlap: true, ...series.labelLayout};
}
