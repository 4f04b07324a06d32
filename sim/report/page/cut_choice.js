// A cut study as grounds for a choice: what wrong decisions cost, what the panel does not know, what changes would buy.
// SPDX-License-Identifier: Apache-2.0
function lossFigure(study) {
  if (!study.has("loss")) return null;
  const attempt = study.nAll - 1, base = nearest(study.cuts, study.operational);
  const raw = (r) => study.get("loss", {competence: state.competence, cost_ratio: r, attempt});
  const rows = study.ratios.map((ratio, r) => { const xs = raw(r); return {ratio, loss: xs, relative: xs.map((x) => x / xs[base])}; });
  const most = rows.length > 6 ? rows.filter((_, r) => r % Math.ceil(rows.length / 6) === 0 || r === state.ratio) : rows;
  const chosen = rows[state.ratio], best = extreme(chosen.loss, -1), gain = 1 - chosen.relative[best];
  return curves({
    id: "cut-loss", title: "Expected loss, by cut", wide: true, x: study.cutAxis(), y: {...zoomed(LEAST_RATE, {from: 0}), max: (x) => Math.min(Math.ceil(10 * x.max) / 10, 3)},
    sentence: `Where a false pass costs ${CELL.number(study.ratio)} times a false fail, the expected loss is least at ${score(study.cuts[best])}` +
      `${best === base ? ", the operational cut" : `: ${percent(gain)} less than at ${score(study.operational)}`}${best === 0 || best === study.cuts.length - 1 ? " (the end of the range: the least may lie beyond)" : ""}.`,
    caption: `${capital(pathwayWords(study.nAll))}; ${study.thresholdText}. Loss a candidate: cost of a false pass × P(not competent and passed) + P(competent and not passed), in false fails; drawn as a share of that at the operational cut. What the two errors cost is a value judgement: the study takes it as given.`,
    keys: ["validate.cost_ratio", "population.competent_theta"],
    lines: most.map((r, k) => ({name: `${CELL.number(r.ratio)} : 1`, variable: `loss ${CELL.number(r.ratio)} to 1`, values: r.relative, series: r === chosen ? {lineStyle: {width: 4, type: DASHES[k % DASHES.length]}} : {}})),
    table: {columns: [{name: "cut", kind: "number"}, ...rows.map((r) => ({name: `loss ${CELL.number(r.ratio)} to 1`, label: `${CELL.number(r.ratio)} : 1`, kind: "real"}))],
      rows: study.cuts.map((c, i) => [c, ...rows.map((r) => r.loss[i])])},
  });
}

function bestCutFigure(study) {
  if (!study.has("loss_minimising_cut")) return null;
  const n = study.nAll, ends = n > 1 ? [0, n - 1] : [0], low = study.has("loss_minimising_cut_low", "loss_minimising_cut_high");
  const of = (suffix, attempt) => study.get(`loss_minimising_cut${suffix}`, {competence: state.competence, attempt});
  const series = ends.map((attempt) => { const m = of("", attempt), a = low ? of("_low", attempt) : m, b = low ? of("_high", attempt) : m;
    return {name: attempt ? `over ${attempt + 1} attempts` : "one attempt", values: m.map((x, i) => [x, a[i], b[i]])}; });
  const labels = study.ratios.map((r) => `${CELL.number(r)} : 1`), here = series.map((s) => s.values[state.ratio]), last = here.length - 1;
  const all = series.flatMap((s) => s.values.flat()).filter(known);
  return {
    id: "cut-best", title: "The cut of least loss, by the costs of the two errors", wide: true,
    sentence: `At ${labels[state.ratio]} the cut of least loss is ${score(here[0][0])} for one attempt${last ? ` and ${score(here[last][0])} for the pathway, whose retakes let more of those not competent through` : ""}${low ? ` (95 % from ${score(here[last][1])} to ${score(here[last][2])})` : ""}.`,
    caption: `Cost of a false pass : cost of a false fail; ${study.thresholdText}. Lines are 95 % intervals of the simulation. A cut at the end of the range may be no least.`,
    keys: ["validate.cost_ratio", "validate.cut_from", "validate.cut_to"],
    table: {columns: [{name: "cost_ratio", kind: "number"}, ...ends.flatMap((a) => [["", ""], ["_low", "from"], ["_high", "to"]].map(([suffix, label]) => ({name: `loss_minimising_cut${suffix} ${a + 1}`, label: label || (a ? `over ${a + 1} attempts` : "one attempt"), kind: "number"})))],
      rows: study.ratios.map((r, i) => [r, ...series.flatMap((s) => s.values[i])])},
    height: forestHeight(labels.length, series.length),
    option: (width) => forest(width, labels, series, score, {name: "cut score", min: 10 * Math.floor(Math.min(...all, study.operational) / 10), max: 10 * Math.ceil(Math.max(...all, study.operational) / 10), scale: true, axisLabel: {...textStyle(), formatter: (x) => score(x)}}, {
      tell: (v, a, b) => `${score(v)} (${score(a)} to ${score(b)})`}),
  };
}

const PANEL = [["pass_rate", "pass rate"], ["accuracy", "accuracy"], ["false_pass_rate", "false passes"], ["false_fail_rate", "false fails"]];

