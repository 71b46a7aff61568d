// Adding a contact; a phone or an e-mail that is taken leads to the contact that has it.

import * as api from "../core/api.js";
import { check } from "../core/fields.js";
import * as store from "../core/store.js";
import { contactsPath, mayWrite, settable } from "../core/workspace.js";
import * as dialog from "../kit/dialog.js";
import { $ } from "../kit/dom.js";
import { toast } from "../kit/toast.js";
import { nameOf } from "../kit/words.js";
import { clearFilters, filter, tellCount } from "../table/list.js";
import * as table from "../table/rows.js";
import * as form from "./form.js";

export function openAdd() {
  if (!mayWrite() || dialog.isOpen()) return;
  // Compared with nothing, an empty field is one that is not given.
  const contact = { tags: [] };
  form.show({ title: "Add contact", label: "Add contact", values: first(), contact, send });
}

/** Who looks at one status adds to it: else the new contact would not be among them. */
function first() {
  const open = settable().map(({ key }) => key);
  const wanted = [filter().status, "new", ...open];
  return { lead_status: wanted.find((key) => open.includes(key)) };
}

async function send(fields) {
  check(fields);
  const { contact } = await api.post(contactsPath(), fields);
  dialog.close();
  added(contact);
}

function added(contact) {
  const listed = showOnTop(contact);
  const hidden = { label: "Show all contacts", run: clearFilters };
  if (listed) $("[data-stop]", table.rowOf(contact.id))?.focus();
  toast(`${nameOf(contact)} was added.`, { action: listed ? null : hidden });
}

/** Kept; and on top of the list, if it belongs to what is listed. */
function showOnTop(contact) {
  const { q, status } = filter();
  const id = store.keep(contact);
  const fits = !q && (!status || status === contact.lead_status);
  if (fits) {
    $("#state").hidden = true;
    table.add([id], true);
    tellCount();
  }
  return fits;
}
