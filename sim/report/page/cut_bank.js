// A cut study's bank: information against what the stop rule needs, and where items are short. SPDX-License-Identifier: Apache-2.0
function bankInformationFigure(study) {
  if (!study.has("bank_information_best", "bank_information_needed")) return null;
  const x = study.scoreAxis(), best = study.get("bank_information_best"), needed = study.get("bank_information_needed");
  const overlap = study.pair("bank_overlap_rate"), decides = study.result.bank_decides;
  const gap = `Information is greatest at ${score(x.values[extreme(best, 1)])}${decides ? `; ${decides}` : ""}.`;
  return curves({
    id: "bank-information", title: needed.some(known) ? "Information of the bank against what a decision needs" : "Information of the bank", wide: true, x, kind: "real", unit: "information [1/logit²]", y: {min: 0, max: Math.ceil(1.25 * Math.max(...best.filter(known)))},
    sentence: `${gap}${known(overlap[0]) ? ` Two candidates have ${percent(overlap[0])} of their items in common.` : ""}`,
    caption: `Available: the sum over the best items of the maximum length at that ability.${needed.some(known) ? " Needed: what the stop rule asks for to decide one who stands there, which grows without limit towards the cut." : ""}`,
    keys: ["bank", "exam.max_items", "exam.stop.rule", "exam.stop.level", "exam.select.rule"],
    lines: [{name: "available", variable: "bank_information_best", values: best}, {name: "needed", variable: "bank_information_needed", values: needed}],
  });
}

// Between two colours of six digits.
function blend(from, to, share) {
  const part = (colour, i) => parseInt(colour.slice(1 + 2 * i, 3 + 2 * i), 16);
  return `rgb(${[0, 1, 2].map((i) => Math.round(part(from, i) + (part(to, i) - part(from, i)) * share)).join(",")})`;
}

function bankShortFigure(study) {
  if (!study.has("bank_n_items", "bank_n_needed", "bank_n_short")) return null;
  const domains = study.labels("domain"), bins = study.labels("difficulty_bin"), [items, needed, short] = ["bank_n_items", "bank_n_needed", "bank_n_short"].map((name) => study.get(name));
  const at = (d, b) => d * bins.length + b, total = sum(short.filter(known)), most = Math.max(1, ...short.filter(known)), worst = extreme(short, 1);
  const where = (i) => `${words(domains[Math.floor(i / bins.length)])}, difficulty ${fixed(bins[i % bins.length], 2)}`;
  const used = range(bins.length).filter((b) => domains.some((_, d) => items[at(d, b)] > 0 || needed[at(d, b)] > 0)), labels = used.map((b) => fixed(bins[b], 2));
  const volume = study.result.attribute("validate.volume"), greatest = study.result.attribute("validate.greatest_exposure");
  const counts = (x) => CELL.number(Math.round(10 * x) / 10);
  return {
    id: "bank-short", title: "Items short, by domain and difficulty", wide: true,
    sentence: total > 0 ? `${plural(Math.ceil(total), "item")} ${Math.ceil(total) === 1 ? "is" : "are"} short in all, most of them in ${where(worst)}: ${counts(items[worst])} there, ${counts(needed[worst])} needed.` : "No cell is short of items.",
    caption: `Needed: items that sittings use there, ${known(greatest) ? `with none shown in more than ${percent(greatest, 0)} of them` : "with no item shown too often"}${known(volume) ? ` at ${whole(volume)} sittings a year` : ""}. In the cells: −n where n items are short, else items needed / items there, or a dot where there is little room.`,
    keys: ["validate.volume", "validate.greatest_exposure", "bank", "exam.content.rule"],
    table: {columns: [{name: "domain", kind: "text"}, {name: "difficulty", kind: "number"}, {name: "bank_n_items", label: "in the bank", kind: "number"}, {name: "bank_n_needed", label: "needed", kind: "number"}, {name: "bank_n_short", label: "short", kind: "number"}],
      rows: domains.flatMap((domain, d) => used.map((b) => [domain, bins[b], items[at(d, b)], needed[at(d, b)], short[at(d, b)]]))},
    height: (width) => 70 + Math.max(30, isNarrow(width) ? 34 : 38) * domains.length,
    option: (width) => {
      const c = theme.colours, narrow = isNarrow(width), base = theme.dark ? "#20262e" : "#f1f4f7";
      return frame({
        legend: {show: false}, grid: {...GRID, right: 12},
        xAxis: axis({type: "category", data: labels, name: "difficulty [logit]", axisLabel: {...textStyle(narrow ? 10 : 12), hideOverlap: true}}),
        yAxis: axis({type: "category", inverse: true, data: domains.map(words), axisLabel: {...textStyle(narrow ? 10 : 12), interval: 0, width: narrow ? 84 : 178, overflow: "break", lineHeight: 13}}),
        tooltip: {...frame({}).tooltip, trigger: "item", formatter: (p) => { const i = at(p.value[1], used[p.value[0]]); return tipBox(where(i), [["in the bank", items], ["needed", needed], ["short", short]].map(([name, of]) => ({name, value: counts(of[i])}))); }},
        series: [{name: "short", type: "custom", encode: {x: 0, y: 1}, data: domains.flatMap((_, d) => used.map((b, j) => [j, d, short[at(d, b)], needed[at(d, b)], items[at(d, b)]])),
          renderItem: (params, api) => {
            const [x, y] = api.coord([api.value(0), api.value(1)]), [w, h] = api.size([1, 1]), v = api.value(2), share = v > 0 ? 0.25 + 0.75 * v / most : 0;
            return {type: "rect", shape: {x: x - w / 2 + 1, y: y - h / 2 + 1, width: w - 2, height: h - 2}, style: {fill: blend(base, "#e69f00", share)},
              textConfig: {position: "inside"}, textContent: {style: {text: v > 0 ? `−${Math.ceil(v)}` : narrow ? "·" : `${counts(api.value(3))}/${counts(api.value(4))}`, fill: share > 0.3 ? "#111111" : c.ink, fontSize: narrow ? 9 : w < 44 ? 10 : 12}}};
          }}],
      });
    },
  };
}
