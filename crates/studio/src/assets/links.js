// Rows that one is linked with, many to many: linked and parted among the changes that are collected.

import { make } from "./app.js";
import * as changes from "./changes.js";

const record = document.querySelector("table.record[data-key]");
const boxes = record ? [...document.querySelectorAll("[data-links]")] : [];
const { model } = record?.dataset ?? {};
const key = record ? JSON.parse(record.dataset.key) : null;

function toggle(box, action, other) {
  changes.pair(model, key, box.dataset.links, [other], action);
}

function show() {
  for (const box of boxes) {
    const own = changes.pairs(model, key, box.dataset.links);
    for (const chip of box.querySelectorAll(".chip[data-other]")) {
      chip.classList.toggle("removed", own.some(({ action, other }) => action === "unlink" && other[0] === chip.dataset.other));
    }
    box.querySelectorAll(".chip.changed").forEach((chip) => chip.remove());
    for (const { other } of own.filter(({ action }) => action === "link")) {
      box.querySelector("form").before(make("span", { class: "chip changed" }, other[0],
        make("button", { type: "button", onclick: () => toggle(box, "link", other[0]) },
          "✕", make("span", { class: "hidden" }, `Do not link ${other[0]}`))));
    }
  }
}

for (const box of boxes) {
  box.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-unlink]");
    if (button) toggle(box, "unlink", button.closest("[data-other]").dataset.other);
  });
  box.querySelector("form")?.addEventListener("submit", (event) => {
    event.preventDefault();
    const input = event.target.elements.other;
    toggle(box, "link", input.value);
    input.value = "";
  });
}
changes.onChange(show);
if (!changes.isReadOnly) show();
