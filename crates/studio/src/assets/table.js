// A table's rows and a row's own page: filters that fit their fields, editing in place, keys.

import { isTyping, make, send } from "./app.js";
import * as changes from "./changes.js";
import { pickerFor } from "./dates.js";

const table = document.querySelector("table.rows, table.record");
const model = table?.dataset.model;
const heads = new Map([...document.querySelectorAll("th[data-field]")].map((head) => [head.dataset.field, head]));
const isNew = table?.classList.contains("new");

// Filters: only the operators that a field has, a list where its values are known.
const field = document.getElementById("filter-field");
const operator = document.getElementById("filter-operator");
if (field && operator) {
  const every = [...operator.options];
  const fit = () => {
    const fitting = (field.selectedOptions[0]?.dataset.operators ?? "").split(" ");
    operator.replaceChildren(...every.filter((option) => fitting.includes(option.value)));
    // Each of them was chosen for a moment while the others went.
    operator.selectedIndex = 0;
    const value = document.getElementById("filter-value");
    const choices = field.selectedOptions[0]?.dataset.choices;
    document.getElementById("filter-choices")?.remove();
    value.removeAttribute("list");
    if (choices) {
      const list = make("datalist", { id: "filter-choices" },
        ...JSON.parse(choices).map((choice) => make("option", { value: choice })));
      value.after(list);
      value.setAttribute("list", "filter-choices");
    }
    const path = document.getElementById("filter-path");
    if (path) path.hidden = path.disabled = !field.selectedOptions[0]?.hasAttribute("data-json");
    takesValue();
  };
  const takesValue = () => {
    const value = document.getElementById("filter-value");
    value.hidden = operator.selectedOptions[0]?.hasAttribute("data-alone") ?? false;
    const { picker, zoned } = field.selectedOptions[0]?.dataset ?? {};
    document.querySelector(".add .picker")?.remove();
    // A list of values is typed.
    const isOne = !value.hidden && !operator.value.endsWith("in_vec");
    if (picker && isOne) value.after(pickerFor(value, picker, zoned !== undefined));
  };
  field.addEventListener("change", fit);
  operator.addEventListener("change", takesValue);
  fit();
}

document.getElementById("count")?.addEventListener("click", async (event) => {
  const button = event.currentTarget;
  try {
    button.textContent = (await send(button.dataset.url)).text;
  } catch (error) {
    button.textContent = error.message;
  }
});

// What is shown, for a spreadsheet or a program.
const csv = (value) => value === null ? "" : /^$|[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
const formats = {
  csv: (names, rows) => [names, ...rows].map((row) => row.map(csv).join(",")).join("\r\n"),
  json: (names, rows) => JSON.stringify(rows.map((row) => Object.fromEntries(row.map((value, at) => [names[at], value]))), null, 2),
};
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.addEventListener("click", async () => {
    const rows = [...table.querySelectorAll("tbody tr:has(td[data-field])")].map((row) => [...row.querySelectorAll("td[data-field]")].map(current));
    await navigator.clipboard.writeText(formats[button.dataset.copy]([...heads.keys()], rows));
    const isCut = table.querySelector("td[data-cut]") !== null;
    button.textContent = `Copied ${rows.length} rows${isCut ? ", long values cut: an export has all of them" : ""}`;
  });
}

function keyOf(cell) {
  const holder = cell.closest("[data-key]");
  return holder ? JSON.parse(holder.dataset.key) : null;
}

/// What the server said, whatever has been typed since.
function original(cell) {
  if (!("was" in cell)) {
    cell.was = cell.hasAttribute("data-null") ? null
      : cell.dataset.exact ? JSON.parse(cell.dataset.exact) : cell.querySelector(".value").textContent;
  }
  return cell.was;
}

function paint(cell, value, isChanged) {
  cell.now = value;
  cell.querySelectorAll(".error").forEach((mark) => mark.remove());
  cell.querySelector(".value").textContent = value ?? "";
  cell.querySelectorAll(".null, .unset").forEach((mark) => mark.remove());
  if (value === null) cell.querySelector(".value").after(make("span", { class: "null" }, "null"));
  cell.classList.toggle("changed", isChanged);
}

