// Opens the pages in Chromium: nothing on the console, nothing from the network, every chart drawn, numbers equal to
// those of `retake summary --json`, a table downloads, the keyboard reaches everything, print shows whole charts, and
// the content security policy lets nothing run that retake did not write.
// usage: node browser.mjs FOLDER_OF_NODE_MODULES FOLDER. SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {join} from "node:path";
import {faultsOfLayout} from "./layout.mjs";

const [, , modules, folder] = process.argv;
const {chromium} = createRequire(modules)("playwright-core");
const PRINT = {width: 688, height: 1017}; // A4 less margins of 14 mm, at 96 dots per inch

const FIGURES = {
  "run.html": ["body", "pass", "flow", "time", "false", "theta", "scores", "estimate", "length", "minutes", "stops", "buckets", "used", "costs", "exposure", "all-parameters"],
  "few.html": ["body", "pass", "false", "costs"],
  "compared.html": ["differences", "differences-means", "compare-pass", "compare-false", "compare-outcomes", "differs", "pass", "flow"],
  "sweep.html": ["sweep-map", "sweep-differences", "sweep-compared", "sweep-compared-means", "sweep-tradeoff", "policies"],
  "sensitivity.html": ["tornado-1", "sweep-map", "policies"],
  "cut.html": ["cut-indices", "cut-pass", "cut-false", "cut-attempts", "cut-accuracy", "cut-consistency", "cut-kappa", "cut-confidence", "cut-sem", "cut-chance", "cut-length",
    "cut-undecided", "score-length", "score-undecided", "cut-loss", "cut-best", "cut-panel", "cut-changes", "bank-information", "bank-short", "exposure", "all-parameters"],
};
const WITHOUT_CHART = ["body", "all-parameters", "differs", "policies", "cut-indices"];
const KEYBOARD = {"run.html": ["pass", /Attempt 1/], "cut.html": ["cut-pass", /Cut 850/]}; // a chart, and what its first point says

async function open(browser, name, options = {}) {
  const context = await browser.newContext({viewport: {width: 1280, height: 900}, acceptDownloads: true, ...options});
  const page = await context.newPage(), faults = [];
  page.setDefaultTimeout(120000);
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && faults.push(message.text()));
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("request", (request) => /^(file|blob|data):/.test(request.url()) || faults.push(`asks for ${request.url()}`));
  await page.goto(`file://${join(folder, name)}`);
  await page.waitForSelector("html[data-ready][data-drawn=all]").catch((error) => { throw new Error(`${name}: ${faults.join("; ") || error.message}`); });
  return {page, context, faults};
}

// What each figure holds.
const look = (page) => page.evaluate(() => Object.fromEntries([...document.querySelectorAll("figure")].map((figure) => {
  const svg = figure.querySelector(".chart svg"), box = svg && svg.getBoundingClientRect();
  return [figure.id, {
    says: figure.querySelector(".says").textContent, caption: figure.querySelector(".assumed").textContent,
    marks: svg ? svg.querySelectorAll("path, text").length : 0, width: svg ? box.width : 0, height: svg ? box.height : 0,
    label: svg ? svg.closest("[aria-label]").getAttribute("aria-label") : "", hasNumbers: figure.querySelectorAll(".numbers button").length === 2,
  }];
})));

async function checkFigures(page, name) {
  const found = await look(page);
  for (const id of FIGURES[name]) assert.ok(found[id], `${name}: no figure ${id}`);
  for (const [id, figure] of Object.entries(found)) {
    assert.ok(figure.says.length > 20 && !/NaN|undefined|Infinity/.test(figure.says + figure.caption), `${name} ${id}: says '${figure.says}'`);
    assert.ok(figure.hasNumbers, `${name} ${id}: no table to copy or download`);
    if (WITHOUT_CHART.includes(id)) continue;
    assert.ok(figure.marks > 12 && figure.width > 250 && figure.height > 90, `${name} ${id}: nearly empty, ${JSON.stringify(figure)}`);
    assert.ok(figure.label.length > 40, `${name} ${id}: no accessible description`);
  }
}

