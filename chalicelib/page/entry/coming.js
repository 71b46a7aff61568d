// Coming in: by a provider where there is one, else by a token.

import * as api from "../core/api.js";
import { run } from "../core/commands.js";
import * as session from "../core/session.js";
import * as pasted from "./pasted.js";
import { way } from "./way.js";

let told = null; // the ID token that the server has seen
let back = false; // with an answer of a provider
for (const sign of ["pointerdown", "keydown"]) {
  addEventListener(sign, () => (back = false), { once: true, capture: true });
}

/** Whether the page has come back by itself, and nobody has touched it since. */
export const cameBack = () => back;

/** Whether somebody is signed in; else the way in is shown, or the page is left for it.
 *  `answer` is a provider's; `go` is called with a token that was pasted. */
export async function comeIn(answer, go) {
  const found = await way();
  if (found) {
    pasted.outOfLink(); // who he is was not chosen by him
    if (session.idToken()) return true;
    back ||= answer !== null;
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
