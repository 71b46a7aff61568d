// Adding a contact; a phone or an e-mail that is taken leads to the contact that has it.

import * as api from "../core/api.js";
import { check } from "../core/fields.js";
import { contactsPath, mayWrite, settable } from "../core/workspace.js";
import * as dialog from "../kit/dialog.js";
import { $ } from "../kit/dom.js";
import { toast } from "../kit/toast.js";
import { nameOf } from "../kit/words.js";
import * as list from "../table/list.js";
import * as form from "./form.js";

/** `fields`: what was typed before. */
export function openAdd({ fields } = {}) {
  if (!mayWrite() || dialog.isOpen()) return;
  // Compared with nothing, an empty field is one that is not given.
  const contact = { tags: [] };
  const values = { ...first(), ...fields };
  const again = (typed) => ["add contact", typed];
  form.show({ title: "Add contact", label: "Add contact", values, contact, send, kept: Boolean(fields), again });
}

/** Who looks at one status adds to it: else the new contact would not be among them. */
function first() {
  const open = settable().map(({ key }) => key);
  const wanted = [list.filter().status, "new", ...open];
  return { lead_status: wanted.find((key) => open.includes(key)) };
}

async function send(fields) {
  check(fields);
  const { contact } = await api.post(contactsPath(), fields);
  dialog.close();
  added(contact);
}

function added(contact) {
  const listed = list.add(contact);
  const hidden = { label: "Show all contacts", run: list.clearFilters };
  if (listed) list.focusOn(contact.id);
  toast(`${nameOf(contact)} was added.`, { action: listed ? null : hidden });
}
