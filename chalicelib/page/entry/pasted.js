// Without a provider: a token that comes in the link (#token=...), is pasted, or is told by
// another tab of this browser. Where there is a provider nobody calls this: whoever could
// make somebody open a link would choose who he is.

import * as session from "../core/session.js";

const PATIENCE = 300; // ms for another tab to answer

/** Takes the token out of the address, where it would be copied along; null: none. */
export function outOfLink() {
  const address = new URLSearchParams(location.hash.slice(1));
  const found = address.get("token");
  if (found === null) return null;
  address.delete("token");
  const rest = address.toString();
  history.replaceState(null, "", location.pathname + (rest ? `#${rest}` : ""));
  return found;
}

/** Whether there was one in the address, which is ours now. */
export function takeFromLink() {
  const found = outOfLink();
  if (found !== null) keep(found);
  return found !== null;
}

/** A pasted text: the token itself, or the whole link. */
export function keep(text) {
  const found = text.match(/[#&]token=([^&]*)/)?.[1] ?? text;
  session.keep(found.replace(/\s+/g, ""));
}

/** A link that was opened in a new tab: the tab that it came from is signed in. */
export function takeFromTab() {
  return new Promise((told) => {
    const wait = setTimeout(() => told(false), PATIENCE);
    session.ask((found) => {
      clearTimeout(wait);
      session.keep(found);
      told(true);
    });
  });
}
