// SPDX-License-Identifier: BSD-2-Clause
// What people ask of the page, and what it then shows.
"use strict";

const kPage = {trace: null, page: 0, events: 0, chosen: undefined, matching: []};
const kTimeLine = new TimeLine((place) => choose(place));

function showLegend() {
  const look = (colour, word) => {
    const sample = make("i", {});
    sample.style.background = "var(" + colour + ")";
    return make("span", {}, sample, word);
  };
  const sign = (text, word) => make("span", {}, make("b", {"aria-hidden": "true"}, text), word);
  byId("legend").replaceChildren(
    look("--cpu", "the CPU owns it"), look("--device", "devices own it"), look("--nobody", "nobody"),
    look("--unbacked", "no storage"), look("--unknown", "not known"), look("--window", "CPU window (line below)"),
    look("--map", "mapped, a line a device"), sign("\u25b2", "clean"), sign("\u25bc", "invalidate"),
    sign("\u25a0", "error"), sign("\u25b2", "warning, above the bar"), sign("\u25cf", "note"));
}

/// Every word has to be somewhere.
const hasWords = (text, words) => words.every((word) => text.includes(word));

function applyFilter() {
  const trace = kPage.trace, f = trace.findings;
  const value = (id) => byId(id).value;
  const words = value("text").toLowerCase().split(/\s+/).filter(Boolean);
  const device = value("device") === "" ? -1 : Number(value("device"));
  const task = value("task") === "" ? -1 : Number(value("task"));
  const texts = trace.causes.map((c) => (c.rule + " " + c.message + " " + c.responsible).toLowerCase());
  const names = trace.rows.map((row) => rowText(row).toLowerCase());
  const asksFor = (i) => {
    const cause = trace.causes[f.cause[i]];
    if (value("rule") && cause.rule !== value("rule")) return false;
    if (value("severity") && cause.severity !== value("severity")) return false;
    if (device >= 0 && f.device[i] !== device) return false;
    if (task >= 0 && f.task[i] !== task) return false;
    return hasWords(texts[f.cause[i]] + " " + (names[f.row[i]] || "") + " " + shown(trace.devices, f.device[i]).toLowerCase() +
      " " + shown(trace.tasks, f.task[i]).toLowerCase(), words);
  };
  kPage.matching = trace.order.filter(asksFor);
  kPage.page = 0;
  kTimeLine.filter(rowsAskedFor(trace, {words, device, task, names, byFinding: value("rule") || value("severity")}));
  showLists();
}

function rowsAskedFor(trace, asked) {
  const has = new Uint8Array(trace.rows.length), e = trace.events;
  const open = !asked.words.length && asked.device < 0 && asked.task < 0 && !asked.byFinding;
  for (const i of kPage.matching) if (trace.findings.row[i] >= 0) has[trace.findings.row[i]] = 1;
  if (!open && !asked.byFinding)
    for (let i = 0; i < e.count; ++i) {
      if (e.row[i] < 0 || has[e.row[i]]) continue;
      if (asked.device >= 0 && e.device[i] !== asked.device) continue;
      if (asked.task >= 0 && e.task[i] !== asked.task) continue;
      if (asked.words.length && !hasWords(asked.names[e.row[i]] + " " + shown(trace.devices, e.device[i]).toLowerCase() + " " +
          shown(trace.tasks, e.task[i]).toLowerCase(), asked.words)) continue;
      has[e.row[i]] = 1;
    }
  return trace.rows.map((_, i) => i).filter((i) => open || has[i]);
}

function showLists() {
  const trace = kPage.trace;
  const causes = showFindings(trace, kPage.matching, kPage.page, (place, i) => choose(place, i), (page) => {
    kPage.page = page;
    showLists();
    byId("findings-title").scrollIntoView();
  });
  byId("matches").textContent = kPage.matching.length + " of " + plural(trace.findings.count, "finding") + ", of " +
    plural(causes, "cause") + "; " + kTimeLine.rows.length + " of " + plural(trace.rows.length, "buffer");
}

function choose(place, finding) {
  const trace = kPage.trace;
  if (place < 0 || place >= trace.events.count) return;
  kPage.chosen = kTimeLine.chosen = place;
  kPage.events = Math.max(0, place - 12);
  kTimeLine.reveal(place);
  showSelected(trace, place, finding);
  showEvents(trace, kPage.events, place, choose);
}

