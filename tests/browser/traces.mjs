// Two traces that no checker would write: a long one and a hostile one.

const step = (actor, label, more = {}) => ({
  actor,
  kind: "update",
  object: "server",
  label,
  nth: 1,
  location: "core/src/allocator.rs:101",
  enabled: [],
  preemption: false,
  asleep: false,
  woken: [],
  read: null,
  written: null,
  facts: [],
  gist: more.facts ?? [],
  about: [],
  ...more,
});

const trace = (variant, scenario, actors, steps, more) => ({
  format: "logon-check/trace",
  version: 4,
  variant,
  scenario: { name: scenario, toml: `name = "made"\n# ${scenario}\n` },
  checker: "exhaustive",
  needs_weak_memory: false,
  fingerprint: "0000000000000000",
  violation: null,
  preemptions: steps.filter(({ preemption }) => preemption).length,
  actors,
  steps,
  waiting: [],
  explanation: null,
  ...more,
});

/** A neighbour that keeps every second step; the others do not happen. */
const near = (steps, sentence, gist) => ({
  moves: steps.flatMap((_, index) => (index % 2 ? [] : [{ step: index + 1, after: null, before: null }])),
  sentence,
  steps: steps.flatMap(({ actor, label, object }, index) => [
    { actor, label, object, kept: index % 2 ? index + 1 : null, asleep: index % 3 === 1, read: null, written: null, gist },
  ]),
});

/** Five hundred steps of eight actors, with sleeps, wakes and a rule over the whole length. */
export function long() {
  const actors = ["alice", "bob", "carol", "dave", "eve", "administrator", "worker 1", "worker 2"];
  const steps = [];
  for (let index = 0; index < 500; index += 1) {
    const actor = actors[(index * index + 3 * index) % actors.length];
    const woken = index % 11 === 5 ? [actors[(index + 3) % actors.length]] : [];
    const facts = index % 3 === 0 ? [] : [`session ${index}: Idle → ConnectQuery`, `${actor} gets session ${index}`];
    steps.push(step(actor, `take session ${index}`, { facts, woken, asleep: index % 17 === 9, preemption: index % 5 === 0 && index > 0 && steps[index - 1].actor !== actor }));
  }
  const order = (first, then) => ({ first, then, other: null });
  return trace("long", "five-hundred-steps", actors, steps, {
    violation: { property: "one-holder", sentence: "eve gets what bob holds", properties: ["one-holder"], at_rest: false },
    explanation: {
      why: "eve gets what bob holds: bob takes it (step 250) between eve's look (step 3) and its take (step 500)",
      conflict: [3, 250, 500],
      pairs: [[3, 250], [250, 500]],
      basis: { exhausted: true, states: 9, failing: "1", passing: "1" },
      rule: { reach: "exactly", orders: [order(1, 499), order(2, 250), order(497, 500)], sentence: "fails exactly when 1 before 499, 2 before 250, 497 before 500" },
      point: { step: 498, sentence: "step 498: from here every continuation fails" },
      near: near(steps, "passes if nobody looks", []),
      smallest: "500 steps",
      reduction: { taken: [], searches: 9, sampled: 0 },
    },
  });
}

/** What a name may not do: run, end an element, reach the network, turn, overlap, or leave its place. */
export function hostile() {
  const run = "window.hostile=1";
  const names = [
    `<script>${run}</script>`,
    `"><img src=x onerror=${run}>`,
    `</text></svg></script><script>${run}</script><!--`,
    "x".repeat(200),
    "שלום עולם".repeat(9),
    "\u202egnp.exe\u2066\u200f مرحبا بالعالم",
    "会話の相手".repeat(30),
    "\u001b[31mred\u001b[0m\u009b2J\u0007\r\n\t",
    "👩‍👩‍👧❤️🇩🇪".repeat(12),
    `e${"\u0301".repeat(60)}`.repeat(20),
    "\u0000\u2028\u2029]]>&lt;&#x3c;",
    "https://example.org/${run} javascript:alert(1) 'onload=alert(1)",
    "﷽𒐫꧅".repeat(30),
  ];
  const steps = names.flatMap((name, index) => [
    step(name, names[(index + 1) % names.length], { facts: [names[(index + 2) % names.length], name], object: names[(index + 5) % names.length], asleep: index % 4 === 1 }),
    step(names[(index * 3) % names.length], name, { woken: names.slice(0, 1 + (index % 5)), facts: names, preemption: index > 0 && index * 2 % names.length > 0 }),
  ]);
  const order = (first, then, other) => ({ first, then, other });
  return trace(names[2], names[1], names, steps, {
    scenario: { name: names[1], toml: names.join("\n") },
    checker: names[0],
    violation: { property: names[0], sentence: names.join(" "), properties: names, at_rest: true },
    waiting: names.slice(0, 4).map((name, index) => ({ actor: name, object: names[index + 4], label: names[index + 6] })),
    explanation: {
      why: names.join(" "),
      conflict: [1, 3, 9, 26],
      pairs: [[1, 9], [3, 26]],
      basis: { exhausted: false, states: null, failing: "9".repeat(39), passing: "9".repeat(39) },
      rule: {
        reach: "whenever",
        orders: [order(1, 26, null), order(2, 9, null), order(3, null, { actor: names[0], label: names[3], object: names[4], nth: 1 })],
        sentence: names[2],
      },
      point: { step: 12, sentence: names[1] },
      near: near(steps, names[0], names),
      smallest: names[2],
      reduction: { taken: names, searches: 9, sampled: 3 },
    },
  });
}
