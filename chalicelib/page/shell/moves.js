// After settings were changed, a workspace was made, or one was left, or is not ours.

import * as address from "../core/address.js";
import { run } from "../core/commands.js";
import * as store from "../core/store.js";
import { enter, workspace } from "../core/workspace.js";
import { $, el } from "../kit/dom.js";
import * as list from "../table/list.js";
import * as state from "../table/state.js";
import * as bar from "./bar.js";
import { any, called, choose, LAST, leave, open, who } from "./opened.js";

const NOWHERE = { workspace: "", status: "", q: "", contact: "" };

/** What is on the page is shown with the new settings, where it is. */
export function changed(found) {
  if (found.id !== workspace()?.id) return;
  const { name, role } = found;
  enter(found);
  Object.assign(called(found.id) ?? {}, { name, role });
  bar.showWorkspace();
  store.tellAll();
  const { status } = list.filter();
  const known = found.lead_statuses.some(({ key }) => key === status);
  list.ask({ status: known ? status : "" });
  list.tellFilter();
}

/** Goes to a workspace that may be new to this page. */
export async function goTo(member) {
  if (!called(member.id)) who().workspaces.push(member);
  $("#signin").hidden = true;
  $("#app").hidden = false;
  await open(member);
  if (document.activeElement === document.body) $("#add").focus();
}

/** Its contacts are nothing to us any more; another opens, or the first run. */
export function left(id) {
  forget(id);
  return any();
}

/** Somebody has removed us: said so, and nothing of it stays. */
export function lost(id) {
  if (workspace()?.id !== id) return; // told already
  const text = `You are no longer a member of ${workspace().name}.`;
  $("#dialog").close();
  forget(id);
  if (who().workspaces.length) state.tell("alert", text, "Your other workspaces are open to you.", ...choices());
  else any({}, text);
}

/** Said so, instead of opening another: who follows a link wants that place. */
export function notMine(name) {
  leave();
  const text = `You are not a member of “${name}”, or there is no such workspace.`;
  state.tell("alert", "This workspace is not open to you", text, ...choices());
}

/** The workspace of an invitation is not open to us yet; whoever is in it already sees it. */
export async function invited({ invitation, workspace: id }) {
  const member = called(id);
  if (member) return open(member);
  if (!workspace()) await any();
  address.note({ workspace: id, invitation }); // until it is answered, or closed
  return run("follow invitation", who(), invitation, id);
}

function forget(id) {
  const me = who();
  me.workspaces = me.workspaces.filter((one) => one.id !== id);
  leave();
  localStorage.removeItem(LAST);
  address.note(NOWHERE);
}

/** My workspaces; for who has none, the way to one. */
function choices() {
  const first = () => {
    address.note(NOWHERE);
    any();
  };
  const mine = who().workspaces.map((one) => button(one.name, () => choose(one)));
  return mine.length ? mine : [button("Create or join a workspace", first)];
}

const button = (label, onclick) =>
  el("button", { type: "button", className: "button", onclick, dir: "auto" }, label);
