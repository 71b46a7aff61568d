// The rows. A row stands for one contact and carries its id; nothing else finds it.

import { $, el } from "../kit/dom.js";
import * as store from "../core/store.js";
import * as time from "../kit/time.js";
import { nameOf } from "../kit/words.js";
import { statusOf } from "../core/workspace.js";

const body = $("#rows");
const template = $("#row").content.firstElementChild;
const rows = new Map(); // id -> its row

export const rowOf = (id) => rows.get(id);
export const listed = () => rows.size;
export const idOfRow = (node) => node.closest("[data-contact-id]")?.dataset.contactId;

store.listen((id) => {
  if (!rows.has(id)) return;
  if (store.get(id)) paint(id);
  else removeRow(id);
});

/** Rows for contacts that the store has; `first` puts them on top. */
export function add(ids, first = false) {
  const fresh = ids.filter((id) => !rows.has(id)).map(newRow);
  if (first) body.prepend(...fresh);
  else body.append(...fresh);
}

export function clear() {
  rows.clear();
  body.replaceChildren();
}

/** Grey lines where rows will be. They have no id and are no rows. */
export function skeleton(count) {
  clear();
  const line = () => el("tr", { className: "skeleton", "aria-hidden": "true" });
  for (let n = 0; n < count; n++) {
    body.append(line());
    const cell = el("td", { colSpan: 8 }, el("i"), el("i"), el("i"), el("i"));
    body.lastChild.append(cell);
  }
}

function newRow(id) {
  const row = template.cloneNode(true);
  row.dataset.contactId = store.idOf(store.get(id));
  rows.set(id, row);
  paint(id);
  return row;
}

/** Shows one contact in its one row. */
export function paint(id) {
  const row = rows.get(id);
  const contact = store.get(id);
  const name = nameOf(contact);
  text($(".name", row), name);
  text($(".phone", row), contact.name ? contact.phone : "");
  paintAvatar($(".avatar", row), name);
  text($(".cut", row), contact.email);
  paintPill($(".pill", row), contact);
  paintChips($(".chips", row), contact.tags);
  paintScore($(".score", row), contact.lead_score);
  paintActivity($("[data-col=activity]", row), contact.last_activity_at);
  time.show($("time", row.querySelector("[data-col=created]")), contact.created_at);
  $("[data-col=more] button", row).setAttribute("aria-label", `Actions for ${name}`);
}

/** A status in the workspace's colour, with a label that says whose it is. */
export function paintPill(pill, contact) {
  const { label, color } = statusOf(contact.lead_status);
  text(pill, label);
  pill.style.setProperty("--c", color);
  pill.classList.toggle("pending", contact.pending);
  pill.setAttribute("aria-label", `Status of ${nameOf(contact)}: ${label}`);
}

export function paintAvatar(node, name) {
  const words = name.match(/[\p{L}\p{N}]+/gu) ?? ["?"];
  const letters = [words[0], words.length > 1 ? words.at(-1) : ""];
  text(node, letters.map((word) => [...word][0] ?? "").join("").toUpperCase());
  const sum = [...name].reduce((total, sign) => total * 31 + sign.codePointAt(0), 7);
  node.style.setProperty("--hue", sum % 360);
}

function paintChips(node, tags) {
  if (node.dataset.tags === tags.join("\n")) return;
  node.dataset.tags = tags.join("\n");
  node.title = tags.join(", ");
  node.replaceChildren(...tags.map((tag) => el("span", { className: "chip" }, tag)));
}

function paintScore(node, score) {
  text(node, String(score));
  node.style.setProperty("--score", score);
}

function paintActivity(cell, moment) {
  const old = $("time", cell);
  if (!moment) old?.remove();
  else if (old) time.show(old, moment);
  else cell.append(time.timeNode(moment));
}

function text(node, value) {
  if (node.textContent !== (value ?? "")) node.textContent = value ?? "";
}

/** A row that goes hands the focus to its neighbour. */
function removeRow(id) {
  const row = rows.get(id);
  const next = row.nextElementSibling ?? row.previousElementSibling;
  const focused = row.contains(document.activeElement);
  rows.delete(id);
  row.remove();
  if (focused) next?.querySelector("[data-stop]")?.focus();
}