async function download(page, id) {
  const [file] = await Promise.all([page.waitForEvent("download"), page.click(`#${id} .tools button:has-text("CSV")`)]);
  assert.equal(file.suggestedFilename(), `${id}.csv`);
  const [head, ...rows] = readFileSync(await file.path(), "utf8").trim().split("\n").map((line) => line.split(","));
  return {head, rows, column: (name) => rows.map((row) => Number(row[head.indexOf(name)]))};
}

async function checkRunNumbers(page) {
  const json = JSON.parse(readFileSync(join(folder, "run.json"), "utf8"));
  const csv = await download(page, "pass"), n = csv.rows.length;
  for (const name of ["n_attempted", "n_passed", "pass_rate", "pass_rate_mcse", "cumulative_pass_rate", "cumulative_pass_rate_mcse"])
    assert.deepEqual(csv.column(name), json[name][0].slice(0, n), `run.html: ${name}`);
  const wrong = await download(page, "false");
  for (const name of ["false_pass_rate", "false_fail_rate"]) assert.deepEqual(wrong.column(name), json[name][0].slice(0, n), name);
  const flow = await download(page, "flow");
  const licensed = flow.rows.filter((row) => row[1] === "Licensed").reduce((total, row) => total + Number(row[2]), 0);
  assert.equal(licensed, json.n_outcome[0][0]);
  const body = await download(page, "body");
  assert.equal(body.column("n")[0], json.n_attempted[0][0]);
  assert.equal(body.column("n")[1], json.n_passed[0][0]);
  // What is read on the page is the same number, rounded.
  await page.click("#pass summary");
  await page.waitForSelector("#pass tbody td");
  const cells = await page.$$eval("#pass tbody tr:first-child td", (nodes) => nodes.map((node) => node.textContent));
  const shown = /([\d.]+)/.exec(cells[2])[1], error = /([\d.]+)/.exec(cells[3])[1];
  const digits = (text) => (text.split(".")[1] || "").length, [lead] = (100 * json.pass_rate_mcse[0][0]).toExponential(2).split("e");
  assert.equal(shown, (100 * json.pass_rate[0][0]).toFixed(digits(error)));
  assert.equal(error.replace(/^[0.]*/, "").replace(".", "").length, Number(lead) < 3.55 || Number(lead) > 9.49 ? 2 : 1, `error ${error}`);
  assert.equal(Number(cells[0].replace(/,/g, "")), json.n_attempted[0][0]);
}

