// The policy in one sentence, the figures a board asks for first, and the table of certifying bodies.
// SPDX-License-Identifier: Apache-2.0
function policySentence(result) {
  const p = (key) => result.attribute(`policy.${key}`);
  const perCycle = p("attempts_per_cycle"), cycles = p("max_cycles"), wait = p("wait_days");
  const most = p("max_attempts"), yearly = p("max_attempts_per_year");
  if (perCycle === undefined) return "";
  const limited = perCycle < 1000;
  const waits = typeof wait === "number" ? plural(wait, "day") : `${String(wait).replace(/[[\]]/g, "")} days`;
  const parts = [limited ? `Up to ${plural(perCycle, "attempt")}${perCycle > 1 ? `, at least ${waits} apart` : ""}`
    : `Any number of attempts, at least ${waits} apart`];
  if (cycles > 1 && limited) {
    const course = String(p("after_cycle")).includes("course");
    const days = course ? p("course.days") : p("refresher.days");
    const more = cycles > 100 ? `before each ${whole(perCycle)} more`
      : cycles === 2 ? `before up to ${whole(perCycle)} more` : `before each further ${whole(perCycle)}, in up to ${whole(cycles)} cycles`;
    parts.push(`then a ${course ? "whole new course" : "refresher course"} of ${plural(days, "day")} ${more}`);
  }
  if (typeof most === "number" && most < perCycle * cycles) parts.push(`${whole(most)} attempts in all`);
  if (typeof yearly === "number") parts.push(`no more than ${whole(yearly)} within a year`);
  const window_ = p("window_days");
  const ends = typeof window_ === "number" ? `; the course counts for ${plural(window_, "day")}` : "";
  return `${parts.join(", ")}${ends}; each candidate is followed for ${plural(p("horizon_days"), "day")}.`;
}

// By which day a share of the certified had been certified; bins are whole days or wider.
function certifiedBy(view, share) {
  const n = view.get("n_days_to_certification");
  if (!n || !(sum(n) > 0)) return NaN;
  const {low, width} = view.result.edges("day_bin"), wanted = share * sum(n);
  let below = 0, i = 0;
  while (below + n[i] < wanted) below += n[i++];
  return Math.max(Math.ceil(low[i] + width * (wanted - below) / n[i]) - 1, low[i]);
}

function tiles(view) {
  const last = view.nAttempts - 1, within = Math.min(2, last);
  const tile = (value, label, note) => element("div", {class: "tile"}, element("b", {}, value), element("span", {}, label),
    note ? element("small", {}, note) : null);
  const [first] = view.rateAt("cumulative_pass_rate", 0), [third] = view.rateAt("cumulative_pass_rate", within);
  const [falsePass] = view.rateAt("false_pass_rate", last), [falseFail] = view.rateAt("false_fail_rate", last);
  const fees = ["fees", "refresher_fees", "course_fees", "authorization_fees"].filter((name) => view.has(name));
  const cost = sum(fees.map((name) => view.get(name))) / view.nCandidates;
  const [final] = view.rateAt("cumulative_pass_rate", last);
  return element("div", {class: "tiles", role: "group", "aria-label": "Key figures"},
    tile(percent(first), "pass at the first attempt", "of those who sat"),
    last > 0 ? tile(percent(third), `pass within ${plural(within + 1, "attempt")}`, "of those who sat") : null,
    last > 2 ? tile(percent(final), "pass in the end", `within ${plural(last + 1, "attempt")}`) : null,
    known(certifiedBy(view, 0.5)) ? tile(whole(certifiedBy(view, 0.5)), "days to certification", "half of the certified, from the course") : null,
    tile(percent(falsePass), "false passes", "of those not competent"),
    tile(percent(falseFail), "false fails", "of the competent"),
    fees.length ? tile(money(cost), "fees a candidate", "exam, refresher and course") : null);
}

function bodyFigure(view) {
  const passed = running(view.get("n_passed")), total = view.attempted, last = passed.length - 1;
  const by = (k) => [passed[Math.min(k, last)], view.get("cumulative_pass_rate_mcse", {attempt: Math.min(k, last)})];
  const rows = [["Attempted", total, NaN], ["First attempt", ...by(0)], ["Within 3", ...by(2)], ["Within 6", ...by(5)]];
  for (const [label, name] of [["Failed all", "n_failed_all"], ["Eligible for retest", "n_eligible_for_retest"], ["Lapsed", "n_lapsed"]])
    if (view.has(name)) rows.push([label, view.get(name), NaN]);
  const table = {columns: [{name: "row", label: "", kind: "text"}, {name: "n", kind: "count"}, {name: "share", kind: "rate"},
    {name: "share_mcse", label: "± se", kind: "rate"}], rows: rows.map(([label, n, error]) => [label, n, n / total, error])};
  const shown = element("table", {class: "body-table"},
    element("caption", {class: "hidden"}, "As certifying bodies publish"),
    element("thead", {}, element("tr", {}, element("th", {scope: "col"}, ""), element("th", {scope: "col", class: "number"}, "candidates"),
      element("th", {scope: "col", class: "number"}, "share"), element("th", {scope: "col", "aria-hidden": "true"}, ""))),
    element("tbody", {}, ...rows.map(([label, n]) => element("tr", {}, element("th", {scope: "row"}, label),
      element("td", {class: "number"}, whole(n)), element("td", {class: "number"}, percent(n / total)),
      element("td", {class: "cell-bar", "aria-hidden": "true"}, element("span", {style: `width:${Math.max(0, 100 * n / total).toFixed(2)}%`}))))));
  const never = rows.slice(4).filter(([, n]) => n > 0).map(([label, n]) => `${percent(n / total)} ${label.toLowerCase()}`);
  return {
    id: "body", title: "As certifying bodies publish it", table, body: shown,
    sentence: `Of ${whole(total)} candidates who sat the exam, ${percent(passed[0] / total)} passed at the first attempt and ` +
      `${percent(passed[Math.min(2, last)] / total)} within three${never.length ? `; ${listed(never)}` : ""}.`,
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
