// How people are called, as far as that is known by now; members.js asks for it.

import { run } from "./commands.js";
import { workspace } from "./workspace.js";

let known = null; // {id, names}: of the workspace with that id
const listeners = new Set();

/** Calls `listener()` when names have come. */
export const listen = (listener) => listeners.add(listener);

export function keep(id, names) {
  known = { id, names };
  listeners.forEach((listener) => listener());
}

export const names = () => (known?.id === workspace()?.id ? known?.names : null);
export const nameOf = (user) => names()?.get(user) ?? user;

/** A person by his name, else his e-mail, else his id. */
export const labelOf = ({ name, email, user_id: id }) => name || email || id;

/** The same where no id is to be seen on the way: empty until names have come. */
export function shortly(user) {
  if (!names()?.has(user)) run("look for names", user);
  return names() ? nameOf(user) : "";
}
