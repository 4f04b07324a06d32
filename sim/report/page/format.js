// Numbers as text. SPDX-License-Identifier: Apache-2.0
const THIN = "\u202f"; // narrow no-break space
const known = (x) => typeof x === "number" && Number.isFinite(x);
// Intl would take a sixth of a second to begin with.
const fixed = (x, digits = 1) => known(x) ? x.toFixed(digits).replace(/^-(0(?:\.0*)?)$/, "$1").replace("-", "\u2212")
  .replace(/\d+/, (whole_) => whole_.replace(/\B(?=(\d{3})+$)/g, ",")) : "–";
const whole = (x) => fixed(x, 0);
const score = (x) => known(x) ? fixed(x, Number.isInteger(x) ? 0 : 1).replace(/,/g, "") : "–"; // points of a scale: no thousands
const percent = (x, digits = 1) => known(x) ? `${fixed(100 * x, digits)}${THIN}%` : "–";
const points = (x, digits = 1) => known(x) ? `${x > 0 ? "+" : ""}${fixed(100 * x, digits)}` : "–";
const money = (x, digits = 0) => known(x) ? `$${fixed(x, digits)}` : "–";
const words = (name) => String(name).replace(/_/g, " ");
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const ordinal = (n) => `${n}${["th", "st", "nd", "rd"][n % 100 > 10 && n % 100 < 14 ? 0 : n % 10] || "th"}`;
const plural = (n, one, many = `${one}s`) => `${whole(n)} ${n === 1 ? one : many}`;
const listed = (parts, last = "and") => parts.length < 2 ? parts.join("")
  : `${parts.slice(0, -1).join(", ")} ${last} ${parts[parts.length - 1]}`;

// A rate with enough digits for its standard error.
function rate(x, error) {
  const digits = known(error) && error > 0 ? Math.min(3, Math.max(1, Math.ceil(-Math.log10(100 * error)))) : 1;
  return known(error) ? `${fixed(100 * x, digits)} ± ${fixed(100 * error, digits)}${THIN}%` : percent(x, digits);
}

// The text of a cell, by the kind of its column.
const CELL = {
  text: (x) => x === null || x === undefined ? "–" : String(x),
  count: whole,
  rate: (x) => percent(x, 2),
  points: (x) => points(x, 2),
  money: (x) => money(x, 2),
  real: (x) => fixed(x, 3),
  number: (x) => known(x) ? String(Number(x.toPrecision(6))).replace("-", "\u2212") : CELL.text(x),
};
const isNumeric = (kind) => kind !== "text";

function csv(table) {
  const cell = (x) => {
    const formula = typeof x === "string" && /^[=+\-@\t\r]/.test(x); // no spreadsheet is to compute it
    const text = x === null || x === undefined || Number.isNaN(x) ? "" : `${formula ? "'" : ""}${x}`;
    return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };
  return [table.columns.map((c) => c.name), ...table.rows]
    .map((row) => row.map(cell).join(",")).join("\n") + "\n";
}
