// Drives a browser over the pages that logon-check writes. `node run.mjs [TRACE.json …]`; without arguments, the kept
// counterexamples. Where there is no browser it says so and is content, unless CI asks for it.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { hostile, long } from "./traces.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const browser = process.env.CHROMIUM ?? "/usr/bin/chromium";
const target = process.env.CARGO_TARGET_DIR ?? join(here, "../../target");
const program = process.env.LOGON_CHECK ?? join(target, "release/logon-check");

/** Ends for want of something. */
function skip(why) {
  const required = process.env.CI === "true";
  console.log(`${required ? "FAILED" : "SKIPPED"}: ${why}`);
  process.exit(required ? 1 : 0);
}

if (!existsSync(browser)) skip(`there is no browser at ${browser}; CHROMIUM may name one`);
if (!existsSync(join(here, "node_modules"))) skip("nothing is installed; run npm ci in tests/browser");
if (!existsSync(program)) skip(`there is no ${program}; run cargo build --release`);

const { chromium } = await import("playwright-core");
const { astray, clipped, deaf, doomed, inaccessible, misplaced, notAtOnce, tooWide, unexplained, unprinted, unsourced } = await import("./checks.mjs");

const { askew, faint, simulated, unreached } = await import("./simulations.mjs");

const folder = mkdtempSync(join(tmpdir(), "logon-check-browser-"));
const problems = [];
let checks = 0;

/** Counts a check and keeps what it complains about. */
function note(where, complaints) {
  checks += 1;
  for (const complaint of complaints) problems.push(`${where}: ${complaint}`);
}

function render(file, format, ...more) {
  return execFileSync(program, ["render", "--format", format, ...more, file], { encoding: "utf8", maxBuffer: 1 << 28 });
}

/** A page in a context of its own, which keeps what the browser complains about. */
async function open(chrome, file, options = {}, fragment = "") {
  const { media, ...rest } = options;
  const context = await chrome.newContext({ viewport: { width: 1100, height: 900 }, ...rest });
  const page = await context.newPage();
  const complaints = [];
  const address = pathToFileURL(file).href;
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  page.on("request", (request) => request.url().split("#")[0] !== address && complaints.push(`request: ${request.url()}`));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      globalThis.refused = `${event.violatedDirective} ${event.sample}`;
    });
  });
  if (media) await page.emulateMedia({ media });
  await page.goto(address + fragment);
  return {
    page,
    async close(where) {
      const state = await page.evaluate(() => [globalThis.hostile && "a name was run", globalThis.refused && `refused: ${globalThis.refused}`]);
      note(where, [...complaints, ...state.filter(Boolean)]);
      await context.close();
    },
  };
}

async function checkPage(chrome, name, file, steps) {
  const at = (what) => `${name}, ${what}`;
  for (const colorScheme of ["light", "dark"]) {
    const { page, close } = await open(chrome, file, { colorScheme });
    note(at(`${colorScheme}, labels`), await misplaced(page));
    note(at(`${colorScheme}, arrows`), await astray(page));
    note(at(`${colorScheme}, width`), await tooWide(page));
    await close(at(`${colorScheme}, the browser`));
    const second = await open(chrome, file, { colorScheme, reducedMotion: "reduce" });
    note(at(`${colorScheme}, axe`), await inaccessible(second.page));
    if (steps > 0) {
      await second.page.keyboard.press("End");
      note(at(`${colorScheme}, axe at a step`), await inaccessible(second.page));
    }
    await second.close(at(`${colorScheme}, the browser under axe`));
  }
  const first = await open(chrome, file, { viewport: { width: 1280, height: 800 } });
  note(at("the first screen"), await notAtOnce(first.page, name === "hostile" ? 1 : 5));
  note(at("words"), await unexplained(first.page));
  await first.close(at("the first screen, the browser"));
  const phone = await open(chrome, file, { viewport: { width: 390, height: 844 } });
  note(at("390 pixels"), [...(await tooWide(phone.page)), ...(await clipped(phone.page))]);
  await phone.close(at("390 pixels, the browser"));
  for (const pointed of [{ colorScheme: "light" }, { colorScheme: "dark" }, { forcedColors: "active" }]) {
    const { page, close } = await open(chrome, file, { ...pointed, reducedMotion: "reduce" });
    note(at(`pointer, ${Object.values(pointed)}`), await doomed(page));
    await close(at("pointer, the browser"));
  }
  const narrow = await open(chrome, file, { viewport: { width: 320, height: 640 } });
  note(at("320 pixels"), [...(await tooWide(narrow.page)), ...(await misplaced(narrow.page)), ...(await inaccessible(narrow.page))]);
  await narrow.close(at("320 pixels, the browser"));
  if (steps > 0) {
    const keys = await open(chrome, file, { reducedMotion: "reduce" });
    note(at("keys and clicks"), await deaf(keys.page, steps));
    await keys.close(at("keys, the browser"));
    const linked = await open(chrome, file, {}, `#s${Math.min(3, steps)}`);
    const row = await linked.page.evaluate(() => document.querySelector("tr.now")?.dataset.step);
    note(at("a deep link"), row === String(Math.min(3, steps)) ? [] : [`leads to step ${row}`]);
    await linked.close(at("a deep link, the browser"));
  }
  const still = await open(chrome, file, { javaScriptEnabled: false });
  const rows = await still.page.locator("tr[data-step]").count();
  const nodes = await still.page.locator("[data-node]").count();
  const buttons = await still.page.locator("#player:visible, #source:visible").count();
  const heading = await still.page.locator("h1:visible").count();
  note(at("no script"), rows === steps && nodes === steps && buttons === 0 && heading === 1 ? [] : [`${rows} rows, ${nodes} nodes, ${buttons} buttons, ${heading} headings`]);
  await still.close(at("no script, the browser"));
  const paper = await open(chrome, file, { media: "print", viewport: { width: 680, height: 960 } });
  note(at("paper"), await unprinted(paper.page));
  await paper.close(at("paper, the browser"));
}

