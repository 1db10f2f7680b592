// SPDX-License-Identifier: BSD-2-Clause
// The time line: a canvas that draws only what is visible, however long the trace is.
"use strict";

const kBar = 18, kLane = 7, kGap = 12, kTop = 22, kMostLanes = 6, kTallest = 8e6;

class TimeLine {
  constructor(choose) {
    this.canvas = byId("canvas");
    this.scroll = byId("scroll");
    this.choose = choose;
    this.rows = [];
    this.pending = false;
    this.scroll.addEventListener("scroll", () => this.draw());
    this.canvas.addEventListener("click", (e) => this.click(e));
    this.canvas.addEventListener("mousemove", (e) => this.hover(e));
    this.canvas.addEventListener("wheel", (e) => this.wheel(e), {passive: false});
    this.drag();
    new ResizeObserver(() => this.draw()).observe(this.scroll);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  show(trace, byTime) {
    const events = trace.events;
    this.trace = trace;
    this.byTime = byTime && events.time !== null;
    this.last = events.count === 0 ? 1 : (this.byTime ? events.time[events.count - 1] : events.count);
    if (!(this.last > 0)) this.last = 1;
    this.lanes = trace.rows.map((_, row) => {
      const lanes = new Map();
      for (const i of trace.maps.of(row)) if (!lanes.has(trace.maps.who[i])) lanes.set(trace.maps.who[i], lanes.size % kMostLanes);
      return lanes;
    });
    this.all();
  }

  /// The rows that are shown.
  filter(rows) {
    this.rows = rows;
    this.tops = new Float64Array(rows.length + 1);
    rows.forEach((row, i) => {
      const lanes = Math.min(this.lanes[row].size, kMostLanes) + (this.trace.windows.of(row).length ? 1 : 0);
      this.tops[i + 1] = this.tops[i] + kBar + lanes * kLane + kGap;
    });
    const height = this.tops[rows.length] + kTop;
    this.scroll.style.height = `min(26rem, ${height + 4}px)`;
    // No browser scrolls further.
    this.stretch = Math.max(1, height / kTallest);
    byId("spacer").style.height = Math.max(0, height / this.stretch - this.scroll.clientHeight) + "px";
    this.draw();
  }

  at(place) { return this.byTime ? this.trace.events.time[Math.min(place, this.trace.events.count - 1)] : place; }
  all() { this.from = 0; this.to = this.last; this.draw(); }
  least() { return this.byTime ? 10 : 2; }

  zoom(factor, middle = (this.from + this.to) / 2) {
    const width = Math.min(this.last, Math.max(this.least(), (this.to - this.from) * factor));
    const share = (middle - this.from) / (this.to - this.from);
    this.move(middle - share * width, width);
  }
  move(from, width = this.to - this.from) {
    this.from = Math.max(0, Math.min(from, this.last - width));
    this.to = this.from + width;
    this.draw();
  }
  /// Brings an event into view.
  reveal(place) {
    const at = this.at(place), width = this.to - this.from;
    if (at < this.from || at > this.to) this.move(at - width / 2);
    const row = this.rows.indexOf(this.trace.events.row[place]);
    if (row >= 0) {
      const top = this.tops[row] / this.stretch;
      if (top < this.scroll.scrollTop || top > this.scroll.scrollTop + this.scroll.clientHeight - 60)
        this.scroll.scrollTop = Math.max(0, top - 60);
    }
    this.draw();
  }

  draw() {
    if (this.pending || !this.trace) return;
    this.pending = true;
    requestAnimationFrame(() => { this.pending = false; this.paint(); });
  }

  label() { return Math.min(190, this.width * 0.32); }
  x(position) { return this.label() + (position - this.from) / (this.to - this.from) * (this.width - this.label()); }
  position(x) { return this.from + (x - this.label()) / (this.width - this.label()) * (this.to - this.from); }

  paint() {
    const ratio = devicePixelRatio || 1;
    this.width = this.scroll.clientWidth;
    this.height = this.scroll.clientHeight;
    this.canvas.width = this.width * ratio;
    this.canvas.height = this.height * ratio;
    const style = getComputedStyle(document.documentElement);
    const colours = new Map();
    this.colour = (name) => {
      if (!colours.has(name)) colours.set(name, style.getPropertyValue(name).trim());
      return colours.get(name);
    };
    const g = this.g = this.canvas.getContext("2d");
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    g.fillStyle = this.colour("--paper");
    g.fillRect(0, 0, this.width, this.height);
    g.textBaseline = "middle";
    g.font = "12px system-ui, sans-serif";
    const scrolled = this.scroll.scrollTop * this.stretch;
    const first = Math.max(0, lowerBound(this.rows.length, scrolled, (i) => this.tops[i + 1]));
    for (let i = first; i < this.rows.length && this.tops[i] - scrolled < this.height; ++i)
      this.paintRow(this.rows[i], kTop + this.tops[i] - scrolled);
    this.paintAxis();
  }

  paintAxis() {
    const g = this.g;
    g.fillStyle = this.colour("--card");
    g.fillRect(0, 0, this.width, kTop - 2);
    g.fillStyle = this.colour("--ink");
    const step = this.step((this.to - this.from) / Math.max(2, (this.width - this.label()) / 110));
    for (let at = Math.ceil(this.from / step) * step; at <= this.to; at += step) {
      const x = this.x(at);
      g.fillRect(x, kTop - 5, 1, 4);
      g.fillText(this.axisText(at), x + 3, kTop / 2 - 2);
    }
  }
  step(least) {
    const power = 10 ** Math.floor(Math.log10(least));
    const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= least);
    return this.byTime ? step : Math.max(1, step);
  }
  axisText(at) {
    if (!this.byTime) return "#" + (at + 1);
    if (this.to - this.from < 1e5) return (at / 1e3).toFixed(2) + " \u00b5s";
    return this.to - this.from < 1e9 ? (at / 1e6).toFixed(2) + " ms" : (at / 1e9).toFixed(2) + " s";
  }

