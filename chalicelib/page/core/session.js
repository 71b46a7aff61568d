// The token: it comes in the link (#token=...), is pasted, or is told by another tab of this
// browser, lives as long as the tab, and does not stay in the address bar, where it would be
// copied along.

const KEY = "contactbook.token";
const PATIENCE = 300; // ms for another tab to answer
const tabs = new BroadcastChannel("contactbook.session"); // of this origin only

let person = null; // the user id, once the server has told it
export const user = () => person;
export const know = (id) => (person = id);

export const token = () => sessionStorage.getItem(KEY);
export function forget() {
  person = null;
  sessionStorage.removeItem(KEY);
}

/** Takes the token out of the address, if there is one; says whether there was. */
export function takeFromLink() {
  const address = new URLSearchParams(location.hash.slice(1));
  const found = address.get("token");
  if (found === null) return false;
  address.delete("token");
  const rest = address.toString();
  history.replaceState(null, "", location.pathname + (rest ? `#${rest}` : ""));
  keep(found);
  return true;
}

/** A pasted text: the token itself, or the whole link. */
export function keep(text) {
  const found = text.match(/[#&]token=([^&]*)/)?.[1] ?? text;
  sessionStorage.setItem(KEY, found.replace(/\s+/g, ""));
}

/** A link that was opened in a new tab: the tab that it came from is signed in. */
export function takeFromTab() {
  return new Promise((told) => {
    const wait = setTimeout(() => told(false), PATIENCE);
    tabs.addEventListener("message", function hear({ data }) {
      if (!data.token) return;
      tabs.removeEventListener("message", hear);
      clearTimeout(wait);
      sessionStorage.setItem(KEY, data.token);
      told(true);
    });
    tabs.postMessage({ wanted: true });
  });
}

/** Ends the session in every tab that has it. `left()` is called in the others. */
export function end() {
  tabs.postMessage({ ended: token() });
  forget();
}

export function listen(left) {
  tabs.addEventListener("message", ({ data }) => {
    if (data.wanted && token()) tabs.postMessage({ token: token() });
    if (data.ended && data.ended === token()) left();
  });
}
