// The diagram: moved, zoomed, searched, and cut down to what one model is tied to.

import { isTyping, make } from "./app.js";

const frame = document.getElementById("diagram");
const svg = frame.querySelector("svg");
const whole = svg.viewBox.baseVal;
const size = { width: whole.width, height: whole.height };
let view = { x: 0, y: 0, ...size };
let chosen = null;
const boxes = new Map([...svg.querySelectorAll("[data-name]")].map((box) => [box.dataset.name, box]));
const relations = [...svg.querySelectorAll(".relation")];

svg.removeAttribute("width");
svg.removeAttribute("height");

function look() {
  svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
}

/// Zooms around a place, given in parts of the frame.
function zoom(factor, at = { x: 0.5, y: 0.5 }) {
  const width = Math.min(Math.max(view.width * factor, 200), size.width * 3);
  const applied = width / view.width;
  view.x += view.width * (1 - applied) * at.x;
  view.y += view.height * (1 - applied) * at.y;
  view.width = width;
  view.height *= applied;
  look();
}

function all() {
  view = { x: 0, y: 0, ...size };
  look();
}

function place(box) {
  const { e, f } = box.transform.baseVal.consolidate().matrix;
  const { width, height } = box.querySelector(".box").getBBox();
  return { x: e, y: f, width, height };
}

function go(name) {
  const box = boxes.get(name);
  if (!box) return;
  const { x, y, width, height } = place(box);
  const ratio = frame.clientHeight / frame.clientWidth;
  view.width = Math.max(width * 4, 900);
  view.height = view.width * ratio;
  view.x = x + width / 2 - view.width / 2;
  view.y = y + Math.min(height, view.height) / 2 - view.height / 2;
  look();
}

function choose(name) {
  chosen = name;
  const near = new Set([name]);
  for (const relation of relations) {
    const { from, to } = relation.dataset;
    const isNear = name !== null && (from === name || to === name);
    relation.classList.toggle("near", isNear);
    if (isNear) near.add(from).add(to);
  }
  const isFocused = name !== null && document.getElementById("focus").checked;
  for (const [other, box] of boxes) {
    box.classList.toggle("chosen", other === name);
    box.classList.toggle("far", isFocused && !near.has(other));
  }
  for (const relation of relations) relation.classList.toggle("far", isFocused && !relation.classList.contains("near"));
  tell(name);
}

function tell(name) {
  const about = document.getElementById("about");
  const box = boxes.get(name);
  if (!box) {
    about.replaceChildren();
    return;
  }
  const isModel = box.classList.contains("model");
  const ties = relations.filter(({ dataset }) => dataset.from === name || dataset.to === name);
  about.replaceChildren(
    make("h2", {}, isModel ? make("a", { href: `/model/${encodeURIComponent(name)}` }, name) : name),
    make("p", {}, box.querySelector(":scope > title")?.textContent ?? ""),
    make("ul", {}, ...ties.map((tie) => make("li", {},
      `${tie.querySelector("title").textContent} → ${tie.dataset.to}`))));
}

let drag = null;
frame.addEventListener("pointerdown", (event) => {
  drag = { x: event.clientX, y: event.clientY, view: { ...view }, isMoved: false };
  frame.setPointerCapture(event.pointerId);
});
frame.addEventListener("pointermove", (event) => {
  if (!drag) return;
  const scale = Math.max(view.width / frame.clientWidth, view.height / frame.clientHeight);
  const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
  drag.isMoved ||= Math.hypot(dx, dy) > 4;
  if (drag.isMoved) {
    view.x = drag.view.x - dx * scale;
    view.y = drag.view.y - dy * scale;
    look();
  }
});
frame.addEventListener("pointerup", (event) => {
  const wasMoved = drag?.isMoved;
  drag = null;
  if (wasMoved) return;
  const box = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-name]");
  choose(box && box.dataset.name !== chosen ? box.dataset.name : null);
});
frame.addEventListener("wheel", (event) => {
  event.preventDefault();
  const rect = frame.getBoundingClientRect();
  zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15,
    { x: (event.clientX - rect.left) / rect.width, y: (event.clientY - rect.top) / rect.height });
}, { passive: false });

const search = document.getElementById("search");
search.addEventListener("change", () => {
  const wanted = search.value.toLowerCase();
  const names = [...boxes.keys()];
  const name = names.find((name) => name.toLowerCase() === wanted) ?? names.find((name) => name.toLowerCase().includes(wanted));
  if (name) {
    go(name);
    choose(name);
  }
});
document.getElementById("in").addEventListener("click", () => zoom(1 / 1.3));
document.getElementById("out").addEventListener("click", () => zoom(1.3));
document.getElementById("all").addEventListener("click", all);
document.getElementById("focus").addEventListener("change", () => choose(chosen));
document.addEventListener("keydown", (event) => {
  if (isTyping(event.target)) return;
  const step = view.width / 10;
  const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
  if (moves[event.key]) {
    view.x += moves[event.key][0];
    view.y += moves[event.key][1];
    look();
    event.preventDefault();
  } else if (event.key === "+") zoom(1 / 1.3);
  else if (event.key === "-") zoom(1.3);
  else if (event.key === "0") all();
  else if (event.key === "Escape") choose(null);
});

let asked = "";
try { asked = decodeURIComponent(location.hash.slice(1)); } catch { /* no name of a model */ }
if (boxes.has(asked)) {
  go(asked);
  choose(asked);
}