  /// Calls `each(x, width, slice)` for what can be seen: of slices inside one pixel, the first.
  visible(slices, list, each) {
    const end = (i) => slices.to[list[i]] < 0 ? this.last : this.at(slices.to[list[i]]);
    const begin = (i) => this.at(slices.from[list[i]]);
    let i = Math.max(0, lowerBound(list.length, this.from, begin) - 1);
    for (; i < list.length && begin(i) <= this.to;) {
      const left = Math.max(this.x(begin(i)), this.label()), right = Math.min(this.x(end(i)), this.width);
      if (right > left) each(left, Math.max(1, right - left), list[i]);
      const next = this.position(Math.floor(left) + 1);
      i = right - left >= 1 ? i + 1 : Math.max(i + 1, lowerBound(list.length, next, begin) - 1);
    }
  }

  paintRow(row, top) {
    const g = this.g, trace = this.trace;
    this.visible(trace.owners, trace.owners.of(row), (x, width, i) => this.bar(x, top, width, lookOf(trace.owners.who[i])));
    let below = top + kBar + 1;
    const windows = trace.windows.of(row);
    if (windows.length) {
      g.fillStyle = this.colour("--window");
      this.visible(trace.windows, windows, (x, width) => g.fillRect(x, below + 1, width, kLane - 3));
      below += kLane;
    }
    this.maps(row, below);
    this.ticks(row, top);
    this.name(row, top);
  }

  bar(x, top, width, [colour, word]) {
    const g = this.g;
    g.fillStyle = this.colour(colour);
    g.fillRect(x, top, width, kBar);
    if (width < 4) return;
    g.strokeStyle = this.colour("--faint");
    g.lineWidth = 0.5;
    g.strokeRect(x + 0.5, top + 0.5, width - 1, kBar - 1);
    const dark = colour === "--cpu" || colour === "--device";
    g.fillStyle = dark ? this.colour("--on-mark") : this.colour("--ink");
    if (width > g.measureText(word).width + 8) g.fillText(word, x + 4, top + kBar / 2);
    else if (word && width > 14) g.fillText(word[0], x + 4, top + kBar / 2);
  }

  maps(row, below) {
    const g = this.g, trace = this.trace, list = trace.maps.of(row);
    for (const [device, lane] of this.lanes[row]) {
      const own = this.lanes[row].size === 1 ? list : this.mapsOf(row, device, list);
      const top = below + lane * kLane;
      g.fillStyle = this.colour("--map");
      this.visible(trace.maps, own, (x, width) => {
        g.fillRect(x, top + 1, width, kLane - 4);
        const name = shown(trace.devices, device);
        if (width < 90) return;
        g.font = "9px system-ui, sans-serif";
        g.fillStyle = this.colour("--paper");
        g.fillRect(x + 4, top, g.measureText(name).width + 4, kLane);
        g.fillStyle = this.colour("--map");
        g.fillText(name, x + 6, top + kLane / 2);
        g.font = "12px system-ui, sans-serif";
      });
    }
  }
  mapsOf(row, device, list) {
    this.cached = this.cached || new WeakMap();
    const lanes = this.lanes[row];
    if (!this.cached.has(lanes)) this.cached.set(lanes, new Map());
    const known = this.cached.get(lanes);
    if (!known.has(device)) known.set(device, list.filter((i) => this.trace.maps.who[i] === device));
    return known.get(device);
  }

