// Looks again at a part of the page: the server writes it, and it is put in the place of the one before.

const live = document.getElementById("live");

async function refresh() {
  if (document.hidden || live.contains(document.activeElement)) return;
  const response = await fetch(location.href);
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.getElementById("live");
  const open = [...live.querySelectorAll("details")].map((details) => details.open);
  live.replaceChildren(...fresh.childNodes);
  live.querySelectorAll("details").forEach((details, at) => { details.open = open[at] === true; });
}

setInterval(() => refresh().catch(() => {}), Number(live.dataset.refresh) * 1000);
