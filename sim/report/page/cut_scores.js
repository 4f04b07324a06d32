// A cut study along true and observed scores: precision, chance of passing, how sure a decision is.
// SPDX-License-Identifier: Apache-2.0
function semFigure(study) {
  if (!study.has("conditional_sem")) return null;
  const perLogit = study.result.attribute("exam.scale.per_logit") || 100, points_ = (xs) => xs && xs.map((x) => x * perLogit);
  const x = study.scoreAxis(), i = nearest(x.values, study.operational);
  const of = (name, label) => ({name: label, variable: name, values: study.get(name), errors: study.get(`${name}_mcse`)});
  const raw = [of("conditional_sem", "conditional SEM"), of("information_sem", "by information"), of("reported_se_mean", "as reported"), of("conditional_bias", "bias")].filter((l) => l.values);
  const theta = study.get("theta");
  const shown = raw[0].values.filter((v, j) => known(v) && x.values[j] >= x.min && x.values[j] <= x.max);
  const sem = study.has("conditional_sem_score") ? study.get("conditional_sem_score")[i] : raw[0].values[i] * perLogit;
  return curves({
    id: "cut-sem", title: "Conditional standard error of measurement", wide: true, x, kind: "real", unit: "score points", y: {scale: false},
    sentence: `At ${score(x.values[i])} the standard error of measurement is ${fixed(sem)} score points (${fixed(raw[0].values[i], 3)} logit); ` +
      `from ${score(x.min)} to ${score(x.max)} it lies between ${fixed(Math.min(...shown) * perLogit)} and ${fixed(Math.max(...shown) * perLogit)} points.`,
    caption: "Standard deviation of the scores of one who stands at that true score, at the operational cut and without deficits; beside it what the information of the answered items implies and what the exam reports. Points are logits times the slope of the scale.",
    keys: ["exam.estimate.rule", "exam.scale.per_logit", "exam.max_items", "validate.sittings"],
    lines: raw.map((l) => ({...l, values: points_(l.values), errors: points_(l.errors) || undefined})),
    table: curvesTable(x, [...(theta ? [{name: "theta", variable: "theta", values: theta}] : []), ...(study.has("conditional_sem_score") ? [of("conditional_sem_score", "SEM [points]")] : []), ...raw.map((l) => ({...l, name: `${l.name} [logit]`, errors: l.errors || undefined}))], "real"),
  });
}

function passByScoreFigure(study) {
  if (!study.has("p_pass")) return null;
  const x = study.scoreAxis(), n = study.has("p_pass_within") ? study.nAll : 1, below = nearest(x.values, study.operational - 30);
  const within = (attempt) => study.get("p_pass_within", {attempt}), one = study.get("p_pass"), last = n - 1;
  const attempts = range(n).slice(1).filter((k) => n <= 4 || k === 1 || k === 2 || k === last);
  return curves({
    id: "cut-chance", title: "Chance of passing by true score", wide: true, x, y: {max: 1},
    sentence: `One who stands at ${score(x.values[below])}, ${score(study.operational - x.values[below])} points below the cut, passes one attempt with a chance of ${percent(one[below])}` +
      `${n > 1 ? `, and one of ${n} with ${percent(within(last)[below])} though nothing is learnt in between` : ""}.`,
    caption: "At the operational cut, without deficits. Within k attempts: 1 − (1 − p)^k, independent sittings of one whose ability stays as it is and who does not give up.",
    keys: ["exam.cut_theta", "exam.stop.rule", "exam.max_items", "validate.sittings"],
    lines: [{name: "one attempt", variable: "p_pass", values: one, errors: study.get("p_pass_mcse") || undefined},
      ...attempts.map((k) => ({name: `within ${k + 1}`, variable: `p_pass_within ${k + 1}`, values: within(k)}))],
  });
}