/// Shows what has been collected, after a page was turned or a change dropped.
function repaint() {
  if (!table || isNew) return;
  for (const cell of table.querySelectorAll("td[data-field]")) {
    const key = keyOf(cell);
    if (!key) continue;
    const change = changes.find(model, key, "update");
    const name = cell.dataset.field;
    const isChanged = change !== undefined && name in change.set;
    if (isChanged || "was" in cell) {
      original(cell);
      paint(cell, isChanged ? change.set[name] : cell.was, isChanged);
    }
  }
  for (const row of table.querySelectorAll("tr[data-key]")) {
    row.classList.toggle("removed", changes.find(model, JSON.parse(row.dataset.key), "delete") !== undefined);
  }
}
changes.onChange(repaint);
repaint();

function edit(cell) {
  const head = heads.get(cell.dataset.field);
  if (!head || changes.isReadOnly || head.hasAttribute("data-generated") || cell.querySelector(".editor")) return;
  if (!isNew && !keyOf(cell)) return;
  if (cell.hasAttribute("data-cut")) {
    // All of it is on the row's own page.
    cell.closest("tr").querySelector("td.open a")?.click();
    return;
  }
  const before = original(cell);
  const now = cell.classList.contains("changed") ? current(cell) : before;
  const input = inputFor(head, now);
  const untouched = input.value;
  const editor = make("div", { class: "editor" }, input);
  const { picker, zoned } = head.dataset;
  if (picker) editor.append(pickerFor(input, picker, zoned !== undefined));
  const wasUnset = cell.hasAttribute("data-unset");
  const done = (value) => {
    editor.remove();
    cell.querySelector(".value").hidden = false;
    if (value === undefined) restore(cell, now, wasUnset);
    else put(cell, before, value);
    cell.focus();
  };
  // What was not touched is no change, whatever the editor made of it to show it.
  const accept = () => done(input.value === untouched && !(isNew && wasUnset) ? undefined : typed(input.value, now));
  if (head.hasAttribute("data-nullable")) {
    editor.append(make("button", { type: "button", title: "Nothing, which is not the empty text", onclick: () => done(null) }, "null"));
  }
  if (head.hasAttribute("data-nullable") && head.dataset.kind === "text") {
    editor.append(make("button", { type: "button", title: "The empty text", onclick: () => done("") }, "“”"));
  }
  editor.append(make("button", { type: "button", title: "Enter", onclick: accept }, "✓"));
  editor.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape") done(undefined);
    const isEnter = event.key === "Enter" && !event.shiftKey && event.target.matches("input, select, textarea");
    if (isEnter && (head.dataset.kind !== "json" || event.ctrlKey)) {
      event.preventDefault();
      accept();
    }
  });
  cell.querySelector(".value").hidden = true;
  cell.querySelectorAll(".null, .unset").forEach((mark) => mark.remove());
  cell.prepend(editor);
  input.focus();
}

function current(cell) {
  return "now" in cell ? cell.now : original(cell);
}

/// What an editor was closed over without a word.
function restore(cell, value, wasUnset) {
  if (wasUnset) {
    cell.append(make("span", { class: "unset" }, cell.parentElement.hasAttribute("data-optional") ? "as by default" : "needed"));
  } else {
    paint(cell, value, cell.classList.contains("changed"));
  }
}

/// A browser's editor knows one kind of line end: a text that had the other keeps it.
function typed(text, before) {
  return before?.includes("\r\n") ? text.replaceAll(/\r?\n/g, "\r\n") : text;
}

function put(cell, before, value) {
  const head = heads.get(cell.dataset.field);
  const wrong = check(head, value);
  if (wrong) {
    paint(cell, before, false);
    cell.append(make("span", { class: "error", role: "alert" }, ` ${wrong}`));
    return;
  }
  if (isNew) {
    cell.removeAttribute("data-unset");
    paint(cell, value, true);
    return;
  }
  paint(cell, value, value !== before);
  changes.update(model, keyOf(cell), cell.dataset.field, before, value);
}

/// What can be seen to be wrong before the server says so.
function check(head, value) {
  if (value === null) return null;
  switch (head.dataset.kind) {
    case "json":
      try { JSON.parse(value); return null; } catch (error) { return error.message; }
    case "number":
      // Which numbers there are is the server's business: infinity, money, more digits than a script can count.
      return value.trim() === "" ? "this is no number" : null;
    default:
      return null;
  }
}

const EXAMPLES = { "datetime-local": "2026-01-31 09:30:00", date: "2026-01-31", time: "09:30:00" };

