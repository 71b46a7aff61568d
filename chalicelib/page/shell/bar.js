// What stands above the list, its menus, and the keys that work everywhere.

import { run } from "../core/commands.js";
import { labelOf } from "../core/names.js";
import { workspace } from "../core/workspace.js";
import { $ } from "../kit/dom.js";
import * as list from "../table/list.js";

/** `shell`: {me(), signOut(), go(workspace)}. */
export function start(shell) {
  const menus = {
    filter: (button) => run("choose filter", button),
    columns: (button) => run("choose columns", button),
    workspace: (button) => run("choose workspace", button, shell.me(), shell.go),
    theme: (button) => run("choose theme", button),
    me: (button) => run("choose account", button, shell.me(), shell.signOut),
  };
  for (const [id, open] of Object.entries(menus)) {
    $(`#${id}`).addEventListener("click", ({ currentTarget }) => open(currentTarget));
  }
  $("#add").addEventListener("click", () => run("add contact"));
  addEventListener("keydown", (event) => keys(event, shell));
}

export function showWorkspace() {
  const name = workspace()?.name ?? "No workspace";
  $("#workspace-name").textContent = name;
  document.title = `Database · ${name}`;
  $("#main").classList.toggle("closed", !workspace());
}

export function showMe(me) {
  $("#me-name").textContent = labelOf(me);
  $("#me").title = me.user_id;
}

function keys(event, shell) {
  if (event.key === "k" && (event.ctrlKey || event.metaKey) && workspace()) {
    event.preventDefault();
    return run("open palette", shell);
  }
  const typing = event.target.closest?.("input, textarea, select, dialog, .menu");
  if (event.target === $("#search")) {
    if (event.key === "Escape") return leaveSearch();
    if (event.key === "ArrowDown") return $("#grid").focus();
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !workspace()) return;
  if (event.key === "/") $("#search").select();
  else if (event.key === "n") run("add contact");
  else if (event.key === "?") run("show keys");
  else return;
  event.preventDefault();
}

/** Esc empties the search; once more goes back to the table. */
function leaveSearch() {
  if (!$("#search").value) return $("#grid").focus();
  list.clearSearch();
}
