// Pictures of the pages of every shipped scenario, to be looked at: at four widths, light and dark, and as printed.
//   node tests/page/gallery.mjs FOLDER [NAME...]     e.g. node tests/page/gallery.mjs /tmp/gallery emr cut-study
// Results that are in FOLDER already are kept, pages and pictures are made anew. What is printed becomes pictures where
// pdftoppm (poppler-utils) is. RETAKE names the program. It is no test: layout.mjs is what the test holds of it.
// SPDX-License-Identifier: Apache-2.0
import {execFileSync, spawnSync} from "node:child_process";
import {existsSync, mkdirSync, readdirSync, statSync} from "node:fs";
import {createRequire} from "node:module";
import {basename, dirname, join, resolve} from "node:path";
import {fileURLToPath} from "node:url";
import {faultsOfLayout} from "./layout.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const retake = process.env.RETAKE || join(root, "build/release/retake");
const {chromium} = createRequire(join(root, "build/npm/"))("playwright-core");
const [, , folder, ...wanted] = process.argv;
const WIDTHS = [1920, 1280, 768, 360];
const DARK = [1280, 360];
const COMPARED = ["emr", "emr-new-course", "no-limit"];

const scenarios = (under) => readdirSync(join(root, "configs", under)).filter((file) => file.endsWith(".yaml")).sort().map((file) => join(under, file));
// [name, arguments of retake that make NAME.h5]
const RESULTS = [
  ...scenarios("").map((file) => [basename(file, ".yaml"), file.startsWith("cut-study") ? ["validate", file, "--candidates", "2000"] : ["run", file, "--candidates", "20000"]]),
  ...[...scenarios("exact"), ...scenarios("fits")].map((file) => [file.replace(/\.yaml$/, "").replace("/", "-"), ["run", file, "--candidates", "20000"]]),
  ...scenarios("sweeps").map((file) => [basename(file, ".yaml"), ["sweep", file, "--candidates", "2000"]]),
];

function makePage(name, sources) {
  const page = join(folder, `${name}.html`);
  execFileSync(retake, ["report", ...sources, "-o", page], {stdio: ["ignore", "ignore", "inherit"]});
  return [name, page];
}

function makePages() {
  const pages = [], isWanted = (name) => !wanted.length || wanted.includes(name);
  for (const [name, [command, file, ...more]] of RESULTS) {
    const result = join(folder, `${name}.h5`), needed = isWanted(name) || (isWanted("compared") && COMPARED.includes(name));
    if (needed && !existsSync(result)) execFileSync(retake, [command, join(root, "configs", file), ...more, "-o", result], {stdio: ["ignore", "ignore", "inherit"]});
    if (isWanted(name)) pages.push(makePage(name, [result]));
  }
  if (isWanted("compared")) pages.push(makePage("compared", COMPARED.map((name) => join(folder, `${name}.h5`))));
  return pages;
}

async function drawn(page) {
  await page.waitForSelector("html[data-ready][data-drawn=all]");
}

async function takePictures(browser, [name, file]) {
  const page = await browser.newPage();
  page.setDefaultTimeout(120000);
  const shot = (what) => page.screenshot({path: join(folder, `${name}.${what}.png`), fullPage: true});
  for (const width of WIDTHS) {
    await page.setViewportSize({width, height: 900});
    await page.emulateMedia({colorScheme: "light"});
    await page.goto(`file://${resolve(file)}`);
    await drawn(page);
    await shot(`${width}`);
    for (const fault of await faultsOfLayout(page)) console.log(`${name} at ${width} px: ${fault}`);
    if (!DARK.includes(width)) continue;
    await page.emulateMedia({colorScheme: "dark"});
    await drawn(page);
    await shot(`${width}-dark`);
  }
  await page.setViewportSize({width: 1280, height: 900});
  await page.emulateMedia({colorScheme: "light"});
  await page.pdf({path: join(folder, `${name}.pdf`), format: "A4", preferCSSPageSize: true});
  await page.close();
  if (spawnSync("pdftoppm", ["-png", "-r", "50", join(folder, `${name}.pdf`), join(folder, `${name}.print`)]).error) console.log("no pdftoppm: printed pages stay PDF");
}

mkdirSync(folder, {recursive: true});
const browser = await chromium.launch({executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"]});
try {
  for (const page of makePages()) {
    await takePictures(browser, page);
    console.log(`${page[0]}: ${Math.round(statSync(page[1]).size / 1024)} kB`);
  }
} finally {
  await browser.close();
}
