// Whoever has done something, by name where he is shown: a member, or a token, whose names
// are asked for when the first one is met. The id stands in the title.

import { el } from "../kit/dom.js";
import { all, path } from "./api.js";
import { members } from "./members.js";
import { nameOf, shortly } from "./names.js";
import { workspace } from "./workspace.js";

let tokens = { id: null, names: null }; // the promise of the names of that workspace's

const isToken = (user) => user.startsWith("key_");

/** The names of tokens, also of those that were revoked. */
function tokenNames() {
  const { id } = workspace();
  if (tokens.id !== id) {
    const mine = { id, names: all(path("workspaces", id, "tokens"), "tokens") };
    mine.names = mine.names.then((found) => new Map(found.map((one) => [one.id, one.name])));
    mine.names.catch(() => tokens === mine && forgetTokens());
    tokens = mine;
  }
  return tokens.names;
}

/** One was made, or is gone. */
export const forgetTokens = () => (tokens = { id: null, names: null });

/** The name, once it has come; the id where there is none. */
export async function called(user) {
  try {
    if (isToken(user)) return (await tokenNames()).get(user) ?? user;
    await members();
  } catch {
    // He is told by his id.
  }
  return nameOf(user);
}

/** A node that says who; nothing while the name is on its way. */
export function nameNode(user) {
  const node = el("bdi", { title: user ?? "" });
  if (!user) return node;
  if (!isToken(user)) node.textContent = shortly(user);
  if (!node.textContent || node.textContent === user) {
    called(user).then((name) => (node.textContent = name));
  }
  return node;
}
