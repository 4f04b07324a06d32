// Policies against the base: what is compared, and by how much they differ. SPDX-License-Identifier: Apache-2.0

// rows: {label, kind, base: [value, error], others: [{value, error, difference, differenceError}]}, the others in the order
// of names. What is told of errors is the caption's affair.
function differencesTable(rows, baseName, names) {
  const kinds = Object.fromEntries(rows.map((r) => [r.label, r.kind])), of = (suffix) => (row) => kinds[row[0]] + suffix;
  return {columns: [{name: "statistic", kind: "text"}, {name: "policy", kind: "text"}, {name: "value", kind: of("")}, {name: "value_mcse", label: "± se", kind: of("")},
    {name: "difference", kind: of(" difference")}, {name: "difference_mcse", label: "± se", kind: (row) => kinds[row[0]] === "rate" ? "rate difference_mcse" : kinds[row[0]]}],
  rows: rows.flatMap((r) => [[r.label, baseName, ...r.base, null, null], ...r.others.map((o, k) => [r.label, names[k], o.value, o.error, o.difference, o.differenceError])])};
}

const isClear = (o) => Math.abs(o.difference) > 1.96 * o.differenceError;
const tellDifference = (kind, o) => `${differenceText(kind, o.difference, o.differenceError)}${kind === "rate" && !isSame(o.difference, o.differenceError) ? " points" : ""}`;

// "with B, fees a candidate +$4.10": those clear of the error, the largest for their error first; what is the same is named.
function differencesSentence(rows, baseName, names) {
  const all = rows.flatMap((r) => r.others.map((o, k) => ({...o, row: r, name: names[k]}))), clear = all.filter(isClear);
  const same = rows.filter((r) => r.others.every((o) => isSame(o.difference, o.differenceError))).map((r) => r.label);
  const first = clear.sort((a, b) => Math.abs(b.difference / b.differenceError) - Math.abs(a.difference / a.differenceError)).slice(0, 3);
  return (first.length ? `Clearest against ${baseName}: ${listed(first.map((o) => `${o.row.label} ${tellDifference(o.row.kind, o)} with ${o.name}`))}.`
    : `No difference from ${baseName} is larger than the error of the simulation.`) + (same.length ? ` ${capital(listed(same))}: ${SAME}.` : "");
}

// Shares in percentage points; what has a unit of its own as a part of the base's value.
function differencesChart(rows, width, names) {
  const inPoints = rows[0].kind === "rate", part = (r) => inPoints ? 1 : 1 / Math.abs(r.base[0]);
  const show = (x, low, high) => isSame(x, high - low) ? "same" : inPoints ? points(x, decimals(100 * (high - low) / 3.92, 1)) : signed(percent(x, decimals(100 * (high - low) / 3.92, 1)), x);
  return forest(width, rows.map((r) => r.label), names.map((name, k) => ({name, values: rows.map((r) => {
    const {difference: d, differenceError} = r.others[k], e = known(differenceError) ? differenceError : 0, s = part(r);
    return [d * s, (d - 1.96 * e) * s, (d + 1.96 * e) * s];
  })})), show, {name: inPoints ? "percentage points" : "change, as a part of the base's value", axisLabel: {...textStyle(), formatter: (x) => inPoints ? points(x, 1) : percent(x, 1)}},
  {first: 1, tell: (x, low, high) => isSame(x, high - low) ? SAME : `${show(x, low, high)} ± ${fixed(100 * (high - low) / 3.92, decimals(100 * (high - low) / 3.92))}${inPoints ? " points" : ` ${THIN}%`}`});
}

// Two figures: of shares, and of fees, days and sittings.
function differencesFigures(id, rows, baseName, names, shortNames, caption) {
  const figure = (suffix, title, own, what) => own.length ? {
    id: `${id}${suffix}`, title, wide: true, sentence: differencesSentence(own, baseName, names), caption: `${what} ${caption}`,
    table: differencesTable(own, baseName, names), height: forestHeight(own.length, names.length), option: (width) => differencesChart(own, width, shortNames(width)),
  } : null;
  // Where an error is not known no interval is drawn; a difference of 0 would then look like one that is exact.
  const complete = rows.filter((r) => known(r.base[0]) && r.others.every((o) => known(o.difference) && (known(o.differenceError) || o.difference !== 0)));
  return [
    () => figure("", `Differences from ${baseName}: shares`, complete.filter((r) => r.kind === "rate"), "Percentage points, with 95 % intervals."),
    () => figure("-means", `Differences from ${baseName}: fees, days, sittings`, complete.filter((r) => r.kind !== "rate"),
      "As parts of the base's value, with 95 % intervals; the table has dollars, days and sittings."),
  ];
}
