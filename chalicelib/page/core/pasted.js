// Without a provider: a token that comes in the link (#token=...), is pasted, or is told by
// another tab of this browser. It lives as long as the tab, and does not stay in the
// address bar, where it would be copied along. Where there is a provider nobody calls
// this: whoever could make somebody open a link would choose who he is.

const KEY = "contactbook.token";
const PATIENCE = 300; // ms for another tab to answer
const tabs = new BroadcastChannel("contactbook.token"); // of this origin only

export const token = () => sessionStorage.getItem(KEY);
export const forget = () => sessionStorage.removeItem(KEY);
export const inLink = () => new URLSearchParams(location.hash.slice(1)).has("token");

/** Takes the token out of the address; null when there is none. */
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

tabs.addEventListener("message", ({ data }) => {
  if (data.wanted && token()) tabs.postMessage({ token: token() });
});
