// Scores, test length, minutes, why sessions end, and the buckets of the error log. SPDX-License-Identifier: Apache-2.0
const SHOWN_AT_FIRST = 3; // attempts; others are a click on the legend away
const MOST_DRAWN = 8;     // attempts; the table has all

// The distribution of a variable [attempt, bin] as shares of the sittings, over the bins in use, `by` taken together.
function distribution(view, name, dim, by = 1) {
  const n = view.nAttempts, edges = view.result.dim[dim].bounds ? view.result.edges(dim) : null;
  const counts = range(n).map((k) => view.get(name, {attempt: k}));
  const totals = counts.map(sum), used = range(counts[0].length).filter((i) => counts.some((c) => c[i] > 0));
  if (!used.length) return null;
  const first = Math.floor(used[0] / by) * by, last = used[used.length - 1];
  const starts = range(Math.floor((last - first) / by) + 1).map((j) => first + j * by);
  const low = (i) => edges ? edges.low[Math.min(i, edges.low.length - 1)] : view.labels(dim)[i];
  return {
    n, totals, counts, low: starts.map(low), width: (edges ? edges.width : 1) * by,
    shares: counts.map((c, k) => starts.map((i) => sum(c.slice(i, i + by)) / totals[k])),
    mean: counts.map((c, k) => sum(c.map((x, i) => x * (edges ? low(i) + edges.width / 2 : low(i)))) / totals[k]),
  };
}

function distributionTable(d, name) {
  return {columns: [{name, label: `${name} from`, kind: "number"}, ...range(d.n).map((k) => ({name: `attempt ${k + 1}`, kind: "rate"}))],
    rows: d.low.map((low, i) => [low, ...d.shares.map((s) => s[i])])};
}

// Steps from bin to bin, one line for each attempt.
function distributionOption(d, name, width, more = {}) {
  const drawn = range(Math.min(d.n, MOST_DRAWN)), label = (k) => `attempt ${k + 1}`, end = d.low[d.low.length - 1] + d.width;
  const first = Math.max(0, d.low.findIndex((_, i) => d.shares.slice(0, SHOWN_AT_FIRST).some((s) => s[i] >= 0.001)));
  return frame({
    legend: attemptLegend(drawn.map(label), {selected: Object.fromEntries(drawn.map((k) => [label(k), k < SHOWN_AT_FIRST]))}),
    xAxis: lineAxis(d.low[first], end, width, {name}), yAxis: percentAxis(""),
    tooltip: {...frame({}).tooltip, formatter: tip((p) => more.head ? more.head(xOf(p)) : `${fixed(xOf(p), 0)} to ${fixed(xOf(p) + d.width, 0)}`, (p) => percent(yOf(p), 2))},
    series: d.shares.slice(0, MOST_DRAWN).map((s, k) => ({
      name: label(k), type: "line", step: "end", symbol: "none", color: theme.colours.series[k % 7], areaStyle: k ? undefined : {opacity: 0.18},
      lineStyle: {width: 2, type: DASHES[k % DASHES.length]}, data: [...d.low.map((x, i) => [x, s[i]]), [end, s[s.length - 1]]],
      markLine: k === 0 ? more.mark : undefined,
    })),
  });
}

function scoreFigure(view) {
  const d = view.has("n_score") ? distribution(view, "n_score", "score_bin", 2) : null;
  if (!d) return null;
  const cut = view.result.attribute("exam.scale.cut"), c = view.get("n_score", {attempt: 0}), low = view.result.edges("score_bin").low;
  const near = sum(c.filter((_, i) => low[i] >= cut - 50 && low[i] < cut + 50)) / d.totals[0];
  return {
    id: "scores", title: `Scores, with the passing score of ${whole(cut)}`,
    sentence: `First-attempt scores average ${whole(d.mean[0])}; ${percent(near)} lie within 50 points of ${whole(cut)}${d.n > 1 ? `. Second-attempt scores average ${whole(d.mean[1])}` : ""}.`,
    caption: `Share of the sittings at an attempt, in bins of 20 points. ${view.result.looks_at_cut ? "Dips beside the passing score are the work of a stop rule that goes on while the decision is open. " : ""}The slope of the scale is not published and set here; the first and last bins hold what was clamped.`,
    keys: ["exam.scale.cut", "exam.scale.per_logit", "exam.scale.min", "exam.scale.max"],
    table: distributionTable(d, "score"),
    option: (width) => distributionOption(d, "score", width, {mark: markAt(cut, `pass ${whole(cut)}`)}),
  };
}

