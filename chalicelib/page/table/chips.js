// Tags in a cell: as many as fit, whole, and how many more there are.

import { $, el } from "../kit/dom.js";

const AROUND = 20; // pixels that a chip needs besides its text
const MORE = 34; // pixels for "+12"
const card = matchMedia("(max-width: 720px)");
const pen = document.createElement("canvas").getContext("2d");
const widths = new Map(); // text -> its width; measuring each anew would be slow

export function paintChips(node, tags) {
  const room = roomOf();
  const drawn = `${room} ${tags.join("\n")}`;
  if (node.dataset.drawn === drawn) return;
  node.dataset.drawn = drawn;
  node.title = tags.join(", ");
  const count = fitting(tags, room);
  const chip = (text) => el("span", { className: "chip", dir: "auto" }, text);
  const rest = tags.length - count;
  const more = rest ? el("span", { className: "chip more" }, `+${rest}`) : "";
  node.replaceChildren(...tags.slice(0, count).map(chip), more);
}

/** One measuring for all rows: the heading is as wide as the cells beneath it. On a phone
 *  there is none, and they get two fifths of the card (shell/narrow.css). */
function roomOf() {
  if (card.matches) return innerWidth * 0.4;
  const heading = $("#grid th[data-col=tags]");
  return heading?.offsetWidth ? heading.offsetWidth - 24 : 200;
}

function fitting(tags, room) {
  let used = 0;
  for (const [index, tag] of tags.entries()) {
    used += widthOf(tag) + AROUND;
    const rest = index < tags.length - 1 ? MORE : 0;
    if (used + rest > room) return Math.max(index, 1);
  }
  return tags.length;
}

function widthOf(text) {
  if (!widths.has(text)) {
    pen.font = `12px ${getComputedStyle(document.body).fontFamily}`;
    if (widths.size > 5000) widths.clear();
    widths.set(text, pen.measureText(text).width);
  }
  return widths.get(text);
}
