// What must hold for a page, whatever trace it shows. Each check says what is wrong, or nothing.

import axe from "axe-core";

/** Each text of the picture lies inside it, and no two overlap. */
export function misplaced(page) {
  return page.evaluate(() => {
    const picture = document.getElementById("picture");
    if (!picture) return [];
    const frame = picture.getBoundingClientRect();
    const shown = [...picture.querySelectorAll("text")].filter((text) => text.getClientRects().length > 0);
    const texts = shown.map((text) => ({ said: text.textContent, box: text.getBoundingClientRect() }));
    const wrong = [];
    const slack = 0.5;
    for (const { said, box } of texts) {
      const inside = box.left >= frame.left - slack && box.right <= frame.right + slack && box.top >= frame.top - slack && box.bottom <= frame.bottom + slack;
      if (!inside) wrong.push(`outside the picture: ${said}`);
    }
    texts.sort((a, b) => a.box.top - b.box.top);
    for (const [index, { said, box }] of texts.entries()) {
      for (let later = index + 1; later < texts.length && texts[later].box.top < box.bottom - slack; later += 1) {
        const other = texts[later].box;
        if (other.left < box.right - slack && box.left < other.right - slack) wrong.push(`overlap: ${said} and ${texts[later].said}`);
      }
    }
    return wrong;
  });
}

/** Each arrow ends where it says, sideways, and keeps clear of every node at which it does not end. */
export function astray(page) {
  return page.evaluate(() => {
    const picture = document.getElementById("picture");
    if (!picture) return [];
    const nodes = new Map();
    for (const circle of picture.querySelectorAll("[data-node] circle:not(.ring), [data-missing] circle")) {
      const { node, missing } = circle.parentElement.dataset;
      nodes.set(node ?? missing, { x: circle.cx.baseVal.value, y: circle.cy.baseVal.value, r: circle.r.baseVal.value });
    }
    const away = (point, { x, y }) => Math.hypot(point.x - x, point.y - y);
    const wrong = [];
    for (const edge of picture.querySelectorAll(".edge")) {
      const { from, to } = edge.dataset;
      const said = `${edge.getAttribute("class")} ${from} to ${to ?? "a lane"}`;
      const length = edge.getTotalLength();
      const end = edge.getPointAtLength(length);
      const touched = new Set();
      for (let at = 0; at <= length; at += 2) {
        const point = edge.getPointAtLength(at);
        for (const [name, node] of nodes) if (name !== from && name !== to && away(point, node) < node.r + 3) touched.add(name);
      }
      for (const name of touched) wrong.push(`${said} touches ${name}`);
      if (Math.abs(edge.getPointAtLength(length - 2).y - end.y) > 0.1) wrong.push(`${said} does not end sideways`);
      if (away(edge.getPointAtLength(0), nodes.get(from)) > nodes.get(from).r + 6) wrong.push(`${said} begins elsewhere`);
      if (to && away(end, nodes.get(to)) > nodes.get(to).r + 8) wrong.push(`${said} ends elsewhere`);
    }
    return wrong;
  });
}

/** The page itself does not scroll sideways. */
export function tooWide(page) {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth ? [`${scrollWidth} pixels wide in a window of ${clientWidth}`] : [];
  });
}

/** What axe finds. */
export async function inaccessible(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary}`).join(" | ")}`);
}

