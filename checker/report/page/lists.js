// SPDX-License-Identifier: BSD-2-Clause
// The lists and tables of the page.
"use strict";

const kCards = 25, kInstances = 12, kEventRows = 25;

function fillSelect(select, all, options, chosen = "") {
  select.replaceChildren(make("option", {value: ""}, all),
    ...options.map(([value, text]) => make("option", {value, selected: String(value) === chosen}, text)));
}

function showNotices(trace) {
  const parts = [];
  if (trace.error) parts.push(make("p", {class: "card error"}, make("span", {class: "badge error"}, "Not read to its end"), " " + trace.error));
  if (trace.events_left_out)
    parts.push(make("p", {class: "card warning"}, "The time line has the first " + trace.events.count + " events; " +
      trace.events_left_out + " more are not drawn. They are judged all the same."));
  if (trace.findings.left_out)
    parts.push(make("p", {class: "card warning"}, trace.findings.left_out + " more findings are not listed."));
  for (const j of trace.expectations)
    if (!j.held) parts.push(make("p", {class: "card error"}, make("span", {class: "badge error"}, "Expectation failed"),
      " line " + j.line + ": " + j.text + (j.found ? " (found: " + j.found + ")" : "")));
  const held = trace.expectations.filter((j) => j.held).length;
  if (held) parts.push(make("p", {}, make("span", {class: "badge good"}, "held"), " " + held + " of " + trace.expectations.length + " expectations"));
  if (trace.warnings_in_all)
    parts.push(make("details", {}, make("summary", {}, trace.warnings_in_all + " warnings of the reader"),
      make("ul", {}, ...trace.warnings.map((w) => make("li", {}, "line " + w.line + ": " + w.text)))));
  byId("notices").replaceChildren(...parts);
}

function showJudged(trace) {
  const [whole, partly, not] = trace.judged;
  const parts = [make("p", {}, plural(whole, "buffer") + " judged, " + partly + " partly judged, " + not + " not judged. " +
    "Of a judged buffer nothing in its life could have read old data, but where a finding says so.")];
  if (trace.why_not.length)
    parts.push(table([["why"], ["buffers", "n"], ["what would settle it"]], trace.why_not.map((w) => [w.why, w.buffers, w.settled_by])));
  if (trace.settling.length)
    parts.push(make("p", {}, "Options that settle assumptions, if they are true: ", make("code", {}, trace.settling.join("  "))));
  if (trace.inventory) parts.push(make("pre", {tabindex: "0"}, trace.inventory));
  byId("judged").replaceChildren(...parts);
}

const figure = (f) => f.not_computed !== undefined ? ["not computed: " + f.not_computed, ""] : [f.operations, f.bytes === undefined ? "" : bytesText(f.bytes)];

function showCosts(trace) {
  const m = trace.maintenance, parts = [];
  const sum = (list) => list.reduce((a, b) => a + b, 0);
  parts.push(table([["the whole trace"], ["operations", "n"], ["bytes", "n"]], [
    ["done", m.operations, bytesText(m.bytes)],
    ["without effect", ...figure(m.no_effect)], ["with an effect at which nobody looked", ...figure(m.unobserved)],
    ["undetermined", ...figure(m.undetermined)],
    ["least subset of those that were done", figure(m.subset)[0], ""],
    ["optimum: the fewest that keep all data right", ...figure(m.optimum)]]));
  const titles = {device: "for each device", exporter: "for each exporter", site: "for each call site"};
  for (const payer of [...new Set(trace.costs.map((c) => c.payer))]) {
    parts.push(make("h3", {}, titles[payer] || payer));
    parts.push(table([[payer], ["operations", "n"], ["bytes", "n"], ["needed", "n"], ["without effect", "n"],
      ["unobserved", "n"], ["undetermined", "n"], ["could save", "n"]],
      trace.costs.filter((c) => c.payer === payer).map((c) => [c.name, sum(c.operations), bytesText(sum(c.bytes)),
        ...c.operations, bytesText(c.save)])));
  }
  byId("costs").replaceChildren(...parts);
}

function showDepartures(trace) {
  byId("departures-section").hidden = trace.departures.length === 0;
  byId("departures").replaceChildren(...trace.departures.map((d) => make("div", {class: "card warning"},
    make("p", {}, "line " + d.line + ": ", make("code", {}, d.call)), make("p", {}, "expected " + d.expected + "; found " + d.found),
    make("p", {class: "faint"}, d.said_by + (d.because ? ": " + d.because : "")))));
}

/// Where a finding is, as a button that goes there.
function instanceButton(trace, i, go) {
  const f = trace.findings, place = f.place[i];
  const device = shown(trace.devices, f.device[i]);
  return make("button", {type: "button", disabled: place < 0, on: () => go(place, i)},
    "line " + f.line[i] + (device ? ", " + device : ""));
}

