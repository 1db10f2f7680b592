// SPDX-License-Identifier: BSD-2-Clause
// The data of the page: columns become arrays that can be searched. Text of a trace is only ever set as text.
"use strict";

const kData = JSON.parse(document.getElementById("data").textContent);
const kWords = kData.words;

const byId = (id) => document.getElementById(id);

/// An element with attributes and children; strings become text.
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === "on") element.addEventListener("click", value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== null));
  return element;
}

/// Each was written as what it is more than the one before.
function sums(differences) {
  const out = new Float64Array(differences.length);
  let sum = 0;
  for (let i = 0; i < differences.length; ++i) out[i] = sum += differences[i];
  return out;
}

/// Items by the row that they are of, each list in order.
function listsByRow(rows, count) {
  const ends = new Uint32Array(count + 1);
  for (const row of rows) if (row >= 0) ++ends[row + 1];
  for (let i = 0; i < count; ++i) ends[i + 1] += ends[i];
  const next = ends.slice();
  const items = new Uint32Array(ends[count]);
  for (let i = 0; i < rows.length; ++i) if (rows[i] >= 0) items[next[rows[i]]++] = i;
  return (row) => items.subarray(ends[row], ends[row + 1]);
}

/// The first index at which `value(index)` is not below `least`.
function lowerBound(count, least, value) {
  let low = 0, high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value(middle) < least) low = middle + 1; else high = middle;
  }
  return low;
}

/// A trace as the page uses it.
function prepare(raw) {
  const trace = raw;
  if (trace.prepared) return trace;
  trace.prepared = true;
  const events = trace.events, rows = trace.rows.length;
  events.line = sums(events.line);
  // From the start of the trace, in nanoseconds.
  events.time = events.timed ? sums(events.ts) : null;
  events.of = listsByRow(events.row, rows);
  for (const slices of [trace.owners, trace.maps, trace.windows]) {
    slices.from = sums(slices.from);
    slices.of = listsByRow(slices.row, rows);
  }
  trace.findings.line = sums(trace.findings.line);
  trace.findings.of = listsByRow(trace.findings.row, rows);
  trace.order = Array.from({length: trace.findings.count}, (_, i) => i)
    .sort((a, b) => trace.findings.place[a] - trace.findings.place[b] || a - b);
  return trace;
}

const plural = (n, what) => n + " " + what + (n === 1 ? "" : "s");
const shown = (names, id) => (id >= 0 && names[id]) || "";

function bytesText(bytes) {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  for (; bytes >= 1024 && unit + 1 < units.length; ++unit) bytes /= 1024;
  return (Number.isInteger(bytes) ? bytes : bytes.toFixed(1)) + " " + units[unit];
}

function timeText(trace, place) {
  if (!trace.events.time) return "event " + (place + 1);
  return ((trace.events.start + trace.events.time[place]) / 1e9).toFixed(6) + " s";
}

/// An event in the words of a litmus file.
function eventText(trace, i) {
  const e = trace.events, returns = e.phase[i] === 2;
  const parts = [kWords.kinds[e.kind[i]]];
  if (returns) parts.push("returns");
  if (e.row[i] >= 0) parts.push(trace.rows[e.row[i]].name);
  if (e.device[i] >= 0) parts.push(shown(trace.devices, e.device[i]));
  if (e.dir[i] !== 3) parts.push(kWords.directions[e.dir[i]]);
  if (e.skip[i]) parts.push("skip");
  if (e.op[i]) parts.push("(" + kWords.operations[e.op[i]] + ")");
  if (returns || e.ret[i] < 0) parts.push("= " + e.ret[i]);
  return parts.join(" ");
}

const rowText = (row) => row.name + (row.exporter ? " of " + row.exporter : "") + (row.size ? ", " + bytesText(row.size) : "");

/// How the owner's states look: a colour, and a word in the bar.
const kLooks = {
  Unborn: ["--freed", ""], NonOwnedNonBacked: ["--unbacked", "no storage"], NonOwnedBacked: ["--nobody", "nobody"],
  CpuOwned: ["--cpu", "CPU"], DeviceOwned: ["--device", "devices"], Freed: ["--freed", "freed"],
};
const lookOf = (who) => who === kWords.not_known ? ["--unknown", "not known"] : kLooks[kWords.states[who].name];

/// The owner of the row behind the event at `place`.
function ownerAt(trace, row, place) {
  const list = trace.owners.of(row);
  const next = lowerBound(list.length, place + 1, (i) => trace.owners.from[list[i]]);
  return next === 0 ? -1 : trace.owners.who[list[next - 1]];
}

function ownerWord(trace, row, place) {
  const who = ownerAt(trace, row, place);
  return who < 0 ? "" : who === kWords.not_known ? "not known" : kWords.states[who].name;
}

const table = (heads, rows) => make("div", {class: "wide", tabindex: "0", role: "group", "aria-label": "Table"},
  make("table", {},
    make("thead", {}, make("tr", {}, ...heads.map(([text, kind]) => make("th", {class: kind, scope: "col"}, text)))),
    make("tbody", {}, ...rows.map((row) => make("tr", {},
      ...row.map((cell, i) => make(i === 0 ? "th" : "td", {class: heads[i][1], scope: i === 0 ? "row" : undefined}, cell)))))));
