// The checks of a page in Chromium: axe-core and layout at each width, light and dark, closed and opened; forced colours; print.

import path from "node:path";

import { openTab } from "./browsers.mjs";
import { accessibility, layout, setDetails, structure } from "./in_page.mjs";

export const WIDTHS = [390, 1024, 1440];
/** The narrowest windows of each layout of the page, at which only the layout is checked. */
const NARROWEST = [320, 641, 821, 1101];
const SCHEMES = ["light", "dark"];
const HEIGHT = 900;
// A4 at 96 px per inch without the margins of 13 mm.
const PRINT_WIDTH = 695;

/** Returns the findings of a page. Screenshots are written if `screenshots` is a folder. */
export async function checkInChromium(browsers, file, screenshots) {
  const findings = [];
  let where = "Chromium";
  const report = (check, what) => findings.push({ check, where, what });
  const { tab, address } = await openTab(browsers.chromium, file, report);
  const session = await tab.createCDPSession();
  const shoot = async (name) => {
    if (screenshots) await tab.screenshot({ path: path.join(screenshots, `${name}.png`), fullPage: true });
  };
  const emulate = (media, features) =>
    session.send("Emulation.setEmulatedMedia", { media, features: Object.entries(features).map(([name, value]) => ({ name, value })) });
  const inspect = async (place, except = []) => {
    where = place;
    for (const what of await tab.evaluate(layout)) report("layout", what);
    for (const what of await tab.evaluate(accessibility, except)) report("axe", what);
  };

  try {
    await tab.setViewport({ width: WIDTHS[0], height: HEIGHT });
    await tab.goto(address, { waitUntil: "load" });
    for (const what of await tab.evaluate(structure)) report("structure", what);
    await tab.evaluate(browsers.axe);
    for (const width of WIDTHS) {
      await tab.setViewport({ width, height: HEIGHT });
      for (const scheme of SCHEMES) {
        await emulate("screen", { "prefers-color-scheme": scheme });
        for (const open of [false, true]) {
          await tab.evaluate(setDetails, open);
          await inspect(`Chromium, ${width} px, ${scheme}, ${open ? "opened" : "closed"}`);
          if (!open || scheme === "light") await shoot(`${width}-${scheme}${open ? "-open" : ""}`);
        }
      }
    }
    for (const width of NARROWEST) {
      await tab.setViewport({ width, height: HEIGHT });
      for (const open of [false, true]) {
        await tab.evaluate(setDetails, open);
        where = `Chromium, ${width} px, ${open ? "opened" : "closed"}`;
        for (const what of await tab.evaluate(layout)) report("layout", what);
      }
    }
    await tab.setViewport({ width: 1024, height: HEIGHT });
    await tab.evaluate(setDetails, false);

    for (const scheme of SCHEMES) {
      await emulate("screen", { "forced-colors": "active", "prefers-color-scheme": scheme });
      // The colours that axe-core reads are those of the page, not those that the user forces.
      await inspect(`Chromium, forced colours, ${scheme}`, ["color-contrast"]);
      await shoot(`forced-colours-${scheme}`);
    }

    await tab.setViewport({ width: PRINT_WIDTH, height: HEIGHT });
    await emulate("print", { "prefers-color-scheme": "dark" });
    await inspect("Chromium, print");
    const paper = await tab.evaluate(() => getComputedStyle(document.body).backgroundColor);
    if (!["rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"].includes(paper)) report("print", `printed on a background of ${paper}`);
    await emulate("", {});
    const pdf = await tab.pdf({ preferCSSPageSize: true, printBackground: true, ...(screenshots ? { path: path.join(screenshots, "print.pdf") } : {}) });
    if (pdf.length < 1000) report("print", `the printed document has ${pdf.length} bytes`);
  } finally {
    await tab.close();
  }
  return findings;
}
