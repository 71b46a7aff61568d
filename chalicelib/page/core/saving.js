// Writing a contact: one write at a time per contact.

import * as api from "./api.js";
import * as store from "./store.js";
import { report } from "../kit/toast.js";
import { contactPath } from "./workspace.js";

const lines = new Map(); // id -> the last write in that contact's line

/** Runs `work` after the earlier writes of the same contact: our own status change must
 *  not make our own edit look like a stranger's. */
export function inTurn(id, work) {
  const turn = (lines.get(id) ?? Promise.resolve()).then(work);
  lines.set(id, turn.catch(() => {}));
  return turn;
}

/** A contact that is no longer there leaves the page; says whether that was it. */
export function leftWith(problem, id) {
  if (problem.code !== "contact_not_found") return false;
  store.drop(id);
  report(problem);
  return true;
}

/** Asks again for one contact: its counters have moved. */
export async function refresh(id) {
  const { contact } = await api.get(contactPath(id));
  store.keep(contact);
  return contact;
}