/** Every key does what the page says. */
export async function deaf(page, steps) {
  const wrong = [];
  const at = () => page.evaluate(() => ({
    row: document.querySelector("tr.now")?.dataset.step ?? "none",
    drawn: document.querySelector(".row.now")?.dataset.row ?? "none",
    marked: document.querySelector("[aria-current]")?.dataset.step ?? "none",
    hash: location.hash,
    said: document.getElementById("now").textContent,
    states: [...document.querySelectorAll("[data-state]")].filter((state) => state.checkVisibility()).map((state) => state.dataset.state),
    has: document.querySelectorAll("[data-state]").length,
    tells: (JSON.parse(document.getElementById("trace").textContent).start ?? []).length > 0,
    failure: document.querySelector("tr.fails") ? Number(document.querySelector("tr.fails").dataset.step ?? 0) : null,
  }));
  const expect = async (what, step) => {
    const { row, drawn, marked, hash, said, states, has, tells } = await at();
    const wanted = step === null ? "none" : String(step);
    const announced = step === null ? !said.startsWith("Step") : said.startsWith(`Step ${step} of ${steps}`);
    const linked = step === null ? hash === "" : hash === `#s${step}`;
    if (row !== wanted || drawn !== wanted || marked !== wanted || !announced || !linked) {
      wrong.push(`${what}: expected step ${wanted}; row ${row}, picture ${drawn}, marked ${marked}, address ${hash}, said ${said}`);
    }
    if (has !== (tells ? steps + 1 : 0)) wrong.push(`${what}: ${has} states of ${steps} steps`);
    const panel = tells ? String(step ?? 0) : "";
    if (states.join() !== panel) wrong.push(`${what}: expected the state ${panel}, and there is ${states.join()}`);
  };
  const press = async (key, step) => {
    await page.keyboard.press(key);
    await expect(key, step);
  };
  const most = (step) => Math.min(step, steps);
  await press("j", 1);
  await press("j", most(2));
  await press("k", Math.max(most(2) - 1, 1));
  await press("k", 1);
  await press("ArrowRight", most(2));
  await press("ArrowDown", most(3));
  await press("ArrowLeft", Math.max(most(3) - 1, 1));
  await press("ArrowUp", Math.max(most(3) - 2, 1));
  await press("End", steps);
  await press("j", steps);
  await press("Home", 1);
  const { failure } = await at();
  if (failure !== null) await press("f", failure || steps);
  await press("Escape", null);
  await page.locator("#keys").uncheck();
  await page.keyboard.press("j");
  await expect("j with keys off", null);
  await page.locator("#keys").check();
  await page.locator("tr[data-step] td:nth-child(3)").first().click();
  await expect("a click on the table", 1);
  await page.locator("[data-go=last]").click();
  await expect("the button", steps);
  await page.locator("[data-row='1']").click({ position: { x: 4, y: 4 } });
  await expect("a click on the picture", 1);
  return wrong;
}

/** On paper everything is there and nothing is cut. */
export async function unprinted(page) {
  const wrong = await page.evaluate(() => {
    const found = [];
    const seen = (element) => element.getClientRects().length > 0 && getComputedStyle(element).visibility === "visible";
    for (const element of document.querySelectorAll("h1, h2, .why, dd, #picture text, td, summary, pre code")) {
      if (!element.closest("#source") && element.textContent.trim() && !seen(element)) found.push(`not printed: ${element.textContent.slice(0, 60)}`);
    }
    for (const box of document.querySelectorAll(".box, pre")) {
      const { overflowX, overflowY } = getComputedStyle(box);
      if (overflowX !== "visible" || overflowY !== "visible") found.push("a box that scrolls on paper");
    }
    if (document.getElementById("picture")?.getBoundingClientRect().right > innerWidth + 1) found.push("the picture is wider than the paper");
    if (seen(document.getElementById("player") ?? document.createElement("i"))) found.push("buttons on paper");
    return found;
  });
  const pdf = await page.pdf({ format: "A4" });
  if (pdf.length < 2_000) wrong.push(`a document of ${pdf.length} bytes`);
  return wrong;
}

/** Each line leads to its explanation on the same page, and no word of the legend, of a mark or of a table goes without. */
export function unexplained(page) {
  return page.evaluate(() => {
    const wrong = [];
    const words = [...document.querySelectorAll("#help dt")].map((word) => word.textContent);
    if (words.length === 0) wrong.push("no word is explained");
    for (const line of document.querySelectorAll(".lines dt, .why .term")) {
      const link = line.querySelector("a[href^='#help-']");
      const place = link && document.querySelector(link.getAttribute("href"));
      const said = place?.querySelector("dt").textContent;
      if (said !== line.textContent.trim() || !place.querySelector("dd").textContent) wrong.push(`${line.textContent} leads to ${said}`);
    }
    for (const item of document.querySelectorAll(".legend li")) {
      const said = item.textContent.trim();
      if (!words.some((word) => said === word || said.startsWith(`${word}:`) || said.startsWith(`${word};`))) wrong.push(`the legend says ${said}`);
    }
    for (const head of document.querySelectorAll("th")) {
      if (!words.includes(head.textContent)) wrong.push(`a column is called ${head.textContent}`);
    }
    for (const entry of document.querySelectorAll("#passing ~ .box td.number")) {
      const [word] = /[a-z]+/.exec(entry.textContent) ?? [];
      if (word && !words.includes(word)) wrong.push(`a step is called ${word}`);
    }
    return wrong;
  });
}

