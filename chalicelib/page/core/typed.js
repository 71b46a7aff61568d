// What is being typed and not saved, wherever that is. When the page has to be left for the
// provider, it is kept as a draft of this user's: as the commands that show it once more.

import * as dialog from "../kit/dialog.js";
import { toast } from "../kit/toast.js";
import { run } from "./commands.js";
import { draft } from "./drafts.js";
import { TYPED } from "./session.js";

const WORDS = "Your sign-in has ended, and what you typed here cannot be kept. Copy it first.";
const places = new Map(); // node -> what it says
let said = null; // the node that says that something cannot be kept

/** As long as `node` is on the page `again()` says what leaving would lose: the command
 *  that shows it once more, its last part {fields, opened, ...}; nothing; or `true` where
 *  there is no such command. */
export function watch(node, again) {
  places.set(node, again);
  queueMicrotask(tidy); // what is being built is put into the page by then
}

function tidy() {
  for (const one of places.keys()) if (!one.isConnected) places.delete(one);
}

/** Keeps all of it. Where something cannot be kept, the person decides when to `leave()`. */
export function keep(leave) {
  if (keepAll()) return true;
  const label = "Sign in again";
  if (said?.isConnected) return false;
  if (dialog.isDirty()) said = dialog.tell(WORDS, label, leave);
  else said = toast(WORDS, { error: {}, action: { label, run: leave } });
  return false;
}

function keepAll() {
  const nodes = [...places].filter(([node]) => node.isConnected);
  const lost = nodes.map(([node, again]) => [node, again()]).filter(([, again]) => again);
  if (dialog.isDirty() && !lost.some(([node]) => dialog.shows(node))) return false;
  const deeds = lost.map(([, again]) => again);
  if (deeds.includes(true)) return false;
  return deeds.length === 0 || write(merged(deeds));
}

/** One command for one contact, with all its fields, on the oldest version that was seen. */
function merged(deeds) {
  const whole = new Map();
  for (const deed of deeds) {
    const [what, { fields, opened, ...typed }] = [deed.slice(0, -1), deed.at(-1)];
    const name = JSON.stringify(what);
    const before = whole.get(name)?.at(-1) ?? { fields: {}, opened };
    const older = before.opened?.version < opened?.version ? before.opened : opened;
    whole.set(name, [...what, { ...typed, fields: { ...before.fields, ...fields }, opened: older }]);
  }
  return [...whole.values()];
}

function write(deeds) {
  const name = crypto.randomUUID();
  const place = draft("typed", name);
  const text = JSON.stringify(deeds);
  place.keep(text);
  if (place.read()?.text !== text) return false; // the device is full, or keeps nothing
  sessionStorage.setItem(TYPED, name);
  return true;
}

/** Shows what this tab has kept, to who has typed it: one after the other. */
export async function bringBack() {
  const name = sessionStorage.getItem(TYPED);
  if (!name) return;
  sessionStorage.removeItem(TYPED);
  const place = draft("typed", name);
  const deeds = JSON.parse(place.read()?.text ?? "[]");
  place.drop();
  for (const deed of deeds) {
    await run(...deed);
    await dialog.closed();
  }
}
