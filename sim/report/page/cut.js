// A cut study: what it holds and what the reader has chosen of it; the study in one sentence, key figures, the indices.
// SPDX-License-Identifier: Apache-2.0
const isCut = (result) => result.n("cut") > 0;

const INDICES = [["Rudner", "rudner"], ["Lee", "lee"], ["Livingston–Lewis", "livingston_lewis"]];
const AGREEMENT = ["accuracy", "consistency", "kappa"];

// The study at the chosen cut, threshold of competence and ratio of costs.
class Study extends View {
  constructor(result) {
    super(result, 0);
    const a = (key) => result.attribute(key), or = (x, other) => known(x) ? x : other;
    this.cuts = result.dim.cut.values;
    this.competences = result.dim.competence ? result.dim.competence.values : [0];
    this.ratios = result.dim.cost_ratio ? result.dim.cost_ratio.values : [1];
    this.operational = or(a("exam.scale.cut"), this.cuts[0]);
    this.competentTheta = or(a("population.competent_theta"), 0);
    if (state.cut < 0) state.cut = nearest(this.cuts, this.operational);
    if (state.competence < 0) state.competence = nearest(this.competences, this.competentTheta);
    if (state.ratio < 0) state.ratio = nearest(this.ratios, 1);
    this.cut = this.cuts[state.cut];
    this.competence = this.competences[state.competence];
    this.ratio = this.ratios[state.ratio];
    this.here = {cut: state.cut, competence: state.competence, cost_ratio: state.ratio};
    this.nAll = result.n("attempt");
  }

  // Attempts that somebody makes at the chosen cut.
  get nAttempts() {
    const n = this.result.at("n_attempted", {cut: state.cut}) || [];
    let last = n.length;
    while (last > 1 && !(n[last - 1] > 0)) last--;
    return Math.max(1, last);
  }

  get(name, fixedAt = {}) { return this.result.at(name, {group: 0, ...fixedAt}); }
  // Along one dimension, everything else as chosen.
  along(dim, name, more = {}) {
    const {[dim]: _, ...others} = this.here;
    return this.has(name) ? this.get(name, {...others, ...more}) : null;
  }
  value(name, more = {}) { return this.has(name) ? this.get(name, {...this.here, ...more}) : NaN; }
  pair(name, more = {}) { return [this.value(name, more), this.value(`${name}_mcse`, more)]; }
  line(name, label, dim, more = {}) {
    return {name: label, variable: name, values: this.along(dim, name, more), errors: this.along(dim, `${name}_mcse`, more)};
  }
  get marks() {
    const marks = [[this.operational, `cut ${score(this.operational)}`]];
    if (this.cut !== this.operational) marks.push([this.cut, score(this.cut)]);
    return marks;
  }
  cutAxis() { return {name: "cut", label: "cut score", head: "cut", values: this.cuts, marks: this.marks}; }
  // True scores; charts show those within two logits of the cut.
  scoreAxis() {
    const values = this.labels("score_point"), reach = 2 * (this.result.attribute("exam.scale.per_logit") || Infinity);
    return {name: "score_point", label: "true score", values, min: Math.max(values[0], this.operational - reach), max: Math.min(values.at(-1), this.operational + reach),
      marks: [[this.operational, `cut ${score(this.operational)}`]]};
  }
  get thresholdText() { return `competence at ${fixed(this.competence, 2)} logit`; }
}

const pathwayWords = (n) => n > 1 ? `over a pathway of up to ${plural(n, "attempt")}` : "at the one attempt";

function cutSentence(study) {
  const last = study.nAttempts - 1, [first] = study.pair("cumulative_pass_rate", {attempt: 0}), [all] = study.pair("cumulative_pass_rate", {attempt: last});
  const where = study.cut === study.operational ? `At the cut of ${score(study.cut)}` : `With a cut of ${score(study.cut)} instead of ${score(study.operational)}`;
  const agreement = [known(study.value("accuracy")) ? `${percent(study.value("accuracy"))} of first decisions agree with the candidate's true status` : "",
    known(study.value("consistency")) ? `two sittings of the same candidate would agree in ${percent(study.value("consistency"))}` : ""].filter(Boolean);
  return `${where}, ${percent(first)} pass the first attempt${last > 0 ? ` and ${percent(all)} pass within ${plural(last + 1, "attempt")}` : ""}${agreement.length ? `; ${listed(agreement)}` : ""}.`;
}

function cutTiles(study) {
  const last = study.nAttempts - 1, at = (name, attempt) => study.pair(name, {attempt});
  const share = (pair, label, note) => known(pair[0]) ? shareTile(pair, label, note) : null;
  const wrong = (name, label, of) => share(at(name, last), label, `${of}${last > 0 ? `; ${rate(...at(name, 0))} after one attempt` : ""}`);
  return tilesOf(share(at("cumulative_pass_rate", 0), "pass at the first attempt", "of those who sat"),
    last > 0 ? share(at("cumulative_pass_rate", last), "pass in the end", `within ${plural(last + 1, "attempt")}`) : null,
    share(study.pair("accuracy"), "accuracy", "first decision against true status"),
    share(study.pair("consistency"), "consistency", `two first sittings; kappa ${withError(...study.pair("kappa"))}`),
    wrong("false_pass_rate", "false passes", "of those not competent"), wrong("false_fail_rate", "false fails", "of the competent"));
}