/** On the first screen the picture has begun, with so many steps, and what is beside it takes the width. */
export function notAtOnce(page, least) {
  return page.evaluate((wanted) => {
    const picture = document.getElementById("picture");
    if (!picture) return [];
    const wrong = [];
    const nodes = [...picture.querySelectorAll("[data-node] circle:not(.ring)")].map((node) => node.getBoundingClientRect());
    const seen = nodes.filter((node) => node.bottom <= innerHeight).length;
    if (seen < Math.min(wanted, nodes.length)) wrong.push(`${seen} of ${nodes.length} steps are on the first screen`);
    const parts = [...document.querySelectorAll(".drawn, .told")].map((part) => part.getBoundingClientRect());
    const used = Math.max(...parts.map(({ right }) => right)) - Math.min(...parts.map(({ left }) => left));
    if (used < 0.85 * innerWidth) wrong.push(`${Math.round(used)} pixels of ${innerWidth} are used`);
    return wrong;
  }, least);
}

/** Nothing is cut off, and what is wider than its place scrolls there and says so. */
export function clipped(page) {
  return page.evaluate(() => {
    const wrong = [];
    for (const element of document.querySelectorAll("body *")) {
      if (element.closest(".unseen, thead, svg, [hidden]")) continue;
      const { overflowX, overflowY } = getComputedStyle(element);
      const wider = element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0;
      const said = `${element.localName}.${element.className} ${element.textContent.slice(0, 40)}`;
      const cuts = (overflow) => overflow === "hidden" || overflow === "clip";
      if ((cuts(overflowX) && wider) || (cuts(overflowY) && element.scrollHeight > element.clientHeight + 1)) wrong.push(`cut off: ${said}`);
      if (element.matches(".box")) {
        const hint = element.previousElementSibling;
        const told = hint?.matches(".hint") && hint.getClientRects().length > 0;
        if (wider !== Boolean(told)) wrong.push(`${wider ? "scrolls without a word" : "says that it scrolls"}: ${said}`);
      }
      const { left, right } = element.getBoundingClientRect();
      if ((right > innerWidth + 1 || left < -1) && !element.closest(".box, pre")) wrong.push(`out of the window: ${said}`);
    }
    return wrong;
  });
}

/** What the pointer is on is marked, and not in the way in which it is marked that everything fails from there on. */
export async function doomed(page) {
  const look = (selector) => page.evaluate((name) => {
    const element = document.querySelector(name);
    if (!element) return null;
    const { fill, stroke, strokeWidth, strokeDasharray, outlineStyle, outlineColor, backgroundColor } = getComputedStyle(element);
    return { fill, stroke, strokeWidth, strokeDasharray, outline: `${outlineStyle} ${outlineColor}`, backgroundColor };
  }, selector);
  const wrong = [];
  const rows = await page.locator("#picture .row").count();
  if (rows === 0) return wrong;
  const [tint, edge, bar] = [await look("rect.decided"), await look("path.decided"), await look("path.bar")];
  const none = (paint) => paint === "none" || paint === "rgba(0, 0, 0, 0)";
  if (tint && none(tint.fill) && none(bar.stroke)) wrong.push("where it is decided is not marked");
  for (const selector of ["#picture .row[data-row='1']", "tr[data-step='1']"]) {
    await page.mouse.move(0, 0);
    await page.waitForTimeout(200);
    const before = await look(selector);
    await page.locator(selector).hover({ position: { x: 3, y: 3 }, force: true });
    await page.waitForTimeout(200);
    const after = await look(selector);
    if (JSON.stringify(before) === JSON.stringify(after)) wrong.push(`${selector}: nothing shows that the pointer is there`);
    if (tint && !none(after.fill) && after.fill === tint.fill && selector.startsWith("#")) wrong.push(`${selector}: filled like the steps from the point on`);
    if (edge && !none(after.stroke) && after.stroke === edge.stroke && after.strokeDasharray === edge.strokeDasharray) wrong.push(`${selector}: drawn like the line at the point`);
    if (tint && !none(after.backgroundColor) && after.backgroundColor === tint.fill) wrong.push(`${selector}: its ground is that of the steps from the point on`);
  }
  return wrong;
}

/** The place of each step below the root leads to its line below `base`. */
export function unsourced(page, base) {
  return page.evaluate((from) => {
    const wrong = [];
    for (const place of document.querySelectorAll("td.where:not(:empty)")) {
      const said = place.textContent;
      const [, path, line] = /^(.*):(\d+)$/.exec(said) ?? [];
      const wanted = path && !path.startsWith("/") ? `${from}/${path}#L${line}` : undefined;
      const found = place.querySelector("a")?.href;
      if (found !== wanted) wrong.push(`${said} leads to ${found}`);
    }
    return wrong;
  }, base);
}
