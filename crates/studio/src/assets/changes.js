// Changes that are collected until somebody looks at them as SQL and saves them. They stay in this tab, so that pages may be
// turned meanwhile. The server makes all of them or none, and none over what somebody else has written.

import { failure, keyFor, make, send } from "./app.js";

const STORE = keyFor("changes");

/// A change: {model, action, key, was, set}, or, of a link, {model, action, key, relation, other}.
let changes = JSON.parse(sessionStorage.getItem(STORE) ?? "[]");
const listeners = [];

export const isReadOnly = document.body.hasAttribute("data-read-only");

export function all() {
  return changes;
}

export function onChange(listener) {
  listeners.push(listener);
}

function keep() {
  sessionStorage.setItem(STORE, JSON.stringify(changes));
  show();
  for (const listener of listeners) listener();
}

function same(a, b) {
  return a.model === b.model && JSON.stringify(a.key) === JSON.stringify(b.key);
}

export function find(model, key, action) {
  return changes.find((change) => change.action === action && same(change, { model, key }));
}

/// A field of a row gets another value; back to what it was takes the change away.
export function update(model, key, field, was, value) {
  let change = find(model, key, "update");
  if (!change) {
    change = { model, action: "update", key, was: {}, set: {} };
    changes.push(change);
  }
  if (!(field in change.was)) change.was[field] = was;
  change.set[field] = value;
  if (change.was[field] === value) {
    delete change.was[field];
    delete change.set[field];
  }
  if (Object.keys(change.set).length === 0) changes = changes.filter((other) => other !== change);
  keep();
}

export function insert(model, set) {
  changes.push({ model, action: "insert", set });
  keep();
}

/// The row goes; asked a second time it stays.
export function remove(model, key, was, version) {
  const change = find(model, key, "delete");
  if (change) {
    changes = changes.filter((other) => other !== change);
  } else {
    changes = changes.filter((other) => !(other.key && same(other, { model, key })));
    changes.push({ model, action: "delete", key, was, version });
  }
  keep();
}

/// What is to become of a row's links in a relation.
export function pairs(model, key, relation) {
  return changes.filter((change) => change.relation === relation && same(change, { model, key }));
}

/// Links a row with another, or parts them; asked a second time, not so.
export function pair(model, key, relation, other, action) {
  const change = pairs(model, key, relation).find((known) => known.action === action && known.other[0] === other[0]);
  if (change) changes = changes.filter((known) => known !== change);
  else changes.push({ model, action, key, relation, other });
  keep();
}

function forget() {
  changes = [];
  keep();
}

const count = make("strong", { id: "changes-count" });
const bar = make("div", { class: "changes", role: "region", "aria-label": "Changes", hidden: true },
  count,
  make("button", { type: "button", class: "main", id: "review", onclick: review }, "Look and save"),
  make("button", { type: "button", id: "discard", onclick: forget }, "Discard"));
document.body.append(bar);

const dialog = make("dialog", { "aria-label": "Changes" });
dialog.addEventListener("close", () => dialog.replaceChildren());
document.body.append(dialog);

function show() {
  bar.hidden = changes.length === 0;
  count.textContent = changes.length === 1 ? "1 change" : `${changes.length} changes`;
}

async function review() {
  const close = make("button", { type: "button", onclick: () => dialog.close() }, "Back");
  try {
    const { sql } = await send("/api/changes", { changes, preview: true });
    const told = make("div", { "aria-live": "assertive" });
    const save = make("button", { type: "button", class: "main", id: "save", onclick: () => make_them(told) },
      "Save in one transaction");
    dialog.replaceChildren(
      make("h2", {}, changes.length === 1 ? "This will be done" : "This will be done, all of it or nothing"),
      make("pre", { id: "sql-preview", tabindex: "0" }, sql.join("\n")),
      told,
      make("div", { class: "tools" }, save, close));
  } catch (error) {
    dialog.replaceChildren(make("h2", {}, "This cannot be done"), failure(error), make("div", { class: "tools" }, close));
  }
  if (!dialog.open) dialog.showModal();
}

async function make_them(told) {
  try {
    const answer = await send("/api/changes", { changes });
    if ("conflict" in answer) {
      told.replaceChildren(conflict(changes[answer.conflict], answer.now));
      return;
    }
    forget();
    dialog.close();
    location.reload();
  } catch (error) {
    told.replaceChildren(failure(error));
  }
}

/// What somebody else has done meanwhile, and the way on.
function conflict(change, now) {
  const box = make("div", { class: "failure", role: "alert", id: "conflict" });
  if (now === null) {
    const what = change.action === "unlink" ? `a link of ${change.model}.${change.relation}` : `a row of ${change.model}`;
    box.append(make("p", {}, `Nothing was saved: ${what} is gone meanwhile.`));
  } else {
    box.append(make("p", {}, `Nothing was saved: a row of ${change.model} was changed meanwhile.`));
    const list = make("ul");
    for (const [field, was] of Object.entries(change.was)) {
      if (now[field] !== was) {
        list.append(make("li", {}, `${field} was ${shown(was)} and is now ${shown(now[field])}`));
      }
    }
    if (list.childElementCount === 0) {
      list.append(make("li", {}, change.action === "delete"
        ? "in columns that the page did not show, or a trigger or a policy keeps it"
        : "nothing of it looks different: a trigger or a policy keeps it as it is"));
    }
    box.append(list);
  }
  const drop = () => {
    changes = changes.filter((other) => other !== change);
    keep();
    dialog.close();
    location.reload();
  };
  box.append(make("button", { type: "button", id: "drop", onclick: drop }, "Drop this change and load the row"));
  if (now !== null && change.action === "update") {
    const anyway = () => {
      for (const field of Object.keys(change.was)) change.was[field] = now[field];
      keep();
      review();
    };
    box.append(" ", make("button", { type: "button", onclick: anyway }, "Write over it"));
  }
  return box;
}

function shown(value) {
  return value === null ? "null" : JSON.stringify(value);
}

show();
