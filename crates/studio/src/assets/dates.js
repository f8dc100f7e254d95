// The browser's own picker beside a text with a date or a time. The text is what counts: it can say what no picker knows (infinity,
// years before Christ, microseconds, zones), and of what it says a choice changes only what was chosen.

import { make } from "./app.js";

const SHAPE = /^(\d{4}-\d\d-\d\d)?(?:^|[ T]|$)(?:(\d\d:\d\d(?::\d\d)?)(\.\d+)?)?\s*(Z|[+-]\d\d(?::?\d\d){0,2})?$/i;

/// Parts of a text; none where a picker cannot show it.
function read(text) {
  const found = SHAPE.exec(text.trim());
  if (!found || !(found[1] || found[2])) return null;
  const [, date, time, fraction = "", zone = ""] = found;
  return { date, time: time && withSeconds(time), fraction, zone };
}

function withSeconds(time) {
  return time.length === 5 ? `${time}:00` : time;
}

/// A picker that writes into the input, and follows what is typed there. `kind` is an input's type; in a column with zones what has
/// none yet is meant in that of the page, which is UTC.
export function pickerFor(input, kind, isZoned) {
  const picker = make("input", {
    type: kind, class: "picker", "aria-label": `Choose: ${input.getAttribute("aria-label") ?? "value"}`,
    step: kind === "date" ? null : "1",
  });
  // What was typed last: going to and fro in the picker loses nothing of it.
  let typed = null;
  const follow = () => {
    typed = read(input.value);
    const time = typed?.time ?? "00:00:00";
    const shown = { date: typed?.date, time: typed?.time, "datetime-local": typed?.date && `${typed.date}T${time}` };
    picker.value = shown[kind] ?? "";
  };
  input.addEventListener("input", follow);
  picker.addEventListener("input", () => {
    // Empty while it is not whole.
    if (picker.value === "") return;
    const [date, time] = kind === "time" ? ["", picker.value] : picker.value.split("T");
    if (kind === "date") {
      input.value = date;
      return;
    }
    const chosen = withSeconds(time);
    const fraction = typed?.time === chosen ? typed.fraction : "";
    const zone = typed ? typed.zone : isZoned ? "+00" : "";
    input.value = `${date} ${chosen}${fraction}${zone}`.trim();
  });
  follow();
  return picker;
}
