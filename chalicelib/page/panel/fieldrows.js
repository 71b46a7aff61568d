// The fields of the contact, a row each: to fill in, or, for who may only read, as text.

import { FIELDS, fill, input } from "../core/fields.js";
import { members } from "../core/members.js";
import { phoneOf } from "../core/reach.js";
import * as store from "../core/store.js";
import { mayWrite, statusOf } from "../core/workspace.js";
import { el } from "../kit/dom.js";
import { paintPill } from "../table/rows.js";
import { openStatusMenu } from "../table/status.js";
import { none, row, savingRow, textRow } from "./row.js";

const ORDER = ["name", "phone", "email", "lead_score", "tags", "source", "assigned_to"];

/** {node, paint(contact)}: all rows. `live()` says whether they are still on show. */
export function fieldRows(id, live) {
  if (!mayWrite()) return readOnly();
  const rows = [statusRow(id), ...ORDER.map((field) => fieldRow(id, field, live))];
  const node = el("div", { className: "rows" }, ...rows.map((one) => one.node));
  return { node, paint: (contact) => rows.forEach((one) => one.paint(contact)) };
}

function readOnly() {
  const node = el("div", { className: "rows" });
  const paint = (contact) => {
    const rows = ORDER.map((field) => textRow(FIELDS[field].label, text(field, contact)));
    node.replaceChildren(textRow("Status", statusText(contact)), ...rows);
  };
  members().then(() => node.isConnected && paint(node.contact), () => {});
  return { node, paint: (contact) => paint((node.contact = contact)) };
}

function text(field, contact) {
  const { show } = FIELDS[field];
  const words = field === "phone" ? (phoneOf(contact) ?? "") : show(contact[field]);
  if (!words) return none();
  if (field !== "tags") return el("span", { dir: "auto" }, words);
  const chips = contact.tags.map((tag) => el("span", { className: "chip", dir: "auto" }, tag));
  return el("span", { className: "chips" }, ...chips);
}

function statusText({ lead_status: status }) {
  const { label, color } = statusOf(status);
  const dot = el("span", { className: "dot" });
  dot.style.setProperty("--c", color);
  return el("span", { className: "as-status", dir: "auto" }, dot, label);
}

/** The status is saved by its own verb: shown at once, told when it is stored. */
function statusRow(id) {
  const props = { type: "button", className: "pill", "aria-haspopup": "menu" };
  const pill = el("button", { ...props, onclick: () => openStatusMenu(pill, id) });
  pill.setAttribute("aria-expanded", "false");
  const made = row("Status", pill);
  let hoped = null;
  const paint = (contact) => {
    paintPill(pill, contact);
    if (hoped && !contact.pending && contact.lead_status === hoped) made.saved();
    hoped = contact.pending ? contact.lead_status : null;
  };
  return { ...made, paint };
}

function fieldRow(id, field, live) {
  const node = input(field, store.get(id)[field]);
  const phone = field === "phone";
  const made = savingRow({
    id,
    label: FIELDS[field].label,
    node,
    live,
    of: (contact) => contact[field],
    read: () => FIELDS[field].read(node.value),
    // A phone is read as people write it, and edited as it is stored.
    fill: (contact, editing = false) => fill(node, phone && !editing ? phoneOf(contact) : contact[field]),
    body: (value) => ({ [field]: value }),
  });
  node.addEventListener("lost", ({ detail }) => made.node.querySelector(".fault").append(detail));
  return made;
}