function confidenceFigure(study) {
  if (!study.has("p_decision_right_given_band")) return null;
  const bands = study.labels("score_band"), n = study.get("n_score_band"), enough = range(bands.length).filter((i) => !n || n[i] >= MIN_IN_BIN);
  if (enough.length < 2) return null;
  const pick = (xs) => xs ? enough.map((i) => xs[i]) : undefined, of = (name, label) => ({name: label, variable: name,
    values: pick(study.along("score_band", name)), errors: pick(study.along("score_band", `${name}_mcse`))});
  const lines = [of("p_decision_right_given_band", "decision agrees with true status"), of("p_same_decision_given_band", "a second sitting would decide alike"), of("p_competent_given_band", "is competent")];
  const width = study.result.dim.score_band.bounds ? study.result.edges("score_band").width : 0, right = lines[0].values, low = extreme(right, -1), at = (i) => bands[enough[i]];
  const span = (i) => width ? `${score(at(i) - width / 2)} to ${score(at(i) + width / 2)}` : score(at(i));
  const x = {name: "score_band", label: "observed score", values: enough.map((i) => bands[i]), min: at(0) - width / 2, max: at(enough.length - 1) + width / 2, marks: [[study.operational, `cut ${score(study.operational)}`]]};
  const table = curvesTable(x, [...(n ? [{name: "sittings", variable: "n_score_band", values: pick(n), kind: "count"}] : []), ...lines.filter((l) => l.values)], "rate");
  return curves({
    id: "cut-confidence", title: "How sure is the decision, by observed score", x, y: {max: 1}, lines, table,
    sentence: `Decisions are least sure for scores of ${span(low)}: ${percent(right[low])} of them agree with true status.`,
    caption: `First sittings at the operational cut, in bands${width ? ` of ${whole(width)} points` : ""} with at least ${MIN_IN_BIN} of them; ${study.thresholdText}. This is what a reported score says of the candidate who got it.`,
    keys: ["population.competent_theta", "validate.band_width"],
  });
}

function lengthByScoreFigure(study) {
  if (!study.has("session_length_mean_given_theta")) return null;
  const x = study.scoreAxis(), values = study.get("session_length_mean_given_theta"), drawn = values.filter((v, i) => known(v) && x.values[i] >= x.min && x.values[i] <= x.max), most = values.indexOf(Math.max(...drawn));
  if (isOneLength(drawn)) return null;
  return curves({
    id: "score-length", title: "Length of the test, by true score", x, kind: "real", unit: "scored items, mean", y: zoomed(),
    sentence: `Who stands at ${score(x.values[most])} answers most items, ${fixed(values[most])} on average; the least are ${fixed(Math.min(...drawn))}.`,
    caption: "At the operational cut, without deficits.", keys: ["exam.min_items", "exam.max_items", "exam.stop.rule"],
    lines: [{name: "scored items", variable: "session_length_mean_given_theta", values, errors: study.get("session_length_mean_given_theta_mcse") || undefined}],
  });
}

function undecidedByScoreFigure(study) {
  if (!study.has("undecided_rate_given_theta") || !study.get("undecided_rate_given_theta").some(known)) return null;
  const x = study.scoreAxis(), values = study.get("undecided_rate_given_theta"), half = range(values.length).filter((i) => values[i] > 0.5), most = extreme(values, 1);
  return curves({
    id: "score-undecided", title: "Undecided, by true score", x, y: {max: 1},
    sentence: half.length ? `From ${score(x.values[half[0]])} to ${score(x.values[half.at(-1)])} more than half of the sittings end undecided.`
      : `At most ${percent(values[most])} of sittings end undecided, at ${score(x.values[most])}.`,
    caption: "At the operational cut, without deficits.", keys: ["exam.max_items", "exam.stop.rule", "exam.stop.level"],
    lines: [{name: "undecided", variable: "undecided_rate_given_theta", values, errors: study.get("undecided_rate_given_theta_mcse") || undefined}],
  });
}