// The range of what a panel of a given standard error might have set, less what its own cut gives.
function panelFigure(study) {
  if (!study.result.dim.panel_se || !study.has("panel_pass_rate", "panel_pass_rate_low")) return null;
  const errors = study.labels("panel_se"), attempt = study.nAll - 1, zero = nearest(errors, 0), own = study.result.attribute("validate.panel_se");
  const rows = PANEL.filter(([name]) => study.has(`panel_${name}`)).map(([name, label]) => ({name, label, of: (suffix) => study.get(`panel_${name}${suffix}`, {attempt})}));
  const at = errors.map((se, i) => i).filter((i) => errors[i] > 0), i = known(own) ? nearest(errors, own) : at[at.length - 1];
  const base = (r) => r.of("")[zero];
  const tell = (r) => `${r.label} between ${percent(r.of("_low")[i])} and ${percent(r.of("_high")[i])}`;
  return {
    id: "cut-panel", title: "What the panel's own uncertainty does", wide: true,
    sentence: `If the cuts of such panels spread around ${score(study.operational)} with a standard error of ${CELL.number(errors[i])} points, 95 % of them give a ${listed(rows.filter((r) => r.name !== "accuracy").map(tell))}, ${pathwayWords(study.nAll)}.`,
    caption: `Cut ~ Normal(${score(study.operational)}, SE); the threshold of competence stays where the scenario has it. Points are the mean over such cuts and lines their middle 95 %, in percentage points from a panel that knows exactly.`,
    keys: ["validate.panel_se", "population.competent_theta"],
    table: {columns: [{name: "statistic", kind: "text"}, {name: "panel_se", kind: "number"}, {name: "mean", kind: "rate"}, {name: "sd", kind: "rate"}, {name: "low", label: "from", kind: "rate"}, {name: "high", label: "to", kind: "rate"}],
      rows: rows.flatMap((r) => errors.map((se, k) => [`panel_${r.name}`, se, r.of("")[k], (r.of("_sd") || [])[k], r.of("_low")[k], r.of("_high")[k]]))},
    height: forestHeight(rows.length, at.length),
    option: (width) => forest(width, rows.map((r) => r.label), at.map((k) => ({name: `SE ${CELL.number(errors[k])} points`, values: rows.map((r) => [r.of("")[k] - base(r), r.of("_low")[k] - base(r), r.of("_high")[k] - base(r)])})),
      (v, a, b) => `${points(a)} to ${points(b)}`, {name: "percentage points", axisLabel: {...textStyle(), formatter: (x) => points(x, 0)}}, {tell: (v, a, b) => `${points(v, 2)} (${points(a, 2)} to ${points(b, 2)}) points`}),
  };
}

const CHANGED = [["accuracy", "accuracy"], ["consistency", "consistency"], ["kappa", "kappa (× 100)"], ["cumulative_pass_rate", "pass in the end"], ["false_pass_rate", "false passes"], ["false_fail_rate", "false fails"]];

function changesFigure(study) {
  if (!study.result.dim.change || !study.has("change_accuracy_difference")) return null;
  const changes = study.labels("change"), drawn = CHANGED.filter(([name]) => study.has(`change_${name}_difference`));
  const all = [...drawn, ...(study.has("change_session_length_mean") ? [["session_length_mean", "scored items"]] : [])];
  const of = (name, suffix) => study.get(`change_${name}${suffix}`) || changes.map(() => NaN), others = range(changes.length).slice(1);
  const d = of("accuracy", "_difference"), e = of("accuracy", "_difference_mcse"), best = others.reduce((a, b) => d[b] > d[a] ? b : a, others[0]), longer = of("session_length_mean", "_difference");
  const clear = others.filter((k) => d[k] > 1.96 * e[k]);
  return {
    id: "cut-changes", title: "What changes would buy", wide: true,
    sentence: clear.length ? `Accuracy gains most from “${changes[best]}”: ${points(d[best], 2)} ± ${fixed(100 * e[best], 2)} percentage points${known(longer[best]) ? `, with ${longer[best] >= 0 ? "+" : ""}${fixed(longer[best])} scored items a sitting` : ""}.`
      : "No change raises accuracy by more than the simulation's own error.",
    caption: "Differences from the exam as it is, at the operational cut and the scenario's threshold of competence, on the same candidates; 95 % intervals of the simulation. False passes and passing are those over the pathway.",
    keys: ["validate.more_items", "validate.stage_items", "validate.bank_gain", "exam.max_items"],
    table: {columns: [{name: "change", kind: "text"}, {name: "statistic", kind: "text"}, {name: "value", kind: "number"}, {name: "value_mcse", label: "± se", kind: "number"}, {name: "difference", kind: "number"}, {name: "difference_mcse", label: "± se", kind: "number"}],
      rows: changes.flatMap((change, k) => all.map(([name]) => [change, name, of(name, "")[k], of(name, "_mcse")[k], of(name, "_difference")[k], of(name, "_difference_mcse")[k]]))},
    height: forestHeight(drawn.length, others.length),
    option: (width) => forest(width, drawn.map(([, label]) => label), others.map((k) => ({name: changes[k], values: drawn.map(([name]) => { const x = of(name, "_difference")[k], s = 1.96 * of(name, "_difference_mcse")[k]; return [x, x - s, x + s]; })})),
      (x) => points(x), {name: "percentage points", axisLabel: {...textStyle(), formatter: (x) => points(x, 1)}}, {tell: (v, a, b) => `${points(v, 2)} ± ${fixed(100 * (b - v) / 1.96, 2)} points`}),
  };
}
