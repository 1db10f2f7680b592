// SPDX-License-Identifier: BSD-2-Clause
// Steps a buffer through calls: the scenario is a litmus file, and the machine says all that is shown.
"use strict";

const kHead = "custody litmus: a scenario of the page\ndevice cam\ndevice gpu coherent\n\n";
const kFirst = ["export b 64K", "attach b cam"];
const kScenario = {text: "", path: "scenario.litmus", whose: "contract", contract: "", beside: ""};
let kMachine;
const kDescribed = new Map();

/// What the machine answers.
function ask(request) {
  const text = JSON.stringify(request), room = kMachine.lengthBytesUTF8(text) + 1;
  const at = kMachine._malloc(room);
  kMachine.stringToUTF8(text, at, room);
  const answered = kMachine._custody_answer(at);
  kMachine._free(at);
  const answer = JSON.parse(kMachine.UTF8ToString(answered));
  kMachine._free(answered);
  return answer;
}

/// The contract as the machine takes it: a name, or the text of the page's own.
const given = (name) => name === kData.contract && kData.own ? kData.own : name;

function described(name) {
  if (!kDescribed.has(name)) kDescribed.set(name, ask({do: "describe", contract: given(name)}));
  return kDescribed.get(name);
}

function replayed(contract, text = kScenario.text) {
  const request = {do: "replay", path: kScenario.path, text};
  if (kScenario.whose === "contract") request.contract = given(contract);
  const answer = ask(request);
  if (answer.error === undefined) prepare(answer.trace);
  return answer;
}

const isLitmus = () => /^\s*custody litmus:/.test(kScenario.text);
const lines = () => kScenario.text.replace(/\n+$/, "").split("\n");
/// The devices that the file declares, and the buffer that it named last.
const devices = () => lines().filter((l) => /^device\s+\S/.test(l)).map((l) => l.split(/\s+/)[1]).slice(0, 4);
function buffer() {
  const named = lines().map((l) => l.match(/^\s*(?:\[[^\]]*\]\s*)?export\s+(\S+)/)).filter(Boolean).pop();
  return named ? named[1] : "b";
}

/// Every call that can be made next, by its event.
function candidates() {
  const b = buffer(), directions = ["FROM", "TO", "BIDI"], out = new Map();
  const add = (event, text) => out.set(event, (out.get(event) || []).concat(text));
  add("export", `export ${b} 64K`);
  for (const d of devices()) {
    add("attach", `attach ${b} ${d}`);
    for (const dir of directions) add("map", `map ${b} ${d} ${dir}`);
    for (const dir of directions) add("unmap", `unmap ${b} ${d} ${dir}`);
    add("detach", `detach ${b} ${d}`);
  }
  for (const dir of directions) add("begin", `begin ${b} ${dir}`);
  for (const dir of directions) add("end", `end ${b} ${dir}`);
  for (const event of ["vmap", "vunmap", "mmap", "munmap", "release"]) add(event, `${event} ${b}`);
  return out;
}

/// What speaks against the call; empty: nothing.
function against(call, base) {
  const answer = replayed(kScenario.contract, kScenario.text.replace(/\n*$/, "\n") + call + "\n");
  if (answer.error !== undefined || answer.trace.error) return answer.error || answer.trace.error;
  const last = lines().length + 1;
  const illegal = answer.report.findings.find((f) => f.class === "illegal" && (f.line === last || f.call_line === last));
  if (illegal) return illegal.rule;
  return answer.refused > base.refused ? "the contract" : "";
}

function step(call) {
  kScenario.text = kScenario.text.replace(/\n*$/, "\n") + call + "\n";
  show();
  byId("said").textContent = call + ": " + said();
}

/// The latest step in a sentence, for who does not see it.
function said() {
  const {trace} = kSides[0], last = lines().length, at = trace.events.count - 1;
  const found = trace.order.filter((i) => trace.findings.line[i] === last).map((i) => trace.causes[trace.findings.cause[i]]);
  const owner = at < 0 || trace.events.row[at] < 0 ? "nothing" : kWords.states[ownerAt(trace, trace.events.row[at], at)].name;
  return owner + (found.length ? "; " + found.map((c) => c.severity + " " + c.rule + ": " + c.message).join("; ") : "; nothing was found");
}

let kSides = [];

function showCalls() {
  byId("calls").replaceChildren();
  if (!isLitmus() || kScenario.whose !== "contract") {
    byId("calls").append(make("p", {class: "faint"}, "Calls can be added to a litmus file, with the syncs of the contract."));
    return;
  }
  for (const [event, calls] of candidates()) {
    const group = make("div", {class: "group", role: "group", "aria-label": event, "data-event": event}, make("b", {"aria-hidden": "true"}, event));
    for (const call of calls) {
      const wrong = against(call, kSides[0].answer);
      group.append(make("button", {type: "button", class: "call" + (wrong ? " refused" : ""), "data-call": call, on: () => step(call),
        "data-refused": wrong || undefined}, call.replace(/^\S+ \S+ ?/, "").replace(/^\d.*/, "") || event, wrong ? make("small", {}, " against " + wrong) : ""));
    }
    byId("calls").append(group);
  }
}