  /// Cache operations as triangles in the bar, findings as signs above it: only one of a kind in a few pixels.
  ticks(row, top) {
    const g = this.g, trace = this.trace, events = trace.events;
    const list = events.of(row);
    const begin = lowerBound(list.length, this.from, (i) => this.at(list[i]));
    let drawn = -9;
    for (let i = begin; i < list.length; ++i) {
      const place = list[i], x = this.x(this.at(place));
      if (x > this.width) break;
      if (!events.op[place] || x < drawn + 3) continue;
      this.triangle(x, top + kBar, events.op[place]);
      drawn = x;
    }
    drawn = -9;
    for (const i of trace.findings.of(row)) {
      const place = trace.findings.place[i];
      if (place < 0) continue;
      const at = this.at(place), x = this.x(at);
      if (at < this.from || at > this.to || Math.abs(x - drawn) < 3) continue;
      this.sign(x, top - 3, trace.causes[trace.findings.cause[i]].severity);
      drawn = x;
    }
    const chosen = this.chosen;
    if (chosen === undefined || events.row[chosen] !== row) return;
    g.fillStyle = this.colour("--link");
    g.fillRect(this.x(this.at(chosen)) - 1, top - 4, 2, kBar + 8);
  }
  triangle(x, bottom, op) {
    const g = this.g;
    g.fillStyle = this.colour("--ink");
    g.beginPath();
    if (op & 1) { g.moveTo(x - 3, bottom - 1); g.lineTo(x + 3, bottom - 1); g.lineTo(x, bottom - 6); }
    if (op & 2) { g.moveTo(x - 3, bottom - 11); g.lineTo(x + 3, bottom - 11); g.lineTo(x, bottom - 6); }
    g.fill();
  }
  sign(x, y, severity) {
    const g = this.g;
    g.fillStyle = this.colour("--" + severity);
    g.beginPath();
    if (severity === "error") g.rect(x - 4, y - 4, 8, 8);
    else if (severity === "warning") { g.moveTo(x, y - 5); g.lineTo(x + 5, y + 4); g.lineTo(x - 5, y + 4); }
    else g.arc(x, y, 4, 0, 7);
    g.fill();
  }

  name(row, top) {
    const g = this.g, info = this.trace.rows[row];
    g.fillStyle = this.colour("--paper");
    g.fillRect(0, top - 7, this.label() - 2, kBar + kGap);
    g.save();
    g.beginPath();
    g.rect(0, top - 7, this.label() - 6, kBar + kGap + 4);
    g.clip();
    g.fillStyle = this.colour("--ink");
    g.fillText(info.name, 4, top + 4);
    g.fillStyle = this.colour("--faint");
    g.fillText((info.exporter || "exporter not known") + (info.size ? ", " + bytesText(info.size) : ""), 4, top + 17);
    g.restore();
  }

  /// The row under a point, and the event nearest to it.
  under(e) {
    const box = this.canvas.getBoundingClientRect();
    const x = e.clientX - box.left, y = e.clientY - box.top + this.scroll.scrollTop * this.stretch - kTop;
    const i = lowerBound(this.rows.length, y, (n) => this.tops[n + 1]);
    if (i >= this.rows.length || x < this.label()) return null;
    const row = this.rows[i], list = this.trace.events.of(row), at = this.position(x);
    let best = lowerBound(list.length, at, (n) => this.at(list[n]));
    if (best > 0 && (best === list.length || at - this.at(list[best - 1]) < this.at(list[best]) - at)) --best;
    return {row, at, place: list.length ? list[best] : -1};
  }
  click(e) {
    const found = this.under(e);
    if (found && found.place >= 0 && !this.dragged) this.choose(found.place);
  }
  hover(e) {
    const found = this.under(e);
    let text = "\u00a0";
    if (found) {
      const list = this.trace.owners.of(found.row);
      const next = lowerBound(list.length, found.at, (i) => this.at(this.trace.owners.from[list[i]]));
      const who = next === 0 ? "" : lookOf(this.trace.owners.who[list[next - 1]])[1];
      text = rowText(this.trace.rows[found.row]) + (who ? ": " + who : "") +
        (found.place >= 0 ? "; nearest: line " + this.trace.events.line[found.place] + ", " + eventText(this.trace, found.place) : "");
    }
    byId("hover").textContent = text;
  }
  wheel(e) {
    if (!e.ctrlKey && !e.metaKey && !e.shiftKey) return;
    e.preventDefault();
    const box = this.canvas.getBoundingClientRect();
    if (e.shiftKey) this.move(this.from + (this.to - this.from) * (e.deltaY + e.deltaX) / 800);
    else this.zoom(e.deltaY > 0 ? 1.25 : 0.8, this.position(e.clientX - box.left));
  }
  drag() {
    let start = null;
    this.canvas.addEventListener("pointerdown", (e) => { start = {x: e.clientX, from: this.from}; this.dragged = false; });
    this.canvas.addEventListener("pointermove", (e) => {
      if (!start || !e.buttons || Math.abs(e.clientX - start.x) < 4) return;
      this.dragged = true;
      this.move(start.from - (e.clientX - start.x) / (this.width - this.label()) * (this.to - this.from));
    });
    addEventListener("pointerup", () => { start = null; });
  }
}
