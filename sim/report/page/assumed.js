// What a figure rests on: a caption and the parameters behind it, each with its grade of evidence.
// SPDX-License-Identifier: Apache-2.0
const GRADES = {
  rule: "stated by the exam body or the pathway text",
  published: "a figure from a cited source",
  assumed: "assumed: vary it before you rely on it",
  technical: "a setting of the computation",
};

const isDefault = (known_, value) => String(value) === known_.default || Number(known_.default) === value;

function parameterChip(result, key) {
  const value = result.attribute(key), about = DATA.parameters[key];
  if (value === undefined) return null;
  const shown = typeof value === "number" ? CELL.number(value) : value;
  const grade = !about ? "" : isDefault(about, value) ? about.grade : "set here";
  const title = about ? `${about.doc}. Default ${about.default}, ${GRADES[about.grade] || about.grade}.` : "";
  return element("span", {class: `chip ${grade.replace(" ", "-")}`, title},
    element("code", {}, key), ` ${shown}${about && about.unit && about.unit !== "1" ? `${THIN}${about.unit}` : ""}`,
    grade ? element("i", {}, grade) : null);
}

// A key that ends in .* stands for all parameters that begin so.
function parameterKeys(result, keys) {
  return keys.flatMap((key) => key.endsWith(".*")
    ? Object.keys(result.attributes).filter((k) => k.startsWith(key.slice(0, -1))) : [key]);
}

function assumed(view, caption, keys) {
  const result = view && view.result;
  const chips = result ? parameterKeys(result, keys).map((key) => parameterChip(result, key)).filter(Boolean) : [];
  const node = element("div", {class: "assumed"}, element("p", {}, caption || ""));
  if (chips.length) node.append(element("p", {class: "chips"}, "Rests on: ", ...chips.flatMap((chip) => [chip, " "])));
  return node;
}
