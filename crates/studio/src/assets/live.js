// What the project's programs say, asked again and again.

import { failure, make, send } from "./app.js";

const live = document.getElementById("live");
const state = document.getElementById("state");
let isAsking = false;

/// The reports of `health` and of `verify`, in the words that this page has for both.
function entries(report) {
  const checks = (report.checks ?? []).map(({ name, state, message, advice }) =>
    ({ name, state, text: message, more: advice.join("\n"), count: "" }));
  const rules = (report.rules ?? []).map(({ id, status, severity, meaning, fix, count }) =>
    ({ name: id, state: status === "kept" ? "ok" : status === "broken" ? severity : status, text: meaning, more: status === "kept" ? "" : fix, count }));
  const isBad = (entry) => entry.state !== "ok";
  return [...checks, ...rules].sort((a, b) => isBad(b) - isBad(a));
}

async function ask() {
  if (isAsking) return;
  isAsking = true;
  state.textContent = "Asking …";
  try {
    const report = await send(live.dataset.url);
    const row = ({ name, state, text, more, count }) => make("tr", {},
      make("th", { scope: "row" }, name),
      make("td", { class: state }, state),
      make("td", {}, String(count)),
      make("td", {}, text, more ? make("p", { class: "hint" }, more) : ""));
    live.replaceChildren(make("table", { class: "models" },
      make("thead", {}, make("tr", {}, ...["What", "How", "Rows", "Why"].map((name) => make("th", { scope: "col" }, name)))),
      make("tbody", {}, ...entries(report).map(row))));
    state.textContent = `As of ${new Date().toLocaleTimeString()}`;
  } catch (error) {
    live.replaceChildren(failure(error));
    state.textContent = "";
  }
  isAsking = false;
}

document.getElementById("again")?.addEventListener("click", ask);
if (live) {
  ask();
  const every = Number(live.dataset.every);
  if (every > 0) setInterval(() => { if (!document.hidden) ask(); }, every * 1000);
}
