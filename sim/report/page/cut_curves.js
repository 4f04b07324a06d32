// A cut study along the cuts: passing, agreement, wrong decisions, length. SPDX-License-Identifier: Apache-2.0
function cutPassFigure(study) {
  const last = study.nAll - 1, at = (attempt) => study.along("cut", "cumulative_pass_rate", {attempt});
  if (!at(0)) return null;
  const i = state.cut, j = Math.min(study.cuts.length - 1, i + Math.max(1, Math.round(25 / (study.cuts[1] - study.cuts[0] || 1)))), xs = at(0);
  const slope = j > i ? ` Raising the cut from ${score(study.cuts[i])} to ${score(study.cuts[j])} would pass ${fixed(100 * Math.abs(xs[i] - xs[j]))} points ${xs[j] < xs[i] ? "fewer" : "more"} at the first attempt.` : "";
  return curves({
    id: "cut-pass", title: "Passing, by cut", x: study.cutAxis(), y: {max: 1},
    sentence: `Between the cuts of ${score(study.cuts[0])} and ${score(study.cuts.at(-1))}, the share that passes the first attempt falls from ${percent(xs[0])} to ${percent(xs.at(-1))}.${slope}`,
    caption: "Of those who sat at least once. The exam is run anew at each cut, as it would be with it, and the pathway after it; all cuts meet the same candidates. Bands are 95 % intervals of the simulation; where none is seen, it is narrower than the line.",
    keys: ["exam.scale.cut", "exam.scale.per_logit", "exam.cut_theta", "policy.attempts_per_cycle", "policy.max_cycles"],
    lines: [{...study.line("cumulative_pass_rate", "first attempt", "cut", {attempt: 0}), variable: "cumulative_pass_rate within 1"},
      ...(last > 0 ? [{...study.line("cumulative_pass_rate", `within ${last + 1} attempts`, "cut", {attempt: last}), variable: `cumulative_pass_rate within ${last + 1}`}] : [])],
  });
}

// The most or least of a line, as a sentence needs it.
function extreme(values, sign) {
  return range(values.length).filter((i) => known(values[i])).reduce((a, b) => sign * (values[b] - values[a]) > 0 ? b : a);
}

function agreementFigure(study, what) {
  const simulated = study.line(what, "simulated", "cut"), ofThreshold = what === "accuracy";
  if (!simulated.values) return null;
  const indices = INDICES.map(([name, prefix], k) => ({name, variable: `${prefix}_${what}`, values: study.along("cut", `${prefix}_${what}`), k: k + 1}));
  const low = extreme(simulated.values, -1), high = extreme(simulated.values, 1);
  return curves({
    id: `cut-${what}`, title: `${capital(what)}, by cut`, x: study.cutAxis(), kind: what === "kappa" ? "real" : "rate", digits: 3, y: what === "kappa" ? zoomed(5 * LEAST_RATE) : zoomed(LEAST_RATE, {to: 1}),
    sentence: `${capital(what)} is ${what === "kappa" ? fixed(simulated.values[state.cut], 3) : rate(simulated.values[state.cut], simulated.errors && simulated.errors[state.cut])} at ${score(study.cut)}; ` +
      `along the cuts it is least at ${score(study.cuts[low])} (${what === "kappa" ? fixed(simulated.values[low], 3) : percent(simulated.values[low])}) and greatest at ${score(study.cuts[high])} (${what === "kappa" ? fixed(simulated.values[high], 3) : percent(simulated.values[high])}).`,
    caption: ofThreshold ? `The decision of the first sitting agrees with true status; ${study.thresholdText}. Where few candidates stand near cut and threshold, accuracy is high whatever the test does.`
      : what === "kappa" ? "Agreement of two independent first sittings beyond what their pass rates alone would give." : "Share of candidates for whom two independent first sittings, in the same state, end in the same decision.",
    keys: ofThreshold ? ["population.competent_theta", "exam.stop.rule", "exam.max_items"] : ["exam.stop.rule", "exam.stop.level", "exam.max_items", "bank"],
    lines: [simulated, ...indices],
  });
}

const FALSE_LINES = [["false_pass_rate", "false pass", 1], ["false_fail_rate", "false fail", 0]];

function falseByCutFigure(study) {
  if (!study.has("false_pass_rate", "false_fail_rate")) return null;
  const last = study.nAll - 1, ends = last > 0 ? [0, last] : [0];
  const at = (name, attempt) => study.value(name, {attempt});
  const way = last > 0 ? `${percent(at("false_pass_rate", 0))} false passes after one attempt become ${percent(at("false_pass_rate", last))} over the pathway, and ${percent(at("false_fail_rate", 0))} false fails become ${percent(at("false_fail_rate", last))}`
    : `there are ${percent(at("false_pass_rate", 0))} false passes and ${percent(at("false_fail_rate", 0))} false fails`;
  return curves({
    id: "cut-false", title: "False pass and false fail, by cut", x: study.cutAxis(), y: {max: 1},
    sentence: `With ${study.thresholdText} and a cut of ${score(study.cut)}, ${way}.`,
    caption: "False pass: of those not competent, the share that holds a pass by then. False fail: of the competent, the share that does not. Solid: one attempt; dashed: the whole pathway with its retakes.",
    keys: ["population.competent_theta", "exam.cut_theta", "deficits.knowledge", "leave.after_fail"],
    lines: FALSE_LINES.flatMap(([name, label, colour]) => ends.map((attempt) => ({...study.line(name, `${label}, ${attempt ? `${attempt + 1} attempts` : "one attempt"}`, "cut", {attempt}),
      variable: `${name} after ${attempt + 1}`, k: colour, dash: attempt ? "dashed" : "solid"}))),
  });
}

