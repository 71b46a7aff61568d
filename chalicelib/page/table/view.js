// Which rows are in the document: those that are seen and a few beyond, whatever the list
// is long. All rows are as high as one another, so that where one stands is a product.

import * as store from "../core/store.js";
import { $ } from "../kit/dom.js";
import * as columns from "./columns.js";
import * as pages from "./pages.js";
import { forget, forgetAll, paintAll, placeholder, rowFor, rowOf } from "./rows.js";

const BEYOND = 6; // rows above and below what is seen
const grid = $("#grid");
const body = $("#rows");
const head = $("thead", grid);
const low = matchMedia("(max-height: 480px)"); // then the whole page scrolls, as one
const empty = []; // placeholders that can be used again
let drawn = new Map(); // index -> the row or placeholder that stands there
let height = 0;
let frame = 0;
let missing = () => {}; // called with the indices that are seen and not known

export const scroller = () => (low.matches ? $("#app") : $("#scroller"));
const bodyTop = () => {
  const box = scroller();
  return body.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
};

/** `onMissing(from, to)`: rows whose contacts are not here are seen. `onMove()`: another
 *  part of the list is seen. */
export function start(onMissing, onMove) {
  missing = onMissing;
  const moved = () => {
    later();
    onMove();
  };
  for (const box of [$("#app"), $("#scroller")]) {
    box.addEventListener("scroll", moved, { passive: true });
  }
  // Another width, as when the panel stands beside it, has room for other things.
  const resized = () => {
    height = 0;
    paintAll();
    moved();
  };
  new ResizeObserver(resized).observe($("#scroller"));
  addEventListener("resize", resized);
  low.addEventListener("change", moved);
  grid.dataset.density = localStorage.getItem(DENSITY) ?? "roomy";
  columns.listen(rebuild);
  addEventListener("beforeprint", () => draw(0, pages.count()));
  addEventListener("afterprint", () => draw());
}

const DENSITY = "contactbook.density";
export const isCompact = () => grid.dataset.density === "compact";

/** Lower rows, on this device. */
export function compact(is) {
  const first = firstSeen();
  if (is) localStorage.setItem(DENSITY, "compact");
  else localStorage.removeItem(DENSITY);
  grid.dataset.density = is ? "compact" : "roomy";
  rebuild();
  if (pages.count()) showFirst(first);
}

/** Rows are made anew: other columns, or another height. */
export function rebuild() {
  height = 0;
  forgetAll();
  drawn = new Map();
  empty.length = 0;
  body.replaceChildren();
  if (pages.count()) draw();
}

/** Nothing is listed; grey lines stand where rows will be, if asked for. */
export function clear(lines = 0) {
  forgetAll();
  drawn = new Map();
  body.style.height = "";
  body.replaceChildren(...Array.from({ length: lines }, placeholder));
}

export function later() {
  frame ||= requestAnimationFrame(() => {
    frame = 0;
    if (pages.count()) draw();
  });
}

const rowHeight = () => (height ||= parseFloat(getComputedStyle(body).getPropertyValue("--row")));

function seen() {
  const box = scroller();
  const top = box.scrollTop - bodyTop();
  const from = Math.floor(top / rowHeight()) - BEYOND;
  const to = Math.ceil((top + box.clientHeight) / rowHeight()) + BEYOND;
  return [Math.max(0, from), Math.min(pages.count(), Math.max(0, to))];
}

/** Whether the end of what is listed is within so many pixels of what is seen. */
export function endWithin(pixels) {
  const box = scroller();
  const end = bodyTop() + pages.count() * rowHeight();
  return box.scrollTop + box.clientHeight + pixels > end;
}

/** The index of the row that is seen first. */
export const firstSeen = () => {
  const top = scroller().scrollTop - bodyTop() + head.offsetHeight;
  return Math.max(0, Math.floor((top + 1) / rowHeight())); // tops are not whole pixels
};

/** Puts the rows in the document that are seen now, each in its place and order. */
export function draw(from = seen()[0], to = seen()[1]) {
  body.style.height = `${pages.count() * rowHeight()}px`;
  const wanted = new Map();
  for (const index of [...indices(from, to)]) wanted.set(index, nodeAt(index));
  const stay = new Set(wanted.values());
  for (const node of [...body.children]) stay.has(node) || leave(node);
  let after = null;
  for (const [index, node] of wanted) {
    place(node, index);
    if (after ? after.nextSibling !== node : body.firstChild !== node) {
      after ? after.after(node) : body.prepend(node);
    }
    after = node;
  }
  drawn = wanted;
  const unknown = [...wanted].filter(([, node]) => !node.dataset.contactId).map(([at]) => at);
  if (unknown.length) missing(unknown[0], unknown.at(-1));
}

/** What is in use stays in the document, however far it is scrolled away. */
function indices(from, to) {
  const found = new Set();
  for (const node of body.querySelectorAll("tr[data-contact-id]")) {
    if (!node.matches(":focus-within, :has(.editing, [aria-expanded=true])")) continue;
    const index = pages.indexOf(node.dataset.contactId);
    if (index >= 0) found.add(index);
  }
  for (let index = from; index < to; index++) found.add(index);
  return [...found].sort((one, other) => one - other);
}

function nodeAt(index) {
  const id = pages.at(index);
  if (id && store.get(id)) return rowFor(id);
  const old = drawn.get(index);
  return old && !old.dataset.contactId ? old : (empty.pop() ?? placeholder());
}

function leave(node) {
  if (node.dataset.contactId) return forget(node.dataset.contactId);
  node.remove();
  if (empty.length < 50) empty.push(node);
}

function place(node, index) {
  const at = `translateY(${index * rowHeight()}px)`;
  if (node.style.transform !== at) node.style.transform = at;
  const number = String(index + 2); // the headings are the first row
  if (node.getAttribute("aria-rowindex") !== number) node.setAttribute("aria-rowindex", number);
}

/** Brings a row into sight, and into the document. */
export function show(index) {
  const box = scroller();
  const top = bodyTop() + index * rowHeight();
  const above = low.matches ? 0 : head.offsetHeight;
  if (top < box.scrollTop + above) box.scrollTop = top - above;
  const below = top + rowHeight() - box.clientHeight;
  if (below > box.scrollTop) box.scrollTop = below;
  draw();
  return rowOf(pages.at(index));
}

/** Scrolls so that this row is the first that is seen. */
export function showFirst(index) {
  scroller().scrollTop = bodyTop() + index * rowHeight() - (low.matches ? 0 : head.offsetHeight);
  draw();
}

/** A row that is not listed any more. */
export function gone(id, index) {
  forget(id);
  shifted(index, -1);
}

/** Rows came or went above what is seen: what is seen stays where it is. */
export function shifted(index, by) {
  if (index < firstSeen()) scroller().scrollTop += by * rowHeight();
  draw();
}
