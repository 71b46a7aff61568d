// Going out, of one's own will or because the token has ended: by a provider where there is
// one, else by a token.

import * as address from "../core/address.js";
import { run } from "../core/commands.js";
import * as session from "../core/session.js";
import { cameBack } from "./coming.js";
import { way } from "./way.js";

const YOUNG = 20_000; // ms since the page came

/** The token has ended: what is typed is kept, the page closed, and who was here comes back
 *  to where he was, which is still in the address. */
export async function expired(problem, close, go) {
  const ended = session.token();
  const leave = () => {
    if (session.token() !== ended) return; // another request has said it before
    const known = session.user() !== null;
    const back = address.noted();
    close();
    address.note(back);
    return again(problem, known, go);
  };
  if (session.user() === null || (await run("keep what is typed", leave))) await leave();
}

/** A provider is asked without a word; but not one whose token was never taken here, or not
 *  for long: it would go round and round. */
async function again(problem, known, go) {
  const found = await way();
  if (!found) run("sign in", problem.message, go);
  else if (known && !isCircle()) run("come in by provider", found, null);
  else run("ask to sign in", found, problem.message);
}

const isCircle = () => cameBack() && performance.now() < YOUNG;

let waiting = false; // for somebody to sign in again there

export async function leftElsewhere(go) {
  if (!waiting) session.onBegun(() => session.token() || go());
  waiting = true;
  const why = "You have signed out in another tab.";
  const found = await way();
  if (found) run("ask to sign in", found, why, { calm: true });
  else run("sign in", why, go);
}

/** `hint`: the ID token of who leaves; `back`: where whoever signs in next is led. */
export async function signOut(hint, back, go) {
  address.note({ workspace: "", status: "", q: "", contact: "", invitation: "", ...back });
  const found = await way();
  if (found) run("leave the provider", found, hint);
  else run("sign in", "", go);
}