function card(trace, number, instances, go) {
  const cause = trace.causes[number], rule = kWords.rules[cause.rule];
  const list = make("p", {}, "Where: "), more = instances.slice(kInstances);
  list.append(...instances.slice(0, kInstances).flatMap((i) => [instanceButton(trace, i, go), " "]));
  if (more.length) list.append(make("button", {type: "button", on: (e) => {
    e.target.replaceWith(...more.slice(0, 500).flatMap((i) => [instanceButton(trace, i, go), " "]));
  }}, more.length + " more"));
  const rows = [["Fix", cause.fix], ["Responsible", cause.responsible + (cause.assumes ? ", if " + cause.assumes : "") +
    (cause.overlaps ? "; a call of task " + cause.overlaps + " overlaps" : "")], ["Effect of the operation", cause.effect],
    ["Also", cause.also], ["Refused by", cause.refused_by && cause.refused_by + ", in the state " + cause.state]];
  return make("li", {class: "card " + cause.severity, "data-cause": number},
    make("h3", {}, make("span", {class: "badge " + cause.severity}, cause.severity + " " + cause.rule), " " + cause.message +
      (cause.counted ? " (" + cause.counted + ")" : "")),
    ...cause.story.map((s) => make("p", {class: "code"}, "line " + s.line + ": " + s.text)),
    ...rows.filter(([, text]) => text).map(([name, text]) => make("p", {}, make("strong", {}, name + ": "), text)),
    make("details", {}, make("summary", {}, "Rule " + cause.rule), make("p", {}, rule.says), make("p", {}, rule.why),
      make("p", {class: "faint"}, rule.source)),
    list);
}

/// `matching`: findings that are asked for, in order.
function showFindings(trace, matching, page, go, turn) {
  const byCause = new Map();
  for (const i of matching) {
    const cause = trace.findings.cause[i];
    if (!byCause.has(cause)) byCause.set(cause, []);
    byCause.get(cause).push(i);
  }
  const rank = {error: 0, warning: 1, note: 2};
  const causes = [...byCause.keys()].sort((a, b) => rank[trace.causes[a].severity] - rank[trace.causes[b].severity] ||
    trace.findings.line[byCause.get(a)[0]] - trace.findings.line[byCause.get(b)[0]]);
  const pages = Math.max(1, Math.ceil(causes.length / kCards)), at = Math.min(page, pages - 1);
  byId("findings").replaceChildren(...causes.slice(at * kCards, (at + 1) * kCards).map((c) => card(trace, c, byCause.get(c), go)));
  if (!causes.length) byId("findings").append(make("li", {}, trace.findings.count ? "None of the findings matches." : "There is no finding."));
  byId("findings-pages").replaceChildren(...(pages < 2 ? [] : [
    make("button", {type: "button", disabled: at === 0, on: () => turn(at - 1)}, "Page before"),
    "page " + (at + 1) + " of " + pages,
    make("button", {type: "button", disabled: at + 1 === pages, on: () => turn(at + 1)}, "Next page")]));
  return causes.length;
}

function showEvents(trace, first, chosen, go) {
  const e = trace.events, last = Math.min(e.count, first + kEventRows);
  const findings = new Map();
  for (let i = 0; i < trace.findings.count; ++i) {
    const place = trace.findings.place[i];
    if (place < first || place >= last) continue;
    findings.set(place, (findings.get(place) || []).concat(trace.causes[trace.findings.cause[i]].rule));
  }
  const rows = [];
  for (let i = first; i < last; ++i)
    rows.push(make("tr", {class: i === chosen ? "chosen" : undefined},
      make("td", {class: "n"}, make("button", {type: "button", on: () => go(i)}, "line " + e.line[i])),
      make("td", {class: "n"}, timeText(trace, i)), make("td", {}, shown(trace.tasks, e.task[i])),
      make("td", {class: "code"}, eventText(trace, i)),
      make("td", {}, e.row[i] >= 0 ? ownerWord(trace, e.row[i], i) : ""),
      make("td", {}, [...new Set(findings.get(i) || [])].join(", "))));
  byId("events").replaceChildren(
    make("thead", {}, make("tr", {}, ...["line", "time", "task", "event", "owner behind it", "findings"].map((t) => make("th", {scope: "col"}, t)))),
    make("tbody", {}, ...rows));
  byId("events-where").textContent = e.count ? "events " + (first + 1) + " to " + last + " of " + e.count : "no events";
}

function showSelected(trace, place, finding) {
  const e = trace.events, row = e.row[place], parts = [];
  parts.push(make("p", {}, make("strong", {}, "line " + e.line[place]), ", " + timeText(trace, place) +
    (e.task[place] >= 0 ? ", task " + shown(trace.tasks, e.task[place]) : "") + ": ", make("code", {}, eventText(trace, place)),
    e.bytes[place] ? " over " + bytesText(e.bytes[place]) : ""));
  if (row >= 0) {
    const who = ownerAt(trace, row, place);
    const says = who < 0 || who === kWords.not_known ? "" : ": " + kWords.states[who].says;
    const open = (slices) => [...slices.of(row)].filter((i) => slices.from[i] <= place && (slices.to[i] < 0 || slices.to[i] > place));
    const mapped = open(trace.maps).map((i) => shown(trace.devices, trace.maps.who[i]));
    const windows = open(trace.windows).map((i) => shown(trace.tasks, trace.windows.who[i]) || "?");
    parts.push(make("p", {}, "Behind it: " + ownerWord(trace, row, place) + says + " Mapped for " + (mapped.join(", ") || "no device") +
      "; CPU windows: " + (windows.join(", ") || "none") + "."));
  }
  const here = finding === undefined ? [] : [finding];
  for (let i = 0; i < trace.findings.count && here.length < 5; ++i)
    if (trace.findings.place[i] === place && i !== finding) here.push(i);
  for (const i of here) {
    const cause = trace.causes[trace.findings.cause[i]];
    parts.push(make("p", {class: "card " + cause.severity}, make("span", {class: "badge " + cause.severity}, cause.severity + " " + cause.rule),
      " " + cause.message));
  }
  byId("selected").replaceChildren(...parts);
}
