// Who is in the workspace: asked for once, and told by name where a name is known.

import { all, path } from "./api.js";
import { workspace } from "./workspace.js";

let asked = null; // {id, list: the promise of it, names}: of the workspace with that id

/** All members of the workspace that is open, in their order. */
export function members() {
  const { id } = workspace();
  if (asked?.id !== id) ask(id);
  return asked.list;
}

function ask(id) {
  const names = new Map();
  const mine = { id, names, list: all(path("workspaces", id, "members"), "members") };
  asked = mine;
  mine.list.then(
    (found) => found.forEach((one) => names.set(one.user_id, one.name)),
    () => asked === mine && forget(), // whoever asks next asks the server again
  );
}

/** Somebody came, went, or got another name. */
export const forget = () => (asked = null);

/** As people call the user, as far as that is known by now. */
export const nameOf = (user) =>
  (asked?.id === workspace()?.id && asked?.names.get(user)) || user;
