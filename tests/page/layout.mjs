// What is wrong with how a page is laid out at the width it has: text outside its chart (a legend with pages keeps its
// further entries there), texts that overlap, ticks that say the same or have digits that nobody reads, tables that
// are cut, a page that is wider than its window. Used by the test and by gallery.mjs.
// SPDX-License-Identifier: Apache-2.0

// Runs in the page. Boxes of text are as high as the font's line: what overlaps by less than SLACK does not touch.
function findFaults() {
  const SLACK = {x: 0.5, y: 3}, faults = [];
  const isShown = (node) => { const style = getComputedStyle(node); return style.visibility !== "hidden" && style.opacity !== "0" && node.textContent.trim() !== ""; };
  const textsOf = (svg) => [...svg.querySelectorAll("text")].filter((node) => isShown(node) && !isTurned(node)) // of a slanted text the box is no guide
    .map((node) => ({text: node.textContent.trim(), anchor: node.getAttribute("text-anchor"), box: node.getBoundingClientRect()}));
  const overlaps = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > SLACK.x && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > SLACK.y;
  const isOutside = (a, b) => a.left < b.left - 1 || a.right > b.right + 1 || a.top < b.top - SLACK.y || a.bottom > b.bottom + SLACK.y;
  const isTurned = (node) => { const {a, b} = node.getCTM(); return Math.abs(a) > 0.01 && Math.abs(b) > 0.01; }; // one that stands upright has a box as good as any
  const isTick = (t) => /^[+\u2212-]?[$]?[\d,]+(\.\d+)?\s?%?$/.test(t.text);

  function checkTicks(id, texts) { // those of a vertical axis end at the same place
    const columns = new Map();
    for (const t of texts.filter((text) => text.anchor === "end" && isTick(text))) columns.set(Math.round(t.box.right), [...(columns.get(Math.round(t.box.right)) || []), t.text]);
    for (const ticks of columns.values()) {
      if (ticks.length < 3) continue;
      if (new Set(ticks).size < ticks.length) faults.push(`${id}: ticks that say the same: ${ticks.join(", ")}`);
      if (ticks.some((t) => /\.\d{3}/.test(t))) faults.push(`${id}: ticks with too many digits: ${ticks.join(", ")}`);
    }
  }

  for (const svg of document.querySelectorAll(".chart svg")) {
    const {id} = svg.closest("figure"), frame = svg.getBoundingClientRect(), texts = textsOf(svg);
    for (const [i, a] of texts.entries()) {
      if (isOutside(a.box, frame)) faults.push(`${id}: '${a.text}' is outside its chart`);
      for (const b of texts.slice(i + 1)) if (overlaps(a.box, b.box)) faults.push(`${id}: '${a.text}' overlaps '${b.text}'`);
    }
    checkTicks(id, texts);
  }
  const isScrolled = (node) => Boolean(node.closest(".scroll")) && getComputedStyle(node.closest(".scroll")).overflowX === "auto";
  for (const table of document.querySelectorAll("figure table")) {
    const figure = table.closest("figure");
    if (!isScrolled(table) && table.getBoundingClientRect().right > figure.getBoundingClientRect().right + 1) faults.push(`${figure.id}: its table is cut`);
  }
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth) faults.push(`the page is ${wide} px wide in a window of ${innerWidth} px`);
  return faults;
}

export const faultsOfLayout = (page) => page.evaluate(findFaults);