/// The finding before or behind the event that is chosen.
function step(by) {
  const places = kPage.matching.filter((i) => kPage.trace.findings.place[i] >= 0);
  const at = (i) => kPage.trace.findings.place[i], chosen = kPage.chosen ?? -1;
  const next = by > 0 ? places.find((i) => at(i) > chosen) : places.filter((i) => at(i) < chosen).pop();
  if (next !== undefined) choose(at(next), next);
}

function turnEvents(by) {
  kPage.events = Math.max(0, Math.min(kPage.events + by, Math.max(0, kPage.trace.events.count - kEventRows)));
  showEvents(kPage.trace, kPage.events, kPage.chosen, choose);
}

const kActions = {
  in: () => kTimeLine.zoom(0.5), out: () => kTimeLine.zoom(2), all: () => kTimeLine.all(),
  left: () => kTimeLine.move(kTimeLine.from - (kTimeLine.to - kTimeLine.from) / 4),
  right: () => kTimeLine.move(kTimeLine.from + (kTimeLine.to - kTimeLine.from) / 4),
  next: () => step(1), previous: () => step(-1),
  "events-before": () => turnEvents(-kEventRows), "events-after": () => turnEvents(kEventRows),
};
const kKeys = {"+": "in", "=": "in", "-": "out", "0": "all", ArrowLeft: "left", ArrowRight: "right", n: "next", p: "previous"};

function showTrace(number) {
  const trace = kPage.trace = prepare(kData.traces[number]);
  kPage.chosen = kTimeLine.chosen = undefined;
  byId("sentence").textContent = trace.sentence;
  byId("summary").textContent = trace.summary;
  const used = (ids) => [...new Set(ids)].filter((id) => id >= 0).sort((a, b) => a - b);
  const rules = [...new Set(trace.causes.map((c) => c.rule))].sort();
  fillSelect(byId("rule"), "every rule", rules.map((r) => [r, r]));
  fillSelect(byId("severity"), "every severity", ["error", "warning", "note"].map((s) => [s, s]));
  fillSelect(byId("device"), "every device", used(trace.events.device).map((d) => [d, shown(trace.devices, d)]));
  fillSelect(byId("task"), "every task", used(trace.events.task).map((t) => [t, shown(trace.tasks, t)]));
  byId("bytime").disabled = trace.events.time === null;
  byId("bytime").checked = trace.events.time !== null;
  showNotices(trace);
  showJudged(trace);
  showCosts(trace);
  showDepartures(trace);
  kTimeLine.show(trace, byId("bytime").checked);
  applyFilter();
  byId("selected").replaceChildren();
  showEvents(trace, 0, undefined, choose);
}

function begin() {
  showLegend();
  if (!kData.traces.length) {
    byId("sentence").textContent = "No trace was read." + kData.skipped.map((s) => " " + s.path + ": " + s.why).join("");
    return;
  }
  const pick = byId("trace");
  pick.replaceChildren(...kData.traces.map((t, i) => make("option", {value: i}, t.path)));
  byId("pick").hidden = kData.traces.length < 2;
  pick.addEventListener("change", () => showTrace(Number(pick.value)));
  const filter = byId("filter");
  filter.addEventListener("submit", (e) => e.preventDefault());
  filter.addEventListener("reset", () => setTimeout(applyFilter));
  for (const id of ["rule", "severity", "device", "task"]) byId(id).addEventListener("change", applyFilter);
  let wait;
  byId("text").addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(applyFilter, 120); });
  byId("line").addEventListener("change", () => {
    const line = Number(byId("line").value), e = kPage.trace.events;
    if (line > 0 && e.count) choose(Math.min(e.count - 1, lowerBound(e.count, line, (i) => e.line[i])));
  });
  byId("bytime").addEventListener("change", () => {
    kTimeLine.show(kPage.trace, byId("bytime").checked);
    kTimeLine.draw();
  });
  for (const button of document.querySelectorAll("button[data-do]")) button.addEventListener("click", () => kActions[button.dataset.do]());
  byId("scroll").addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.altKey || e.metaKey) return;
    if (e.key === "," || e.key === ".") choose((kPage.chosen ?? (e.key === "." ? -1 : 1)) + (e.key === "." ? 1 : -1));
    else if (kKeys[e.key]) kActions[kKeys[e.key]]();
    else return;
    e.preventDefault();
  });
  showTrace(0);
}

begin();
