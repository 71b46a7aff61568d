// Which keys the page knows.

import * as dialog from "../kit/dialog.js";
import { el } from "../kit/dom.js";

const command = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";
const KEYS = [
  ["Everywhere", [
    [[command, "K"], "Go to a contact, or do something"],
    [["/"], "Search"],
    [["n"], "Add a contact"],
    [["?"], "Show these keys"],
    [["Esc"], "Close, or give up what was typed"],
  ]],
  ["In the table", [
    [["↑", "↓", "←", "→"], "Move"],
    [["Page up", "Page down"], "Ten rows up, or down"],
    [["Home", "End"], "First, or last column"],
    [["Enter"], "Open the contact, or edit the cell"],
    [["F2"], "Edit the cell"],
    [["Tab"], "While editing: save, and edit the next cell"],
    [["↑"], "From the first row: to the headings"],
    [["Shift", "←", "→"], "On a heading: narrower, or wider"],
    [["Alt", "←", "→"], "On a heading: move the column"],
    [["Delete"], "Delete the contact, after a question"],
  ]],
  ["While filling in", [
    [["Enter"], "Save; in tags, add the tag"],
    [[command, "Enter"], "Save a note, log a message"],
    [["Esc"], "Give up the change"],
  ]],
];

export function openKeys() {
  if (dialog.isOpen()) return;
  const tables = KEYS.map(([title, keys]) =>
    el("table", { className: "keys" }, el("caption", {}, title), el("tbody", {}, ...keys.map(line))),
  );
  dialog.show("Keys", "dialog", el("div", { className: "all-keys", tabIndex: 0 }, ...tables));
}

function line([keys, does]) {
  const shown = el("td", {}, ...keys.map((key) => el("kbd", {}, key)));
  return el("tr", {}, el("th", { scope: "row" }, does), shown);
}
