
"use strict";
// Walks through the steps. The page is whole without it.
(() => {
  const rows = [...document.querySelectorAll("tr[data-step]")];
  const player = document.getElementById("player");
  const source = document.getElementById("source");
  const text = document.getElementById("trace").textContent.trim();
  source.hidden = false;
  source.addEventListener("toggle", () => {
    source.querySelector("code").textContent = text;
  });
  // Where more is at the side of a box than can be seen.
  const hinted = [...document.querySelectorAll(".hint")];
  const hint = () => {
    for (const said of hinted) said.hidden = said.nextElementSibling.scrollWidth <= said.nextElementSibling.clientWidth;
  };
  window.addEventListener("resize", hint);
  hint();
  if (rows.length === 0) return;

  const picture = document.getElementById("picture");
  const keys = document.getElementById("keys");
  const now = document.getElementById("now");
  const idle = [...now.childNodes];
  const failing = document.querySelector("tr.fails");
  const failure = Number(failing?.dataset.step ?? (failing ? rows.length : 0));
  let current = 0;
  player.hidden = false;
  player.querySelector('[data-go="failure"]').hidden = failure === 0;

  // A large execution has no picture.
  const marked = (number) => [
    rows[number - 1],
    picture?.querySelector(`[data-row="${number}"]`) ?? rows[number - 1],
  ];

  // What the row says, in one line.
  const said = (number) => {
    const [, actor, action, , changes] = rows[number - 1].cells;
    const changed = changes.innerText.trim().split("\n").filter(Boolean).join("; ");
    const marks = rows[number - 1].classList.contains("fails") ? ", which breaks the property" : "";
    const end = number === failure && failing.dataset.step === undefined ? ". Then nobody can go on" : "";
    const what = `${actor.textContent}: ${action.textContent}`;
    return `Step ${number} of ${rows.length}${marks}. ${what}${changed && `. ${changed}`}${end}.`;
  };

  // The state after a step, of the panels there are.
  const states = [...document.querySelectorAll("[data-state]")];
  const panel = (number) => {
    for (const state of states) state.hidden = Number(state.dataset.state) !== number;
  };

  // Whether one looks at the picture rather than at the table below it.
  const isDrawn = () => picture && rows[0].getBoundingClientRect().top > window.innerHeight / 2;

  const show = (number, { scroll = true, remember = true } = {}) => {
    if (current > 0) for (const element of marked(current)) element.classList.remove("now");
    rows[current - 1]?.removeAttribute("aria-current");
    current = number;
    panel(number);
    if (number === 0) {
      now.replaceChildren(...idle);
      if (remember) history.replaceState(null, "", " ");
      return;
    }
    const [row, lit] = marked(number);
    for (const element of [row, lit]) element.classList.add("now");
    row.setAttribute("aria-current", "step");
    now.textContent = said(number);
    if (scroll) (isDrawn() ? lit : row).scrollIntoView({ block: "nearest", inline: "nearest" });
    if (remember) history.replaceState(null, "", `#s${number}`);
  };

  const within = (number) => Math.min(Math.max(number, 1), rows.length);
  const go = {
    first: () => show(1),
    back: () => show(within(current - 1)),
    next: () => show(within(current + 1)),
    last: () => show(rows.length),
    failure: () => failure > 0 && show(failure),
  };

  const ways = {
    j: go.next,
    k: go.back,
    ArrowRight: go.next,
    ArrowLeft: go.back,
    ArrowDown: go.next,
    ArrowUp: go.back,
    Home: go.first,
    End: go.last,
    f: go.failure,
    Escape: () => show(0),
  };

  // Keys that scroll keep doing so in a box that has the focus; up and down do until the walk has begun.
  const isTaken = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return true;
    const scrolls = event.key.startsWith("Arrow") || event.key === "Home" || event.key === "End";
    if (scrolls && event.target.closest(".box, pre")) return true;
    const vertical = event.key === "ArrowDown" || event.key === "ArrowUp";
    return current === 0 && (vertical || event.key === "Escape");
  };

  document.addEventListener("keydown", (event) => {
    if (!keys.checked || !Object.hasOwn(ways, event.key) || isTaken(event)) return;
    event.preventDefault();
    ways[event.key]();
  });
  player.addEventListener("click", (event) => {
    const button = event.target.closest("[data-go]");
    if (button) go[button.dataset.go]();
  });
  picture?.addEventListener("click", (event) => {
    const row = event.target.closest("[data-row]");
    if (row) show(Number(row.dataset.row), { scroll: false });
  });
  for (const [index, row] of rows.entries()) {
    row.addEventListener("click", (event) => {
      if (!event.target.closest("a")) show(index + 1, { scroll: false });
    });
  }

  const follow = () => {
    const linked = /^#s([1-9][0-9]{0,8})$/.exec(location.hash);
    const number = linked ? Number(linked[1]) : 0;
    if (number >= 1 && number <= rows.length) show(number, { remember: false });
  };
  window.addEventListener("hashchange", follow);
  follow();
})();
