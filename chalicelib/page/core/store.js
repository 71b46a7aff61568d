// What the page knows: contacts by id. Every change names one contact, and every
// listener is told which: there is no way to say "all of them".

const ID = /^con_[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

const stored = new Map(); // id -> the contact as the server last told it
const hoped = new Map(); // id -> fields shown already, not yet confirmed
const listeners = new Set();
let workspaceId = null;

/** The id of a contact; throws when it has none. undefined === undefined once painted
 *  every row of a table: a contact without an id must not get as far as a row. */
export function idOf(contact) {
  if (typeof contact?.id === "string" && ID.test(contact.id)) return contact.id;
  throw new TypeError(`A contact without a real id: ${JSON.stringify(contact)}`);
}

/** Another workspace, or none: nothing of the one before stays. */
export function open(id) {
  const before = [...stored.keys()];
  stored.clear();
  hoped.clear();
  workspaceId = id;
  before.forEach(tell);
}

/** Keeps what the server told; an answer that was overtaken by a newer one is dropped. */
export function keep(contact) {
  const id = idOf(contact);
  if (contact.workspace_id !== workspaceId) return id;
  if ((stored.get(id)?.version ?? 0) <= contact.version) stored.set(id, contact);
  tell(id);
  return id;
}

/** As the server has it; undefined if it is not known here. */
export const asStored = (id) => stored.get(id);

/** As it is shown: what is stored, and over it what is hoped for. */
export function get(id) {
  const contact = stored.get(id);
  return contact && { ...contact, ...hoped.get(id), pending: hoped.has(id) };
}

/** Shows fields of this contact before the server has confirmed them. */
export function hope(id, fields) {
  hoped.set(id, fields);
  tell(id);
}

/** Back to what is stored. */
export function settle(id) {
  hoped.delete(id);
  tell(id);
}

/** Frees memory: these are not seen now, and are fetched again when they are. */
export function letGo(ids) {
  for (const id of ids) hoped.has(id) || stored.delete(id);
}

export const size = () => stored.size;
export const has = (id) => stored.has(id);

/** Gone: for good, or for us. */
export function drop(id) {
  stored.delete(id);
  hoped.delete(id);
  tell(id);
}

/** How all of them are shown has changed; what they are has not. */
export const tellAll = () => [...stored.keys()].forEach(tell);

/** Calls `listener(id)` after each change of that contact. */
export const listen = (listener) => listeners.add(listener);

function tell(id) {
  for (const listener of listeners) listener(id);
}

// Other tabs: what is saved in one is shown in all that have the same contact.
const tabs = new BroadcastChannel("contactbook");
export const share = (contact) => tabs.postMessage(contact);
tabs.onmessage = ({ data }) => stored.has(data?.id) && keep(data);
