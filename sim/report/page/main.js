// The page: which results there are decides which sections it has. SPDX-License-Identifier: Apache-2.0
const SECTIONS = [
  ["at-a-glance", "At a glance", [bodyFigure, passFigure, flowFigure, timeFigure, falseFigure]],
  ["ability", "Ability and scores", [thetaFigure, scoreFigure, estimateFigure]],
  ["the-test", "The test", [lengthFigure, minutesFigure, stopFigure, bucketFigure]],
  ["candidates-and-costs", "Candidates, items and costs", [usedFigure, costFigure, exposureFigure]],
];

function section(id, title) {
  const node = element("section", {id, "aria-labelledby": `${id}-heading`}, element("h2", {id: `${id}-heading`}, title));
  document.getElementById("main").append(node);
  return node;
}

function chooser(label, names, key) {
  const select = element("select", {id: `choose-${key}`, onchange: () => { state[key] = select.selectedIndex; if (key === "result") state.group = 0; if (key === "x") state.by = 0; render(`choose-${key}`); }},
    ...names.map((name, i) => element("option", {selected: state[key] === i}, words(name))));
  return element("label", {class: "chooser"}, `${label} `, select);
}

function warning(result) {
  const text = result.attribute("warning");
  return text ? element("p", {class: "warning", role: "note"}, `Warning: ${text}`) : null;
}

function runSections(view) {
  const {result} = view, groups = view.labels("group");
  SECTIONS.forEach(([id, title, makers], k) => {
    const node = section(id, title);
    if (k === 0) {
      const choosers = element("p", {class: "choosers"});
      if (RESULTS.length > 1) choosers.append(chooser("Policy", RESULTS.map((r) => `${r.letter}: ${r.name}`), "result"));
      if (groups.length > 1) choosers.append(chooser("Candidates", groups, "group"));
      if (choosers.firstChild) node.append(choosers);
      if (RESULTS.length > 1) node.append(element("p", {class: "policy"}, result.policy));
      const notice = warning(result);
      if (notice) node.append(notice);
      node.append(tiles(view));
    }
    const grid = element("div", {class: "grid"});
    node.append(grid);
    addFigures(grid, view, makers);
    if (!grid.firstChild) node.remove();
  });
}

// Parameters, all of them, with their grades.
function parameterSection(result) {
  const node = section("parameters", "Parameters and evidence");
  const keys = Object.keys(result.evidence), of = (k) => result.evidence[k], set = keys.filter((k) => of(k).set_here);
  const count = (g, among = keys) => among.filter((k) => of(k).grade.split(", ")[0] === g).length;
  const stated = Object.keys(GRADES).filter((g) => count(g, set) > 0).map((g, k) => `${count(g, set)}${k ? "" : " of them"} ${g}`), silent = count("", set);
  const grid = element("div", {class: "grid"});
  node.append(grid);
  addFigure(grid, null, {
    id: "all-parameters", title: "Every parameter", wide: true,
    sentence: `Of ${keys.length} parameters, ${count("rule")} are stated by rules, ${count("published")} come from published figures, ` +
      `${count("assumed") + count("tuned")} are assumed and ${count("technical")} technical. ${set.length} are set here and not the default` +
      `${stated.length ? `; the scenario calls ${listed(stated)}` : ""}${silent ? `; of ${silent} it says nothing` : ""}.`,
    caption: "The grade of a default is that of retake's table of parameters, the grade of a value that is set here what the scenario says behind it. " +
      "Assumed values should be varied before a decision rests on them.",
    table: {columns: [{name: "in_words", label: "parameter", kind: "text"}, {name: "value", kind: "text"}, {name: "evidence", kind: "text"}, {name: "source", label: "the scenario says", kind: "text"},
      {name: "default", kind: "text"}, {name: "key", kind: "text"}, {name: "what_it_is", label: "what it is", kind: "text"}],
    rows: keys.map((k) => [capital(parameterWords(k)), parameterValue(k, result.attribute(k)), evidenceWords(of(k)), of(k).source || "", of(k).set_here ? parameterValue(k, of(k).default) : "", k, DATA.parameters[k].doc])},
  });
}

function heading() {
  const main = document.getElementById("main"), result = RESULTS[0], several = RESULTS.length > 1;
  const title = DATA.title || (several ? `${RESULTS.length} policies compared` : result.title);
  document.title = `${title} – retake`;
  main.append(element("h1", {}, title));
  if (!several && !isSweep(result) && result.policy) main.append(element("p", {class: isCut(result) ? "assumed" : "policy"}, isCut(result) ? `Policy: ${result.policy}` : result.policy));
}

function navigation() {
  document.getElementById("sections").replaceChildren(...[...document.querySelectorAll("main > section")].map((node) =>
    element("a", {href: `#${node.id}`}, node.querySelector("h2").textContent)));
}

function foot() {
  document.getElementById("foot").replaceChildren(
    element("p", {}, "A simulation tells what follows from its assumptions; it does not show that they hold. ± and bands are the error of the simulation only, not of what was assumed."),
    ...RESULTS.map((r) => element("p", {class: "provenance"}, provenanceText(r))));
}

function render(focus) {
  dropAll();
  document.getElementById("main").replaceChildren();
  heading();
  const view = new View(RESULTS[state.result], state.group);
  if (isSweep(RESULTS[0])) {
    sweepPage(RESULTS[0]);
  } else if (isCut(RESULTS[0])) {
    cutPage(RESULTS[0]);
  } else {
    if (RESULTS.length > 1) comparison(section("comparison", "Comparison"), RESULTS.map((r) => new View(r)));
    runSections(view);
  }
  parameterSection(view.result);
  navigation();
  drawAll();
  if (focus) document.getElementById(focus).focus();
}

document.getElementById("theme").addEventListener("click", () => {
  const order = ["system", "light", "dark"];
  theme.chosen = order[(order.indexOf(theme.chosen) + 1) % 3];
  applyTheme();
  drawAll();
  say(`Colours: ${theme.chosen}`);
});
prefersDark.addEventListener("change", () => { applyTheme(); drawAll(); });

applyTheme();
foot();
render();
document.documentElement.dataset.ready = "yes";
