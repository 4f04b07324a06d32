// What the pathway costs. SPDX-License-Identifier: Apache-2.0
const COSTS = [["Exam fees", "fees"], ["Refresher fees", "refresher_fees"], ["Fees of new courses", "course_fees"], ["Fees of new authorisations", "authorization_fees"]];

// The mean of what is counted a candidate, with its error, from how many have at least 1, 2, ... of it.
function meanOfCounts(view, atLeast) {
  const n = view.nCandidates, mean = sum(atLeast) / n, square = sum(atLeast.map((x, i) => (2 * i + 1) * x)) / n;
  return [mean, view.errorOf(Math.sqrt(Math.max(0, square - mean * mean) / n))];
}

const sittingsOf = (view) => meanOfCounts(view, view.get("n_attempted"));

// What a candidate pays on average. Whoever sits more often pays more of everything, so the errors of the parts add up;
// authorisations, of which only the number is known, count as independent.
function feesOf(view) {
  const counts = {fees: view.get("n_attempted"), refresher_fees: view.get("n_refreshers"), course_fees: view.get("n_courses")};
  const parts = COSTS.map(([, name]) => name).filter((name) => view.has(name)).map((name) => {
    const paid = view.get(name), n = counts[name] ? sum(counts[name]) : view.has("n_authorizations_forfeited") ? view.get("n_authorizations_forfeited") : 0;
    const error = counts[name] ? meanOfCounts(view, counts[name].filter((x) => x > 0).sort((a, b) => b - a))[1] : view.errorOf(Math.sqrt(n) / view.nCandidates);
    return [paid / view.nCandidates, paid > 0 && n > 0 ? paid / n * error : paid > 0 ? NaN : 0];
  });
  return parts.length ? [sum(parts.map(([x]) => x)), sum(parts.map(([, e]) => e))] : [NaN, NaN];
}

function costFigure(view) {
  const costs = COSTS.filter(([, name]) => view.has(name)).map(([label, name]) => [label, view.get(name)]);
  if (!costs.length) return null;
  const n = view.nCandidates, certified = sum(view.get("n_days_to_certification") || []), total = sum(costs.map(([, x]) => x));
  const used = costs.filter(([, x]) => x > 0), seats = view.get("seats");
  const rows = [...costs, ["All fees", total]].map(([label, x]) => [label, x, x / n, x / certified]);
  return {
    id: "costs", title: "What it costs",
    sentence: `A candidate pays $${withError(...feesOf(view))} in fees on average and sits ${withError(...sittingsOf(view))} times; that is ${money(total / certified, 2)} of fees and ${fixed(seats / certified, 2)} seats for each certified candidate.`,
    caption: "Fees paid within the time observed, for all candidates. Travel, lost wages and the first course are not in it.",
    keys: ["policy.fee", "policy.refresher.fee", "policy.course.fee", "gates.authorization.fee"],
    table: {columns: [{name: "cost", label: "", kind: "text"}, {name: "all", label: "in all", kind: "money"}, {name: "per_candidate", label: "a candidate", kind: "money"}, {name: "per_certified", label: "a certified candidate", kind: "money"}], rows},
    height: () => 120 + 46 * Math.max(1, used.length),
    option: (width) => frame({
      legend: {show: false}, grid: {...GRID, right: 60},
      xAxis: axis({type: "value", name: "USD a candidate", splitNumber: isNarrow(width) ? 3 : 5}),
      yAxis: axis({type: "category", inverse: true, data: used.map(([label]) => label), axisLabel: {...textStyle(), width: isNarrow(width) ? 90 : 140, overflow: "break", lineHeight: 14}}),
      tooltip: {...frame({}).tooltip, axisPointer: {type: "shadow"}, formatter: tip((p) => p.name, (p) => money(p.value, 2))},
      series: [{name: "a candidate", type: "bar", barMaxWidth: 30, color: theme.colours.series[0], data: used.map(([, x]) => x / n),
        label: {show: true, position: "right", color: theme.colours.ink, formatter: (p) => money(p.value, 2)}}],
    }),
  };
}
