// SPDX-License-Identifier: BSD-2-Clause
// The page of a contract, as people use it; and that it says what the command line says.
import assert from "node:assert/strict";
import {readFileSync, readdirSync, statSync} from "node:fs";
import {after, before, test} from "node:test";
import {fileURLToPath} from "node:url";

import {close, custody, fits, isAccessible, kMachine, launch, open, picture, printedPage, written} from "./browser.mjs";

let browser, address;
before(async () => {
  browser = await launch();
  address = await printedPage("system-heap-6.1.html", "doc", "system-heap-6.1", "--format", "html", "--machine", kMachine);
});
after(() => browser.close());

const text = (page, selector) => page.locator(selector).innerText();
const here = (page) => page.locator(".chart .here text >> nth=0").textContent();
const call = (page, words) => page.click(`[data-call="${words}"]`);
async function opened(options = {}, fragment = "") {
  const page = await open(browser, address + fragment, options);
  await page.waitForSelector("body[data-ready]");
  return page;
}

test("the page is a few hundred kilobytes", () => {
  assert.ok(statSync(fileURLToPath(address)).size < 700_000);
});

test("the scenario of 2019: allocated, mapped, owned by the CPU and back, left by all, freed", async () => {
  const page = await opened();
  const owner = async (is) => assert.equal(await here(page), is);
  await owner("NonOwnedBacked");
  for (const [words, is] of [["map b cam FROM", "DeviceOwned"], ["begin b FROM", "CpuOwned"], ["end b FROM", "DeviceOwned"],
    ["unmap b cam FROM", "NonOwnedBacked"], ["detach b cam", "NonOwnedBacked"], ["release b", "Freed"]]) {
    await call(page, words);
    await owner(is);
    assert.match(await text(page, "#said"), new RegExp("^" + words + ": " + is));
  }
  assert.match(await text(page, ".sentence"), /nothing is missing in 1 buffer of 1\.$/);
  assert.match(await text(page, "#sides table >> nth=-1"), /begin b FROM\s+sync_for_cpu cam FROM_DEVICE: invalidate\s+CpuOwned/);
  for (const is of ["NonOwnedBacked", "NonOwnedBacked", "DeviceOwned"]) {
    await page.click("#undo");
    await owner(is);
  }
  assert.match(await text(page, ".facts"), /Mapped for\s+cam/);
  await close(page);
});

test("no two words of a statechart overlap, of any contract", async () => {
  const page = await opened();
  const contracts = await page.locator("#contract option").evaluateAll((all) => all.map((option) => option.value));
  assert.ok(contracts.length > 15);
  for (const contract of contracts) {
    await page.selectOption("#contract", contract);
    await page.waitForFunction((name) => document.querySelector("#sides h2").textContent === name, contract);
    const over = await page.evaluate(() => {
      const words = [...document.querySelectorAll(".chart text")].filter((e) => e.textContent)
        .map((e) => ({is: e.textContent, box: e.getBoundingClientRect()}));
      return words.flatMap(({is, box: a}, i) => words.slice(i + 1)
        .filter(({box: b}) => a.left + 1 < b.right && b.left + 1 < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom)
        .map((other) => is + " and " + other.is));
    });
    assert.deepEqual(over, [], contract);
  }
  await close(page);
});

test("the tables say what a line may hold, and who would read old data", async () => {
  const page = await opened();
  const beliefs = async () => (await page.locator("#sides table >> nth=0").locator("tbody tr").allInnerTexts()).map((row) => row.replaceAll("\t", ", "));
  await call(page, "map b cam FROM");
  // The device writes memory: a line that was filled before it is stale.
  assert.deepEqual(await beliefs(), ["current, absent, the data, the data", "current, clean, the data, the data", "current, clean but stale, old data, the data"]);
  await call(page, "begin b FROM");
  assert.deepEqual(await beliefs(), ["current, absent, the data, the data", "current, clean, the data, the data"]);
  await close(page);
});

test("a call against the rules is marked before, and found after", async () => {
  const page = await opened();
  assert.equal(await page.getAttribute('[data-call="end b FROM"]', "data-refused"), "L7");
  assert.equal(await page.getAttribute('[data-call="begin b FROM"]', "data-refused"), null);
  await call(page, "end b FROM");
  assert.match(await text(page, "#sides .card.warning >> nth=-1"), /WARNING L7 dma_buf_end_cpu_access\(\): No window is open/i);
  await close(page);
});

test("events are clicked on the chart, and keys do the same", async () => {
  const page = await opened();
  await page.locator(".chart .event text", {hasText: /^map$/}).click();
  assert.equal(await here(page), "DeviceOwned");
  await page.focus('[data-call="begin b FROM"]');
  await page.keyboard.press("Enter");
  assert.equal(await here(page), "CpuOwned");
  await close(page);
});

test("two contracts stand side by side, in the same scenario", async () => {
  const page = await opened();
  for (const words of ["map b cam FROM", "unmap b cam FROM", "begin b FROM"]) await call(page, words);
  await page.selectOption("#beside", "udmabuf-after");
  const sides = page.locator("#sides > section");
  assert.deepEqual(await sides.evaluateAll((all) => all.map((s) => s.dataset.contract)), ["system-heap-6.1", "udmabuf-after"]);
  const tables = await sides.evaluateAll((all) => all.map((s) => [...s.querySelectorAll("table")].pop().innerText));
  assert.notEqual(tables[0], tables[1]);
  assert.match(tables[0], /dma_unmap cam FROM_DEVICE: invalidate/);
  assert.doesNotMatch(tables[1], /dma_unmap/);
  await isAccessible(page);
  await picture(page, "beside");
  await close(page);
});

