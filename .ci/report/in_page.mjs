// Functions that run inside a page. Each is sent to the browser as source text, so each is complete without imports.

/** Opens or closes all details. */
export function setDetails(open) {
  for (const details of document.querySelectorAll("details")) details.open = open;
}

/** Returns faults of the structure: identifiers, references, links, handlers, and roles of tables. */
export function structure() {
  const faults = [];
  const name = (element) => {
    const text = (element.textContent ?? "").trim().replace(/\s+/g, " ").slice(0, 40);
    return `<${element.localName}${element.id ? ` id=${element.id}` : ""}> "${text}"`;
  };
  const ids = new Set();
  for (const element of document.querySelectorAll("[id]")) {
    if (ids.has(element.id)) faults.push(`duplicate id ${element.id}`);
    ids.add(element.id);
  }
  for (const element of document.querySelectorAll("[aria-labelledby], [aria-describedby]")) {
    const list = `${element.getAttribute("aria-labelledby") ?? ""} ${element.getAttribute("aria-describedby") ?? ""}`;
    for (const id of list.split(/\s+/).filter(Boolean)) if (!ids.has(id)) faults.push(`reference to the absent id ${id}`);
  }
  for (const element of document.querySelectorAll("*")) {
    for (const attribute of element.attributes) {
      if (/^on/i.test(attribute.name)) faults.push(`event handler ${attribute.name} of ${name(element)}`);
      if (/^(?:xlink:)?(?:href|src|srcset|action)$/i.test(attribute.name) && !attribute.value.startsWith("#")) {
        faults.push(`link to ${attribute.value.slice(0, 80)} of ${name(element)}`);
      } else if (/href$/i.test(attribute.name) && !document.getElementById(attribute.value.slice(1))) {
        faults.push(`link to the absent ${attribute.value}`);
      }
    }
  }
  if (document.querySelectorAll("h1").length !== 1) faults.push(`${document.querySelectorAll("h1").length} elements h1`);
  if (!document.documentElement.lang) faults.push("no language");
  if (!document.title.trim()) faults.push("no title");

  // A table whose rows have `display: contents` loses its roles in some browsers unless they are explicit.
  for (const table of document.querySelectorAll("table")) {
    if (![...table.rows].some((row) => getComputedStyle(row).display === "contents")) continue;
    const roles = { TABLE: ["table", "grid"], TR: ["row"], TD: ["cell", "gridcell"], TH: ["columnheader", "rowheader"], TBODY: ["rowgroup"], THEAD: ["rowgroup"] };
    for (const element of [table, ...table.querySelectorAll("tr, td, th, thead, tbody")]) {
      if (element.localName === "td" && element.getAttribute("role") === "presentation") continue;
      if (!roles[element.tagName]?.includes(element.getAttribute("role"))) {
        faults.push(`a table with display: contents lacks an explicit role at ${name(element)}`);
        break;
      }
    }
  }
  return faults;
}

