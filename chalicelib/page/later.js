// What is not needed to see the table comes when it is first needed, or, so that nobody
// waits for it then, when the pointer or a key first moves.

import { el } from "./dom.js";
import { toast } from "./toast.js";

const parts = {
  styles: () => (styles ??= fetchStyles()),
  panel: () => import("./panel.js"),
  add: () => import("./add.js"),
  remove: () => import("./delete.js"),
  edit: () => import("./edit.js"),
  choices: () => import("./choices.js"),
  pager: () => import("./pager.js"),
  signin: () => import("./signin.js"),
};
let styles = null;

const use = (part, verb) => async (...given) => {
  let found;
  try {
    [found] = await Promise.all([parts[part](), parts.styles()]);
  } catch {
    // Offline, or the server has a newer build than this tab.
    const action = { label: "Reload", run: () => location.reload() };
    return toast("This part of the page could not be fetched.", { error: {}, action });
  }
  return found[verb](...given);
};
export const openPanel = use("panel", "open");
export const openAdd = use("add", "openAdd");
export const askToDelete = use("remove", "askToDelete");
export const edit = use("edit", "edit");
export const openColumns = use("choices", "openColumns");
export const openFilter = use("choices", "openFilter");
export const openWorkspaces = use("choices", "openWorkspaces");
export const openActions = use("choices", "openActions");
export const all = use("pager", "all");
export const showSignIn = use("signin", "show");

function fetchStyles() {
  const link = el("link", { rel: "stylesheet", href: new URL("later.css", import.meta.url) });
  document.head.append(link);
  return new Promise((onload) => Object.assign(link, { onload, onerror: onload }));
}

const fetchAll = () => Object.values(parts).map((part) => part().catch(() => {}));
for (const sign of ["pointermove", "keydown", "touchstart"]) {
  addEventListener(sign, fetchAll, { once: true, passive: true });
}
