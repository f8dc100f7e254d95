// The console: sends what was typed, shows what came back, remembers what was asked.

import { failure, keyFor, make, send } from "./app.js";

const form = document.getElementById("console");
const sql = document.getElementById("sql");
const results = document.getElementById("results");
const STORE = keyFor("console");
const MOST = 50;

function history() {
  return JSON.parse(localStorage.getItem(STORE) ?? "[]");
}

function remember(text) {
  const texts = [text, ...history().filter((other) => other !== text)].slice(0, MOST);
  localStorage.setItem(STORE, JSON.stringify(texts));
  showHistory();
}

function showHistory() {
  const entry = (text) => make("li", {}, make("button", { type: "button", onclick: () => { sql.value = text; sql.focus(); } },
    text.length > 80 ? `${text.slice(0, 80)}…` : text));
  document.getElementById("history").replaceChildren(...history().map(entry));
}

function shown(result) {
  const box = make("section", {}, make("p", { class: "hint" }, summary(result)));
  if (result.columns.length > 0) {
    const cell = (value) => value === null
      ? make("td", {}, make("span", { class: "null" }, "null"))
      : make("td", {}, value);
    box.append(make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Result" },
      make("table", { class: "rows" },
        make("thead", {}, make("tr", {}, ...result.columns.map((name) => make("th", { scope: "col" }, name)))),
        make("tbody", {}, ...result.rows.map((row) => make("tr", {}, ...row.map(cell)))))));
  }
  return box;
}

function summary({ columns, rows, is_cut, count, ms }) {
  const number = columns.length === 0 ? `${count} rows touched` : is_cut ? `the first ${rows.length} rows` : `${rows.length} rows`;
  return `${number}, ${ms} ms`;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = sql.value.trim();
  if (text === "") return;
  remember(text);
  results.replaceChildren(make("p", { role: "status" }, "Running …"));
  try {
    const answer = await send("/api/console", { sql: text, write: document.getElementById("write")?.checked === true });
    results.replaceChildren(...answer.map(shown));
  } catch (error) {
    results.replaceChildren(failure(error));
  }
});

sql.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});

showHistory();
