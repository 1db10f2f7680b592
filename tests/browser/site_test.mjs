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
    const heads = [...document.querySelectorAll("thead th")].map((h) => h.textContent);
    const row = [...document.querySelectorAll("tbody tr")].find((r) => r.cells[0].textContent === c);
    return row.cells[heads.indexOf(d)].textContent;
  }, [contract, driver]);
  assert.equal(await cell("system-heap-6.1", "system"), "follows");
  assert.match(await cell("udmabuf-after", "system"), /^departs, \d+$/);
  await close(page);
});
