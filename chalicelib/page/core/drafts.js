// What was typed and is not saved yet, kept on this device: neither Esc nor a reload nor
// an expired token loses it. Each user has drafts of his own, and what is shown to one
// was typed by him; where nobody is known (GET /me is on its way), nothing is kept.

import * as session from "./session.js";

const KEY = "contactbook.drafts.";
const MOST = 50;
const LARGEST = 200_000; // characters in all; a browser keeps five million for everything
const LONGEST = 30 * 86_400_000; // ms: after a month nobody comes back to it

let user = session.user(); // this module may come later than that is known

/** From here on drafts are this user's. */
export function own(id) {
  if (typeof id !== "string" || id === "") throw new TypeError(`Whose drafts: ${id}`);
  user = id;
}

addEventListener("known", ({ detail }) => own(detail));

/** Who signs out leaves nothing behind on the device. */
export function forget() {
  if (user) attempt(() => localStorage.removeItem(KEY + user));
  user = null;
}

/** The draft of one place: `read()` gives {text, ...more} or null. It stays with whom it
 *  was asked for by, whoever signs in before a save of his has been answered. */
export function draft(...place) {
  const name = nameOf(place);
  const owner = user;
  const without = () => all(owner).filter((one) => one.place !== name);
  return {
    read: () => all(owner).find((one) => one.place === name) ?? null,
    keep(text, more = {}) {
      if (owner === null || owner !== user) return;
      write(owner, [...without(), { ...more, place: name, text, at: Date.now() }]);
    },
    drop: () => owner !== null && write(owner, without()),
  };
}

/** Nothing stays of a contact that is gone. */
export function dropOf(contactId) {
  const start = nameOf([contactId]);
  if (user) write(user, all(user).filter(({ place }) => !`${place}/`.startsWith(`${start}/`)));
}

function nameOf(place) {
  const real = place.every((part) => typeof part === "string" && part !== "");
  if (!real || place.length === 0) throw new TypeError(`Not a place: ${place.join("/")}`);
  return place.join("/");
}

/** Oldest first; what somebody else has put there is none of ours. */
function all(owner) {
  if (owner === null) return [];
  const found = attempt(() => JSON.parse(localStorage.getItem(KEY + owner)));
  if (!Array.isArray(found)) return [];
  const young = Date.now() - LONGEST;
  return found.filter((one) => typeof one?.text === "string" && one.at > young);
}

function write(owner, drafts) {
  let room = LARGEST;
  const fits = ({ text }) => text.length <= room && (room -= text.length) >= 0;
  const kept = drafts.slice(-MOST).reverse().filter(fits).reverse(); // the oldest go first
  attempt(() => {
    if (kept.length) localStorage.setItem(KEY + owner, JSON.stringify(kept));
    else localStorage.removeItem(KEY + owner);
  });
}

/** A device that keeps nothing (full, or forbidden) must not stop the typing. */
function attempt(work) {
  try {
    return work();
  } catch {
    return null;
  }
}
