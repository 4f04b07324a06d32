// Numbers as text. SPDX-License-Identifier: Apache-2.0
const THIN = "\u202f"; // narrow no-break space
const JOIN = "\u2060";  // no line ends here
const known = (x) => typeof x === "number" && Number.isFinite(x);
// Intl would take a sixth of a second to begin with.
const fixed = (x, digits = 1) => known(x) ? x.toFixed(digits).replace(/^-(0(?:\.0*)?)$/, "$1").replace("-", "\u2212")
  .replace(/\d+/, (whole_) => whole_.replace(/\B(?=(\d{3})+$)/g, ",")) : "–";
const whole = (x) => fixed(x, 0);
const score = (x) => known(x) ? fixed(x, Number.isInteger(x) ? 0 : 1).replace(/,/g, "") : "–"; // points of a scale: no thousands
const percent = (x, digits = 1) => known(x) ? `${fixed(100 * x, digits)}${THIN}%` : "–";
const points = (x, digits = 1) => known(x) ? `${x > 0 ? "+" : ""}${fixed(100 * x, digits)}` : "–";
const money = (x, digits = 0) => known(x) ? `${x < 0 ? `\u2212${JOIN}` : ""}$${fixed(Math.abs(x), digits === 1 ? 2 : digits)}` : "–"; // whole, or with cents
const words = (name) => String(name).replace(/_/g, " ");
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const ordinal = (n) => `${n}${["th", "st", "nd", "rd"][n % 100 > 10 && n % 100 < 14 ? 0 : n % 10] || "th"}`;
const plural = (n, one, many = `${one}s`) => `${whole(n)} ${n === 1 ? one : many}`;
const listed = (parts, last = "and") => parts.length < 2 ? parts.join("")
  : `${parts.slice(0, -1).join(", ")} ${last} ${parts[parts.length - 1]}`;

// A number as it is: the shortest that reads back.
const exact = (x) => String(x).replace(/^-/, "\u2212");

// Decimals that a standard error allows, by the rule of the Particle Data Group: two digits of the error where they are
// 10 to 35, else one. report_decimals of the terminal is the same.
function decimals(error, otherwise = 2) {
  if (!known(error) || !(error > 0)) return otherwise;
  const exponent = Math.floor(Math.log10(error)), first = Math.round(100 * error / 10 ** exponent);
  return Math.min(6, Math.max(0, (first < 355 || first > 949 ? 1 : 0) - exponent - (first > 949 ? 1 : 0)));
}

// A value with its standard error, in so many digits; scale: 100 for what is shown in percent.
const withError = (x, error, scale = 1, otherwise = 2) => error > 0
  ? `${fixed(scale * x, decimals(scale * error, otherwise))} ±\u00a0${fixed(scale * error, decimals(scale * error, otherwise))}` : fixed(scale * x, otherwise);
const limitsText = ({low, high}) => `${fixed(100 * low, 1)} to ${fixed(100 * high, 1)}${THIN}%`;
// A share with its standard error, or with the limits that stand in its place.
const rate = (x, error) => !known(x) ? "–" : error instanceof Limits ? `${percent(x)} (${limitsText(error)})` : error === 0 ? percent(x) : `${withError(x, error, 100, 1)}${THIN}%`;

// The text of a cell, by the kind of its column; error: the standard error that stands beside it, or that it is.
const CELL = {
  text: (x) => x === null || x === undefined ? "–" : String(x),
  count: whole,
  rate: (x, error) => x instanceof Limits ? limitsText(x) : percent(x, decimals(100 * error)),
  points: (x, error) => points(x, decimals(100 * error)),
  money: (x, error) => money(x, decimals(error)),
  real: (x, error) => fixed(x, decimals(error, 3)),
  number: (x, error) => !known(x) ? CELL.text(x) : known(error) && error > 0 ? fixed(x, decimals(error)) : exact(Number(x.toPrecision(12))),
  parameter: (x) => known(x) ? exact(x) : CELL.text(x),
};
// A difference from the base: what nobody's outcome depends on is the same for each candidate, and has no error.
const SAME = "the same for every candidate";
const isSame = (x, error) => x === 0 && error === 0;
const signed = (text, x) => x > 0 ? `+${text}` : text;
const differenceText = (kind, x, error) => isSame(x, error) ? SAME : kind === "rate" ? points(x, decimals(100 * error, 1))
  : signed(kind === "money" ? money(x, decimals(error)) : fixed(x, decimals(error)), x);
for (const kind of ["rate", "money", "real"]) CELL[`${kind} difference`] = (x, error) => known(x) ? differenceText(kind, x, error) : "–";
CELL["rate difference_mcse"] = (x) => known(x) ? fixed(100 * x, decimals(100 * x)) : "–";

const isNumeric = (kind) => kind !== "text";

// The standard error that belongs to a cell of a row: the column itself, or the one behind it.
function errorBeside(table, row, i) {
  const isError = (k) => k < table.columns.length && /(^|[_ ])mcse( |$)/.test(table.columns[k].name);
  return isError(i) ? row[i] : isError(i + 1) ? row[i + 1] : NaN;
}

function csv(table) {
  const cell = (x) => {
    const formula = typeof x === "string" && /^[=+\-@\t\r]/.test(x); // no spreadsheet is to compute it
    const text = x === null || x === undefined || Number.isNaN(Number(x)) && typeof x !== "string" ? "" : `${formula ? "'" : ""}${x}`;
    return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };
  return [table.columns.map((c) => c.name), ...table.rows]
    .map((row) => row.map(cell).join(",")).join("\n") + "\n";
}