/// The first such call that nothing speaks against; else the first of all.
function stepByEvent(event) {
  const group = byId("calls").querySelector(`[data-event="${CSS.escape(event)}"]`);
  const call = group && (group.querySelector(".call:not(.refused)") || group.querySelector(".call"));
  if (call) call.click();
}

/// Steps of the scenario: a line of the file each, with what happened inside it.
function stepsOf(trace) {
  const steps = [], e = trace.events, byLine = new Map();
  for (let i = 0; i < e.count; ++i) {
    if (!byLine.has(e.line[i])) byLine.set(e.line[i], steps.push({line: e.line[i], syncs: []}) - 1);
    const step = steps[byLine.get(e.line[i])], kind = kWords.kinds[e.kind[i]];
    step.place = i;
    if (/^(dma_|sync_|cache_)/.test(kind))
      step.syncs.push(kind + " " + shown(trace.devices, e.device[i]) + (e.dir[i] === 3 ? "" : " " + kWords.directions[e.dir[i]]) +
        (e.op[i] ? ": " + kWords.operations[e.op[i]] : e.skip[i] ? ": skipped" : ": nothing to do"));
  }
  return steps;
}

function beliefTable(bits) {
  const states = kWords.lines.filter((_, i) => bits >> i & 1);
  if (!states.length) return make("p", {}, "No line of the CPU cache holds anything of it, or nothing is known of it.");
  return table([["memory"], ["line of the CPU cache"], ["the CPU would read"], ["a device that does not snoop would read"]],
    states.map((s) => [s.memory, s.line, s.cpu_reads_old ? "old data" : "the data", s.device_reads_old ? "old data" : "the data"]));
}

function showSide(name, answer) {
  const side = make("section", {"data-contract": name, "aria-label": name}, make("h2", {}, name));
  if (answer.error !== undefined) {
    side.append(make("p", {class: "card error"}, answer.error));
    return side;
  }
  const trace = answer.trace, e = trace.events, steps = stepsOf(trace);
  const places = steps.map((s) => s.place).filter((i) => e.row[i] >= 0);
  const at = places.length ? places[places.length - 1] : -1, row = at < 0 ? -1 : e.row[at];
  const who = row < 0 ? -1 : ownerAt(trace, row, at);
  const list = row < 0 ? [] : [...trace.owners.of(row)];
  const owner = who < 0 ? "Unborn" : who === kWords.not_known ? "not known" : kWords.states[who].name;
  const before = list.length > 1 ? trace.owners.who[list[list.length - 2]] : -1;
  const chart = drawChart(described(name).chart, owner, before < 0 || before === kWords.not_known ? "Unborn" : kWords.states[before].name, stepByEvent);
  side.append(make("div", {class: "wide", tabindex: "0", role: "group", "aria-label": "Statechart"}, chart));
  const open = (slices) => row < 0 ? [] : [...slices.of(row)].filter((i) => slices.to[i] < 0);
  const facts = [["Owner", owner + (who >= 0 && who !== kWords.not_known ? ". " + kWords.states[who].says : "")],
    ["Mapped for", open(trace.maps).map((i) => shown(trace.devices, trace.maps.who[i])).join(", ") || "no device"],
    ["CPU windows", open(trace.windows).length || (["CpuOwned"].includes(owner) ? "open" : "none")]];
  side.append(make("dl", {class: "facts"}, ...facts.flatMap(([key, value]) => [make("dt", {}, key), make("dd", {}, String(value))])));
  if (answer.refused) side.append(make("p", {class: "card warning"}, plural(answer.refused, "call") + " of the scenario refused, by the rules or by a clause of the contract."));
  side.append(verdictOf(trace));
  side.append(make("h3", {}, "What a line may hold from here on"), beliefTable(at < 0 ? 0 : e.belief[at]));
  side.append(make("h3", {}, "Step by step"), table([["line", "n"], ["call"], ["syncs"], ["owner behind it"], ["findings"]], steps.map((s) => [
    s.line, (lines()[s.line - 1] || eventText(trace, s.place)).trim(), s.syncs.join("; "), e.row[s.place] >= 0 ? ownerWord(trace, e.row[s.place], s.place) : "",
    [...new Set(trace.order.filter((i) => trace.findings.line[i] === s.line).map((i) => trace.causes[trace.findings.cause[i]].rule))].join(", ")])));
  return side;
}

