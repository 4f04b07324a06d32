// Time to certification, with the outcomes that compete with it. SPDX-License-Identifier: Apache-2.0
const COMPETING = [
  ["certified", "n_days_to_certification", "licensed"],
  ["withdrew", "n_days_to_withdrawal", "withdrew"],
  ["no attempt left", "n_days_to_last_failure", "attempts_exhausted"],
];

// Bins up to the day by which nearly all that will happen has happened, rounded up to 30 days.
function lastBin(view, shares, high) {
  const n = shares[0].length, end = sum(shares.map((s) => s[n - 1]));
  const i = range(n).findIndex((k) => sum(shares.map((s) => s[k])) >= 0.999 * end);
  const day = Math.ceil(high[Math.max(0, i)] / 30) * 30;
  const last = high.findIndex((h) => h >= day);
  return last < 0 ? n - 1 : last;
}

function timeFigure(view) {
  if (!view.has("n_days_to_certification")) return null;
  const total = view.nCandidates, {low, width} = view.result.edges("day_bin"), high = low.map((x) => x + width);
  const curves = COMPETING.filter(([, name, like]) => view.has(name) && (like === "licensed" || sum(view.get(name)) > 0)).map(([label, name, like]) => ({
    label, like, share: running(view.get(name)).map((x) => x / total)}));
  const shares = curves.map((c) => c.share), last = lastBin(view, shares, high);
  const end = (c) => c.share[c.share.length - 1];
  const other = curves.slice(1).filter((c) => end(c) > 0.0005).map((c) => `${percent(end(c))} ${c.label === "withdrew" ? "leave" : "run out of attempts"}`);
  const never = 1 - sum(curves.map(end));
  return {
    id: "time", title: "Time to certification",
    sentence: `${percent(end(curves[0]))} are certified: half of them by day ${whole(certifiedBy(view, 0.5))}, nine in ten by day ` +
      `${whole(certifiedBy(view, 0.9))}.${other.length ? ` ${capital(listed(other))} instead.` : ""}`,
    caption: `Of all candidates, by days from the end of the course; leaving and running out count from the day the last result posts. ` +
      `The rest (${percent(never)}) never sit, wait for a gate, or let the window close.`,
    keys: ["policy.wait_days", "policy.refresher.days", "population.first_test_days.mean", "gates.skills.delay_days.mean", "policy.results_business_days", "leave.after_fail"],
    table: {columns: [{name: "day", label: "by the end of day", kind: "count"}, ...curves.map((c) => ({name: c.label, kind: "rate"}))],
      rows: range(last + 1).map((k) => [high[k] - 1, ...curves.map((c) => c.share[k])])},
    option: (width) => frame({
      legend: {...frame({}).legend, data: curves.map((c) => c.label)},
      xAxis: lineAxis(0, Math.round(high[last]), width, {name: "days from the end of the course"}), yAxis: percentAxis("", {max: 1}),
      tooltip: {...frame({}).tooltip, formatter: tip((p) => `By day ${whole(xOf(p))}`, (p) => percent(yOf(p), 2))},
      series: curves.map((c, i) => ({
        name: c.label, type: "line", symbol: "none", data: range(last + 1).map((k) => [high[k] - 1, c.share[k]]),
        color: OUTCOME_COLOURS[c.like], lineStyle: {width: 2.5, type: DASHES[i]}, areaStyle: i ? undefined : {opacity: 0.15},
        endLabel: {show: end(c) > 0.0005, offset: [-58, -12], formatter: () => percent(end(c)), color: theme.colours.ink},
      })),
    }),
  };
}
