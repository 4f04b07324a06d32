// Where candidates end: a flow from attempts to outcomes. SPDX-License-Identifier: Apache-2.0
const OUTCOME_WORDS = {
  licensed: "Licensed", certified_only: "Certified, no licence", awaiting_gate: "Passed, gate still open", withdrew: "Withdrew",
  attempts_exhausted: "No attempt left", window_expired: "Window closed", never_tested: "Never sat",
};
const outcomeWords = (name) => OUTCOME_WORDS[name] || capital(words(name));

// counts[used][outcome] with the attempts from `most` on taken together.
function flowLinks(view, most) {
  const flat = view.get("n_outcome_by_attempts_used"), outcomes = view.labels("outcome");
  const nUsed = view.labels("attempts_used").length, n = Math.min(view.nAttempts, most);
  const name = (k) => k === 0 ? "Course completed" : k === n && view.nAttempts > n ? `Attempt ${k} and later` : `Attempt ${k}`;
  const cells = range(n + 1).map(() => outcomes.map(() => 0));
  for (let used = 0; used < nUsed; used++)
    outcomes.forEach((_, o) => { cells[Math.min(used, n)][o] += flat[used * outcomes.length + o]; });
  const links = [];
  for (let k = 0; k <= n; k++) {
    const further = sum(cells.slice(k + 1).map(sum));
    if (further > 0) links.push({source: name(k), target: name(k + 1), value: further});
    outcomes.forEach((o, i) => { if (cells[k][i] > 0) links.push({source: name(k), target: outcomeWords(o), value: cells[k][i], outcome: o}); });
  }
  return {links, depth: (k) => k, names: range(n + 1).map(name), n};
}

function flowFigure(view) {
  if (!view.has("n_outcome_by_attempts_used")) return null;
  const total = view.nCandidates, outcomes = view.labels("outcome"), counts = view.get("n_outcome");
  const {links, names, n} = flowLinks(view, 6);
  const ranked = outcomes.map((o, i) => [o, counts[i]]).filter(([, c]) => c > 0).sort((a, b) => b[1] - a[1]);
  const incoming = Object.fromEntries(outcomes.map((o, i) => [outcomeWords(o), counts[i]]));
  const partOf = (label) => (incoming[label] ?? sum(links.filter((l) => l.source === label).map((l) => l.value))) / total;
  const share = (label) => percent(partOf(label));
  return {
    id: "flow", title: "Where candidates end", wide: true,
    sentence: `Of ${plural(total, "candidate")}, ${listed(ranked.slice(0, 4).map(([o, c]) => `${percent(c / total)} end as “${outcomeWords(o).toLowerCase()}”`))}.`,
    caption: "From left to right: the course, each attempt, and where the candidates end on the last day observed. Widths are numbers of candidates.",
    keys: ["leave.after_fail", "leave.per_attempt", "policy.refresher.p_completed", "gates.skills.probability", "gates.licensure.probability", "policy.horizon_days"],
    table: {columns: [{name: "from", kind: "text"}, {name: "to", kind: "text"}, {name: "n", kind: "count"}, {name: "share", kind: "rate"}],
      rows: links.map((l) => [l.source, l.target, l.value, l.value / total])},
    height: (width) => isNarrow(width) ? 560 : theme.printing ? 270 : 430,
    option: (width) => {
      const narrow = isNarrow(width), c = theme.colours, size = narrow ? 10 : 12;
      const nodes = names.filter((name) => links.some((l) => l.source === name || l.target === name)).map((name, k) => ({
        name, depth: k, itemStyle: {color: c.soft}, label: {position: narrow && k === 0 ? "bottom" : "top", distance: 4}}));
      const ends = outcomes.map(outcomeWords).filter((name) => incoming[name] > 0).map((name) => ({
        name, depth: n + 1, itemStyle: {color: OUTCOME_COLOURS[outcomes.find((o) => outcomeWords(o) === name)] || c.series[0]},
        label: {position: "right"}}));
      // Nodes of attempts stand close together: their labels have two lines; so have those of the ends on a narrow screen.
      const label = (name) => {
        const k = names.indexOf(name), short = name.replace("Attempt ", "").replace(" and later", "+");
        if (k === 0) return "Course";
        if (k > 0) return `${narrow ? short : name.replace(" and later", "+")}\n${narrow ? percent(partOf(name), 0) : share(name)}`;
        return narrow ? `${brokenText(name, 84, textStyle(size))}\n${share(name)}` : `${name} ${share(name)}`;
      };
      return frame({
        legend: {show: false},
        tooltip: {...frame({}).tooltip, trigger: "item", formatter: (p) => tipBox(
          p.dataType === "edge" ? `${p.data.source} → ${p.data.target}` : p.name, [{value: `${whole(p.value)} (${percent(p.value / total, 2)})`}])},
        series: [{
          type: "sankey", left: 22, right: narrow ? 96 : 205, top: 34, bottom: narrow ? 20 : 8, nodeWidth: narrow ? 8 : 12, nodeGap: narrow ? 36 : 16, draggable: false,
          layoutIterations: 64, emphasis: {focus: "adjacency"},
          data: [...nodes, ...ends], links: links.map((l) => ({...l, lineStyle: {color: l.outcome ? OUTCOME_COLOURS[l.outcome] || c.soft : c.soft}})),
          lineStyle: {opacity: theme.dark ? 0.5 : 0.38, curveness: 0.5},
          label: {color: c.ink, fontSize: size, textBorderColor: c.back, textBorderWidth: 3, formatter: (p) => label(p.name)},
        }],
      });
    },
  };
}
