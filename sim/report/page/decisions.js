// Right and wrong decisions: over the pathway, by ability, and the error of the estimate. SPDX-License-Identifier: Apache-2.0
function falseFigure(view) {
  const n = view.nAttempts, labels = view.labels("attempt").slice(0, n).map(String);
  const cut = (name) => view.get(name).slice(0, n);
  const fp = cut("false_pass_rate"), fpError = cut("false_pass_rate_mcse"), ff = cut("false_fail_rate"), ffError = cut("false_fail_rate_mcse");
  if (!fp.some(known) && !ff.some(known)) return null;
  const last = n - 1, names = ["false pass: not competent, but passed", "false fail: competent, but not passed"];
  const base = baseRate(view), first = base ? ` Of 1,000 who sit the first time, ${perThousand(base.share[0])} are competent, of whom ${perThousand(base.falseFail / base.all)} fail; ` +
    `of the ${perThousand(1 - base.share[0])} who are not, ${perThousand(base.falsePass / base.all)} pass.` : "";
  const change = (from, to, what) => `${what} ${to > from ? "rise" : "fall"} from ${percent(from)} to ${percent(to)}`;
  return {
    id: "false", title: "False pass against false fail, by the attempts allowed",
    sentence: n > 1 ? `From one attempt to ${n}, ${change(fp[0], fp[last], "false passes")} of those not competent, and ` +
      `${change(ff[0], ff[last], "false fails")} of the competent.${first}`
      : `${percent(fp[0])} of those not competent pass, and ${percent(ff[0])} of the competent do not.${first}`,
    caption: "Competent: ability on the day, less gaps in knowledge, sequence and scope, at or above the competence threshold. " +
      "That threshold is set by this study, not known: the figures tell how consistent decisions are with it, not whether the cut is right.",
    keys: ["population.competent_theta", "exam.cut_theta", "deficits.knowledge", "leave.after_fail"],
    table: {columns: [{name: "attempts", kind: "text"}, {name: "false_pass_rate", label: "false pass", kind: "rate"}, {name: "false_pass_rate_mcse", label: "± se", kind: "rate"},
      {name: "false_fail_rate", label: "false fail", kind: "rate"}, {name: "false_fail_rate_mcse", label: "± se", kind: "rate"}],
      rows: labels.map((label, k) => [label, fp[k], fpError[k], ff[k], ffError[k]])},
    option: () => frame({
      legend: {...frame({}).legend, data: names},
      xAxis: axis({type: "category", data: labels, name: "attempts made by then"}), yAxis: percentAxis("", {max: undefined}),
      tooltip: {...frame({}).tooltip, formatter: tip((p) => `After ${plural(Number(labels[p.dataIndex]), "attempt")}`, (p) =>
        rate(yOf(p), (p.seriesName === names[0] ? fpError : ffError)[p.dataIndex]))},
      series: [...bandedLine(names[0], labels, fp, fpError, 1), ...bandedLine(names[1], labels, ff, ffError, 0)].map((s) => s.z === 3
        ? {...s, label: {show: n <= 8, position: "top", formatter: (p) => percent(p.value[1], 0), color: theme.colours.ink}} : s),
    }),
  };
}

const MIN_IN_BIN = 50; // fewer sittings make no point of a curve

// Points [theta, value, error, n] of a variable at an attempt, where the bin holds enough sittings.
function byTheta(view, name, attempt) {
  const theta = view.labels("theta_bin"), n = view.get("n_theta", {attempt});
  const value = view.get(name, {attempt}), error = view.get(`${name}_mcse`, {attempt});
  return range(theta.length).filter((i) => n[i] >= MIN_IN_BIN).map((i) => [theta[i], value[i], error[i], n[i]]);
}

function thetaTable(curves, name) {
  const thetas = [...new Set(curves.flatMap((c) => c.points.map((p) => p[0])))].sort((a, b) => a - b);
  const cell = (c, theta, i) => (c.points.find((p) => p[0] === theta) || [])[i];
  return {columns: [{name: "theta", kind: "number"}, ...curves.flatMap((c) => [{name: `${name} ${c.label}`, label: c.label, kind: c.kind},
    {name: `${name}_mcse ${c.label}`, label: "± se", kind: c.kind}])],
  rows: thetas.map((t) => [t, ...curves.flatMap((c) => [cell(c, t, 1), cell(c, t, 2)])])};
}

