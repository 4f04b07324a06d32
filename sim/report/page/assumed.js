// What a figure rests on: a caption and the parameters behind it, each with its grade of evidence.
// SPDX-License-Identifier: Apache-2.0
const GRADES = {
  rule: "stated by the exam body or the pathway text",
  published: "a figure from a cited source",
  assumed: "assumed: vary it before you rely on it",
  technical: "a setting of the computation",
  tuned: "moved by hand until targets came out",
};
const gradeWords = (grades) => grades.split(", ").map((grade) => GRADES[grade] || grade).join("; ");

// The grade of a value and whether it is set here, in a few words: "assumed", "set here, rule".
const evidenceWords = ({grade, set_here: isSet}) => isSet ? `set here${grade ? `, ${grade}` : ""}` : grade;

function parameterChip(result, key) {
  const value = result.attribute(key), about = DATA.parameters[key], evidence = result.evidence[key];
  if (value === undefined || !about || !evidence) return null;
  const stated = evidence.set_here ? `Set here: ${evidence.grade ? gradeWords(evidence.grade) : "the scenario states no grade"}${evidence.source ? ` (${evidence.source})` : ""}. ` : "";
  const title = `${about.doc}. ${stated}Default ${about.default}, ${gradeWords(about.grade)}.`;
  return element("span", {class: `chip ${evidence.set_here ? "set-here" : evidence.grade}`, title},
    `${parameterWords(key)} `, element("b", {}, parameterValue(key, value)), " ", element("code", {}, key),
    element("i", {}, evidenceWords(evidence)));
}

// A key that ends in .* stands for all parameters that begin so. Nothing rests on the confidence of a rule that looks at no cut.
function parameterKeys(result, keys) {
  return keys.filter((key) => key !== "exam.stop.level" || result.looks_at_cut).flatMap((key) => key.endsWith(".*")
    ? Object.keys(result.attributes).filter((k) => k.startsWith(key.slice(0, -1))) : [key]);
}

function assumed(view, caption, keys) {
  const result = view && view.result;
  const chips = result ? parameterKeys(result, keys).map((key) => parameterChip(result, key)).filter(Boolean) : [];
  const node = element("div", {class: "assumed"}, element("p", {}, caption || ""));
  if (chips.length) node.append(element("p", {class: "chips"}, "Rests on: ", ...chips.flatMap((chip) => [chip, " "])));
  return node;
}
