// The page as a whole: who is signed in, which workspace is open, and the keys that
// work everywhere.

import * as address from "../core/address.js";
import * as api from "../core/api.js";
import { run } from "../core/commands.js";
import { $ } from "../kit/dom.js";
import * as grid from "../table/grid.js";
import * as list from "../table/list.js";
import { openMenu } from "../kit/menu.js";
import * as session from "../core/session.js";
import * as store from "../core/store.js";
import "./rooms.js";
import * as rows from "../table/rows.js";
import { report, toast } from "../kit/toast.js";
import { columnsKey, enter, workspace } from "../core/workspace.js";

const LAST = "contactbook.workspace";
let me = null;
let opening = null; // the AbortController of the workspace that is on its way

async function start() {
  session.takeFromLink();
  if (!session.token()) return signIn("");
  $("#signin").hidden = true;
  $("#app").hidden = false;
  rows.skeleton(12);
  try {
    me = await api.get("me", { limit: "100" });
    const { workspaces, next_cursor: next } = me;
    if (next) workspaces.push(...(await api.all("me", "workspaces", next)));
    $("#me-name").textContent = me.user_id;
    await openFirst();
  } catch (problem) {
    if (problem.status === 401 || problem.name === "AbortError") return;
    toast(problem.message, { error: problem, action: { label: "Try again", run: start } });
  }
}

async function openFirst() {
  const wanted = [address.read().workspace, localStorage.getItem(LAST)];
  const found = wanted.map((slug) => me.workspaces.find((one) => one.slug === slug));
  const first = found.find(Boolean) ?? me.workspaces[0];
  if (!first) return run("first run", me, start);
  const { status, q, contact } = address.read();
  await openWorkspace(first, { status, q });
  if (contact) run("open contact", contact);
}

async function openWorkspace(member, wanted = { status: "", q: "" }) {
  opening?.abort(); // whichever answers last, it is the last choice that counts
  opening = new AbortController();
  const answer = await api.get(api.path("workspaces", member.id), {}, opening.signal);
  enter({ ...answer.workspace, role: member.role });
  store.open(workspace().id);
  address.note({ workspace: workspace().slug });
  localStorage.setItem(LAST, workspace().slug);
  $("#workspace-name").textContent = workspace().name;
  document.title = `Database · ${workspace().name}`;
  $("#grid").dataset.hidden = localStorage.getItem(columnsKey()) ?? "";
  const known = workspace().lead_statuses.some(({ key }) => key === wanted.status);
  await list.reload(true, { q: wanted.q, status: known ? wanted.status : "" });
}

/** Settings were changed: what is on the page is shown with them, where it is. */
function settingsChanged(found) {
  if (found.id !== workspace()?.id) return;
  const { name, role } = found;
  enter(found);
  Object.assign(me.workspaces.find(({ id }) => id === found.id) ?? {}, { name, role });
  $("#workspace-name").textContent = name;
  document.title = `Database · ${name}`;
  const listed = [...$("#rows").querySelectorAll("[data-contact-id]")].map(rows.idOfRow);
  for (const id of [...listed, address.read().contact]) {
    if (store.asStored(id)) store.keep(store.asStored(id)); // tells all who show it
  }
  const { status } = list.filter();
  const known = found.lead_statuses.find(({ key }) => key === status);
  if (status && !known) return list.ask({ status: "" });
  $("#filter-name").textContent = known?.label ?? "Status";
  $("#filter").style.setProperty("--c", known?.color ?? "");
}

/** A workspace that may be new to this page. */
async function goTo(member) {
  if (!me.workspaces.some(({ id }) => id === member.id)) me.workspaces.push(member);
  $("#signin").hidden = true;
  $("#app").hidden = false;
  await openWorkspace(member);
  if (document.activeElement === document.body) $("#add").focus();
}

/** Its contacts are nothing to us any more; another workspace opens, or the first run. */
function workspaceLeft(left) {
  me.workspaces = me.workspaces.filter(({ id }) => id !== left);
  opening?.abort();
  store.open(null);
  localStorage.removeItem(LAST);
  address.note({ workspace: "", status: "", q: "", contact: "" });
  openFirst().catch(report);
}

/** Nothing of what was seen stays behind. */
function signIn(why) {
  session.forget();
  opening?.abort();
  store.open(null);
  $("#dialog").close();
  $("#dialog").replaceChildren();
  $("#toasts").replaceChildren();
  $("#app").hidden = true;
  run("sign in", why, start);
}

function keys(event) {
  const typing = event.target.closest?.("input, textarea, select, dialog, .menu");
  if (event.key === "Escape" && event.target === $("#search")) return leaveSearch();
  if (typing || event.ctrlKey || event.metaKey || event.altKey || $("#app").hidden) return;
  if (event.key === "/") $("#search").select();
  else if (event.key === "n") run("add contact");
  else return;
  event.preventDefault();
}

/** Esc empties the search; once more goes back to the table. */
function leaveSearch() {
  if (!$("#search").value) return $("#grid").focus();
  $("#search").value = "";
  list.ask({ q: "" });
}

list.start();
grid.start();
$("#add").addEventListener("click", () => run("add contact"));
$("#filter").addEventListener("click", ({ currentTarget }) => run("choose filter", currentTarget));
$("#columns").addEventListener("click", ({ currentTarget }) => run("choose columns", currentTarget));
$("#workspace").addEventListener("click", ({ currentTarget }) => {
  run("choose workspace", currentTarget, me.workspaces, (one) => openWorkspace(one).catch(report));
});
$("#theme").addEventListener("click", () => window.switchTheme());
$("#me").addEventListener("click", ({ currentTarget }) => {
  openMenu(currentTarget, "Account", [{ label: "Sign out", pick: () => signIn("") }]);
});
addEventListener("keydown", keys);
addEventListener("hashchange", () => session.takeFromLink() && start());
addEventListener("signedout", ({ detail }) => signIn(detail.message));
addEventListener("workspacechanged", ({ detail }) => settingsChanged(detail));
addEventListener("openworkspace", ({ detail }) => goTo(detail).catch(report));
addEventListener("workspaceleft", ({ detail }) => workspaceLeft(detail));
// What should never happen is not hidden either.
addEventListener("error", ({ error }) => report(error ?? new Error("The page has failed.")));
addEventListener("unhandledrejection", ({ reason }) => report(reason));

start();
