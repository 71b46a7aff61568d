// The token: it comes in the link (#token=...) or is pasted, lives as long as the tab,
// and does not stay in the address bar, where it would be copied along.

const KEY = "contactbook.token";

export const token = () => sessionStorage.getItem(KEY);
export const forget = () => sessionStorage.removeItem(KEY);

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
