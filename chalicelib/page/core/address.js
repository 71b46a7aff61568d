// What is open, in the address: a link or a reload leads back to it, and Back closes what
// was opened last. After the #, so that it never travels to a server.

const NAMES = ["workspace", "status", "q", "contact", "invitation"];
let open = {};
let leaving = false; // going back because the panel was closed here

export function read() {
  const given = new URLSearchParams(location.hash.slice(1));
  return Object.fromEntries(NAMES.map((name) => [name, given.get(name) ?? ""]));
}

/** What the page has noted last: an address that was pasted may differ from it. */
export const noted = () => ({ workspace: "", status: "", q: "", contact: "", ...open });

const written = (names) => {
  const given = NAMES.filter((name) => names[name]).map((name) => [name, names[name]]);
  return `${location.pathname}#${new URLSearchParams(given)}`;
};

/** The address of a contact of this workspace, to be opened in another tab. */
export const linkTo = (contact) => written({ workspace: open.workspace, contact });

/** A contact that is opened is a step of the browser's history of its own. */
export function note(change) {
  const before = open;
  open = { ...open, ...change };
  // Not when the step is there already: this is where Forward, or a link, has led.
  const opens = open.contact && !before.contact && read().contact !== open.contact;
  const closes = before.contact && !open.contact;
  if (closes && history.state?.opened) {
    leaving = true;
    return history.back();
  }
  const state = opens ? { opened: true } : history.state;
  if (leaving) return; // written when the step back has been made
  history[opens ? "pushState" : "replaceState"](state, "", written(open));
}

/** Calls `follow()` when another address was asked for: Back, Forward, or a pasted one. */
export function listen(follow) {
  addEventListener("popstate", () => {
    if (!leaving) return follow();
    leaving = false;
    history.replaceState(history.state, "", written(open));
  });
}
