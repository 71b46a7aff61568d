// After settings were changed, a workspace was made, or one was left.

import * as address from "../core/address.js";
import * as store from "../core/store.js";
import { enter, workspace } from "../core/workspace.js";
import { $ } from "../kit/dom.js";
import * as list from "../table/list.js";
import * as bar from "./bar.js";
import { any, called, LAST, leave, open, who } from "./opened.js";

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
  const me = who();
  me.workspaces = me.workspaces.filter((one) => one.id !== id);
  leave();
  localStorage.removeItem(LAST);
  address.note({ workspace: "", status: "", q: "", contact: "" });
  return any();
}
