// Checks HTML pages in Chromium and Firefox, prints the findings, and exits with status 1 if there are any.
//
//   node main.mjs --modules DIR [--screenshots DIR] FOLDER…
//   node main.mjs --modules DIR --self-test FOLDER
//
// In a self-test, each page names the checks that must fail: <meta name="expected-findings" content="axe overflow">.

import { readdirSync, readFileSync, mkdirSync } from "node:fs";
import { cpus } from "node:os";
import path from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";

import { Browsers, Packages } from "./browsers.mjs";
import { checkInChromium } from "./chromium.mjs";
import { checkInFirefox } from "./firefox.mjs";
import { checkSource } from "./source.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    modules: { type: "string" },
    screenshots: { type: "string" },
    "self-test": { type: "string" },
  },
});

const folders = options["self-test"] ? [options["self-test"]] : positionals;
const pages = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".html"))
    .sort()
    .map((name) => ({ folder, name, file: path.resolve(folder, name) })),
);
if (pages.length === 0) {
  console.error(`report: no *.html in ${folders.join(", ") || "the empty list of folders"}`);
  process.exit(2);
}

const packages = new Packages(options.modules);
const versions = new Set();
const start = Date.now();

/** Runs all checks of a page in both browsers. */
async function check(page, browsers) {
  const html = readFileSync(page.file, "utf8");
  let screenshots;
  if (options.screenshots) {
    screenshots = path.join(options.screenshots, page.name.replace(/\.html$/, ""));
    mkdirSync(screenshots, { recursive: true });
  }
  const findings = checkSource(html);
  try {
    findings.push(...(await checkInChromium(browsers, page.file, screenshots)));
    findings.push(...(await checkInFirefox(browsers, page.file, screenshots)));
  } catch (error) {
    findings.push({ check: "browser", where: "browser", what: error.stack ?? String(error) });
  }
  return { page, html, findings };
}

/** Prints what is wrong with a page, each finding once with all places. Returns whether the page passes. */
function print({ page, html, findings }) {
  const bytes = Buffer.byteLength(html);
  const places = new Map();
  for (const { check: name, where, what } of findings) {
    const key = `${name}: ${what}`;
    places.set(key, [...(places.get(key) ?? []), where]);
  }
  let passes = findings.length === 0;
  let verdict = passes ? "passed" : "failed";
  if (options["self-test"]) {
    const expected = (/<meta name="expected-findings" content="([^"]*)"/.exec(html)?.[1] ?? "").split(" ").filter(Boolean);
    const found = new Set(findings.map((finding) => finding.check));
    const absent = expected.filter((name) => !found.has(name));
    const surplus = [...found].filter((name) => !expected.includes(name));
    passes = absent.length === 0 && surplus.length === 0;
    verdict = passes ? `passed, with the expected findings (${expected.join(", ") || "none"})` : "failed";
    if (passes) places.clear();
    if (absent.length > 0) places.set(`not found, but expected: ${absent.join(", ")}`, []);
  }
  console.log(`${page.name}: ${verdict} (${(bytes / 1000).toFixed(1)} kB)`);
  for (const [what, where] of places) {
    const shown = where.slice(0, 3).join("; ");
    console.log(`  ${what}${where.length > 0 ? `\n    at ${shown}${where.length > 3 ? ` and ${where.length - 3} more` : ""}` : ""}`);
  }
  return passes;
}

let passed = 0;
let next = 0;
// Browsers of its own for each worker: a tab in the background is not drawn.
async function worker() {
  const browsers = new Browsers(packages);
  try {
    await browsers.start();
    for (const version of browsers.versions) versions.add(version);
    while (next < pages.length) {
      const page = pages[next++];
      if (print(await check(page, browsers))) passed += 1;
    }
  } finally {
    await browsers.stop();
  }
}

const workers = Array.from({ length: Math.min(2, cpus().length, pages.length) }, worker);
for (const { reason } of await Promise.allSettled(workers)) {
  if (!reason) continue;
  console.error(`report: ${reason.stack ?? reason}`);
  process.exitCode = 2;
}
console.log(`${pages.length} pages in ${Math.round((Date.now() - start) / 1000)} s (${[...versions].join(", ")}, axe-core ${packages.axeVersion})`);
console.log(`${passed} passed, ${pages.length - passed} failed`);
if (!process.exitCode && passed < pages.length) process.exitCode = 1;