function falseByAttemptFigure(study) {
  const n = study.nAttempts, labels = range(n).map((k) => String(k + 1));
  if (n < 2 || !study.has("false_pass_rate", "false_fail_rate")) return null;
  const of = (name) => study.along("attempt", name).slice(0, n), fp = of("false_pass_rate"), ff = of("false_fail_rate");
  const errors = {"false pass": of("false_pass_rate_mcse"), "false fail": of("false_fail_rate_mcse")};
  return {
    id: "cut-attempts", title: `False pass and false fail at ${score(study.cut)}, by attempt`,
    sentence: `Every further attempt is another draw of measurement error: from one attempt to ${n}, false passes go from ${percent(fp[0])} to ${percent(fp[n - 1])}, false fails from ${percent(ff[0])} to ${percent(ff[n - 1])}.`,
    caption: `So far, by the attempts made; ${study.thresholdText}. Those not competent who learn enough between attempts become competent; others pass by chance.`,
    keys: ["population.competent_theta", "study.hours_per_day", "study.repair_per_hour", "leave.after_fail"],
    table: {columns: [{name: "attempts", kind: "text"}, ...FALSE_LINES.flatMap(([name, label]) => [{name, label, kind: "rate"}, {name: `${name}_mcse`, label: "± se", kind: "rate"}])],
      rows: labels.map((l, k) => [l, fp[k], errors["false pass"][k], ff[k], errors["false fail"][k]])},
    option: () => frame({
      legend: {...frame({}).legend, data: ["false pass", "false fail"]},
      xAxis: axis({type: "category", data: labels, name: "attempts made by then"}), yAxis: percentAxis(""),
      tooltip: {...frame({}).tooltip, formatter: tip((p) => `After ${plural(Number(labels[p.dataIndex]), "attempt")}`, (p) => rate(yOf(p), errors[p.seriesName][p.dataIndex]))},
      series: [["false pass", fp, 1], ["false fail", ff, 0]].flatMap(([label, xs, k]) => bandedLine(label, labels, xs, errors[label], k,
        {series: {label: {show: n <= 8, position: "top", formatter: (p) => percent(p.value[1], 0), color: theme.colours.ink}}})),
    }),
  };
}

// A form that everybody answers whole: what differs is who runs out of time.
function isOneLength(values) {
  const lengths = values.filter(known);
  return !lengths.length || Math.max(...lengths) - Math.min(...lengths) < LEAST_OF_SIZE * Math.max(...lengths);
}

function lengthByCutFigure(study) {
  const line = study.line("session_length_mean", "scored items", "cut");
  if (!line.values || isOneLength(line.values)) return null;
  const most = extreme(line.values, 1);
  return curves({
    id: "cut-length", title: "Length of the test, by cut", x: study.cutAxis(), kind: "real", unit: "scored items, mean", y: zoomed(), lines: [line],
    sentence: `At ${score(study.cut)} a first sitting takes ${fixed(line.values[state.cut])} scored items; tests are longest (${fixed(line.values[most])}) with a cut of ${score(study.cuts[most])}.`,
    caption: `First sittings. Unscored pilot items come on top.${decidesNothing(study) ? " The stop rule decides nothing, so no test ends undecided." : ""}`, keys: ["exam.min_items", "exam.max_items", "exam.stop.rule", "exam.stop.level"],
  });
}

// undecided_rate is NaN under a stop rule that does not look at the cut.
function decidesNothing(study) {
  const rates = study.along("cut", "undecided_rate");
  return rates !== null && !rates.some(known);
}

function undecidedByCutFigure(study) {
  const line = study.line("undecided_rate", "undecided", "cut");
  if (!line.values || !line.values.some(known)) return null;
  const most = extreme(line.values, 1);
  return curves({
    id: "cut-undecided", title: "Undecided, by cut", x: study.cutAxis(), lines: [line],
    sentence: `At ${score(study.cut)}, ${rate(line.values[state.cut], line.errors && line.errors[state.cut])} of first sittings end with the interval still over the cut; the most are ${percent(line.values[most])}, at ${score(study.cuts[most])}.`,
    caption: "They are decided by the estimate alone, without the confidence that the stop rule asks for.", keys: ["exam.max_items", "exam.stop.rule", "exam.stop.level"],
  });
}
