// The workspace that is open: its statuses, what may be done here, and its addresses.

import { path } from "./api.js";

let current = null;

export const workspace = () => current;

export function enter(found) {
  current = found;
  document.body.classList.toggle("viewer", found?.role === "viewer");
}

/** What a contact can be set to: a closed status stays where it is, and nowhere else. */
export const settable = () => current.lead_statuses.filter(({ closed }) => !closed);

export const mayWrite = () => Boolean(current) && current.role !== "viewer";

/** A status of the workspace; a contact may still have one that was removed since. */
export function statusOf(key) {
  const found = current?.lead_statuses.find((status) => status.key === key);
  return found ?? { key, label: key, color: "#6b7280" };
}

export const columnsKey = () => `contactbook.columns.${current.id}`;
export const contactsPath = () => path("workspaces", current.id, "contacts");
export const contactPath = (id, ...more) =>
  path("workspaces", current.id, "contacts", id, ...more);
