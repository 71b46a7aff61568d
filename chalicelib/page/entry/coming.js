// Coming in and going out: by a provider where there is one, else by a token.

import * as address from "../core/address.js";
import * as api from "../core/api.js";
import { run } from "../core/commands.js";
import * as session from "../core/session.js";
import * as pasted from "./pasted.js";
import { way } from "./way.js";

const YOUNG = 20_000; // ms since the page came

let told = null; // the ID token that the server has seen
let cameBack = false; // with an answer

/** Whether somebody is signed in; else the way in is shown, or the page is left for it.
 *  `answer` is a provider's; `go` is called with a token that was pasted. */
export async function comeIn(answer, go) {
  const found = await way();
  if (found) {
    pasted.outOfLink(); // who he is was not chosen by him
    if (session.idToken()) return true;
    cameBack ||= answer !== null;
    return (await run("come in by provider", found, answer)) && introduce();
  }
  if (pasted.takeFromLink() || session.token() || (await pasted.takeFromTab())) return true;
  run("sign in", "", go);
  return false;
}

/** The server learns how he is called, and which e-mail is his; the page works without. */
async function introduce() {
  const id = session.idToken();
  if (id && id !== told) await api.put("me", { id_token: id }).then(() => (told = id), unless401);
  return true;
}

function unless401(problem) {
  if (problem.status === 401) throw problem;
}

/** The token has ended. A provider is asked without a word; but not one whose token was
 *  never taken here, or not for long: it would go round and round. */
export async function expired(problem, known, go) {
  const found = await way();
  if (!found) run("sign in", problem.message, go);
  else if (known && !isCircle()) run("come in by provider", found, null);
  else run("ask to sign in", found, problem.message);
}

const isCircle = () =>
  cameBack && performance.now() < YOUNG && !navigator.userActivation?.hasBeenActive;

export async function leftElsewhere(go) {
  const why = "You have signed out in another tab.";
  const found = await way();
  if (found) run("ask to sign in", found, why, { calm: true });
  else run("sign in", why, go);
}

/** `hint`: the ID token of who leaves; `back`: where whoever signs in next is led. */
export async function signOut(hint, back, go) {
  address.note({ workspace: "", status: "", q: "", contact: "", ...back });
  const found = await way();
  if (found) run("leave the provider", found, hint);
  else run("sign in", "", go);
}