// What a board asks for: people, base rates, errors of the key figures, words with keys, what is the same.
async function checkWords(page, name) {
  const text = await page.innerText("main");
  const wanted = {
    "run.html": [/Of 1,000 who sit, \d+ pass at the first attempt/, /of the 1,000 are competent when they first sit/, /waiting time 15 days policy\.wait_days/, /0\.3 logit study\.course_gain ?set here, assumed/,
      /after attempt 3/],
    "compared.html": [/today's policy, with which the others are compared/, /Passed at the first attempt[^.:]*: the same for every candidate/, /fees a candidate/, /attempts per cycle \(3 or 6\)/],
    "sweep.html": [/Today's policy, the base/, /the same for every candidate/, /paired differences/, /attempts per cycle 6, waiting time 30 days/],
  }[name] || [];
  for (const part of wanted) assert.ok(part.test(text.replace(/\s+/g, " ")), `${name}: nowhere ${part}`);
  if (name === "run.html") assert.equal((await page.$$eval(".tile", (nodes) => nodes.filter((node) => /±/.test(node.textContent)).length)), 8, "key figures with errors");
}

// Of few candidates: where a standard error says nothing the exact interval stands, in tiles, sentences, tables and bands.
async function checkFew(page) {
  const json = JSON.parse(readFileSync(join(folder, "few.json"), "utf8")), {low, high} = json.intervals.false_fail_rate;
  const last = json.n_attempted[0].findLastIndex((n) => n > 0), fixed = (x) => (100 * x).toFixed(1);
  assert.equal(json.false_fail_rate_mcse[0][last] || 0, 0, "few.html: too many candidates for this test");
  const interval = `${fixed(low[0][last])} to ${fixed(high[0][last])}\u202f%`;
  const tiles = await page.$$eval(".tile", (nodes) => nodes.map((node) => node.textContent));
  assert.ok(tiles.some((text) => text.includes("false fails") && text.includes(interval)), `few.html: no ${interval} in ${tiles}`);
  assert.ok(!tiles.some((text) => /± 0(\.0+)? points/.test(text)), `few.html: ${tiles}`);
  await page.click("#false summary");
  await page.waitForSelector("#false tbody td");
  const cells = await page.$$eval("#false tbody tr:last-child td", (nodes) => nodes.map((node) => node.textContent));
  assert.ok(cells.includes(interval), `few.html: ${cells}`);
  assert.equal((await download(page, "false")).rows.at(-1)[4], "", "few.html: an error that is none is empty");
}

// The first chart of a sweep has the errors of the second: of paired differences.
async function checkPaired(page) {
  const json = JSON.parse(readFileSync(join(folder, "sweep.json"), "utf8")), csv = await download(page, "sweep-map");
  const last = (x) => x.map((of) => of[0].at(-1)), close = (a, b) => a.forEach((x, i) => assert.ok(Math.abs(x - b[i]) <= 1e-6 * Math.abs(b[i]) + 1e-12, `policy ${i + 1}: ${x}`));
  close(csv.column("cumulative_pass_rate_difference"), last(json.cumulative_pass_rate_difference));
  close(csv.column("cumulative_pass_rate_difference_mcse"), last(json.cumulative_pass_rate_difference_mcse));
}

async function checkSweepNumbers(page) {
  const json = JSON.parse(readFileSync(join(folder, "sweep.json"), "utf8"));
  const csv = await download(page, "sweep-map"), shown = csv.column("cumulative_pass_rate");
  json.cumulative_pass_rate.map((of) => of[0][of[0].length - 1]).forEach((x, i) => assert.ok(Math.abs(x - shown[i]) < 1e-6, `policy ${i + 1}`));
  assert.deepEqual(csv.column("policy.wait_days"), json["policy.wait_days"]);
}

// Numbers of a cut study at the operational cut and the scenario's threshold, and what another choice changes.
async function checkCutNumbers(page) {
  const json = JSON.parse(readFileSync(join(folder, "cut.json"), "utf8")), cut = json.cut.indexOf(950), at = json.competence.findIndex((x) => Math.abs(x) < 1e-9);
  const indices = await download(page, "cut-indices"), names = ["accuracy", "consistency", "kappa"], pick = (name) => name.endsWith("accuracy") ? json[name][cut][at] : json[name][cut];
  assert.deepEqual(indices.rows.map((row) => row[0]), names);
  assert.deepEqual(indices.column("simulated"), names.map(pick));
  for (const index of ["rudner", "lee"]) assert.deepEqual(indices.column(index), names.map((name) => pick(`${index}_${name}`)), index);
  const pass = await download(page, "cut-pass"), last = json.attempt.length - 1;
  assert.deepEqual(pass.column("cut"), json.cut);
  assert.deepEqual(pass.column("cumulative_pass_rate within 1"), json.cumulative_pass_rate.map((row) => row[0]));
  assert.deepEqual(pass.column(`cumulative_pass_rate within ${last + 1}`), json.cumulative_pass_rate.map((row) => row[last]));
  const wrong = await download(page, "cut-false");
  assert.deepEqual(wrong.column("false_pass_rate after 1"), json.false_pass_rate.map((row) => row[at][0]));
  const sem = await download(page, "cut-sem");
  assert.deepEqual(sem.column("conditional_sem"), json.conditional_sem);
  const changes = await download(page, "cut-changes");
  assert.deepEqual(changes.rows.filter((row) => row[1] === "accuracy").map((row) => Number(row[4])), json.change_accuracy_difference);
  assert.equal(await page.textContent(".caveat"), json.attributes.caveat);
  await page.selectOption("#choose-competence", {index: 0});
  await page.waitForSelector("html[data-drawn=all]");
  assert.deepEqual((await download(page, "cut-false")).column("false_pass_rate after 1"), json.false_pass_rate.map((row) => row[0][0]), "another threshold");
}

// Tab goes through links, buttons, charts and tables; arrows move along a chart and are heard.
async function checkKeyboard(page, [id, says]) {
  const wanted = await page.$$eval(".chart", (nodes) => nodes.map((node) => node.closest("figure").id)), reached = new Set();
  await page.focus(".skip");
  for (let presses = 0; presses < 400 && reached.size < wanted.length; presses++) {
    await page.keyboard.press("Tab");
    const here = await page.evaluate(() => document.activeElement.matches(".chart") ? document.activeElement.closest("figure").id : "");
    if (here) reached.add(here);
  }
  assert.deepEqual([...reached], wanted, "Tab reaches every chart, in order");
  await page.focus(`#${id} .chart`);
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(({source}) => new RegExp(source).test(document.getElementById("said").textContent), {source: says.source});
  const wasOpen = await page.$eval(`#${id} details`, (node) => node.open);
  await page.focus(`#${id} summary`);
  await page.keyboard.press("Enter");
  assert.notEqual(await page.$eval(`#${id} details`, (node) => node.open), wasOpen, "Enter opens and closes a table");
}

// A title that would be HTML, and in a spreadsheet a formula.
async function checkTitle(page) {
  const title = "=Six </script><script>window.ran=1</script> & <img src=x onerror=window.ran=2>";
  assert.ok((await page.textContent("#comparison")).includes(title), "titles are text");
  const names = (await download(page, "compare-false")).rows.map((row) => row[0]);
  assert.ok(names.includes(`'${title}`) && !names.includes(title), `a formula for a spreadsheet: ${names}`);
}

// Every chart shows a tooltip: what it is made of must keep to the policy too.
async function checkTips(page, name) {
  await page.$$eval(".chart", (nodes) => nodes.forEach((node) => node.dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowRight"}))));
  await page.waitForTimeout(100);
  const {n, unmarked} = await page.$$eval(".chart div.tip", (nodes) => ({n: nodes.length, unmarked: nodes.filter((tip) =>
    [...tip.querySelectorAll(".marker")].some((m) => getComputedStyle(m).backgroundColor === "rgba(0, 0, 0, 0)" || m.getBoundingClientRect().width < 8)).length}));
  assert.ok(n > 0 && unmarked === 0, `${name}: ${n} tooltips, ${unmarked} of them without the colour of a series`);
}

// What a text might bring in, were it ever taken for HTML, does not run: the policy names each script and style by its hash.
async function checkPolicy(page, name, faults) {
  assert.equal(await page.evaluate(() => window.ran), undefined, `${name}: a title ran`);
  const policy = await page.getAttribute("meta[http-equiv=Content-Security-Policy]", "content");
  assert.ok(!/unsafe/.test(policy) && policy.match(/'sha256-[A-Za-z0-9+/]{43}='/g).length === 3, policy);
  const before = faults.length;
  const colour = await page.evaluate(() => {
    const script = document.createElement("script"), box = document.createElement("div");
    script.textContent = "window.ran = 3";
    box.innerHTML = '<img src="data:," onerror="window.ran = 4"><b style="color: rgb(1, 2, 3)">x</b>';
    document.body.append(script, box);
    return getComputedStyle(box.querySelector("b")).color;
  });
  await page.waitForFunction(() => document.querySelector("img").complete);
  assert.equal(await page.evaluate(() => window.ran), undefined, `${name}: an inline script ran`);
  assert.notEqual(colour, "rgb(1, 2, 3)");
  const refused = faults.splice(before);
  assert.ok(refused.length === 3 && refused.every((fault) => /Content Security Policy/.test(fault)), refused.join("; "));
}

// No text that is cut or lies on another, no page wider than its window, no axis that says nothing.
async function checkLayout(page, name) {
  assert.deepEqual(await faultsOfLayout(page), [], `${name} at ${page.viewportSize().width} px`);
}

// Where scripts do not run the numbers are there as tables, and fit on a phone.
async function checkWithoutScripts(browser) {
  const context = await browser.newContext({viewport: {width: 360, height: 740}, javaScriptEnabled: false, colorScheme: "dark"}), page = await context.newPage();
  const json = JSON.parse(readFileSync(join(folder, "run.json"), "utf8"));
  await page.goto(`file://${join(folder, "run.html")}`);
  const text = await page.innerText("main");
  for (const name of ["pass_rate", "cumulative_pass_rate", "false_pass_rate"]) {
    const [value, error] = [json[name][0][0], json[`${name}_mcse`][0][0]];
    assert.ok([1, 2, 3].some((digits) => text.includes(`${(100 * value).toFixed(digits)} \u00b1 ${(100 * error).toFixed(digits)}`)), `without scripts: ${name} ${value}`);
  }
  assert.ok(text.includes(json.attributes.title) && /at least 15 days apart/.test(text), "without scripts: title and policy");
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 360, "without scripts: wider than 360 px");
  const {back, ink} = await page.evaluate(() => { const {backgroundColor, color} = getComputedStyle(document.body), of = (text) => Math.max(...text.match(/\d+/g).slice(0, 3)); return {back: of(backgroundColor), ink: of(color)}; });
  assert.ok(back < 60 && ink > 200, "without scripts: as dark as the system wants it");
  await page.goto(`file://${join(folder, "cut.html")}`);
  assert.ok(!/\bbars\b/i.test(await page.innerText("main")), "without scripts: words of bars that are not there");
  await context.close();
}

async function checkPrint(page, name) {
  await page.setViewportSize(PRINT);
  await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
  await page.emulateMedia({media: "print"});
  const cut = await page.$$eval("figure", (nodes, {width, height}) => nodes.map((node) => {
    const box = node.getBoundingClientRect(), svg = node.querySelector(".chart svg"), inner = svg ? svg.getBoundingClientRect() : box;
    const whole = node.querySelector("details[open]") ? node.querySelector(".chart") || node : node; // a table that is open may go on overleaf
    const fits = whole.getBoundingClientRect().height <= height && inner.right <= width + 1 && inner.bottom <= box.bottom + 1 && getComputedStyle(whole).breakInside === "avoid";
    return fits || !svg ? "" : `${node.id} ${box.height} ${inner.right}`;
  }).filter(Boolean), PRINT);
  assert.deepEqual(cut, [], `${name}: charts that print would cut`);
  assert.deepEqual(await faultsOfLayout(page), [], `${name} as printed`);
  const pdf = await page.pdf({format: "A4"});
  assert.ok(pdf.length > 20000 && pdf.subarray(0, 5).toString() === "%PDF-", `${name}: no PDF`);
}

// The same page on a phone that prefers dark: charts follow the width and the colours.
async function checkNarrow(page, name) {
  await page.setViewportSize({width: 360, height: 740});
  await page.emulateMedia({colorScheme: "dark"});
  await page.waitForFunction(() => document.documentElement.dataset.theme === "dark" && [...document.querySelectorAll(".chart svg")].every((svg) => svg.getBoundingClientRect().width <= 340));
  await checkLayout(page, name);
  await checkFigures(page, name);
}

// And on a tablet.
async function checkMedium(page, name) {
  await page.setViewportSize({width: 768, height: 1024});
  await page.waitForFunction(() => [...document.querySelectorAll(".chart svg")].every((svg) => svg.getBoundingClientRect().width > 500));
  await checkLayout(page, name);
}

const browser = await chromium.launch({executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"]});
try {
  for (const name of Object.keys(FIGURES)) {
    const {page, context, faults} = await open(browser, name);
    await checkFigures(page, name);
    await checkLayout(page, name);
    if (name === "run.html") await checkRunNumbers(page);
    if (name === "few.html") await checkFew(page);
    if (name === "cut.html") await checkCutNumbers(page);
    if (KEYBOARD[name]) await checkKeyboard(page, KEYBOARD[name]);
    await checkWords(page, name);
    if (name === "sweep.html") await checkSweepNumbers(page);
    if (name === "sweep.html") await checkPaired(page);
    if (name === "compared.html") await checkTitle(page);
    await checkNarrow(page, name);
    await checkMedium(page, name);
    await page.click("#theme");
    await checkTips(page, name);
    await checkPrint(page, name);
    if (name === "compared.html") await checkPolicy(page, name, faults);
    assert.deepEqual(faults, [], name);
    await context.close();
  }
  await checkWithoutScripts(browser);
  console.log(`page: ${Object.keys(FIGURES).length} pages`);
} finally {
  await browser.close();
}
