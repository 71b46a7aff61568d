// What is open, in the address: a link or a reload leads back to it. After the #, so
// that it never travels to a server.

const NAMES = ["workspace", "status", "q", "contact"];
let open = {};

export function read() {
  const given = new URLSearchParams(location.hash.slice(1));
  return Object.fromEntries(NAMES.map((name) => [name, given.get(name) ?? ""]));
}

export function note(change) {
  open = { ...open, ...change };
  const given = NAMES.filter((name) => open[name]).map((name) => [name, open[name]]);
  history.replaceState(null, "", `${location.pathname}#${new URLSearchParams(given)}`);
}
