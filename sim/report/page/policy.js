// The figures a board asks for first, with their errors, and the table of certifying bodies.
// SPDX-License-Identifier: Apache-2.0
// By which day a share of the certified had been certified; bins are whole days or wider.
function certifiedBy(view, share) {
  const n = view.get("n_days_to_certification");
  if (!n || !(sum(n) > 0)) return NaN;
  const {low, width} = view.result.edges("day_bin"), wanted = share * sum(n);
  let below = 0, i = 0;
  while (below + n[i] < wanted) below += n[i++];
  return Math.max(Math.ceil(low[i] + width * (wanted - below) / n[i]) - 1, low[i]);
}

// That day, and its error: half of what lies between the days of one error of the share below and above.
function certifiedByWithError(view, share) {
  const n = sum(view.get("n_days_to_certification") || []), e = Math.sqrt(share * (1 - share) / n);
  const spread_ = n > 4 ? (certifiedBy(view, Math.min(0.999, share + e)) - certifiedBy(view, Math.max(0.001, share - e))) / 2 : NaN;
  return [certifiedBy(view, share), view.errorOf(Math.max(spread_, 0.5))];
}

// Who is competent when they sit the first time, and what becomes of that sitting: counts of people, and the share competent.
function baseRate(view) {
  const [right, falsePass, falseFail, passed] = view.get("n_decision", {attempt: 0}) || [];
  if (right === undefined) return null;
  const competent = falseFail + passed, all = competent + right + falsePass;
  return {all, competent, falsePass, falseFail, share: view.shareOf(competent, all)};
}

const perThousand = (share) => whole(1000 * share);

// A key figure: the value, its error (a text, or "" where it has none), what it is.
const tile = (value, error, label, note) => element("div", {class: "tile"}, element("b", {}, value), error ? element("small", {}, error) : null,
  element("span", {}, label), note ? element("small", {}, note) : null);
const shareTile = ([x, e], label, note) => tile(percent(x, decimals(100 * e, 1)), e instanceof Limits ? limitsText(e) : e > 0 ? `± ${fixed(100 * e, decimals(100 * e, 1))} points` : "", label, note);
const tilesOf = (...nodes) => element("div", {class: "tiles", role: "group", "aria-label": "Key figures, each with the standard error of the simulation"}, ...nodes);

function tiles(view) {
  const last = view.nAttempts - 1, within = Math.min(2, last), base = baseRate(view), share = shareTile;
  const [day, dayError] = certifiedByWithError(view, 0.5), [cost, costError] = feesOf(view);
  return tilesOf(share(view.rateAt("cumulative_pass_rate", 0), "pass at the first attempt", "of those who sat"),
    last > 0 ? share(view.rateAt("cumulative_pass_rate", within), `pass within ${plural(within + 1, "attempt")}`, "of those who sat") : null,
    last > 2 ? share(view.rateAt("cumulative_pass_rate", last), "pass in the end", `within ${plural(last + 1, "attempt")}`) : null,
    known(day) ? tile(whole(day), dayError > 0 ? `± ${dayError > 0.5 ? fixed(dayError, decimals(dayError)) : "less than 1"}` : "", "days to certification", "half of the certified, from the course") : null,
    base ? share(base.share, "are competent", "of those who sit the first time") : null,
    share(view.rateAt("false_pass_rate", last), "false passes", "of those not competent, in the end"),
    share(view.rateAt("false_fail_rate", last), "false fails", "of the competent, in the end"),
    known(cost) ? tile(money(cost, decimals(costError, 0)), costError > 0 ? `± ${money(costError, decimals(costError, 0))}` : "", "fees a candidate", "exam, refresher and course") : null);
}

function bodyFigure(view) {
  const passed = running(view.get("n_passed")), total = view.attempted, last = passed.length - 1;
  const by = (k) => [passed[Math.min(k, last)], view.get("cumulative_pass_rate_mcse", {attempt: Math.min(k, last)})];
  const rows = [["Attempted", total, NaN], ["First attempt", ...by(0)], ["Within 3", ...by(2)], ["Within 6", ...by(5)]];
  for (const [label, name] of [["Failed all", "n_failed_all"], ["Eligible for retest", "n_eligible_for_retest"], ["Lapsed", "n_lapsed"]])
    if (view.has(name)) rows.push([label, view.get(name), NaN]);
  const table = {columns: [{name: "row", label: "", kind: "text"}, {name: "n", kind: "count"}, {name: "share", kind: "rate"},
    {name: "share_mcse", label: "± se", kind: "rate"}, {name: "of_1000", label: "of 1,000", kind: "count"}], rows: rows.map(([label, n, error]) => [label, n, n / total, error, 1000 * n / total])};
  const shown = element("table", {class: "body-table"},
    element("caption", {class: "hidden"}, "As certifying bodies publish"),
    element("thead", {}, element("tr", {}, element("th", {scope: "col"}, ""), element("th", {scope: "col", class: "number"}, "candidates"),
      element("th", {scope: "col", class: "number"}, "share"), element("th", {scope: "col", class: "number"}, "of 1,000"), element("th", {scope: "col", class: "cell-bar", "aria-hidden": "true"}, ""))),
    element("tbody", {}, ...rows.map(([label, n, error]) => element("tr", {}, element("th", {scope: "row"}, label),
      element("td", {class: "number"}, whole(n)), element("td", {class: "number"}, known(error) ? rate(n / total, error) : percent(n / total)), element("td", {class: "number"}, perThousand(n / total)),
      element("td", {class: "cell-bar", "aria-hidden": "true"}, element("span", {style: `width:${Math.max(0, 100 * n / total).toFixed(2)}%`}))))));
  const ends = {"Failed all": "have failed all their attempts", "Eligible for retest": "may still sit again", "Lapsed": "lapse without a pass"};
  const never = rows.slice(4).filter(([, n]) => n > 0).map(([label, n]) => `${perThousand(n / total)} ${ends[label]}`), base = baseRate(view);
  const at = (k) => perThousand(passed[Math.min(k, last)] / total);
  return {
    id: "body", title: "As certifying bodies publish it", table, body: shown,
    sentence: `Of 1,000 who sit, ${at(0)} pass at the first attempt${last > 0 ? `, ${at(Math.min(2, last))} within ${last > 1 ? "three" : "two"}` : ""}${last > 2 ? ` and ${at(last)} in the end` : ""}` +
      `${never.length ? `; ${listed(never)}` : ""}.${base ? ` ${perThousand(base.share[0])} of the 1,000 are competent when they first sit.` : ""}`,
    caption: "Of all who attempted at least once. Eligible and lapsed: not passed, attempts left, and the window open or closed on the last day observed.",
    keys: ["policy.attempts_per_cycle", "policy.max_cycles", "policy.window_days", "policy.horizon_days", "leave.after_fail"],
  };
}

function provenanceText(result) {
  const a = (name) => result.attribute(name);
  const seed = a("engine.seed");
  return [result.file, a("source"), a("date_created"), seed !== undefined ? `seed ${seed}` : "", `digest ${a("statistics_digest")}`]
    .filter(Boolean).join(" · ");
}