function lengthFigure(view) {
  const d = view.has("n_session_length") ? distribution(view, "n_session_length", "length") : null;
  if (!d || Math.max(...d.shares[0]) > 1 - LEAST_OF_SIZE) return null; // a form that everybody answers whole
  const least = view.result.attribute("exam.min_items"), most = view.result.attribute("exam.max_items");
  const at = (items) => { const i = d.low.indexOf(items); return i < 0 ? 0 : d.shares[0][i]; };
  return {
    id: "length", title: "Length of the test",
    sentence: `First attempts take ${fixed(d.mean[0])} scored items on average; ${percent(at(least))} end at the minimum of ${whole(least)} and ${percent(at(most))} at the maximum of ${whole(most)}.`,
    caption: "Scored items answered; unscored pilot items come on top. Share of the sittings at an attempt.",
    keys: ["exam.min_items", "exam.max_items", "exam.pilot_items", "exam.stop.rule", "exam.stop.level"],
    table: distributionTable(d, "items"),
    option: (width) => distributionOption(d, "scored items", width, {head: (x) => plural(x, "item")}),
  };
}

function minutesFigure(view) {
  const d = view.has("n_session_minutes") ? distribution(view, "n_session_minutes", "minute_bin") : null;
  if (!d) return null;
  const mean = view.get("session_minutes_mean") || d.mean, limit = view.result.attribute("exam.time_limit_min");
  const reasons = view.labels("stop_reason") || [], stops = view.get("n_stop_reason", {attempt: 0}) || [];
  const out = stops[reasons.indexOf("time")] / d.totals[0];
  return {
    id: "minutes", title: "Minutes used",
    sentence: `First attempts take ${fixed(mean[0])} minutes on average${known(out) ? `; ${percent(out)} run out of the ${limit} minutes` : ""}.`,
    caption: "Share of the sittings at an attempt. Response times come from a model fitted to another credentialing exam, not from this one.",
    keys: ["exam.time_limit_min", "exam.pilot_items", "deficits.pacing", "exam.out_of_time.rule"],
    table: distributionTable(d, "minutes"),
    option: (width) => distributionOption(d, "minutes", width),
  };
}

const STOP_WORDS = {stop_rule: "sure enough", max_items: "all items used", time: "out of time", no_item: "no item left"};

