// SPDX-License-Identifier: BSD-2-Clause
// The statechart of a contract: the owner's states at fixed places, the calls on the edges between them.
"use strict";

const kSvg = "http://www.w3.org/2000/svg";
const kLongest = 24;
const kBox = {width: 176, height: 54};
const kPlaces = {
  Unborn: [110, 50], NonOwnedNonBacked: [110, 230], NonOwnedBacked: [400, 230], Freed: [400, 420],
  CpuOwned: [850, 60], DeviceOwned: [850, 400],
};

function draw(tag, attributes, ...children) {
  const element = document.createElementNS(kSvg, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/// From the border of one box to that of the other, bent to its right so that there and back are two lines.
function route(from, to) {
  const [x1, y1] = kPlaces[from], [x2, y2] = kPlaces[to];
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  // Between boxes one above the other the words of there and back are side by side.
  const bend = x1 === x2 ? length * 0.46 : Math.min(80, length / 4);
  const nx = -(y2 - y1) / length, ny = (x2 - x1) / length;
  const cx = (x1 + x2) / 2 + nx * bend, cy = (y1 + y2) / 2 + ny * bend;
  const border = (x, y, tx, ty) => {
    const dx = tx - x, dy = ty - y;
    const by = Math.min(kBox.width / 2 / (Math.abs(dx) || 1e-9), kBox.height / 2 / (Math.abs(dy) || 1e-9));
    return [x + dx * by, y + dy * by];
  };
  const [sx, sy] = border(x1, y1, cx, cy), [ex, ey] = border(x2, y2, cx, cy);
  return {path: `M${sx},${sy} Q${cx},${cy} ${ex},${ey}`, x: (sx + 2 * cx + ex) / 4, y: (sy + 2 * cy + ey) / 4};
}

/// `here`: the state of the buffer; `last`: the one before its latest call. `step(call)`: a call was clicked.
function drawChart(chart, here, last, step) {
  const svg = draw("svg", {viewBox: "0 0 1020 470", class: "chart", role: "group", "aria-label": "Statechart: the owner is in " + here});
  svg.append(draw("defs", {}, draw("marker", {id: "arrow", viewBox: "0 0 10 10", refX: 9, refY: 5, markerWidth: 11, markerHeight: 11, markerUnits: "userSpaceOnUse", orient: "auto"},
    draw("path", {d: "M0,0 L10,5 L0,10 z", style: "fill: var(--faint); stroke: none"}))));
  const labels = [];
  for (const edge of chart.edges) {
    const at = route(edge.from, edge.to);
    svg.append(draw("path", {d: at.path, "marker-end": "url(#arrow)", class: edge.from === last && edge.to === here ? "last" : ""}));
    const lines = edge.moves.flatMap((move) => [...move.calls.map((call) => ({call})), ...(move.syncs ? [{syncs: move.syncs}] : [])]);
    lines.forEach((line, i) => labels.push(label(line, at.x, at.y + (i - (lines.length - 1) / 2) * 15, step)));
  }
  for (const state of chart.states) svg.append(drawState(state, state.name === here));
  svg.append(...labels);
  return svg;
}

function label(line, x, y, step) {
  const whole = line.call || line.syncs, text = whole.length > kLongest ? whole.slice(0, kLongest - 1) + "\u2026" : whole;
  const width = text.length * (line.call ? 7 : 6) + 8;
  const group = draw("g", {class: line.call ? "event" : "syncs"}, draw("title", {}, whole),
    draw("rect", {class: "back", x: x - width / 2, y: y - 8, width, height: 15, style: line.call ? "" : "fill: var(--paper)"}),
    draw("text", {x, y: y + 4, "text-anchor": "middle", class: line.call ? "" : "sync"}, text));
  if (line.call) group.addEventListener("click", () => step(line.call));
  return group;
}

const kSwatches = {CpuOwned: "--cpu", DeviceOwned: "--device", NonOwnedBacked: "--nobody", NonOwnedNonBacked: "--unbacked"};

function drawState(state, isHere) {
  const [x, y] = kPlaces[state.name];
  const group = draw("g", {class: "state" + (isHere ? " here" : "")},
    draw("title", {}, state.says),
    draw("rect", {x: x - kBox.width / 2, y: y - kBox.height / 2, width: kBox.width, height: kBox.height, rx: 8}),
    draw("text", {x, y: y - 3, "text-anchor": "middle"}, state.name),
    draw("text", {x, y: y + 15, "text-anchor": "middle", class: "small"}, isHere ? "the buffer is here" : ""));
  if (kSwatches[state.name])
    group.append(draw("rect", {x: x - kBox.width / 2 + 5, y: y - kBox.height / 2 + 5, width: kBox.width - 10, height: 6, style: "stroke: none; fill: var(" + kSwatches[state.name] + ")"}));
  return group;
}
