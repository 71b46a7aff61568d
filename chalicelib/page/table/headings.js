// The headings: a column is moved by dragging its heading, and sized by dragging its edge.
// By keyboard, from the first row up: arrows go along, with Shift they size, with Alt they
// move the column.

import { run } from "../core/commands.js";
import { $ } from "../kit/dom.js";
import * as columns from "./columns.js";

const head = $("#grid thead");
const STEP = 16; // pixels
let dragged = null; // the name of the column that is being moved

export const focus = (name) => headingOf(name)?.focus();

const headingOf = (name) => $(`th[data-col=${name}]`, head);
const nameOf = (node) => node.closest?.("th")?.dataset.col;

head.addEventListener("keydown", keydown);
head.addEventListener("pointerdown", grip);
head.addEventListener("dblclick", ({ target }) => {
  if (target.matches(".sizer")) columns.size(nameOf(target), null);
});
head.addEventListener("dragstart", (event) => {
  dragged = nameOf(event.target);
  event.dataTransfer.setData("text/plain", dragged);
  event.dataTransfer.effectAllowed = "move";
});
head.addEventListener("dragover", (event) => {
  if (columns.movable().includes(dragged)) event.preventDefault();
});
head.addEventListener("drop", (event) => {
  event.preventDefault();
  const over = nameOf(event.target);
  if (dragged !== over && columns.movable().includes(over)) columns.moveTo(dragged, over);
  dragged = null;
});

function keydown(event) {
  const name = nameOf(event.target);
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (event.key === "ArrowDown") run("go to first row", name);
  else if (!by || event.ctrlKey || event.metaKey) return;
  else if (event.shiftKey) size(name, headingOf(name).offsetWidth + by * STEP);
  else if (event.altKey) moveBy(name, by);
  else beside(name, by);
  event.preventDefault();
  event.stopPropagation();
}

function beside(name, by) {
  const all = columns.shown();
  focus(all[Math.max(0, Math.min(all.length - 1, all.indexOf(name) + by))]);
}

function moveBy(name, by) {
  if (columns.movable().includes(name)) columns.move(name, by);
  focus(name); // the headings were made anew
}

function size(name, width) {
  if (name !== "more") columns.size(name, width);
  focus(name);
}

/** Drags the edge of a heading; the column is as wide as the pointer says. */
function grip(event) {
  if (!event.target.matches(".sizer")) return;
  event.preventDefault(); // or the heading would be dragged
  const name = nameOf(event.target);
  const start = event.clientX;
  const width = headingOf(name).offsetWidth;
  const rtl = getComputedStyle(head).direction === "rtl" ? -1 : 1;
  const follow = ({ clientX }) => columns.size(name, width + rtl * (clientX - start));
  const end = () => removeEventListener("pointermove", follow);
  addEventListener("pointermove", follow);
  addEventListener("pointerup", end, { once: true });
  addEventListener("pointercancel", end, { once: true });
}
