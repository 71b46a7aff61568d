// Changing fields of a contact, each time on the version that the person has seen; and
// telling what somebody else has changed meanwhile.

import * as api from "./api.js";
import { alike, check, FIELDS, inWords } from "./fields.js";
import { inTurn } from "./saving.js";
import * as store from "./store.js";
import { contactPath } from "./workspace.js";

const list = new Intl.ListFormat("en-GB");

/** Saves fields of a contact that was `opened` for editing. When somebody has changed
 *  it meanwhile, the problem says what, and carries the contact as it is now. */
export async function change(id, fields, opened) {
  check(fields);
  return inTurn(id, async () => {
    try {
      const version = versionSeen(id, fields, opened);
      const { contact } = await api.patch(contactPath(id), fields, version);
      store.keep(contact);
      store.share(contact);
      return contact;
    } catch (problem) {
      throw told(id, inWords(problem), opened);
    }
  });
}

/** A change of another field does not make this edit stale; one of the same field does. */
function versionSeen(id, fields, opened) {
  const known = store.asStored(id) ?? opened;
  const same = (field) =>
    field === "metadata"
      ? Object.keys(fields.metadata).every((key) => alike(known.metadata[key], opened.metadata[key]))
      : alike(known[field], opened[field]);
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

/** What a person has changed meanwhile: "E-mail is now a@b.org and Score is now 50". */
export function difference(before, after) {
  const parts = Object.keys(FIELDS)
    .filter((field) => !alike(before[field], after[field]))
    .map((field) => isNow(FIELDS[field].label, FIELDS[field].show(after[field])));
  const [old, fresh] = [before.metadata ?? {}, after.metadata ?? {}];
  const moved = Object.keys({ ...old, ...fresh }).filter((key) => !alike(old[key], fresh[key]));
  return list.format([...parts, ...moved.map((key) => isNow(key, shown(fresh[key])))]);
}

const isNow = (label, text) => `${label} is now ${text || "empty"}`;

/** A value of the metadata, as text. */
function shown(value) {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value ?? "");
}
