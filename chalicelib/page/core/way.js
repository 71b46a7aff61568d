// How one signs in here: {issuer, client_id, scope, audience} of a provider, or null where
// a token is pasted. Asked for once.

import * as api from "./api.js";

let asked = null;

export function way() {
  asked ??= api.get("config").then(({ sign_in: found }) => found);
  asked.catch(() => (asked = null)); // who asks next asks the server again
  return asked;
}

const OF_AN_ANSWER = ["code", "error", "state"];

/** What a provider's answer says, taken out of the address at once; null: none has come.
 *  One that is not whole is an answer, too: who asked again without a word might get the
 *  same one for ever. */
export function takeAnswer() {
  const answer = new URLSearchParams(location.search);
  if (!OF_AN_ANSWER.some((name) => answer.has(name))) return null;
  history.replaceState(null, "", location.pathname + location.hash);
  return answer;
}
