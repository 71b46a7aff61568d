// What stands above the list, its menus, and the keys that work everywhere.

import * as address from "../core/address.js";
import { run } from "../core/commands.js";
import { mayWrite, workspace } from "../core/workspace.js";
import { $ } from "../kit/dom.js";
import { openMenu } from "../kit/menu.js";
import * as list from "../table/list.js";
import { idOfRow } from "../table/rows.js";

const THEMES = { system: "As the system", light: "Light", dark: "Dark" };

/** `shell`: {me(), signOut(), go(workspace)}. */
export function start(shell) {
  const menus = {
    filter: (button) => run("choose filter", button),
    columns: (button) => run("choose columns", button),
    workspace: (button) => run("choose workspace", button, shell.me().workspaces, shell.go),
    theme: chooseTheme,
    me: (button) => {
      openMenu(button, "Account", [{ label: "Sign out", pick: shell.signOut }]);
    },
  };
  for (const [id, open] of Object.entries(menus)) {
    $(`#${id}`).addEventListener("click", ({ currentTarget }) => open(currentTarget));
  }
  $("#add").addEventListener("click", () => run("add contact"));
  addEventListener("keydown", (event) => keys(event, shell));
}

function chooseTheme(button) {
  const items = Object.entries(THEMES).map(([name, label]) => ({
    label,
    checked: window.theme() === name,
    pick: () => window.setTheme(name),
  }));
  openMenu(button, "Theme", items);
}

export function showWorkspace() {
  const name = workspace()?.name ?? "No workspace";
  $("#workspace-name").textContent = name;
  document.title = `Database · ${name}`;
  $("#main").classList.toggle("closed", !workspace());
}

/** What can be done from the palette, beside going to a contact. */
function openPalette({ me, go, signOut }) {
  const actions = [
    { label: "Choose columns", run: () => run("choose columns", $("#columns")) },
    ...Object.entries(THEMES).map(([name, label]) => {
      return { label: `Theme: ${label.toLowerCase()}`, run: () => window.setTheme(name) };
    }),
    { label: "Settings", run: () => run("open settings") },
    { label: "Members", run: () => run("open settings", "members") },
    { label: "New workspace", run: () => run("create workspace") },
    { label: "Keys", hint: "?", run: () => run("show keys") },
    { label: "Sign out", run: signOut },
  ];
  if (mayWrite()) actions.unshift({ label: "Add contact", hint: "n", run: () => run("add contact") });
  const contact = address.noted().contact || idOfRow(document.activeElement) || null;
  run("open palette", { workspaces: me().workspaces, go, actions, contact });
}

function keys(event, shell) {
  if (event.key === "k" && (event.ctrlKey || event.metaKey) && workspace()) {
    event.preventDefault();
    return openPalette(shell);
  }
  const typing = event.target.closest?.("input, textarea, select, dialog, .menu");
  if (event.key === "Escape" && event.target === $("#search")) return leaveSearch();
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
