// Moving every contact out of a status, one by one. The server lets no status be closed
// that contacts have, so others may set it meanwhile: whoever removes it looks again.

import * as api from "../core/api.js";
import { inTurn } from "../core/saving.js";
import * as store from "../core/store.js";

const PAGE = "100";
const IN_A_ROW = 5; // failures after which it is not about single contacts any more

/** How many have the status, up to a page of them: {count, more}. */
export async function countOf(workspaceId, key) {
  const { contacts, next_cursor: next } = await page(workspaceId, key);
  return { count: contacts.length, more: next !== null };
}

const page = (workspaceId, key, cursor = null) =>
  api.get(api.path("workspaces", workspaceId, "contacts"), { lead_status: key, limit: PAGE, cursor });

/** One time through all that have the status `from`. `run` is told of each that moved and
 *  says whether to go on: {going(), moved(), failed(contact, problem)}. A contact that
 *  somebody else changes meanwhile stays as he set it. */
export async function move(workspaceId, from, to, run) {
  let cursor = null;
  let failures = 0;
  do {
    const found = await page(workspaceId, from, cursor);
    for (const contact of found.contacts) {
      if (!run.going()) return;
      try {
        if (await moveOne(workspaceId, contact.id, from, to)) run.moved();
        failures = 0;
      } catch (problem) {
        run.failed(contact, problem);
        if (problem.status === 401 || ++failures === IN_A_ROW) throw problem;
      }
    }
    cursor = found.next_cursor;
  } while (cursor);
}

/** Whether it was moved; false when it has another status by now, or is gone. */
function moveOne(workspaceId, id, from, to) {
  const where = api.path("workspaces", workspaceId, "contacts", id, "status");
  return inTurn(id, async () => {
    try {
      const { contact } = await api.put(where, { lead_status: to, from }, api.ANY);
      show(contact);
      return true;
    } catch (problem) {
      if (problem.code === "contact_not_found") store.drop(id);
      else if (problem.code === "status_changed") show(problem.current);
      else throw problem;
      return false;
    }
  });
}

function show(contact) {
  if (store.asStored(contact.id)) store.keep(contact);
  store.share(contact);
}
