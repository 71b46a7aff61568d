// Writing a contact: one write at a time per contact, each on the version that the
// person has seen.

import * as api from "./api.js";
import * as store from "./store.js";
import { report } from "./toast.js";
import { difference } from "./words.js";
import { contactPath, statusOf } from "./workspace.js";

const lines = new Map(); // id -> the last write in that contact's line

/** Runs `work` after the earlier writes of the same contact: our own status change must
 *  not make our own edit look like a stranger's. */
export function inTurn(id, work) {
  const turn = (lines.get(id) ?? Promise.resolve()).then(work);
  lines.set(id, turn.catch(() => {}));
  return turn;
}

/** Saves fields of a contact that was `opened` for editing. When somebody has changed
 *  it meanwhile, the problem says what, and carries the contact as it is now. */
export function change(id, fields, opened) {
  return inTurn(id, async () => {
    try {
      const version = versionSeen(id, fields, opened);
      const { contact } = await api.patch(contactPath(id), fields, version);
      store.keep(contact);
      store.share(contact);
      return contact;
    } catch (problem) {
      throw told(id, problem, opened);
    }
  });
}

/** A change of another field does not make this edit stale; one of the same field does. */
function versionSeen(id, fields, opened) {
  const known = store.asStored(id) ?? opened;
  const same = (field) => String(known[field]) === String(opened[field]);
  return (Object.keys(fields).every(same) ? known : opened).version;
}

function told(id, problem, opened) {
  if (problem.status === 412 && problem.current) {
    const what = difference(opened, problem.current, (key) => statusOf(key).label);
    problem.message = `${problem.message} ${what}. Save again to keep yours.`;
    store.keep(problem.current);
  }
  return problem;
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