function inputFor(head, value) {
  const label = { "aria-label": head.dataset.field };
  const choose = (choices) => {
    const select = make("select", label, ...choices.map((choice) => make("option", {}, choice)));
    select.value = value ?? choices[0];
    return select;
  };
  switch (head.dataset.kind) {
    case "enum": return choose(JSON.parse(head.dataset.choices));
    case "boolean": return choose(["true", "false"]);
    case "number": return make("input", { ...label, inputmode: "decimal", value: value ?? "" });
    case "datetime": return make("input", { ...label, placeholder: EXAMPLES[head.dataset.picker], value: value ?? "" });
    default: {
      const area = make("textarea", { ...label, rows: Math.min(12, (value ?? "").split("\n").length) });
      area.value = head.dataset.kind === "json" ? pretty(value) : value ?? "";
      return area;
    }
  }
}

/// Laid out over lines. Only blanks are added: numbers keep their digits, and keys their order.
function pretty(value) {
  if (value === null) return "";
  let [text, depth] = ["", 0];
  const line = () => `\n${"  ".repeat(depth)}`;
  for (const [token] of value.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g)) {
    if (token === "}" || token === "]") {
      depth -= 1;
      text = /[{[]\s*$/.test(text) ? text.trimEnd() : text + line();
    }
    text += token;
    if (token === "{" || token === "[") {
      depth += 1;
      text += line();
    } else if (token === ",") text += line();
    else if (token === ":") text += " ";
  }
  return text;
}

table?.addEventListener("dblclick", (event) => {
  const cell = event.target.closest("td[data-field]");
  if (cell && !event.target.closest(".editor, a")) edit(cell);
});

table?.addEventListener("click", (event) => {
  const cell = event.target.closest("td[data-field]");
  if (cell && !event.target.closest(".editor, a")) {
    cell.focus();
    if (isNew) edit(cell);
  }
});

function neighbour(cell, down, right) {
  const row = cell.parentElement;
  const cells = [...row.querySelectorAll("td[data-field]")];
  if (right !== 0) return cells[cells.indexOf(cell) + right];
  const next = down > 0 ? row.nextElementSibling : row.previousElementSibling;
  return next?.querySelectorAll("td[data-field]")[cells.indexOf(cell)];
}

function removeRow(cell) {
  const row = cell.closest("[data-key]");
  if (!row || changes.isReadOnly) return;
  const was = {};
  for (const other of row.querySelectorAll("td[data-field]")) {
    // What is not shown whole cannot be compared.
    if (!other.hasAttribute("data-cut")) was[other.dataset.field] = original(other);
  }
  changes.remove(model, JSON.parse(row.dataset.key), was, row.dataset.version);
}

document.getElementById("delete")?.addEventListener("click", () => removeRow(table.querySelector("td[data-field]")));

document.getElementById("insert")?.addEventListener("click", () => {
  const set = {};
  for (const row of table.querySelectorAll("tr")) {
    const cell = row.querySelector("td[data-field]");
    if (!cell.hasAttribute("data-unset")) {
      set[cell.dataset.field] = current(cell);
    } else if (!row.hasAttribute("data-optional")) {
      cell.querySelectorAll(".error").forEach((mark) => mark.remove());
      cell.append(make("span", { class: "error", role: "alert" }, " please give a value"));
      edit(cell);
      return;
    }
  }
  changes.insert(model, set);
  location.href = `/model/${encodeURIComponent(model)}`;
});

// One cell can be reached by the Tab key, and the arrows lead on from there.
function reach(cell) {
  table.querySelector("td[tabindex='0']")?.setAttribute("tabindex", "-1");
  cell.tabIndex = 0;
}
const firstCell = table?.querySelector("td[data-field]");
if (firstCell) reach(firstCell);
table?.addEventListener("focusin", (event) => {
  if (event.target.matches("td[data-field]")) reach(event.target);
});

document.addEventListener("keydown", (event) => {
  if (isTyping(event.target)) return;
  const cell = event.target.closest("td[data-field]");
  const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
  if (!cell) {
    const isAround = document.activeElement === document.body || document.activeElement.matches(".scroll");
    if (move && table && isAround) {
      table.querySelector("td[data-field]")?.focus();
      event.preventDefault();
    }
    return;
  }
  if (move) {
    event.preventDefault();
    neighbour(cell, ...move)?.focus();
  } else if (event.key === "Enter" || event.key === "F2") {
    event.preventDefault();
    edit(cell);
  } else if (event.key === "Delete") {
    removeRow(cell);
  } else if (event.key === "PageDown") {
    document.getElementById("after")?.click();
  } else if (event.key === "PageUp") {
    document.getElementById("before")?.click();
  } else if (event.key.toLowerCase() === "c" && (event.ctrlKey || event.metaKey) && getSelection().isCollapsed) {
    navigator.clipboard.writeText(current(cell) ?? "");
  }
});
