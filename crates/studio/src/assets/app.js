// On every page: the theme, and the list of models that can be searched.

const root = document.documentElement;

function theme(name) {
  if (name) root.dataset.theme = name; else delete root.dataset.theme;
}

theme(localStorage.getItem("theme"));
document.getElementById("theme")?.addEventListener("click", () => {
  const isDark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  const next = isDark ? "light" : "dark";
  localStorage.setItem("theme", next);
  theme(next);
});

const find = document.getElementById("find");
find?.addEventListener("input", () => {
  const wanted = find.value.toLowerCase();
  for (const link of document.querySelectorAll("#models a")) {
    link.hidden = !link.textContent.toLowerCase().includes(wanted);
  }
});
find?.addEventListener("keydown", (event) => {
  if (event.key === "Enter") document.querySelector("#models a:not([hidden])")?.click();
});

/// What this tab keeps is kept for a database: behind the same port there may be another one tomorrow.
export function keyFor(what) {
  return `${what} ${document.body.dataset.database}`;
}

/// Whether somebody is typing, so that a key is no command.
export function isTyping(target) {
  return target.closest("input, textarea, select, [contenteditable]") !== null;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !isTyping(event.target) && find) {
    event.preventDefault();
    find.focus();
  }
});

/// Sends JSON and gives the answer's; an error of the server's is thrown with its words.
export async function send(url, body) {
  const response = await fetch(url, body === undefined ? {} : {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  let answer;
  try {
    answer = await response.json();
  } catch {
    throw new Error(`the studio answered ${response.status}`);
  }
  if (!response.ok) {
    const code = answer.code ? `${answer.code}: ` : "";
    const help = answer.help ? `\n${answer.help}` : "";
    throw new Error(`${code}${answer.error}${help}`);
  }
  return answer;
}

/// An element with attributes and children; text stays text.
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

export function failure(error) {
  return make("div", { class: "failure", role: "alert" }, make("p", { class: "message" }, error.message));
}
