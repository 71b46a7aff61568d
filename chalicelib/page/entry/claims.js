// What the provider says of who is signed in, to be shown and nothing else: only the server
// looks whether it is true.

import * as session from "../core/session.js";

/** The claims of the ID token; null with a token that was pasted. */
export function claimsOf() {
  const token = session.idToken();
  if (!token) return null;
  const part = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
  const bytes = Uint8Array.from(atob(part), (sign) => sign.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}
