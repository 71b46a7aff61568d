// Who is in the workspace: asked for once, and told by name where a name is known.

import { all, path } from "./api.js";
import { workspace } from "./workspace.js";

let known = null; // {id, list: the promise of it, names, missed}: of that workspace
const listeners = new Set();

function here() {
  const { id } = workspace();
  if (known?.id !== id) known = { id, list: null, names: null, missed: new Set() };
  return known;
}

/** All members of the workspace that is open, in their order. */
export function members() {
  const mine = here();
  mine.list ??= ask(mine);
  return mine.list;
}

function ask(mine) {
  const list = all(path("workspaces", mine.id, "members"), "members");
  const tell = (names) => {
    mine.names = names;
    if (known === mine) listeners.forEach((listener) => listener());
  };
  const failed = () => {
    if (mine.list === list) mine.list = null; // whoever asks next asks the server again
    tell(mine.names ?? new Map());
  };
  list.then((found) => tell(namesOf(found)), failed);
  return list;
}

/** Calls `listener()` when names have come. */
export const listen = (listener) => listeners.add(listener);

/** Somebody came, went, or got another role: the list is asked for anew. */
export const forget = () => known && (known.list = null);

/** A member by his name, else his e-mail, else his id. */
export const labelOf = ({ name, email, user_id: id }) => name || email || id;

/** Two of one name are told apart by more than it. */
function namesOf(found) {
  const labels = found.map(labelOf);
  const twice = (one) => labels.indexOf(one) !== labels.lastIndexOf(one);
  const full = ({ email, user_id: id }, one) => (twice(one) ? `${one} (${email || id})` : one);
  return new Map(found.map((one, at) => [one.user_id, full(one, labels[at])]));
}

const names = () => (workspace() ? here().names : null);

/** As people call the user, as far as that is known by now. */
export const nameOf = (user) => names()?.get(user) ?? user;

/** The same where no id is to be seen on the way: empty until names have come. Who is
 *  not known may have come meanwhile: once it is asked for him. */
export function shortly(user) {
  const mine = here();
  if (!mine.names?.has(user) && !mine.missed.has(user)) {
    mine.missed.add(user);
    if (mine.names) forget();
    members().catch(() => {});
  }
  return mine.names ? nameOf(user) : "";
}