function thetaFigure(view) {
  if (view.group !== 0 || !view.has("pass_rate_theta")) return null;
  const n = Math.min(view.nAttempts, 6);
  const curves = range(n).map((k) => ({label: `attempt ${k + 1}`, kind: "rate", points: byTheta(view, "pass_rate_theta", k)})).filter((c) => c.points.length > 1);
  if (!curves.length) return null;
  const cut = view.result.attribute("exam.cut_theta"), competent = view.result.attribute("population.competent_theta");
  const near = curves[0].points.reduce((a, b) => Math.abs(b[0] - cut) < Math.abs(a[0] - cut) ? b : a);
  return {
    id: "theta", title: "Chance of passing by true ability",
    sentence: `A candidate in the bin at ${fixed(near[0], 2)} logit, next to the cut at ${fixed(cut, 2)}, passes the first attempt with a chance of ${percent(near[1])}.`,
    caption: `Of sittings at each attempt, by ability on the day less gaps in knowledge, sequence and scope; bins of a quarter logit with at least ${MIN_IN_BIN} sittings. ` +
      "Later attempts hold only those who failed before and came back.",
    keys: ["exam.stop.rule", "exam.stop.level", "exam.min_items", "exam.max_items", "exam.estimate.rule", "bank"],
    table: thetaTable(curves, "pass_rate_theta"),
    option: (width) => frame({
      legend: attemptLegend(curves.map((c) => c.label)),
      xAxis: axisOf(curves.flatMap((c) => c.points.map((p) => p[0])), width, {name: "true ability [logit]", axisLabel: {formatter: (x) => fixed(x, 1)}}),
      yAxis: percentAxis("", {max: 1}),
      tooltip: {...frame({}).tooltip, formatter: tip((p) => `Ability ${fixed(xOf(p), 3)}`, (p) => {
        const point = curves.find((c) => c.label === p.seriesName).points[p.dataIndex];
        return rate(point[1], point[2]);
      })},
      series: curves.flatMap((c, k) => {
        const lines = bandedLine(c.label, c.points.map((p) => p[0]), c.points.map((p) => p[1]), c.points.map((p) => p[2]), k, {series: {symbolSize: 5}});
        if (k === 0) lines[2].markLine = {...markAt(cut, cut === competent ? "cut and competence" : "cut"), data: cut === competent ? [{xAxis: cut}]
          : [{xAxis: cut}, {xAxis: competent, label: {formatter: "competence"}}]};
        return lines;
      }),
    }),
  };
}

function estimateFigure(view) {
  if (view.group !== 0 || !view.has("theta_bias", "theta_rmse", "theta_se")) return null;
  const curves = [["bias", "theta_bias"], ["root mean square error", "theta_rmse"], ["standard error as reported", "theta_se"]].map(([label, name]) => ({
    label, kind: "real", points: byTheta(view, name, 0)}));
  if (curves[0].points.length < 2) return null;
  const cut = view.result.attribute("exam.cut_theta");
  const near = (c) => c.points.reduce((a, b) => Math.abs(b[0] - cut) < Math.abs(a[0] - cut) ? b : a)[1];
  return {
    id: "estimate", title: "Error of the ability estimate",
    sentence: `Near the cut, estimates of the first attempt miss by ${fixed(near(curves[1]), 2)} logit (root mean square); the exam reports a standard error of ${fixed(near(curves[2]), 2)}.`,
    caption: "First attempt, by ability on the day. A root mean square above the reported standard error means that something besides chance errors of measurement, such as reading slips or a rush, moves scores.",
    keys: ["exam.estimate.rule", "exam.estimate.prior_sd", "deficits.reading", "exam.time_limit_min"],
    table: thetaTable(curves, "theta"),
    option: (width) => frame({
      legend: {...frame({}).legend, data: curves.map((c) => c.label)},
      xAxis: axisOf(curves.flatMap((c) => c.points.map((p) => p[0])), width, {name: "true ability [logit]", axisLabel: {formatter: (x) => fixed(x, 1)}}),
      yAxis: axis({type: "value", name: "logit"}),
      tooltip: {...frame({}).tooltip, formatter: tip((p) => `Ability ${fixed(xOf(p), 3)}`, (p) => fixed(yOf(p), 3))},
      series: curves.flatMap((c, k) => bandedLine(c.label, c.points.map((p) => p[0]), c.points.map((p) => p[1]), c.points.map((p) => p[2]), k, {series: {symbolSize: 5}})),
    }),
  };
}
