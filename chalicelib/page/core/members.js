// Who is in the workspace: asked for once, and told to names.js by their names.

import { all, path } from "./api.js";
import { keep, labelOf, names } from "./names.js";
import { workspace } from "./workspace.js";

let asked = null; // {id, list: the promise of it, missed}: of the workspace with that id

function here() {
  const { id } = workspace();
  if (asked?.id !== id) asked = { id, list: null, missed: new Set() };
  return asked;
}

/** All members of the workspace that is open, in their order. */
export function members() {
  const mine = here();
  mine.list ??= ask(mine);
  return mine.list;
}

function ask(mine) {
  const list = all(path("workspaces", mine.id, "members"), "members");
  const tell = (known) => mine === asked && keep(mine.id, known);
  const failed = () => {
    if (mine.list === list) mine.list = null; // whoever asks next asks the server again
    tell(names() ?? new Map());
  };
  list.then((found) => tell(namesOf(found)), failed);
  return list;
}

/** Somebody came, went, or got another role: the list is asked for anew. */
export const forget = () => asked && (asked.list = null);

/** Two of one name are told apart by more than it. */
function namesOf(found) {
  const labels = found.map(labelOf);
  const twice = (one) => labels.indexOf(one) !== labels.lastIndexOf(one);
  const full = ({ email, user_id: id }, one) => (twice(one) ? `${one} (${email || id})` : one);
  return new Map(found.map((one, at) => [one.user_id, full(one, labels[at])]));
}

/** Somebody is shown whose name is not known: he may have come since all were asked for,
 *  so it is asked once more, but once for him. */
export function lookFor(user) {
  if (!workspace() || here().missed.has(user)) return;
  here().missed.add(user);
  if (names()) forget();
  members().catch(() => {});
}
