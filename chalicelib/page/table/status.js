// The status toggle: shown at once, in the row with that id and no other; confirmed or
// taken back when the server has spoken; the last choice wins.

import * as api from "../core/api.js";
import { called } from "../core/people.js";
import { openMenu } from "../kit/menu.js";
import { inTurn, leftWith } from "../core/saving.js";
import * as store from "../core/store.js";
import { report, toast } from "../kit/toast.js";
import { nameOf } from "../kit/words.js";
import { contactPath, mayWrite, settable, statusOf } from "../core/workspace.js";

const wanted = new Map(); // id -> the status that was chosen last, while it is on its way

export function openStatusMenu(button, id) {
  if (!mayWrite()) return;
  const { lead_status: now } = store.get(id);
  const items = settable().map(({ key, label, color }) => {
    return { label, color, checked: key === now, pick: () => choose(id, key) };
  });
  openMenu(button, `Status of ${nameOf(store.get(id))}`, items);
}

export function choose(id, status) {
  if (store.get(id).lead_status === status) return;
  const underway = wanted.has(id);
  wanted.set(id, status);
  store.hope(id, { lead_status: status });
  if (!underway) inTurn(id, () => settle(id));
}

/** Sends until what is stored is what was chosen last, or the server refuses that. */
async function settle(id) {
  try {
    while (store.asStored(id) && store.asStored(id).lead_status !== wanted.get(id)) {
      await send(id, wanted.get(id));
    }
  } catch (problem) {
    takeBack(id, problem);
  } finally {
    wanted.delete(id);
    store.settle(id);
  }
}

async function send(id, status) {
  const from = store.asStored(id).lead_status;
  try {
    const body = { lead_status: status, from };
    const { contact } = await api.put(contactPath(id, "status"), body, api.ANY);
    store.keep(contact);
    store.share(contact);
  } catch (problem) {
    if (problem.current) store.keep(problem.current);
    // Refused, but by now something else was chosen: that is what counts.
    if (problem.current || wanted.get(id) === status) throw problem;
  }
}

function takeBack(id, problem) {
  const chosen = wanted.get(id);
  const contact = store.asStored(id);
  if (leftWith(problem, id)) return;
  if (!problem.current) return report(problem, `${nameOf(contact)} was not changed. `);
  if (contact.lead_status === chosen) return; // somebody else had the same idea
  const { label } = statusOf(contact.lead_status);
  const action = {
    label: `Set to ${statusOf(chosen).label}`,
    run: () => store.asStored(id) && choose(id, chosen),
  };
  const who = contact.updated_by ? called(contact.updated_by) : Promise.resolve("");
  who.then((name) => {
    const text = `${nameOf(contact)} was set to ${label}${name && ` by ${name}`} meanwhile.`;
    toast(text, { error: problem, action });
  });
}
