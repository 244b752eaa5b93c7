// The checks of a page in Firefox: layout at each width, closed and opened, and axe-core once.

import path from "node:path";

import { openTab } from "./browsers.mjs";
import { WIDTHS } from "./chromium.mjs";
import { accessibility, layout, setDetails, structure } from "./in_page.mjs";

/** Returns the findings of a page. Screenshots are written if `screenshots` is a folder. */
export async function checkInFirefox(browsers, file, screenshots) {
  const findings = [];
  let where = "Firefox";
  const report = (check, what) => findings.push({ check, where, what });
  const { tab, address } = await openTab(browsers.firefox, file, report);
  try {
    await tab.goto(address, { waitUntil: "load" });
    for (const what of await tab.evaluate(structure)) report("structure", what);
    for (const width of WIDTHS) {
      await tab.setViewport({ width, height: 900 });
      for (const open of [false, true]) {
        where = `Firefox, ${width} px, ${open ? "opened" : "closed"}`;
        await tab.evaluate(setDetails, open);
        for (const what of await tab.evaluate(layout)) report("layout", what);
        if (screenshots && !open) await tab.screenshot({ path: path.join(screenshots, `firefox-${width}.png`), fullPage: true });
      }
    }
    await tab.evaluate(browsers.axe);
    for (const what of await tab.evaluate(accessibility, [])) report("axe", what);
  } finally {
    await tab.close();
  }
  return findings;
}
