// The table by pointer and by keyboard: which cell is meant, and what to do with it.
// (The keys are those of the ARIA Authoring Practices' grid.)

import { $ } from "../kit/dom.js";
import { run } from "../core/commands.js";
import { openStatusMenu } from "./status.js";
import { idOfRow, rowOf } from "./rows.js";
import { mayWrite } from "../core/workspace.js";

const grid = $("#grid");
const STEP = 10; // rows, for PageUp and PageDown
const EDITABLE = ["name", "email", "tags", "score"];
let last = null; // the cell that had the focus

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

function focusin({ target }) {
  if (target === grid) return focusCell(last?.isConnected ? last : firstCell());
  grid.tabIndex = -1;
  last = target.closest("td") ?? last;
}

const firstCell = () => $("tr[data-contact-id] td", grid);

function focusCell(cell) {
  if (!cell) return;
  const stop = stopOf(cell);
  stop.focus({ preventScroll: true });
  cell.parentElement.scrollIntoView({ block: "nearest" });
}

function click({ target }) {
  const cell = target.closest("td");
  const id = cell && idOfRow(cell);
  if (!id || target.closest("form")) return;
  const column = cell.dataset.col;
  const button = target.closest("button");
  if (button) press(button, id, column);
  else if (target.closest(".phone")) run("edit cell", id, "name", 1);
  else if (column !== "name" && editable(column)) run("edit cell", id, column);
}

function press(button, id, column) {
  if (column === "status") openStatusMenu(button, id);
  else if (column === "more") run("choose action", button, id);
  else run("open contact", id, button);
}

function keydown(event) {
  const cell = event.target.closest("td");
  const id = cell && idOfRow(cell);
  if (!id || event.ctrlKey || event.metaKey || event.altKey) return;
  const column = cell.dataset.col;
  if (event.key === "F2" || (event.key === "Enter" && event.target === cell)) {
    run("edit cell", id, column);
  } else if (event.key === "Delete" && mayWrite()) {
    run("delete contact", id, stopOf(cell));
  } else if (!move(cell, event.key)) return;
  event.preventDefault();
}

function move(cell, key) {
  const rows = { ArrowDown: 1, ArrowUp: -1, PageDown: STEP, PageUp: -STEP }[key];
  const cells = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[key];
  if (rows) focusCell(cellBelow(cell, rows));
  else if (cells) focusCell(cellBeside(cell, cells));
  return Boolean(rows || cells);
}

function cellBelow(cell, count) {
  let row = cell.parentElement;
  for (let left = Math.abs(count); left > 0; left--) {
    row = (count > 0 ? row.nextElementSibling : row.previousElementSibling) ?? row;
  }
  return row.cells[cell.cellIndex];
}

function cellBeside(cell, count) {
  const shown = [...cell.parentElement.cells].filter((one) => one.offsetParent);
  const to = shown.indexOf(cell) + count;
  return shown[Math.max(0, Math.min(shown.length - 1, to))];
}
