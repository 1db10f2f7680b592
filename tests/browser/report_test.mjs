// SPDX-License-Identifier: BSD-2-Clause
// The page of a report, as people use it.
import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {after, before, test} from "node:test";

import {close, custody, firstPaint, fits, isAccessible, kSpeedscope, launch, open, pageOf, picture, written} from "./browser.mjs";

const kCapture = "traces/recorded/pipeline_keep.ftrace.txt";
let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const text = (page, selector) => page.locator(selector).innerText();

test("a capture has its sentence, every cause and every finding of the other reports", async () => {
  const page = await open(browser, await pageOf("keep.html", "replay", "--format", "html", kCapture));
  const plain = (await custody("replay", kCapture)).stdout.trimEnd().split("\n");
  const report = JSON.parse((await custody("replay", "--format", "json", kCapture)).stdout);
  assert.equal(await text(page, "#sentence"), plain.at(-1));
  assert.match(await text(page, ".made"), /custody [\d.]+ from traces\/recorded\/pipeline_keep\.ftrace\.txt: custody replay --format html/);
  assert.match(await text(page, "#matches"), new RegExp(`^${report.findings.length} of ${report.findings.length} findings`));
  const said = plain.filter((line) => /^traces.*: (error|warning|note): /.test(line));
  const cards = await page.locator("#findings .card h3").allInnerTexts();
  assert.equal(cards.length, said.length);
  for (const line of said) {
    const [, severity, message, rule] = line.match(/: (\w+): (.*) \[(\w+)\]$/);
    assert.ok(cards.includes(`${severity} ${rule}`.toUpperCase() + " " + message), message);
  }
  await close(page);
});

test("keys go from finding to finding, and say who owns the buffer there", async () => {
  const page = await open(browser, await pageOf("keep.html", "replay", "--format", "html", kCapture));
  await page.focus("#scroll");
  await page.keyboard.press("n");
  assert.match(await text(page, "#selected"), /^line 21, 1\.\d+ s, task 11_pipeline_kee: dma_map b1 gpu\.0 BIDIRECTIONAL \(clean\)/);
  assert.match(await text(page, "#selected"), /Behind it: DeviceOwned: .* Mapped for cam\.0; CPU windows: none\./);
  assert.match(await text(page, "#selected"), /WARNING R3 /);
  await page.keyboard.press("n");
  await page.keyboard.press("p");
  assert.match(await text(page, "#selected"), /^line 21,/);
  for (let i = 0; i < 10; ++i) await page.keyboard.press(".");
  assert.match(await text(page, "#selected"), /Behind it: CpuOwned: .* Mapped for cam\.0, gpu\.0, disp\.0; CPU windows: 11_pipeline_kee\./);
  assert.match(await text(page, "#events tr.chosen"), /begin_cpu_access returns b1 FROM_DEVICE = 0\s+CpuOwned/);
  const whole = await page.evaluate(() => kTimeLine.to - kTimeLine.from);
  await page.focus("#scroll");
  await page.keyboard.press("+");
  await page.keyboard.press("+");
  assert.equal(await page.evaluate(() => kTimeLine.to - kTimeLine.from), whole / 4);
  await close(page);
});

test("filters leave what is asked for", async () => {
  const page = await open(browser, await pageOf("keep.html", "replay", "--format", "html", kCapture));
  const report = JSON.parse((await custody("replay", "--format", "json", kCapture)).stdout);
  const count = (is) => report.findings.filter(is).length;
  const shows = async (n) => assert.match(await text(page, "#matches"), new RegExp(`^${n} of `));
  await page.selectOption("#rule", "R4");
  await shows(count((f) => f.rule === "R4"));
  await page.selectOption("#device", {label: "gpu.0"});
  await shows(count((f) => f.rule === "R4" && f.device === "gpu.0"));
  await page.click("button[type=reset]");
  await page.waitForFunction((n) => byId("matches").textContent.startsWith(n + " of "), report.findings.length);
  await page.fill("#text", "in dma_buf_map_attachment");
  await page.waitForFunction((n) => byId("matches").textContent.startsWith(n + " of "), count((f) => /in dma_buf_map_attachment/.test(f.message)));
  await page.fill("#text", "nothing has these words");
  await page.waitForFunction(() => byId("matches").textContent.startsWith("0 of "));
  assert.match(await text(page, "#findings"), /None of the findings matches/);
  await close(page);
});