function stopFigure(view) {
  if (!view.has("n_stop_reason")) return null;
  const n = Math.min(view.nAttempts, MOST_DRAWN), reasons = view.labels("stop_reason"), counts = range(n).map((k) => view.get("n_stop_reason", {attempt: k}));
  const used = range(reasons.length).filter((i) => counts.some((c) => c[i] > 0));
  if (used.length < 2) return null;
  const label = (i) => STOP_WORDS[reasons[i]] || words(reasons[i]), share = (k, i) => counts[k][i] / sum(counts[k]);
  return {
    id: "stops", title: "Why sessions end",
    sentence: `At the first attempt, ${listed(used.map((i) => `${percent(share(0, i))} end with “${label(i)}”`))}.`,
    caption: used.some((i) => reasons[i] === "stop_rule") ? "Sure enough: the stop rule is content with the decision before the maximum is reached." : "",
    keys: ["exam.stop.rule", "exam.stop.level", "exam.time_limit_min"],
    table: {columns: [{name: "attempt", kind: "text"}, ...used.map((i) => ({name: label(i), kind: "rate"}))],
      rows: range(n).map((k) => [String(k + 1), ...used.map((i) => share(k, i))])},
    height: (width) => 110 + 34 * n + (isNarrow(width) ? 20 : 0),
    option: () => frame({
      legend: {...frame({}).legend, data: used.map(label)},
      xAxis: percentAxis("", {max: 1}), yAxis: axis({type: "category", inverse: true, data: range(n).map((k) => String(k + 1)), name: "attempt"}),
      tooltip: {...frame({}).tooltip, axisPointer: {type: "shadow"}, formatter: tip((p) => `Attempt ${p.name}`, (p) => percent(p.value, 2))},
      series: used.map((i, j) => ({name: label(i), type: "bar", stack: "all", color: [PALETTE.light.good, "#56b4e9", "#e69f00", "#cc79a7"][j % 4],
        itemStyle: {borderColor: theme.colours.back, borderWidth: 1}, data: range(n).map((k) => share(k, i)),
        label: {show: true, color: "#111", fontSize: 11, formatter: (p) => p.value > 0.08 ? percent(p.value, 0) : ""}})),
    }),
  };
}

function bucketFigure(view) {
  if (view.nAttempts < 2 || !view.has("n_misses_before_retake", "n_misses_by_bucket")) return null;
  const n = view.nAttempts, buckets = view.labels("bucket"), attempted = view.get("n_attempted");
  const before = (k) => view.get("n_misses_before_retake", {attempt: k}).map((x) => x / attempted[k + 1]);
  const after = (k) => view.get("n_misses_by_bucket", {attempt: k + 1}).map((x) => x / attempted[k + 1]);
  const b = before(0), a = after(0), change = sum(a) - sum(b);
  const most = range(buckets.length).reduce((x, y) => a[y] - b[y] < a[x] - b[x] ? y : x);
  return {
    id: "buckets", title: "Misses by bucket, before and after repair",
    sentence: `Those who sit twice miss ${fixed(sum(b))} items at the first attempt and ${fixed(sum(a))} at the second ` +
      `(${change > 0 ? "+" : ""}${fixed(change)}); the bucket that changes most for the better is ${words(buckets[most])}, from ${fixed(b[most])} to ${fixed(a[most])}.`,
    caption: "The same candidates: misses a sitting at the first attempt of those who sat again, and at their second. They were chosen by failing, so part of the " +
      "change is chance that evens out, and an adaptive test that finds them abler gives harder items.",
    keys: ["study.none", "study.broad", "study.targeted", "study.hours_per_day", "study.repair_per_hour", "deficits.knowledge", "deficits.sequence"],
    table: {columns: [{name: "attempts", kind: "text"}, {name: "bucket", kind: "text"}, {name: "before", kind: "real"}, {name: "after", kind: "real"}, {name: "change", kind: "real"}],
      rows: range(n - 1).flatMap((k) => { const x = before(k), y = after(k); return buckets.map((name, i) => [`${k + 1} to ${k + 2}`, words(name), x[i], y[i], y[i] - x[i]]); })},
    option: (width) => frame({
      legend: {...frame({}).legend, data: ["first attempt", "second attempt"]},
      xAxis: axis({type: "category", data: buckets.map(words), axisLabel: {...textStyle(), interval: 0, rotate: isNarrow(width) ? 35 : 0}}), yAxis: axis({type: "value", name: "missed items a sitting"}),
      tooltip: {...frame({}).tooltip, axisPointer: {type: "shadow"}, formatter: tip((p) => capital(p.name), (p) => fixed(p.value, 2))},
      series: [["first attempt", b, 6], ["second attempt", a, 0]].map(([name, data, k]) => ({name, type: "bar", data, color: theme.colours.series[k], barGap: "8%",
        label: {show: true, position: "top", fontSize: isNarrow(width) ? 8 : 10, color: theme.colours.soft, formatter: (p) => fixed(p.value)}})),
    }),
  };
}