test("a link brings the same scenario to somebody else", async () => {
  const page = await opened();
  await call(page, "map b cam FROM");
  await page.selectOption("#beside", "vision-keep");
  await page.click("#share");
  const link = await page.inputValue("#address");
  const said = await text(page, "#sides");
  await close(page);
  const other = await opened({}, "#" + link.split("#")[1]);
  assert.equal(await text(other, "#sides"), said);
  assert.match(await other.inputValue("#text"), /map b cam FROM\n$/);
  await close(other);
});

test("a litmus file that is dropped is judged, expectations and all", async () => {
  const page = await opened();
  const name = "T13-the-only-sync-removed.litmus", content = readFileSync("traces/litmus/" + name, "utf8");
  await page.evaluate(([n, c]) => {
    const data = new DataTransfer();
    data.items.add(new File([c], n));
    document.body.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
  }, [name, content]);
  await page.waitForSelector(".expectation");
  assert.match(await text(page, "#sides"), /HOLDS line \d+: expect/i);
  assert.match(await text(page, "#sides"), /ERROR M3 the CPU may read stale cache lines/i);
  await page.selectOption("#whose", "contract");
  assert.doesNotMatch(await text(page, "#sides"), /ERROR M3/i);
  await close(page);
});

test("an event log and a capture are taken as files; what the page does not read says what to do", async () => {
  const page = await opened();
  for (const file of ["traces/recorded/driver-system-pipeline.jsonl", "traces/recorded/pipeline_keep.ftrace.txt"]) {
    await page.setInputFiles("#file", file);
    await page.waitForFunction((name) => kScenario.whose === "file" && kScenario.path === name, file.split("/").at(-1));
    const plain = (await custody("replay", file)).stdout.trimEnd().split("\n");
    assert.equal(await text(page, ".sentence"), plain.at(-1));
  }
  await picture(page, "capture-800");
  await page.setInputFiles("#file", "README.md");
  await page.waitForFunction(() => document.body.innerText.includes("custody convert"));
  await close(page);
});

test("the page says of every text capture what the command line says", async () => {
  const page = await opened();
  const files = ["traces/recorded", "kernel-ref/vm/recorded"].flatMap((folder) =>
    readdirSync(folder).filter((f) => f.endsWith(".ftrace.txt")).map((f) => folder + "/" + f));
  assert.ok(files.length > 6);
  for (const path of files) {
    const native = JSON.parse((await custody("replay", "--format", "json", path)).stdout);
    const answer = await page.evaluate((request) => ask(request), {do: "replay", path, text: readFileSync(path, "utf8")});
    assert.equal(answer.error, undefined, path);
    assert.deepEqual(answer.report.findings, native.findings, path);
    assert.deepEqual(answer.report.traces, native.traces, path);
  }
  await close(page);
});

test("the page says of every litmus file what the command line says", async () => {
  const page = await opened();
  const files = readdirSync("traces/litmus").filter((f) => f.endsWith(".litmus")).map((f) => "traces/litmus/" + f);
  assert.ok(files.length > 100);
  const native = (await custody("replay", "--format", "json", ...files)).stdout;
  const report = JSON.parse(native);
  const both = {findings: [], traces: []};
  for (const path of files) {
    const answer = await page.evaluate((request) => ask(request), {do: "replay", path, text: readFileSync(path, "utf8")});
    assert.equal(answer.error, undefined, path);
    both.findings.push(...answer.report.findings);
    both.traces.push(...answer.report.traces);
  }
  assert.equal(both.findings.length, report.findings.length);
  assert.deepEqual(both.findings, report.findings);
  assert.deepEqual(both.traces, report.traces);
  console.log(`${files.length} litmus files, ${report.findings.length} findings: the same`);
  await close(page);
});

test("hostile text stays text", async () => {
  const hostile = "</script><img src=x onerror=window.PWNED=1> \" ' & <b>";
  const contract = JSON.parse((await custody("export", "contract", "system-heap-6.1")).stdout);
  contract.title = contract.source = hostile;
  contract.name = "<b>&\"'";
  const path = written("hostile.json", JSON.stringify(contract));
  const page = await open(browser, await printedPage("hostile.html", "doc", path, "--format", "html", "--machine", kMachine));
  await page.waitForSelector("body[data-ready]");
  assert.ok((await text(page, "#titles")).includes(hostile));
  const litmus = "custody litmus: " + hostile + "\ndevice " + "<img/src=x>" + "\n\nexport b 64K\nattach b <img/src=x>\n";
  await page.fill("#text", litmus);
  await page.waitForTimeout(600);
  assert.equal(await page.evaluate(() => window.PWNED), undefined);
  assert.equal(await page.locator("img, main script").count(), 0);
  await page.fill("#text", "custody litmus: \u202e\u001b[31m\n\u0000");
  await page.waitForTimeout(600);
  assert.doesNotMatch(await text(page, "#sides"), /[\u0000-\u0008\u000b-\u001f\u202a-\u202e]/);
  await close(page);
});

test("it can be read in every width, light and dark, and axe finds no fault", async () => {
  for (const scheme of ["light", "dark"])
    for (const width of [390, 800, 1600]) {
      const page = await opened({width, scheme});
      await call(page, "map b cam FROM");
      await fits(page);
      await isAccessible(page);
      await picture(page, `contract-${width}-${scheme}`);
      await close(page);
    }
});

test("without the machine the tool says what is missing", async () => {
  const wrong = await custody("doc", "lazy", "--format", "html", "--machine", "traces/recorded/README.md");
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /is no machine of a page, expected custody_page\.js/);
  const none = await custody("doc", "lazy", "--format", "html", "--machine", "/nowhere");
  assert.equal(none.status, 2);
});