// Simulated agreement beside the indices that need no simulation.
function indicesFigure(study) {
  const used = INDICES.filter(([, name]) => AGREEMENT.some((what) => known(study.value(`${name}_${what}`))));
  const rows = AGREEMENT.filter((what) => known(study.value(what))).map((what) => [what, ...study.pair(what), ...used.map(([, name]) => study.value(`${name}_${what}`))]);
  if (!rows.length) return null;
  const columns = [{name: "statistic", kind: "text"}, {name: "simulated", kind: "real"}, {name: "simulated_mcse", label: "± se", kind: "real"}, ...used.map(([label, name]) => ({name, label, kind: "real"}))];
  const lines = [["Simulated", (row) => withError(row[1], row[2], 1, 3)], ...used.map(([label], j) => [label, (row) => fixed(row[3 + j], decimals(row[2], 3))])];
  const body = element("table", {class: "body-table"}, element("caption", {class: "hidden"}, "Agreement of decisions, simulated and by indices"),
    element("thead", {}, element("tr", {}, element("th", {scope: "col"}, ""), ...rows.map(([what]) => element("th", {scope: "col", class: "number"}, what)))),
    element("tbody", {}, ...lines.map(([label, shown]) => element("tr", {}, element("th", {scope: "row"}, label), ...rows.map((row) => element("td", {class: "number"}, shown(row)))))));
  const gap = rows.flatMap((r) => used.map(([label], j) => [r[0], label, r[3 + j] - r[1]])).filter(([, , d]) => known(d)).sort((a, b) => Math.abs(b[2]) - Math.abs(a[2]))[0];
  const says = listed(rows.map((r) => `${r[0]} is ${withError(r[1], r[2], 1, 3)}`));
  return {
    id: "cut-indices", title: "Accuracy, consistency and kappa at the cut", wide: true, body, table: {columns, rows},
    sentence: `Simulated ${says}${gap ? `; the farthest index is ${gap[1]}'s ${gap[0]}, ${fixed(Math.abs(gap[2]), 3)} ${gap[2] < 0 ? "lower" : "higher"}` : ""}.`,
    caption: "Accuracy: the decision agrees with true status. Consistency: two sittings of the same candidate agree. Kappa: that agreement beyond chance. First sittings, all candidates. The indices take the error of measurement and the spread of ability from the bank and the population; they know nothing of deficits, of the clock or of retakes. " +
      `${used.some(([, n]) => n === "lee") ? `${longName(study.result, "lee_accuracy").replace(/\.$/, "")}. ` : ""}Livingston–Lewis stands where a fixed form is given.`,
    keys: ["population.competent_theta", "exam.cut_theta", "exam.form", "bank"],
  };
}
const longName = (result, name) => (result.vars[name] && result.vars[name].long_name) || name;

function caveat(result) {
  return element("p", {class: "caveat", role: "note"}, result.attribute("caveat") || "A simulation shows the consistency of decisions, not that the cut is right.");
}

const CUT_SECTIONS = [
  ["at-the-cut", "At the cut", [indicesFigure, cutPassFigure, falseByCutFigure, falseByAttemptFigure]],
  ["agreement", "Agreement of decisions", [...AGREEMENT.map((what) => (study) => agreementFigure(study, what)), confidenceFigure]],
  ["precision", "Precision at each score", [semFigure, passByScoreFigure]],
  ["the-test", "The test", [lengthByCutFigure, undecidedByCutFigure, lengthByScoreFigure, undecidedByScoreFigure]],
  ["choosing", "Choosing a cut", [lossFigure, bestCutFigure, panelFigure, changesFigure]],
  ["the-bank", "The bank", [bankInformationFigure, bankShortFigure, exposureFigure]],
];

function cutPage(result) {
  const study = new Study(result);
  CUT_SECTIONS.forEach(([id, title, makers], k) => {
    const node = section(id, title);
    if (k === 0) {
      const choosers = element("p", {class: "choosers"}, chooser("Cut", study.cuts.map((c) => `${score(c)}${c === study.operational ? " (operational)" : ""}`), "cut"),
        chooser("Competent from", study.competences.map((c) => `${fixed(c, 2)} logit${Math.abs(c - study.competentTheta) < 1e-9 ? " (the scenario's)" : ""}`), "competence"));
      if (study.has("loss")) choosers.append(chooser("A false pass costs", study.ratios.map((r) => `${CELL.number(r)} × a false fail`), "ratio"));
      const notice = warning(result);
      node.append(...[element("p", {class: "policy"}, cutSentence(study)), caveat(result), notice, choosers, cutTiles(study)].filter(Boolean));
    }
    const grid = element("div", {class: "grid"});
    node.append(grid);
    addFigures(grid, study, makers);
    if (!grid.firstChild) node.remove();
  });
}
