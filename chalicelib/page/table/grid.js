// The table by pointer and by keyboard: which cell is meant, and what to do with it.
// (The keys are those of the ARIA Authoring Practices' grid.)

import { define, run } from "../core/commands.js";
import { mayWrite } from "../core/workspace.js";
import { $ } from "../kit/dom.js";
import * as columns from "./columns.js";
import * as list from "./list.js";
import { idOfRow } from "./rows.js";
import * as view from "./view.js";

const grid = $("#grid");
const STEP = 10; // rows, for PageUp and PageDown
const EDITABLE = ["name", "email", "tags", "score"];
const card = matchMedia("(max-width: 720px)"); // each row a card, which opens
let last = null; // {id, column} of the cell that had the focus

export function start() {
  grid.addEventListener("click", click);
  grid.addEventListener("keydown", keydown);
  grid.addEventListener("focusin", focusin);
  // The table is one stop for Tab. The rows keep their attributes: only the table's
  // own tabindex moves, or else a click in one row would change another.
  grid.addEventListener("focusout", ({ relatedTarget }) => {
    if (!grid.contains(relatedTarget)) grid.tabIndex = 0;
  });
}

const editable = (column) => EDITABLE.includes(column) && mayWrite();
const stopOf = (cell) => $("[data-stop]", cell) ?? cell;
const cellOf = (row, column) => row && ($(`[data-col=${column}]`, row) ?? row.cells[0]);

function focusin({ target }) {
  if (target === grid) return focusLast();
  grid.tabIndex = -1;
  const cell = target.closest("td");
  if (cell && idOfRow(cell)) last = { id: idOfRow(cell), column: cell.dataset.col };
}

function focusLast() {
  const index = last ? list.indexOf(last.id) : -1;
  focusAt(Math.max(index, 0), index < 0 ? "name" : last.column);
}

/** Brings a cell into sight and the focus into it; its row may have to be fetched. */
function focusAt(index, column) {
  if (index > list.lastIndex()) return;
  const row = view.show(index);
  if (row) return stopOf(cellOf(row, column)).focus({ preventScroll: true });
  list.whenFilled(() => grid.contains(document.activeElement) && focusAt(index, column));
}

function click(event) {
  const cell = event.target.closest("td");
  const id = cell && idOfRow(cell);
  if (!id || event.target.closest("form")) return;
  const column = cell.dataset.col;
  const button = event.target.closest("button");
  const link = event.target.closest("a");
  if (button) press(button, id, column);
  else if (link) follow(event, link, id);
  else if (card.matches) run("open contact", id, $(".name", cell.parentElement));
  else if (event.target.closest(".phone") && mayWrite()) run("edit cell", id, "name", 1);
  else if (column !== "name" && editable(column)) run("edit cell", id, column);
}

function press(button, id, column) {
  if (column === "status") run("choose status", button, id);
  else run("choose action", button, id);
}

/** With a key held, the browser opens it in another tab, as it does with any link. */
function follow(event, link, id) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  run("open contact", id, link);
}

function keydown(event) {
  const cell = event.target.closest("td");
  const id = cell && idOfRow(cell);
  if (!id || event.ctrlKey || event.metaKey || event.altKey) return;
  const column = cell.dataset.col;
  if ((event.key === "F2" || (event.key === "Enter" && event.target === cell)) && mayWrite()) {
    if (!editable(column)) return;
    run("edit cell", id, column);
  } else if (event.key === "Delete" && mayWrite()) {
    run("delete contact", id, stopOf(cell));
  } else if (!move(cell, event.key)) return;
  event.preventDefault();
}

function move(cell, key) {
  const rows = { ArrowDown: 1, ArrowUp: -1, PageDown: STEP, PageUp: -STEP }[key];
  const cells = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[key];
  if (rows) moveRows(cell, rows);
  else if (cells) moveCells(cell, cells);
  return Boolean(rows || cells);
}

function moveRows(cell, count) {
  const index = list.indexOf(idOfRow(cell));
  if (index === 0 && count < 0) return run("go to heading", cell.dataset.col);
  focusAt(Math.max(0, Math.min(list.lastIndex(), index + count)), cell.dataset.col);
}

function moveCells(cell, count) {
  const shown = [...cell.parentElement.cells].filter((one) => one.offsetParent);
  const to = shown.indexOf(cell) + (getComputedStyle(grid).direction === "rtl" ? -count : count);
  const next = shown[Math.max(0, Math.min(shown.length - 1, to))];
  stopOf(next).focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** The first row, from the headings. */
define("go to first row", (column) => {
  focusAt(0, columns.shown().includes(column) ? column : "name");
});