test("the bars have the colour of the owner", async () => {
  const page = await open(browser, await pageOf("keep.html", "replay", "--format", "html", kCapture));
  await page.waitForTimeout(100);
  const seen = await page.evaluate(() => {
    const copy = new OffscreenCanvas(byId("canvas").width, byId("canvas").height);
    const g = copy.getContext("2d", {willReadFrequently: true}), e = kPage.trace.events;
    g.drawImage(byId("canvas"), 0, 0);
    // In the middle of each time between two events that is wide enough, above signs and words.
    const out = [];
    for (let i = 0; i + 1 < e.count; ++i) {
      const left = kTimeLine.x(kTimeLine.at(i)), right = kTimeLine.x(kTimeLine.at(i + 1));
      if (right - left < 20) continue;
      const p = g.getImageData(Math.round((left + right) / 2), 22 + 2, 1, 1).data;
      const hex = "#" + [...p.slice(0, 3)].map((n) => n.toString(16).padStart(2, "0")).join("");
      out.push([ownerWord(kPage.trace, 0, i), hex, kTimeLine.colour(lookOf(ownerAt(kPage.trace, 0, i))[0])]);
    }
    return out;
  });
  assert.ok(new Set(seen.map(([owner]) => owner)).size >= 2, JSON.stringify(seen));
  for (const [owner, is, should] of seen) assert.equal(is, should, owner);
  await close(page);
});

test("it can be read in every width, light and dark, and axe finds no fault", async () => {
  const address = await pageOf("sizes.html", "replay", "--format", "html", "--contract", "udmabuf-after", kCapture,
    "traces/litmus/T13-the-only-sync-removed.litmus", "traces/recorded/cma.ftrace.txt");
  for (const scheme of ["light", "dark"])
    for (const width of [390, 800, 1600]) {
      const page = await open(browser, address, {width, scheme});
      await page.focus("#scroll");
      await page.keyboard.press("n");
      await fits(page);
      await isAccessible(page);
      await picture(page, `report-${width}-${scheme}`);
      await page.selectOption("#trace", "1");
      assert.match(await text(page, "#findings"), /ERROR M3 the CPU may read stale cache lines/i);
      await close(page);
    }
});

test("speedscope imports the trace for Perfetto whole, and each track without a complaint", async () => {
  const paths = [kCapture, "traces/recorded/driver-system-random.jsonl"];
  const trace = (await custody("replay", "-q", "--format", "perfetto", ...paths)).stdout;
  const events = JSON.parse(trace).traceEvents;
  const names = (what) => new Map(events.filter((e) => e.name === what).map((e) => [what === "thread_name" ? e.tid : e.pid, e.args.name]));
  const processes = names("process_name"), threads = names("thread_name");
  const tracks = [...new Map(events.filter((e) => e.ph !== "M" && e.ph !== "i").map((e) => [e.tid, e.pid]))]
    .map(([tid, pid]) => `${processes.get(pid)} (pid ${pid}), ${threads.get(tid)} (tid ${tid})`);
  const base64 = Buffer.from(trace).toString("base64");
  const loads = written("speedscope-load.js", `speedscope.loadFileFromBase64("trace.json", "${base64}")`);
  const page = await browser.newPage({viewport: {width: 1600, height: 900}});
  const said = [];
  page.on("console", (m) => said.push(m.text()));
  page.on("pageerror", (e) => said.push("fails: " + e.message));
  await page.goto(`${kSpeedscope}#localProfilePath=${loads}`);
  // The title of the first track, and how many there are.
  await page.waitForFunction(() => /\(1\/\d+\)/.test(document.body.innerText));
  const [, first, count] = (await page.innerText("body")).match(/^(.* \(tid \d+\)) \(1\/(\d+)\)$/m);
  assert.ok(tracks.length > 10 && tracks.includes(first), first);
  assert.equal(Number(count), tracks.length);
  assert.ok(said.includes("Importing as Trace Event Format profile"), said.join("\n"));
  assert.deepEqual(said.filter((text) => /^ts=|fails:|[Ee]rror|Tried to end/.test(text)), []);
  await picture(page, "speedscope", false);
  await page.close();
});

