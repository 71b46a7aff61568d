// The page as a whole: who is signed in, which workspace is open, what the address asks for.

import * as address from "../core/address.js";
import * as api from "../core/api.js";
import { run } from "../core/commands.js";
import * as drafts from "../core/drafts.js";
import * as session from "../core/session.js";
import * as store from "../core/store.js";
import { enter, workspace } from "../core/workspace.js";
import { $, el } from "../kit/dom.js";
import { report, toast } from "../kit/toast.js";
import * as columns from "../table/columns.js";
import * as fresh from "../table/fresh.js";
import * as grid from "../table/grid.js";
import * as list from "../table/list.js";
import * as state from "../table/state.js";
import * as bar from "./bar.js";
import "./rooms.js";

const LAST = "contactbook.workspace";
let me = null;
let opening = null; // the AbortController of the workspace that is on its way

async function start() {
  const known = session.takeFromLink() || session.token() || (await session.takeFromTab());
  if (!known) return signIn("");
  $("#signin").hidden = true;
  $("#app").hidden = false;
  $("#app").classList.add("open");
  try {
    me = await api.get("me", { limit: "100" });
    drafts.own(me.user_id);
    const { workspaces, next_cursor: next } = me;
    if (next) workspaces.push(...(await api.all("me", "workspaces", next)));
    $("#me-name").textContent = me.user_id;
    await openFirst();
  } catch (problem) {
    if (problem.status === 401 || problem.name === "AbortError") return;
    state.failed(problem, start);
  }
}

/** The workspace of the address, else the last one; never another than was asked for. */
async function openFirst() {
  const asked = address.read();
  if (asked.workspace) return follow();
  if (me.workspaces.length === 0) return noWorkspace();
  await openWorkspace(called(localStorage.getItem(LAST)) ?? me.workspaces[0], asked);
  if (asked.contact) run("open contact", asked.contact);
}

const called = (name) => me.workspaces.find(({ slug, id }) => name === slug || name === id);

async function openWorkspace(member, wanted = { status: "", q: "" }) {
  opening?.abort(); // whichever answers last, it is the last choice that counts
  opening = new AbortController();
  const answer = await api.get(api.path("workspaces", member.id), {}, opening.signal);
  $("#dialog").close();
  enter({ ...answer.workspace, role: member.role });
  store.open(workspace().id);
  address.note({ workspace: workspace().slug });
  localStorage.setItem(LAST, workspace().slug);
  bar.showWorkspace();
  columns.open();
  fresh.begin();
  const known = workspace().lead_statuses.some(({ key }) => key === wanted.status);
  await list.reload(true, { q: wanted.q, status: known ? wanted.status : "" });
}

/** Another address was asked for: by Back, by a link that was pasted, at the start. */
async function follow() {
  if (session.takeFromLink()) return start();
  if (!me) return;
  const asked = address.read();
  const before = address.noted();
  const member = asked.workspace ? called(asked.workspace) : workspace();
  if (!member) return notMine(asked.workspace);
  if (member.id !== workspace()?.id) await openWorkspace(member, asked);
  else list.ask({ status: asked.status, q: asked.q });
  if (asked.contact) run("open contact", asked.contact);
  else if (before.contact) run("close contact");
}

function nothingOpen() {
  opening?.abort();
  enter(null);
  store.open(null);
  list.empty();
  bar.showWorkspace();
}

/** Said so, instead of opening another: who follows a link wants that place. */
function notMine(name) {
  nothingOpen();
  const choices = me.workspaces.map((one) => {
    const onclick = () => openWorkspace(one).catch(report);
    return el("button", { type: "button", className: "button", onclick, dir: "auto" }, one.name);
  });
  const text = `You are not a member of “${name}”, or there is no such workspace.`;
  state.tell("alert", "This workspace is not open to you", text, ...choices);
}

function noWorkspace() {
  nothingOpen();
  run("first run", me, start);
}

/** Nothing of what was seen stays behind. */
function signIn(why) {
  me = null;
  session.forget();
  nothingOpen();
  $("#dialog").close();
  $("#dialog").replaceChildren();
  $("#toasts").replaceChildren();
  $("#app").hidden = true;
  run("sign in", why, start);
}

function signOut() {
  drafts.forget();
  session.end();
  signIn("");
}

list.start();
grid.start();
fresh.start();
address.listen(() => follow().catch(report));
session.listen(() => signIn("You have signed out in another tab."));
bar.start({ me: () => me, signOut, go: (one) => openWorkspace(one).catch(report) });
addEventListener("signedout", ({ detail }) => signIn(detail.message));
// What should never happen is not hidden either.
addEventListener("error", ({ error }) => report(error ?? new Error("The page has failed.")));
addEventListener("unhandledrejection", ({ reason }) => report(reason));

start();
