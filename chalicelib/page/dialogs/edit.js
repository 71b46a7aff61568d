// Editing a contact whole: where a cell is too small for it, as on a phone.

import { change } from "../core/change.js";
import { leftWith, refresh } from "../core/saving.js";
import * as store from "../core/store.js";
import { mayWrite } from "../core/workspace.js";
import * as dialog from "../kit/dialog.js";
import { report, toast } from "../kit/toast.js";
import { nameOf } from "../kit/words.js";
import * as form from "./form.js";

/** `focus`: the field that is meant; `fields`: what was typed before, over `opened`, which is
 *  the contact as it was seen then. */
export async function openEdit(id, { focus = "name", fields = {}, opened } = {}) {
  if (!mayWrite() || dialog.isOpen()) return;
  try {
    if (!store.asStored(id)) await refresh(id);
  } catch (problem) {
    return leftWith(problem, id) || report(problem);
  }
  const contact = opened ?? store.asStored(id);
  const values = { ...contact, ...fields };
  const again = (typed) => ["edit contact", id, { focus, ...typed }];
  const send = (changes, seen) => save(id, changes, seen);
  const title = `Edit ${nameOf(contact)}`;
  form.show({ title, label: "Save", values, contact, focus, send, kept: Boolean(opened), again });
}

/** Only what was changed is sent, on the version that was seen. */
async function save(id, changes, opened) {
  if (Object.keys(changes).length === 0) return dialog.close();
  try {
    const contact = await change(id, changes, opened);
    dialog.close();
    toast(`${nameOf(contact)} was saved.`);
  } catch (problem) {
    if (!leftWith(problem, id)) throw problem;
    dialog.close();
  }
}