/// An event log of frames in eight buffers.
function longLog(events) {
  const lines = ['{"schema":"custody.trace/1","source":"generated","devices":{"cam.0":{},"gpu.0":{}},"observes":["dma_api"]}'];
  let ts = 1, call = 0;
  const say = (record) => lines.push(JSON.stringify({ts: (ts += 0.00001), ...record}));
  for (let b = 0; b < 8; ++b) {
    say({event: "export", buffer: "b" + b, exporter: "system", size: 1 << 20});
    for (const device of ["cam.0", "gpu.0"]) say({event: "attach", buffer: "b" + b, attachment: device + b, device});
  }
  const inside = (event, fields, dma) => {
    const id = ++call;
    say({event, phase: "enter", call: id, task: 7, comm: "app", ...fields});
    say({event: dma, in: id, by: "nesting", buffer: fields.buffer, attachment: fields.attachment || "cam.0" + fields.buffer.slice(1), device: fields.device || "cam.0", dir: fields.dir, task: 7, comm: "app"});
    say({event, phase: "return", call: id, ret: 0, task: 7, comm: "app", ...fields});
  };
  for (let n = 0; lines.length < events; ++n) {
    const buffer = "b" + n % 8, device = n % 16 < 8 ? "cam.0" : "gpu.0", attachment = device + n % 8, dir = "FROM_DEVICE";
    inside("map", {buffer, attachment, device, dir}, "dma_map");
    inside("begin_cpu_access", {buffer, dir}, "sync_for_cpu");
    inside("end_cpu_access", {buffer, dir}, "sync_for_device");
    inside("unmap", {buffer, attachment, device, dir}, "dma_unmap");
  }
  return lines.join("\n") + "\n";
}

test("a trace of 100,000 events is painted in less than two seconds, and moves fast", async () => {
  const address = await pageOf("long.html", "replay", "--format", "html", written("long.jsonl", longLog(100_000)));
  const page = await open(browser, address);
  const paint = await firstPaint(page);
  const [events, findings] = await page.evaluate(() => [kPage.trace.events.count, kPage.trace.findings.count]);
  assert.ok(events >= 99_900 && findings > 10_000, `${events} events, ${findings} findings`);
  const frames = await page.evaluate(() => {
    const began = performance.now();
    for (let i = 0; i < 20; ++i) { kTimeLine.zoom(i % 2 ? 2 : 0.5); kTimeLine.paint(); }
    return (performance.now() - began) / 20;
  });
  const filtered = await page.evaluate(() => {
    const began = performance.now();
    byId("text").value = "gpu";
    applyFilter();
    return performance.now() - began;
  });
  console.log(`first paint ${Math.round(paint)} ms; a frame ${frames.toFixed(1)} ms; a filter ${Math.round(filtered)} ms; ` +
    `${events} events, ${findings} findings`);
  assert.ok(paint < 2000, `first paint after ${paint} ms`);
  assert.ok(frames < 200, `a frame takes ${frames} ms`);
  assert.ok(filtered < 1000, `a filter takes ${filtered} ms`);
  await isAccessible(page);
  await picture(page, "long");
  await close(page);
});

test("what a trace says stays text", async () => {
  const hostile = "</script><script>window.PWNED=1</script><img src=x onerror=window.PWNED=1>\" ' & ]]> <!-- \u001b[31m \u202eesrever \u0000";
  const names = JSON.stringify(hostile).slice(1, -1);
  const log = longLog(200).replaceAll("cam.0", "cam" + names).replaceAll("system", "system" + names).replaceAll('"app"', `"app${names}"`);
  const bytes = Buffer.concat([Buffer.from(log.slice(0, -1)), Buffer.from('\n{"ts":9,"event":"export","buffer":"x\xff\xfe","exporter":"\xc0\xaf","size":1}\n', "latin1")]);
  const address = await pageOf("hostile<b>&.html", "replay", "--format", "html", written("hostile<img src=x>.jsonl", bytes));
  const page = await open(browser, address);
  await page.focus("#scroll");
  await page.keyboard.press("n");
  assert.equal(await page.evaluate(() => window.PWNED), undefined);
  assert.equal(await page.locator("img, main script").count(), 0);
  const body = await text(page, "body");
  for (const shown of ["</script><script>window.PWNED=1</script>", "\\x1b[31m", "\\u202e", "hostile<img src=x>.jsonl"])
    assert.ok(body.includes(shown), shown);
  assert.doesNotMatch(body, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  await isAccessible(page);
  await close(page);
});

test("a file that cannot be read, and one without traces, say so", async () => {
  const broken = written("broken.txt", readFileSync(kCapture, "utf8").split("\n").slice(0, 40).join("\n") + "\n");
  const page = await open(browser, await pageOf("broken.html", "replay", "--format", "html", broken));
  assert.match(await text(page, "#judged"), /1 buffer/);
  await close(page);
  const none = await custody("replay", "--format", "html", written("empty.txt", ""));
  assert.equal(none.status, 2);
  assert.match(none.stdout, /is empty, expected ftrace text/);
});
