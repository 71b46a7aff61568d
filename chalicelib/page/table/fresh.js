// What colleagues and other tabs change arrives: on focus, and every half minute while the
// page is seen, by asking only for what has changed since.

import * as api from "../core/api.js";
import { run } from "../core/commands.js";
import * as store from "../core/store.js";
import { workspace } from "../core/workspace.js";
import * as list from "./list.js";

const SECONDS = 30;
let since = null; // the server's time up to which all is known here
let asking = null; // the AbortController of the question under way
let again = false;

setInterval(look, SECONDS * 1000);
document.addEventListener("visibilitychange", look);
addEventListener("focus", look);
addEventListener("online", look);
addEventListener("closedtous", ({ detail: where }) => {
  const { id } = workspace() ?? {};
  if (id && `${where}/`.startsWith(`${api.path("workspaces", id)}/`)) run("lose workspace", id);
});

/** From now on, of the workspace that is open; the list is asked for after this. */
export function begin() {
  asking?.abort();
  asking = null;
  since = null;
  return ask();
}

/** What has changed by now, without waiting for the next half minute. */
export function look() {
  if (document.visibilityState !== "visible" || !workspace()) return;
  if (asking) again = true;
  else ask();
}

async function ask() {
  const { signal } = (asking = new AbortController());
  try {
    await follow(signal);
  } catch (problem) {
    // Of no answer nothing is told: the next question finds the same, and more.
    if (problem.status === 400) startOver();
  } finally {
    if (asking?.signal === signal) asking = null;
  }
  if (again && !signal.aborted) {
    again = false;
    look();
  }
}

async function follow(signal) {
  const where = api.path("workspaces", workspace().id, "changes");
  let cursor = null;
  let told;
  do {
    told = await api.get(where, { since, cursor }, signal);
    told.changed.forEach(take);
    told.gone.forEach((id) => store.has(id) ? store.drop(id) : list.remove(id));
    cursor = told.next_cursor;
  } while (cursor);
  since = told.until;
}

/** Shown where it stands; a new one is listed if it belongs to what is listed. */
function take(contact) {
  if (store.has(contact.id)) store.keep(contact);
  else list.add(contact);
}

/** Away for so long that the server no longer tells what has changed. */
function startOver() {
  since = null;
  list.reload();
}
