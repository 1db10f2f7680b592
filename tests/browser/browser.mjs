// SPDX-License-Identifier: BSD-2-Clause
// A browser without window, pages of the tool in it, and what is asked of every page.
import assert from "node:assert/strict";
import {execFile} from "node:child_process";
import {existsSync, mkdirSync, writeFileSync} from "node:fs";
import {createRequire} from "node:module";
import {join, resolve} from "node:path";
import {pathToFileURL} from "node:url";

const require = createRequire(resolve(process.env.CUSTODY_PACKAGES) + "/");
const {chromium} = require("playwright-core");
const {source: axe} = require("axe-core");
/// The page of a viewer of traces that is not ours.
export const kSpeedscope = pathToFileURL(join(resolve(process.env.CUSTODY_PACKAGES), "node_modules/speedscope/dist/release/index.html")).href;

export const kTool = resolve(process.env.CUSTODY_TOOL);
export const kPages = resolve(process.env.CUSTODY_PAGES);
mkdirSync(kPages, {recursive: true});

/// Runs the tool; standard output is text.
export function custody(...words) {
  return new Promise((done) => execFile(kTool, words, {maxBuffer: 1 << 28}, (error, stdout, stderr) =>
    done({status: error ? error.code : 0, stdout, stderr})));
}

/// The address of a page that the tool writes.
export async function pageOf(name, ...words) {
  const path = join(kPages, name);
  const ran = await custody(...words, "-o", path);
  assert.ok([0, 1, 3].includes(ran.status), ran.stderr);
  return pathToFileURL(path).href;
}

/// The same of a command that prints its page.
export async function printedPage(name, ...words) {
  const ran = await custody(...words);
  assert.equal(ran.status, 0, ran.stderr);
  return pathToFileURL(written(name, ran.stdout)).href;
}

export const kMachine = process.env.CUSTODY_MACHINE;

export const written = (name, content) => {
  const path = join(kPages, name);
  writeFileSync(path, content);
  return path;
};

const kBrowsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];

/// As root, in a container, Chromium has no sandbox of its own.
export function launch() {
  const executablePath = process.env.CUSTODY_BROWSER || kBrowsers.find((path) => existsSync(path));
  assert.ok(executablePath, "no chromium: install it, or name it in CUSTODY_BROWSER");
  return chromium.launch({executablePath, args: ["--no-sandbox"]});
}

/// Opens a page, and fails where it asks for anything but itself, complains, or opens a dialog.
export async function open(browser, address, {width = 1600, height = 1000, scheme = "light"} = {}) {
  const page = await browser.newPage({viewport: {width, height}, colorScheme: scheme});
  page.wrong = [];
  page.on("request", (r) => { if (r.url().split("#")[0] !== address.split("#")[0] && !r.url().startsWith("data:")) page.wrong.push("asks for " + r.url()); });
  page.on("console", (m) => { if (m.type() === "error" || m.type() === "warning") page.wrong.push("says " + m.text()); });
  page.on("pageerror", (e) => page.wrong.push("fails: " + e.message));
  page.on("dialog", (d) => { page.wrong.push("asks " + d.message()); d.dismiss(); });
  await page.goto(address);
  return page;
}

export async function close(page) {
  assert.deepEqual(page.wrong, []);
  await page.close();
}

/// Milliseconds to the first paint.
export const firstPaint = (page) => page.evaluate(() => new Promise((done) => {
  const look = () => {
    const paint = performance.getEntriesByName("first-contentful-paint")[0];
    if (paint) done(paint.startTime); else setTimeout(look, 10);
  };
  look();
}));

/// axe-core finds no fault.
export async function isAccessible(page) {
  await page.evaluate(axe);
  const {violations} = await page.evaluate(() => window.axe.run(document, {resultTypes: ["violations"]}));
  assert.deepEqual(violations.map((v) => v.id + ": " + v.nodes.map((n) => n.target.join(" ") + " " + n.failureSummary).join("; ")), []);
}

/// Nothing is wider than the window, but what scrolls by itself.
export async function fits(page) {
  const [inner, outer] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  assert.ok(inner <= outer, `the page is ${inner} wide in a window of ${outer}`);
}

/// `whole`: else what the window shows, of a page that is very long.
export const picture = (page, name, whole = true) => page.screenshot({path: join(kPages, name + ".png"), fullPage: whole});
