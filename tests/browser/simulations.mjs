// What must hold for the page of a simulation, and the scenarios of which pages are made.

/** Scenarios with clients that are drawn: name, document, and what is simulated in them. */
export const simulated = [
  ["burst", burst("Clients at once."), ["--variant", "fixed"], null],
  ["burst that falls", burst("Clients at once."), ["--variant", "worker-self-deadlock"], "burst"],
  ["burst that falls and goes on", burst("Clients at once."), ["--variant", "stolen-handoff", "--go-on"], "overtaking"],
  ["fall at once", burst("Clients at once."), ["--variant", "empty-pool-refuses"], "no-false-refusal"],
  ["hostile", burst("</text></svg><script>window.hostile=1</script><img src=x onerror=window.hostile=1>"), ["--variant", "fixed"], null],
  ["morning", morning(), ["--variant", "fixed"], null],
];

function burst(summary) {
  return `name = "burst-of-eleven"\nsummary = '${summary}'\nsource = "reconstruction"\n[server]\nidle-pool = 2\n[time]\nset-up = { from = "2100ms", to = "3900ms" }\n[[arrivals]]\nkind = "burst"\nlogons = 11\n`;
}

/** Every outcome but a dropped logon, and both kinds of shading. */
function morning() {
  return `name = "morning"
summary = "Ten minutes with everything."
source = "reconstruction"
[server]
idle-pool = 2
creation-workers = 2
max-connections = 40
[time]
processors = 2
set-up = { from = "1050ms", to = "1950ms" }
patience = "10s"
think = "8s"
session = "1min"
license = "200ms"
[[arrivals]]
kind = "storm"
logons = 400
over = "10min"
[faults]
wrong-password = 40
license-denied = 30
come-back = 700
slow-disk = { every = "3min", for = "30s", factor = 5 }
disable-logons = { every = "4min", for = "20s" }
`;
}

/** The pictures are as wide as each other and inside their frame, nothing is drawn outside them, and the mark is where it fell. */
export function askew(page, fell) {
  return page.evaluate((property) => {
    const wrong = [];
    const frame = document.getElementById("picture").getBoundingClientRect();
    const plots = [...document.querySelectorAll("svg.plot")];
    const boxes = plots.map((plot) => plot.getBoundingClientRect());
    if (plots.length !== 4) wrong.push(`${plots.length} pictures`);
    for (const [index, box] of boxes.entries()) {
      const { id } = plots[index].querySelector("desc");
      if (box.left !== boxes[0].left || box.width !== boxes[0].width) wrong.push(`${id}: from ${box.left}, ${box.width} wide, and the first from ${boxes[0].left}, ${boxes[0].width} wide`);
      if (box.left < frame.left || box.right > frame.right || box.top < frame.top || box.bottom > frame.bottom) wrong.push(`${id}: outside the frame`);
      if (index > 0 && box.top < boxes[index - 1].bottom) wrong.push(`${id}: over the one above it`);
      if (box.width < 0.6 * frame.width || box.height < 80) wrong.push(`${id}: ${box.width} by ${box.height} in ${frame.width}`);
      for (const drawn of plots[index].querySelectorAll("path, line, rect")) {
        const { left, right, top, bottom } = drawn.getBoundingClientRect();
        // A line has a width, half of which is beside it.
        if (left < box.left - 4 || right > box.right + 4 || top < box.top - 4 || bottom > box.bottom + 4) wrong.push(`${id}: ${drawn.getAttribute("class")} is outside`);
      }
      const tips = plots[index].querySelectorAll(".tip");
      if (tips.length === 0 || Math.abs(tips[tips.length - 1].getBoundingClientRect().right - box.right) > 1) wrong.push(`${id}: ${tips.length} pieces do not reach the end`);
      const marks = [...plots[index].querySelectorAll(".fell")];
      if (marks.length !== (property ? 1 : 0)) wrong.push(`${id}: ${marks.length} marks`);
      for (const mark of marks) {
        const { left, right } = mark.getBoundingClientRect();
        const wanted = box.left + (box.width * mark.dataset.at) / plots[index].dataset.end;
        if (Math.abs((left + right) / 2 - wanted) > 1) wrong.push(`${id}: the mark is at ${(left + right) / 2} and not at ${wanted}`);
      }
    }
    const banner = document.querySelector(".banner text")?.textContent ?? null;
    if (property ? !banner?.startsWith(`${property} fell at `) : banner !== null) wrong.push(`above the pictures it says ${banner}`);
    if (property && document.querySelector("h1 .property").textContent !== property) wrong.push("the title names another property");
    return wrong;
  }, fell);
}

/** What is drawn is told from the ground and from what it touches: by three to one, as for every graphic. */
export function faint(page) {
  return page.evaluate(() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const light = (paint) => {
      canvas.fillStyle = paint;
      canvas.fillRect(0, 0, 1, 1);
      const parts = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => part / 255);
      const [red, green, blue] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const contrast = (one, other) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    const ground = light(getComputedStyle(document.getElementById("picture")).backgroundColor);
    const wrong = [];
    for (const drawn of document.querySelectorAll(".plot path, .plot line.across, .plot line.fell")) {
      const { fill, stroke } = getComputedStyle(drawn);
      const paints = [fill, stroke].filter((paint) => paint !== "none");
      const best = Math.max(...paints.map((paint) => contrast(light(paint), ground)));
      if (best < 3) wrong.push(`${drawn.getAttribute("class")}: ${best.toFixed(1)} to 1`);
    }
    return [...new Set(wrong)];
  });
}

/** Whoever has no pointer comes to everything that scrolls or opens. */
export async function unreached(page) {
  const wanted = await page.evaluate(() => document.querySelectorAll("a[href], summary, [tabindex='0']").length);
  const reached = new Set();
  for (let press = 0; press < wanted + 2; press += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const all = [...document.querySelectorAll("a[href], summary, [tabindex='0']")];
      return all.indexOf(document.activeElement);
    });
    if (at >= 0) reached.add(at);
  }
  return reached.size === wanted ? [] : [`${reached.size} of ${wanted} are reached by the keyboard`];
}
