// The choices above the table: which columns are shown, remembered per workspace on
// this device, which status, which workspace; and what can be done with a row.

import { $ } from "../kit/dom.js";
import { run } from "../core/commands.js";
import { ask, filter } from "./list.js";
import { openMenu } from "../kit/menu.js";
import { columnsKey, mayWrite, workspace } from "../core/workspace.js";

const CHOICE = {
  email: "E-mail",
  status: "Status",
  tags: "Tags",
  score: "Score",
  activity: "Last activity",
  created: "Created",
};
const { dataset } = $("#grid");

/** One attribute of the table, and the style sheet does the rest: no row is touched. */
export function openColumns(button) {
  const hidden = new Set(dataset.hidden.split(" ").filter(Boolean));
  const choose = (column, shown) => {
    if (shown) hidden.delete(column);
    else hidden.add(column);
    dataset.hidden = [...hidden].join(" ");
    localStorage.setItem(columnsKey(), dataset.hidden);
  };
  const items = Object.entries(CHOICE).map(([column, label]) => ({
    label,
    many: true,
    checked: !hidden.has(column),
    pick: (shown) => choose(column, shown),
  }));
  openMenu(button, "Columns", items);
}

export function openFilter(button) {
  const choice = (status, label, color) => ({
    label,
    color,
    checked: filter().status === status,
    pick: () => ask({ status }),
  });
  const items = workspace().lead_statuses.map(({ key, label, color, closed }) => {
    return choice(key, closed ? `${label} (closed)` : label, color);
  });
  openMenu(button, "Filter by status", [choice("", "All statuses"), ...items]);
}

/** Which workspace is shown; `go` is called with the one that was picked. */
export function openWorkspaces(button, workspaces, go) {
  const items = workspaces.map((one) => ({
    label: one.name,
    checked: one.id === workspace()?.id,
    pick: () => go(one),
  }));
  const more = [
    { label: "Settings…", pick: () => run("open settings") },
    { label: "Members…", pick: () => run("open settings", "members") },
    { label: "New workspace…", pick: () => run("create workspace") },
  ];
  openMenu(button, "Workspaces", [...items, ...more]);
}

export function openActions(button, id) {
  const write = [
    { label: "Edit here", icon: "edit", pick: () => run("edit cell", id, "name") },
    { label: "Delete…", icon: "trash", danger: true, pick: () => run("delete contact", id, button) },
  ];
  openMenu(button, button.getAttribute("aria-label"), [
    { label: "Open", icon: "columns", pick: () => run("open contact", id, button) },
    { label: "Copy id", icon: "copy", pick: () => navigator.clipboard?.writeText(id) },
    ...(mayWrite() ? write : []),
  ]);
}
