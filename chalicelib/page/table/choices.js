// The choices above the table: which columns are shown, how high the rows are, which
// status, which workspace; and what can be done with a row.

import { run } from "../core/commands.js";
import { labelOf } from "../core/names.js";
import * as reach from "../core/reach.js";
import * as store from "../core/store.js";
import { mayWrite, workspace } from "../core/workspace.js";
import { openMenu } from "../kit/menu.js";
import { toast } from "../kit/toast.js";
import { counted } from "../kit/words.js";
import * as columns from "./columns.js";
import { ask, filter } from "./list.js";
import * as view from "./view.js";

export function openColumns(button) {
  const items = columns.movable().map((name) => ({
    label: columns.LABELS[name],
    many: true,
    checked: columns.isShown(name),
    pick: (shown) => columns.show(name, shown),
  }));
  const dense = {
    label: "Compact rows",
    many: true,
    checked: view.isCompact(),
    pick: view.compact,
  };
  openMenu(button, "Columns", [...items, dense]);
}

export const THEMES = { system: "As the system", light: "Light", dark: "Dark" };

export function openThemes(button) {
  const items = Object.entries(THEMES).map(([name, label]) => ({
    label,
    checked: window.theme() === name,
    pick: () => window.setTheme(name),
  }));
  openMenu(button, "Theme", items);
}

/** Who is signed in; his user id is for those who have to quote it. */
export function openAccount(button, me, signOut) {
  const who = me && { label: labelOf(me), more: me.name ? me.email : "" };
  const quote = me && { label: "Copy my user id", icon: "copy", pick: () => copy(me.user_id) };
  const out = { label: "Sign out", pick: signOut };
  openMenu(button, "Account", [who, quote, out].filter(Boolean));
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
export function openWorkspaces(button, me, go) {
  const items = (me?.workspaces ?? []).map((one) => ({
    label: one.name,
    checked: one.id === workspace()?.id,
    pick: () => go(one),
  }));
  const waiting = me?.invitations?.length ?? 0;
  const asked = { label: counted(waiting, "invitation"), icon: "mail", pick: () => run("show invitations", me) };
  if (waiting) items.push(asked);
  const more = [
    { label: "Settings…", pick: () => run("open settings") },
    { label: "Members…", pick: () => run("open settings", "members") },
    { label: "New workspace…", pick: () => run("create workspace") },
  ];
  openMenu(button, "Workspaces", [...items, ...more]);
}

export function openActions(button, id) {
  const write = [
    { label: "Edit…", icon: "edit", pick: () => run("edit contact", id) },
    { label: "Delete…", icon: "trash", danger: true, pick: () => run("delete contact", id) },
  ];
  const ways = reach.waysTo(store.get(id)).map((way) => {
    return { label: way.label, icon: way.icon, pick: () => reach.go(id, way) };
  });
  openMenu(button, button.getAttribute("aria-label"), [
    { label: "Open", icon: "columns", pick: () => run("open contact", id, button) },
    { label: "Copy id", icon: "copy", pick: () => copy(id) },
    ...ways,
    ...(mayWrite() ? write : []),
  ]);
}

async function copy(id) {
  await navigator.clipboard.writeText(id);
  toast("The id was copied.");
}
