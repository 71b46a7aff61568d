// Changing fields of a contact, each time on the version that the person has seen; and
// telling what somebody else has changed meanwhile.

import * as api from "./api.js";
import { FIELDS } from "./fields.js";
import { inTurn } from "./saving.js";
import * as store from "./store.js";
import { contactPath, statusOf } from "./workspace.js";

const list = new Intl.ListFormat("en-GB");

/** Saves fields of a contact that was `opened` for editing. When somebody has changed
 *  it meanwhile, the problem says what, and carries the contact as it is now. */
export function change(id, fields, opened) {
  return inTurn(id, async () => {
    try {
      const version = versionSeen(id, fields, opened);
      const { contact } = await api.patch(contactPath(id), fields, version);
      store.keep(contact);
      store.share(contact);
      return contact;
    } catch (problem) {
      throw told(id, problem, opened);
    }
  });
}

/** A change of another field does not make this edit stale; one of the same field does. */
function versionSeen(id, fields, opened) {
  const known = store.asStored(id) ?? opened;
  const same = (field) => String(known[field]) === String(opened[field]);
  return (Object.keys(fields).every(same) ? known : opened).version;
}

function told(id, problem, opened) {
  if (problem.status === 412 && problem.current) {
    const what = difference(opened, problem.current);
    problem.message = `${problem.message} ${what}. Save again to keep yours.`;
    store.keep(problem.current);
  }
  return problem;
}

const LABELS = { lead_status: "Status", assigned_to: "Assigned to" };

/** What a person has changed meanwhile: "E-mail is now a@b.org and Score is now 50". */
export function difference(before, after) {
  const parts = [...Object.keys(FIELDS), "lead_status", "assigned_to"]
    .filter((field) => String(before[field] ?? "") !== String(after[field] ?? ""))
    .map((field) => `${LABELS[field] ?? FIELDS[field].label} is now ${shown(field, after[field])}`);
  return list.format(parts);
}

function shown(field, value) {
  if (field === "lead_status") return statusOf(value).label;
  return (Array.isArray(value) ? value.join(", ") : String(value ?? "")) || "empty";
}
