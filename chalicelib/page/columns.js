// Which columns are shown, remembered per workspace on this device.

import { $ } from "./dom.js";
import { openMenu } from "./menu.js";
import { workspace } from "./workspace.js";

const CHOICE = {
  email: "E-mail",
  status: "Status",
  tags: "Tags",
  score: "Score",
  activity: "Last activity",
  created: "Created",
};
const grid = $("#grid");
const key = () => `contactbook.columns.${workspace().id}`;
let hidden = new Set();

export function restore() {
  hidden = new Set((localStorage.getItem(key()) ?? "").split(" ").filter(Boolean));
  apply();
}

export function open(button) {
  const items = Object.entries(CHOICE).map(([column, label]) => ({
    label,
    many: true,
    checked: !hidden.has(column),
    pick: (shown) => choose(column, shown),
  }));
  openMenu(button, "Columns", items);
}

function choose(column, shown) {
  if (shown) hidden.delete(column);
  else hidden.add(column);
  localStorage.setItem(key(), [...hidden].join(" "));
  apply();
}

// One attribute on the table, and the style sheet does the rest: no row is touched.
function apply() {
  grid.dataset.hidden = [...hidden].join(" ");
}
