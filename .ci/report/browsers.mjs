// The two browsers, and the packages that drive them.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";

// A page that needs more than this has a fault.
const TIMEOUT_MS = 30_000;

/** The packages of package-lock.json. */
export class Packages {
  constructor(modules) {
    const require = createRequire(path.resolve(modules, "package.json"));
    this.puppeteer = require("puppeteer-core");
    this.axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
    this.axeVersion = require("axe-core/package.json").version;
  }
}

/** A Chromium and a Firefox, for one tab at a time. */
export class Browsers {
  versions = [];

  constructor(packages) {
    this.puppeteer = packages.puppeteer;
    this.axe = packages.axe;
  }

  async start() {
    this.chromium = await this.puppeteer.launch({
      browser: "chrome",
      executablePath: process.env.CHROMIUM ?? "chromium",
      // Chromium refuses to run as root with its sandbox. The pages are written by this repository.
      args: ["--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars", "--force-color-profile=srgb", "--font-render-hinting=none"],
      protocolTimeout: 2 * TIMEOUT_MS,
    });
    this.versions.push(await this.chromium.version());
    this.firefox = await this.puppeteer.launch({
      browser: "firefox",
      executablePath: process.env.FIREFOX ?? "firefox-esr",
      protocolTimeout: 2 * TIMEOUT_MS,
    });
    this.versions.push(await this.firefox.version());
  }

  async stop() {
    await Promise.allSettled([this.chromium?.close(), this.firefox?.close()]);
  }
}

/**
 * Opens a tab that reports requests and console messages by `report(check, what)`. Requests other than that of the page are
 * blocked.
 */
export async function openTab(browser, file, report) {
  const tab = await browser.newPage();
  tab.setDefaultTimeout(TIMEOUT_MS);
  const address = new URL(`file://${file}`).href;
  await tab.setRequestInterception(true);
  tab.on("request", (request) => {
    const isPage = request.url().split("#")[0] === address;
    // axe-core measures text with a font in a data address, which is not a request to a server.
    const isData = request.url().startsWith("data:");
    if (!isPage && !isData) report("request", `the page requests ${request.url().slice(0, 120)}`);
    const done = isPage || isData ? request.continue() : request.abort();
    done.catch(() => {});
  });
  tab.on("console", (message) => report("console", `${message.type()}: ${message.text().slice(0, 300)}`));
  tab.on("pageerror", (error) => report("console", `error: ${error.message}`));
  return { tab, address };
}
