// Whoever has done something, by name where he is shown: a member, or a token, whose names
// are asked for when the first one is met. The id stands in the title.

import { el } from "../kit/dom.js";
import { all, path } from "./api.js";
import { members } from "./members.js";
import { nameOf, shortly } from "./names.js";
import { workspace } from "./workspace.js";

const NONE = { id: null, names: null, missed: new Set() };
let tokens = NONE; // the promise of the names of that workspace's; which it did not have

const isToken = (user) => user.startsWith("key_");

/** The names of tokens, also of those that were revoked. */
function tokenNames() {
  const { id } = workspace();
  if (tokens.id !== id || !tokens.names) {
    const missed = tokens.id === id ? tokens.missed : new Set();
    const mine = { id, missed, names: all(path("workspaces", id, "tokens"), "tokens") };
    mine.names = mine.names.then((found) => new Map(found.map((one) => [one.id, one.name])));
    mine.names.catch(() => tokens === mine && forgetTokens());
    tokens = mine;
  }
  return tokens.names;
}

/** One was made, or is gone. */
export const forgetTokens = () => (tokens = NONE);

/** One that is not among them may have been made since: asked once more, but once for it. */
async function tokenName(key) {
  const found = await tokenNames();
  if (found.has(key) || tokens.missed.has(key)) return found.get(key);
  tokens.missed.add(key);
  if ((await tokens.names) === found) tokens = { ...tokens, names: null };
  return (await tokenNames()).get(key);
}

/** The name, once it has come; the id where there is none. */
export async function called(user) {
  try {
    if (isToken(user)) return (await tokenName(user)) ?? user;
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