/** Returns faults of the layout: overflow, text that is cut off or overlaps, and the geometry of charts and tables. */
export function layout() {
  const faults = [];
  const width = document.documentElement.clientWidth;
  const name = (element) => {
    const text = (element.textContent ?? "").trim().replace(/\s+/g, " ").slice(0, 40);
    const kind = element.getAttribute("class");
    return `<${element.localName}${kind ? ` class=${kind}` : ""}> "${text}"`;
  };
  const isShown = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? element.getClientRects().length > 0;

  if (document.documentElement.scrollWidth > width) {
    faults.push(`the page overflows: ${document.documentElement.scrollWidth} px in a window of ${width} px`);
  }
  const scrolls = (element) => {
    for (let parent = element.parentElement; parent; parent = parent.parentElement) {
      if (["auto", "scroll", "hidden"].includes(getComputedStyle(parent).overflowX) && parent !== document.body && parent !== document.documentElement) return true;
    }
    return false;
  };
  for (const element of document.querySelectorAll("body *")) {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || !isShown(element)) continue;
    // Firefox returns the box of stretched paths before they are stretched. The parts of a chart with text are checked.
    if (element instanceof SVGElement && !["img", "presentation"].includes(element.getAttribute("role")) && element.localName !== "text") continue;
    if ((box.right > width + 1 || box.left < -1) && !scrolls(element)) {
      faults.push(`outside the page: ${name(element)} from ${Math.round(box.left)} to ${Math.round(box.right)} px of ${width} px`);
    }
    const style = getComputedStyle(element);
    // An ellipsis says that text is shortened, and a table has it whole.
    const isShortened = style.textOverflow === "ellipsis" && element.closest("[aria-hidden=true]");
    if (!(element instanceof SVGElement) && !isShortened && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 1 && ["hidden", "clip"].includes(style.overflowX)) {
      faults.push(`cut off: ${name(element)}`);
    }
  }

  // The box of a label without its halo, in pixels from the chart's corner.
  const labelBox = (element) => {
    const box = element.getBBox();
    return { left: box.x, right: box.x + box.width, top: box.y, bottom: box.y + box.height, width: box.width };
  };

  // Labels of a chart must not cover each other.
  for (const chart of document.querySelectorAll("svg[role=img]")) {
    const labels = [...chart.querySelectorAll("text")].filter(isShown).map((element) => ({ element, box: labelBox(element) })).filter(({ box }) => box.width > 0);
    for (let i = 0; i < labels.length; i += 1) {
      for (let j = i + 1; j < labels.length; j += 1) {
        const [a, b] = [labels[i].box, labels[j].box];
        const x = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const y = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        // The boxes of lines of text contain their leading: 5 px of overlap leaves the letters apart.
        if (x > 1 && y > 5) faults.push(`labels overlap: ${name(labels[i].element)} and ${name(labels[j].element)} in ${name(chart.querySelector("title") ?? chart)}`);
      }
    }
  }

  // Positions in percent refer to the width of the nearest svg element.
  for (const element of document.querySelectorAll("svg line, svg rect, svg text")) {
    if (!isShown(element)) continue;
    const viewport = element.ownerSVGElement;
    if (viewport.hasAttribute("viewBox")) continue;
    const frame = viewport.getBoundingClientRect();
    if (frame.width === 0) continue;
    const expect = (attribute, actual) => {
      const value = element.getAttribute(attribute);
      if (!value?.endsWith("%")) return;
      const wanted = (parseFloat(value) / 100) * frame.width;
      if (Math.abs(actual - wanted) > 1.5) faults.push(`${attribute}=${value} of ${name(element)} is at ${actual.toFixed(1)} px, not at ${wanted.toFixed(1)} px`);
    };
    const box = element.getBoundingClientRect();
    if (element.localName === "rect") {
      expect("x", box.left - frame.left);
      expect("width", box.width);
    } else if (element.localName === "line") {
      expect("x1", element.x1.baseVal.value);
      expect("x2", element.x2.baseVal.value);
    } else if (!element.hasAttribute("transform") && !element.hasAttribute("dx")) {
      const anchor = getComputedStyle(element).textAnchor;
      const { left, right } = labelBox(element);
      expect("x", anchor === "middle" ? (left + right) / 2 : anchor === "end" ? right : left);
    }
  }

  // The cells of a table with `display: contents` form lines in both directions, transposed on narrow screens or not.
  for (const table of document.querySelectorAll("table")) {
    if (getComputedStyle(table).display !== "grid" || !isShown(table)) continue;
    const rows = [...table.rows].map((row) => [...row.cells].map((cell) => cell.getBoundingClientRect()));
    const isOne = (values) => Math.max(...values) - Math.min(...values) <= 1.5;
    const same = (boxes, side) => isOne(boxes.map((box) => (side === "x" ? (box.left + box.right) / 2 : (box.top + box.bottom) / 2)));
    const body = rows.slice(1);
    const along = same(body[0], "y") ? "y" : "x";
    const across = along === "y" ? "x" : "y";
    body.forEach((boxes, index) => {
      if (!same(boxes, along)) faults.push(`the cells of row ${index + 1} of ${name(table)} are not in a line`);
    });
    const columns = Math.max(...rows.map((boxes) => boxes.length));
    for (let column = 0; column < columns; column += 1) {
      const boxes = rows.filter((cells) => cells.length === columns).map((cells) => cells[column]);
      if (boxes.length > 1 && column > 0 && !same(boxes, across)) faults.push(`the cells of column ${column + 1} of ${name(table)} are not in a line`);
    }
    for (const cell of table.querySelectorAll("td, th")) {
      if (cell.scrollWidth > cell.clientWidth + 1) faults.push(`wider than its cell: ${name(cell)}`);
    }
    const starts = body.map((boxes) => Math.round(along === "y" ? boxes[0].top : boxes[0].left));
    if (new Set(starts).size !== body.length) faults.push(`rows of ${name(table)} overlap`);
  }

  // Targets of a pointer: WCAG 2.2 requires 24 px.
  for (const summary of document.querySelectorAll("summary")) {
    const box = summary.getBoundingClientRect();
    if (box.height > 0 && box.height < 24) faults.push(`the target ${name(summary)} is ${box.height.toFixed(1)} px high, less than 24 px`);
  }
  return faults;
}

/**
 * Returns the violations that axe-core finds, without the rules `except`. The source of axe-core must have been evaluated
 * before.
 */
export async function accessibility(except) {
  const rules = Object.fromEntries(except.map((rule) => [rule, { enabled: false }]));
  const result = await globalThis.axe.run(document, { resultTypes: ["violations"], rules });
  if (result.passes.length === 0) throw new Error("axe-core has run no rule");
  return result.violations.map((violation) => {
    const node = violation.nodes[0];
    return `${violation.id} (${violation.impact}): ${violation.help}; ${violation.nodes.length} times, first at ${node.target.join(" ")}: ${node.html.slice(0, 160)}`;
  });
}
