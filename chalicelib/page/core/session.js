// Who is signed in, and what opens the API to him: a token that was pasted, which lives as
// long as the tab; or those of a provider, which are kept in this memory and nowhere else,
// and are renewed before they end. How they came here is entry's.

export const TYPED = "contactbook.typed"; // in this tab: the name of the draft of it
const PASTED = "contactbook.token";
const MARGIN = 0.1; // of a token's life; what is asked with it has arrived by then
const MOST = 60_000; // ms
const tabs = new BroadcastChannel("contactbook.session"); // of this origin only

// What was asked for in one session is not asked again in the next, nor told there.
let sessions = 0;
export const session = () => sessions;
const ended = new Set(); // whose sessions other tabs have ended while this one came in
function begin() {
  sessions++;
  ended.clear();
}

let person = null; // the user id, once the server has told it
export const user = () => person;
/** The server has told who this is; false: he has signed out in another tab meanwhile. */
export function know(id) {
  person = id;
  const may = !ended.has(id);
  if (may) tabs.postMessage({ began: true });
  return may;
}
/** Calls `go()` when somebody has signed in, in another tab. */
export const onBegun = (go) => tabs.addEventListener("message", ({ data }) => data.began && go());

let given = null; // {access, id, refresh, until, next}: by a provider
let renewing = null; // the promise of the next ones

export const token = () => given?.access ?? sessionStorage.getItem(PASTED);
export function keep(pasted) {
  begin();
  sessionStorage.setItem(PASTED, pasted);
}

/** Who this is, as the provider says it; null with a token that was pasted. */
export const idToken = () => given?.id ?? null;

/** Signed in through a provider: {access, id, refresh, seconds}; `next(these)` takes the
 *  next ones, if it gets them, and says so. */
export function take({ seconds, ...tokens }, next) {
  // By a clock that nobody sets: the one on the wall may be wrong, or be put right.
  const life = seconds * 1000;
  given = { ...tokens, next, until: performance.now() + life - Math.min(MOST, life * MARGIN) };
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
  if (!given.refresh) return false;
  renewing ??= given.next(given).finally(() => (renewing = null));
  return renewing;
}

/** Not once he has signed out meanwhile. */
export const holds = (tokens) => given === tokens;

export function forget() {
  begin();
  person = given = null;
  sessionStorage.removeItem(PASTED);
}

/** Ends the session in every tab of this person. `left()` is called in the others. */
export function end() {
  if (person) tabs.postMessage({ ended: person });
  forget();
}

/** Asks the other tabs for the token that was pasted there. */
export function ask(told) {
  tabs.addEventListener("message", function hear({ data }) {
    if (!data.token) return;
    tabs.removeEventListener("message", hear);
    told(data.token);
  });
  tabs.postMessage({ wanted: true });
}

export function listen(left) {
  tabs.addEventListener("message", ({ data }) => {
    const pasted = sessionStorage.getItem(PASTED);
    if (data.wanted && pasted) tabs.postMessage({ token: pasted });
    if (data.ended) ended.add(data.ended);
    if (person && data.ended === person) left();
  });
}