/// Findings, and what a file expects.
function verdictOf(trace) {
  const out = make("div", {class: "verdict"});
  if (trace.error) out.append(make("p", {class: "card error"}, trace.error));
  for (const j of trace.expectations)
    out.append(make("p", {class: "expectation"}, make("span", {class: "badge " + (j.held ? "good" : "error")}, j.held ? "holds" : "fails"),
      " line " + j.line + ": " + j.text + (j.found ? " (found: " + j.found + ")" : "")));
  for (const cause of trace.causes)
    out.append(make("div", {class: "card " + cause.severity}, make("p", {}, make("span", {class: "badge " + cause.severity}, cause.severity + " " + cause.rule),
      " " + cause.message + (cause.counted ? " (" + cause.counted + ")" : "")),
      ...cause.story.map((s) => make("p", {class: "code"}, "line " + s.line + ": " + s.text)),
      make("p", {}, make("strong", {}, "Fix: "), cause.fix)));
  out.append(make("p", {class: "sentence"}, trace.sentence));
  return out;
}

function show() {
  const names = [kScenario.contract, kScenario.beside].filter(Boolean);
  kSides = names.map((name) => {
    const answer = replayed(name);
    return {name, answer, trace: answer.trace};
  });
  byId("sides").replaceChildren(...kSides.map(({name, answer}) => showSide(name, answer)));
  byId("titles").textContent = names.map((name) => name + ": " + described(name).title).join(" \u2014 ");
  if (byId("text").value !== kScenario.text) byId("text").value = kScenario.text;
  byId("undo").disabled = lines().length <= kHead.split("\n").length - 1;
  for (const id of ["contract", "beside", "whose"]) byId(id).value = kScenario[id];
  if (kSides[0].answer.error === undefined) showCalls();
}

/// The scenario as a fragment of the address, and back.
function fragment() {
  const out = new URLSearchParams({contract: kScenario.contract, text: kScenario.text, path: kScenario.path, whose: kScenario.whose});
  if (kScenario.beside) out.set("beside", kScenario.beside);
  return "#" + out;
}
function followFragment() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const known = (name) => kData.contracts.some((c) => c.name === name) || name === kData.contract;
  if (known(asked.get("contract"))) kScenario.contract = asked.get("contract");
  kScenario.beside = known(asked.get("beside")) ? asked.get("beside") : "";
  kScenario.whose = asked.get("whose") === "file" ? "file" : "contract";
  if (asked.get("path")) kScenario.path = asked.get("path");
  if (asked.get("text")) kScenario.text = asked.get("text");
  show();
}

async function take(file) {
  if (file.size > 8 << 20) {
    byId("said").textContent = file.name + " is larger than 8 MiB: `custody replay --format html` draws it.";
    return;
  }
  kScenario.text = await file.text();
  kScenario.path = file.name;
  kScenario.whose = "file";
  show();
  byId("said").textContent = file.name + ": " + (kSides[0].answer.error || kSides[0].trace.sentence);
}

function listen() {
  const names = kData.contracts.map((c) => c.name);
  if (kData.own) names.unshift(kData.contract);
  byId("contract").replaceChildren(...names.map((name) => make("option", {value: name}, name)));
  byId("beside").replaceChildren(make("option", {value: ""}, "nothing"), ...names.map((name) => make("option", {value: name}, name)));
  for (const id of ["contract", "beside", "whose"])
    byId(id).addEventListener("change", () => { kScenario[id] = byId(id).value; show(); });
  byId("controls").addEventListener("submit", (e) => e.preventDefault());
  byId("undo").addEventListener("click", () => {
    kScenario.text = lines().slice(0, -1).join("\n") + "\n";
    show();
    byId("said").textContent = "Undone.";
  });
  byId("fresh").addEventListener("click", () => {
    Object.assign(kScenario, {text: kHead, path: "scenario.litmus", whose: "contract"});
    show();
    byId("said").textContent = "A new buffer.";
  });
  byId("share").addEventListener("click", () => {
    location.hash = fragment();
    byId("link").hidden = false;
    byId("address").value = location.href;
    byId("address").select();
  });
  let wait;
  byId("text").addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(() => { kScenario.text = byId("text").value; show(); }, 300);
  });
  byId("file").addEventListener("change", () => byId("file").files.length && take(byId("file").files[0]));
  addEventListener("hashchange", () => { if (location.hash !== fragment()) followFragment(); });
  addEventListener("dragover", (e) => { e.preventDefault(); document.body.classList.add("dropping"); });
  addEventListener("dragleave", () => document.body.classList.remove("dropping"));
  addEventListener("drop", (e) => {
    e.preventDefault();
    document.body.classList.remove("dropping");
    if (e.dataTransfer.files.length) take(e.dataTransfer.files[0]);
  });
}

async function begin() {
  kMachine = await CustodyMachine();
  kScenario.contract = kData.contract;
  kScenario.text = kHead + kFirst.join("\n") + "\n";
  listen();
  followFragment();
  document.body.dataset.ready = "yes";
}

begin();
