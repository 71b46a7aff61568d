// Which workspace is open: by the address, by a choice, after it was made, changed or left.

import * as address from "../core/address.js";
import * as api from "../core/api.js";
import { run } from "../core/commands.js";
import * as store from "../core/store.js";
import { enter, workspace } from "../core/workspace.js";
import { $ } from "../kit/dom.js";
import { report } from "../kit/toast.js";
import * as columns from "../table/columns.js";
import * as list from "../table/list.js";
import * as bar from "./bar.js";

export const LAST = "contactbook.workspace";
let me = null; // who is signed in, with the workspaces that are open to them
let opening = null; // the AbortController of the workspace that is on its way
let again = () => {}; // starts the page once more

export const who = () => me;

/** The workspace of the address, else the last one; never another than was asked for. */
export async function first(person, start) {
  me = person;
  again = start;
  const asked = address.read();
  if (asked.workspace || asked.invitation) return follow().then(tell);
  await any(asked);
  tell();
  if (asked.contact) run("open contact", asked.contact);
}

const tell = () => me?.invitations?.length && workspace() && run("tell of invitations", me);

/** My workspace of that slug or id. */
export const called = (name) => me.workspaces.find(({ slug, id }) => name === slug || name === id);

/** For a click: what goes wrong is told. */
export const choose = (member) => open(member).catch(report);

export async function open(member, wanted = { status: "", q: "" }) {
  opening?.abort(); // whichever answers last, it is the last choice that counts
  opening = new AbortController();
  const answer = await api.get(api.path("workspaces", member.id), {}, opening.signal);
  $("#dialog").close();
  enter({ ...answer.workspace, role: member.role });
  store.open(workspace().id);
  address.note({ workspace: workspace().slug, invitation: "" });
  localStorage.setItem(LAST, workspace().slug);
  bar.showWorkspace();
  columns.open();
  run("follow changes");
  const known = workspace().lead_statuses.some(({ key }) => key === wanted.status);
  await list.reload(true, { q: wanted.q, status: known ? wanted.status : "" });
}

/** Another address was asked for: by Back, by a link that was pasted, at the start. */
export async function follow() {
  if (!me) return;
  const asked = address.read();
  if (asked.invitation) return run("be invited", asked);
  const before = address.noted();
  const member = asked.workspace ? called(asked.workspace) : workspace();
  if (!member) return run("refuse workspace", asked.workspace);
  if (member.id !== workspace()?.id) await open(member, asked);
  else list.ask({ status: asked.status, q: asked.q });
  if (asked.contact) run("open contact", asked.contact);
  else if (before.contact) run("close contact");
}

/** Nothing of what was seen stays behind. */
export function leave() {
  opening?.abort();
  enter(null);
  store.open(null);
  list.empty();
  bar.showWorkspace();
}

export function signedOut() {
  me = null;
  leave();
}

/** The last of my workspaces, or what there is for those who have none. */
export const any = (asked, why) =>
  me.workspaces.length ? open(called(localStorage.getItem(LAST)) ?? me.workspaces[0], asked) : none(why);

/** `why` he is there, if something has happened. */
function none(why) {
  leave();
  return run("first run", me, again, why);
}
