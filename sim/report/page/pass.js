// Passing by attempt. SPDX-License-Identifier: Apache-2.0
function passFigure(view) {
  const n = view.nAttempts, ks = range(n);
  const cut = (name) => view.get(name).slice(0, n);
  const within = cut("cumulative_pass_rate"), withinError = cut("cumulative_pass_rate_mcse");
  const each = cut("pass_rate"), eachError = cut("pass_rate_mcse");
  const labels = view.labels("attempt").slice(0, n).map(String);
  const gain = n > 1 ? `, ${rate(within[n - 1], withinError[n - 1])} by the ${ordinal(n)}` : "", sat = view.get("n_attempted");
  const retake = n > 1 ? ` Of 1,000 who sit, ${perThousand(sat[1] / sat[0])} sit a second time, and ${rate(each[1], eachError[1])} of these pass.` : "";
  return {
    id: "pass", title: "Passed by attempt",
    sentence: `${rate(within[0], withinError[0])} have passed after the first attempt${gain}.${retake}`,
    caption: "Bands are 95 % intervals of the simulation (1.96 standard errors; where those say nothing, the exact interval); where none is seen, it is narrower than the line. " +
      "Solid: of candidates who sat at least once. Dashed: of the sittings at that attempt.",
    keys: ["exam.cut_theta", "study.course_gain", "study.hours_per_day", "study.repair_per_hour", "leave.after_fail"],
    table: {
      columns: [{name: "attempt", kind: "text"}, {name: "n_attempted", label: "attempted", kind: "count"}, {name: "n_passed", label: "passed", kind: "count"},
        {name: "pass_rate", label: "of sittings", kind: "rate"}, {name: "pass_rate_mcse", label: "± se", kind: "rate"},
        {name: "cumulative_pass_rate", label: "passed so far", kind: "rate"}, {name: "cumulative_pass_rate_mcse", label: "± se", kind: "rate"}],
      rows: ks.map((k) => [labels[k], view.get("n_attempted")[k], view.get("n_passed")[k], each[k], eachError[k], within[k], withinError[k]]),
    },
    option: () => frame({
      legend: {...frame({}).legend, data: ["passed so far", "passed of those sitting"]},
      xAxis: axis({type: "category", data: labels, name: "attempt"}),
      yAxis: percentAxis("", {max: 1}),
      tooltip: {...frame({}).tooltip, formatter: tip((p) => `Attempt ${labels[p.dataIndex]}`, (p) => {
        const error = p.seriesName === "passed so far" ? withinError : eachError;
        return rate(yOf(p), error[p.dataIndex]);
      })},
      series: [
        ...bandedLine("passed so far", labels, within, withinError, 0, {series: {label: {show: n <= 8, position: "top",
          formatter: (p) => percent(p.value[1], 0), color: theme.colours.ink}}}),
        ...bandedLine("passed of those sitting", labels, each, eachError, 1),
      ],
    }),
  };
}

function usedFigure(view) {
  const used = view.get("n_by_attempts_used");
  if (!used) return null;
  const n = view.nAttempts + 1, labels = view.labels("attempts_used").slice(0, n).map(String), total = sum(used);
  return {
    id: "used", title: "Attempts used",
    sentence: `${percent(used[1] / total)} of all candidates sit once, ${percent(sum(used.slice(2)) / total)} more than once; ` +
      `${percent(used[0] / total)} never sit.`,
    caption: "Of all candidates who completed the course, at the end of the time observed.",
    keys: ["leave.after_fail", "policy.refresher.p_completed", "gates.verification.probability"],
    table: {columns: [{name: "attempts_used", kind: "text"}, {name: "n", kind: "count"}, {name: "share", kind: "rate"}],
      rows: labels.map((label, i) => [label, used[i], used[i] / total])},
    option: (width) => frame({
      legend: {show: false},
      xAxis: axis({type: "category", data: labels, name: "sittings of a candidate"}), yAxis: percentAxis(""),
      tooltip: {...frame({}).tooltip, formatter: tip((p) => plural(Number(labels[p.dataIndex]), "sitting"), (p) => percent(yOf(p), 2))},
      series: [{name: "of all candidates", type: "bar", color: theme.colours.series[0], data: used.slice(0, n).map((x) => x / total),
        label: {show: n < 12, position: "top", color: theme.colours.soft, formatter: (p) => percent(p.value, isNarrow(width) ? 0 : 1)}}],
    }),
  };
}
