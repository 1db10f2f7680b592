// SPDX-License-Identifier: BSD-2-Clause
// The site: every link leads somewhere, every page says of what it was made and can be read by everybody.
import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {readdirSync} from "node:fs";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {pathToFileURL} from "node:url";

import {close, fits, isAccessible, kMachine, kPages, kTool, launch, open, picture} from "./browser.mjs";

const kSite = join(kPages, "site");
let browser, pages;
before(async () => {
  execFileSync("python3", ["-B", "spec/site.py", kTool, kMachine, kSite]);
  pages = readdirSync(kSite).filter((f) => f.endsWith(".html"));
  browser = await launch();
});
after(() => browser.close());

test("every link leads to a page, and to a place on it", async () => {
  const ids = new Map(), links = [];
  const page = await browser.newPage();
  for (const name of pages) {
    await page.goto(pathToFileURL(join(kSite, name)).href, {waitUntil: "domcontentloaded"});
    const seen = await page.evaluate(() => ({
      ids: [...document.querySelectorAll("[id]")].map((e) => e.id), links: [...document.querySelectorAll("a[href]")].map((a) => a.getAttribute("href")),
      made: document.querySelector(".made")?.textContent || ""}));
    ids.set(name, seen.ids);
    assert.match(seen.made, /custody [\d.]+ from \S/, name);
    for (const href of seen.links) if (!/^https?:/.test(href)) links.push([name, href]);
  }
  assert.ok(pages.length > 40 && links.length > 150, `${pages.length} pages, ${links.length} links`);
  const broken = links.filter(([from, href]) => {
    const [file, part] = href.split("#"), target = file || from;
    return !ids.has(target) || (part && !part.startsWith("contract=") && !ids.get(target).includes(part));
  });
  assert.deepEqual(broken, []);
  console.log(`${pages.length} pages, ${links.length} links`);
  await page.close();
});

test("its pages fit, and axe finds no fault", async () => {
  for (const name of ["index.html", "side-by-side.html", "contract-udmabuf-after.html", "rules.html", "findings.html"])
    for (const [width, scheme] of [[390, "light"], [1600, "dark"]]) {
      const page = await open(browser, pathToFileURL(join(kSite, name)).href, {width, scheme});
      await fits(page);
      await isAccessible(page);
      await picture(page, `${name.replace(".html", "")}-${width}-${scheme}`, false);
      await close(page);
    }
});

test("a driver follows its own contract, and departs from others", async () => {
  const page = await open(browser, pathToFileURL(join(kSite, "side-by-side.html")).href);
  const cell = (contract, driver) => page.evaluate(([c, d]) => {
    const table = [...document.querySelectorAll("table")].find((t) => t.tHead.textContent.startsWith("contract"));
    const heads = [...table.querySelectorAll("thead th")].map((h) => h.textContent);
    const row = [...table.querySelectorAll("tbody tr")].find((r) => r.cells[0].textContent === c);
    return row.cells[heads.indexOf(d)].textContent;
  }, [contract, driver]);
  assert.equal(await cell("system-heap-6.1", "system"), "follows");
  assert.match(await cell("udmabuf-after", "system"), /^departs, \d+$/);
  await close(page);
});

test("what the documentation says stands beside what each driver does", async () => {
  const page = await open(browser, pathToFileURL(join(kSite, "side-by-side.html")).href);
  const cells = await page.evaluate(() => {
    const table = [...document.querySelectorAll("table")].find((t) => t.tHead.textContent.startsWith("operation"));
    const heads = [...table.querySelectorAll("thead th")].map((h) => h.textContent);
    return Object.fromEntries([...table.querySelectorAll("tbody tr")].map((row) =>
      [row.cells[0].textContent, Object.fromEntries(heads.map((head, i) => [head, row.cells[i].textContent]))]));
  });
  assert.deepEqual(Object.keys(cells), ["attach", "map_dma_buf", "unmap_dma_buf", "begin_cpu_access", "end_cpu_access", "detach", "release"]);
  assert.match(cells.map_dma_buf.documentation, /cleared of old data/);
  assert.equal(cells.map_dma_buf.system, "dma_map of the importer's device");
  assert.equal(cells.map_dma_buf.udmabuf, "dma_map of the importer's device without sync; then M1, M2");
  assert.match(cells.begin_cpu_access.udmabuf, /^dma_map of the exporter's own device without sync; dma_sync for the CPU of the exporter's own device/);
  assert.equal(cells.unmap_dma_buf.udmabuf, "nothing");
  assert.match(cells.begin_cpu_access.heap_helpers_2019, /L1/);
  await close(page);
});
