// Results as the C side wrote them: dimensions, and variables as flat arrays, row-major. Figures, which may be rounded,
// stand apart from what is exact. SPDX-License-Identifier: Apache-2.0
const {exact: DATA, figures: FIGURE_VARS} = JSON.parse(document.getElementById("data").textContent);
DATA.results.forEach((source, i) => Object.assign(source.vars, FIGURE_VARS[i]));

// Of few, or where none or all did, a standard error says nothing: the exact 95 % interval stands in its place. It is no
// number, so that whatever is computed with it as an error is not known.
class Limits {
  constructor(low, high) { Object.assign(this, {low, high}); }

  valueOf() { return NaN; }
  toString() { return `${this.low} to ${this.high}`; }
}
for (const source of DATA.results) for (const [name, at] of Object.entries(source.intervals))
  for (const [i, [low, high]] of Object.entries(at)) source.vars[`${name}_mcse`].data[i] = new Limits(low, high);

class Result {
  constructor(source) {
    Object.assign(this, source);
    this.dim = Object.fromEntries(source.dims.map((d) => [d.name, d]));
  }

  has(...names) { return names.every((name) => name in this.vars); }

  // How many values a dimension has; 0 where there is none.
  n(dim) { return this.dim[dim] ? this.dim[dim].values.length : 0; }

  // The values of a variable along its last free dimension, others fixed by index: at("pass_rate", {group: 0}).
  // With every dimension fixed, one value. null where there is no such variable.
  at(name, fixedAt = {}) {
    const v = this.vars[name];
    if (!v) return null;
    let places = [0];
    for (const dim of v.dims) {
      const n = this.n(dim), chosen = fixedAt[dim], next = [];
      for (const p of places) {
        if (chosen !== undefined) next.push(p * n + chosen);
        else for (let i = 0; i < n; i++) next.push(p * n + i);
      }
      places = next;
    }
    const out = places.map((p) => v.data[p] === null ? NaN : v.data[p]);
    return v.dims.every((d) => d in fixedAt) ? out[0] : out;
  }

  // Low edges and width of bins.
  edges(dim) {
    const b = this.dim[dim].bounds;
    return {low: b.filter((_, i) => i % 2 === 0), width: b[1] - b[0]};
  }

  attribute(name) { return this.attributes[name]; }
}

const sum = (xs) => xs.reduce((a, b) => a + b, 0);
const running = (xs) => { let total = 0; return xs.map((x) => total += x); };
const range = (n) => Array.from({length: n}, (_, i) => i);

// One policy and one group of its candidates: what a figure of a run is made from.
class View {
  constructor(result, group = 0) { this.result = result; this.group = group; }

  has(...names) { return this.result.has(...names); }
  get(name, fixedAt = {}) { return this.result.at(name, {group: this.group, ...fixedAt}); }
  labels(dim) { return this.result.dim[dim].values; }

  // Attempts that somebody made.
  get nAttempts() {
    const n = this.get("n_attempted");
    let last = n.length;
    while (last > 1 && !(n[last - 1] > 0)) last--;
    return last;
  }

  // The error of a mean over independent candidates; an exact run has none, and with a library of sessions they are not.
  errorOf(error) { return {simulate: error, exact: 0}[this.result.attribute("engine.sessions")] ?? NaN; }
  shareOf(count, n) { return [count / n, this.errorOf(Math.sqrt(count / n * (1 - count / n) / n))]; }

  get attempted() { return this.get("n_attempted")[0]; }
  get nCandidates() { return this.get("n_candidates"); }
  rateAt(name, attempt) {
    return [this.get(name, {attempt}), this.get(`${name}_mcse`, {attempt})];
  }
}

const RESULTS = DATA.results.map((source) => new Result(source));

// A parameter in words; of several groups or domains with the name of its own.
function parameterWords(key) {
  const about = DATA.parameters[key];
  if (!about) return words(key);
  const member = (/^(?:population\.groups|exam\.content\.domains)\.(.*?)\./.exec(key) || [])[1];
  return member && member !== "all" ? `${about.label}, ${words(member)}` : about.label;
}

// A value of a parameter with its unit: 15 days, $88, 0.3 logit. Parameters are exact: nothing of them is rounded.
function parameterValue(key, value) {
  const {unit} = DATA.parameters[key] || {unit: ""}, isNumber = value !== "" && known(Number(value));
  const text = value === '""' || value === "" ? "–" : typeof value === "boolean" ? String(value) : isNumber ? exact(value) : String(value).replace(/[[\]]/g, "");
  if (value === "none" || !/\d/.test(text) || !unit || unit === "1") return text;
  if (unit === "USD") return `$${text}`;
  const one = unit.replace(/s$/, "");
  return `${text} ${unit === "day" || unit === "items" ? (text === "1" ? one : `${one}s`) : unit}`;
}

// A short name for each result: its title, or where titles agree the file's name too.
RESULTS.forEach((r, i) => {
  const title = r.attribute("title") || r.file;
  const alone = RESULTS.every((o, j) => j === i || (o.attribute("title") || o.file) !== title);
  r.title = title;
  r.name = alone ? title : `${title} (${r.file})`;
  r.letter = String.fromCharCode(65 + i);
});
