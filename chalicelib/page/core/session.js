// Who is signed in, and what opens the API to him: a token that was pasted (pasted.js), or
// those of a provider, which are kept in this memory and nowhere else, and are renewed
// before they end.

import * as pasted from "./pasted.js";

const MARGIN = 0.1; // of a token's life; what is asked with it has arrived by then
const MOST = 60_000; // ms
const tabs = new BroadcastChannel("contactbook.session"); // of this origin only

let person = null; // the user id, once the server has told it
export const user = () => person;
export const know = (id) => (person = id);

let given = null; // {access, id, until, renew}: by a provider
let renewing = null; // the promise of the next ones

export const token = () => given?.access ?? pasted.token();
/** Who this is, as the provider says it; null with a token that was pasted. */
export const idToken = () => given?.id ?? null;

/** Signed in through a provider: {access, id, seconds} and how to get the next ones,
 *  `renew()`, which may be null. */
export function take({ access, id, seconds }, renew) {
  // By a clock that nobody sets: the one on the wall may be wrong, or be put right.
  const life = seconds * 1000;
  const until = performance.now() + life - Math.min(MOST, life * MARGIN);
  given = { access, id: id ?? given?.id ?? null, until, renew };
}

/** The token to ask with: one that has not ended yet, where another can be had. */
export async function fresh() {
  if (given && performance.now() > given.until) await renew(given.access);
  return token();
}

/** Whether there is another token than the one that was `used`; however many want one,
 *  it is asked for once. */
export async function renew(used) {
  if (!given) return false;
  if (given.access !== used) return true;
  if (!given.renew) return false;
  renewing ??= given.renew().finally(() => (renewing = null));
  return renewing;
}

export function forget() {
  person = given = null;
  pasted.forget();
}

/** Ends the session in every tab of this person. `left()` is called in the others. */
export function end() {
  if (person) tabs.postMessage({ ended: person });
  forget();
}

export function listen(left) {
  tabs.addEventListener("message", ({ data }) => {
    if (person && data.ended === person) left();
  });
}