/** Every diagram is read and drawn by Mermaid. */
async function checkDiagrams(chrome, diagrams) {
  const page = await chrome.newPage();
  await page.addScriptTag({ path: join(here, "node_modules/mermaid/dist/mermaid.min.js") });
  for (const [name, source] of diagrams) {
    const wrong = await page.evaluate(async (text) => {
      try {
        globalThis.mermaid.initialize({ startOnLoad: false });
        await globalThis.mermaid.parse(text);
        const { svg } = await globalThis.mermaid.render("drawn", text);
        const arrows = (svg.match(/class="messageLine/g) ?? []).length;
        const wanted = (text.match(/^ {4}\w+-(>>|->>|x)\w+:/gm) ?? []).length;
        if (globalThis.hostile) return ["a name was run"];
        return arrows === wanted && wanted > 0 ? [] : [`${arrows} of ${wanted} arrows are drawn`];
      } catch (error) {
        return [String(error)];
      }
    }, source);
    note(`${name}, Mermaid`, wrong);
  }
  await page.close();
}

/** With an address of the source, each step leads there; an address that would do harm is refused. */
async function checkSource(chrome, file) {
  const base = "https://example.org/owner/repository/blob/0a1b2c";
  const made = join(folder, "source.html");
  writeFileSync(made, render(file, "html", "--source", `${base}/`));
  const { page, close } = await open(chrome, made);
  const links = await page.locator("td.where a").count();
  note("source", links > 0 ? await unsourced(page, base) : ["no step leads to its source"]);
  await close("source, the browser");
  for (const bad of ["javascript:alert(1)", "https://example.org/\"><script>", "https://user:word@example.org"]) {
    let status = 0;
    try {
      execFileSync(program, ["render", "--format", "html", "--source", bad, file], { stdio: ["ignore", "ignore", "ignore"] });
    } catch (error) {
      status = error.status;
    }
    note(`source ${bad}`, status === 64 ? [] : [`ends with ${status}`]);
  }
}

/** A search that finds something leaves an index, which leads to the page, and the page back to it. */
async function checkIndex(chrome) {
  const out = join(folder, "out");
  try {
    execFileSync(program, ["check", "--variant", "empty-pool-refuses", "--scenario", "q245221", "--checker", "random", "--out", out], { stdio: "ignore", env: {} });
  } catch (error) {
    // A violation was found.
    if (error.status !== 2) throw error;
  }
  for (const colorScheme of ["light", "dark"]) {
    const { page, close } = await open(chrome, join(out, "index.html"), { colorScheme, viewport: { width: 320, height: 640 } });
    note(`index, ${colorScheme}`, [...(await tooWide(page)), ...(await inaccessible(page))]);
    await close(`index, ${colorScheme}, the browser`);
  }
  const context = await chrome.newContext();
  const page = await context.newPage();
  await page.goto(pathToFileURL(join(out, "index.html")).href);
  await page.locator("tbody a").click();
  note("index, its link", (await page.locator("h1 .verdict").textContent()) === "FAIL" ? [] : ["leads elsewhere"]);
  const said = await page.locator("nav a").textContent();
  await page.locator("nav a").click();
  const heading = await page.locator("h1").textContent();
  note("index, the way back", heading === "Counterexamples" ? [] : [`${said} leads to ${heading}`]);
  const words = (await page.locator("main").innerText()).toLowerCase();
  const wanted = ["logon-check runs", "deliberate", "steps", "preemptions", "actors"];
  note("index, its words", wanted.filter((word) => !words.includes(word)).map((word) => `without ${word}`));
  await context.close();
}

/** Runs a scenario with clients that are drawn, and gives the file of its page. */
function simulate(name, toml, options) {
  const file = join(folder, `${name}.toml`);
  writeFileSync(file, toml);
  const out = join(folder, "simulated", name);
  const told = spawnSync(program, ["simulate", "--scenario", file, "--format", "json", "--out", out, ...options], { encoding: "utf8", maxBuffer: 1 << 28 });
  if (![0, 2].includes(told.status)) throw new Error(`${name}: ${told.stderr}`);
  return JSON.parse(told.stdout).page;
}

async function checkSimulation(chrome, [name, toml, options, fell]) {
  const file = simulate(name, toml, options);
  const at = (what) => `simulation ${name}, ${what}`;
  for (const colorScheme of ["light", "dark"]) {
    for (const viewport of [{ width: 1280, height: 800 }, { width: 390, height: 844 }, { width: 320, height: 640 }]) {
      const where = `${colorScheme}, ${viewport.width} pixels`;
      const { page, close } = await open(chrome, file, { colorScheme, viewport, reducedMotion: "reduce" });
      note(at(`${where}, pictures`), await askew(page, fell));
      note(at(`${where}, labels`), await misplaced(page));
      note(at(`${where}, contrast`), await faint(page));
      await page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
      note(at(`${where}, width`), [...(await tooWide(page)), ...(await clipped(page))]);
      note(at(`${where}, axe`), await inaccessible(page));
      note(at(`${where}, words`), await unexplained(page));
      await close(at(`${where}, the browser`));
    }
  }
  const keys = await open(chrome, file);
  await keys.page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
  note(at("keys"), await unreached(keys.page));
  await keys.close(at("keys, the browser"));
  const forced = await open(chrome, file, { forcedColors: "active" });
  note(at("forced colors"), [...(await askew(forced.page, fell)), ...(await misplaced(forced.page))]);
  await forced.close(at("forced colors, the browser"));
  const paper = await open(chrome, file, { media: "print", viewport: { width: 680, height: 960 } });
  note(at("paper"), [...(await askew(paper.page, fell)), ...(await misplaced(paper.page))]);
  await paper.page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
  note(at("paper, all of it"), await unprinted(paper.page));
  await paper.close(at("paper, the browser"));
  const context = await chrome.newContext();
  const page = await context.newPage();
  await page.goto(pathToFileURL(file).href);
  await page.locator("nav a").click();
  const heading = await page.locator("h1").textContent();
  // A run in which something fell is followed by the counterexample it was seen in, which is listed above it.
  await page.getByRole("region", { name: "Simulations" }).getByRole("link").click();
  const back = await page.locator("h1 .place").textContent();
  note(at("the way to the index and back"), heading.endsWith("Simulations") && back.endsWith("simulated") ? [] : [`leads to ${heading} and to ${back}`]);
  await context.close();
}

const kept = join(here, "../counterexamples");
const given = process.argv.slice(2).map((file) => resolve(file));
const files = given.length > 0 ? given : readdirSync(kept).filter((file) => file.endsWith(".json")).sort().map((file) => join(kept, file));
for (const [name, trace] of [["long", long()], ["hostile", hostile()]]) {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(trace));
  files.push(file);
}

const chrome = await chromium.launch({ executablePath: browser, args: ["--no-sandbox"] });
try {
  const diagrams = [];
  for (const [index, file] of files.entries()) {
    const { variant, steps } = JSON.parse(readFileSync(file, "utf8"));
    const made = file.startsWith(folder);
    const name = made ? basename(file, ".json") : `${basename(file)} (${variant})`;
    const page = join(folder, `${index}.html`);
    writeFileSync(page, render(file, "html"));
    await checkPage(chrome, name, page, steps.length);
    const [, diagram] = /\n```mermaid\n([^`]*)```/.exec(render(file, "markdown")) ?? [];
    if (diagram) diagrams.push([name, diagram]);
    else note(name, steps.length === 0 ? [] : ["no diagram"]);
    console.log(`${name}: ${steps.length} steps`);
  }
  await checkDiagrams(chrome, diagrams);
  await checkIndex(chrome);
  for (const one of simulated) await checkSimulation(chrome, one);
  await checkSource(chrome, files[0]);
} finally {
  await chrome.close();
  rmSync(folder, { recursive: true, force: true });
}
for (const problem of problems) console.log(`FAIL ${problem}`);
console.log(`${problems.length === 0 ? "PASS" : "FAIL"}: ${files.length + simulated.length} pages, ${checks} checks, ${problems.length} complaints`);
process.exit(problems.length === 0 ? 0 : 1);
