// The rows that are in the document: those that are seen, and few more. A row stands for
// one contact and carries its id; nothing else finds it.

import * as address from "../core/address.js";
import * as names from "../core/names.js";
import * as store from "../core/store.js";
import { statusOf } from "../core/workspace.js";
import { $, el, icon } from "../kit/dom.js";
import * as time from "../kit/time.js";
import { nameOf } from "../kit/words.js";
import { paintChips } from "./chips.js";
import * as columns from "./columns.js";

const rows = new Map(); // id -> its row

export const rowOf = (id) => rows.get(id);
export const idOfRow = (node) => node.closest("[data-contact-id]")?.dataset.contactId;

store.listen((id) => rows.has(id) && store.get(id) && paint(id));

/** The row of a contact that the store has; made if it is not in the document yet. */
export function rowFor(id) {
  if (!rows.has(id)) {
    const props = { role: "row", data: { contactId: store.idOf(store.get(id)) } };
    rows.set(id, el("tr", props, ...columns.shown().map((name) => CELLS[name]())));
    paint(id);
    rows.get(id).classList.toggle("open", address.noted().contact === id);
  }
  return rows.get(id);
}

/** Takes the row out of the document. */
export function forget(id) {
  rows.get(id)?.remove();
  rows.delete(id);
}

export function forgetAll() {
  for (const id of [...rows.keys()]) forget(id);
}

/** A grey line where a row will be. It has no id and is no row. */
export function placeholder() {
  const cell = (name) => el("td", { data: { col: name } }, name === "more" ? "" : el("i"));
  const props = { className: "skeleton", "aria-hidden": "true" };
  return el("tr", props, ...columns.shown().map(cell));
}

function cell(column, content, props = {}) {
  return el("td", { role: "gridcell", data: { col: column }, ...props }, content ?? "");
}

const plain = (column) => () => cell(column, null, { tabIndex: -1 });
const opensMenu = { tabIndex: -1, "aria-haspopup": "menu", "aria-expanded": "false" };
const stop = { stop: "" };

const CELLS = {
  name() {
    const link = el("a", { className: "name", tabIndex: -1, dir: "auto", data: stop });
    const both = el("div", { className: "both" }, link, el("span", { className: "phone" }));
    const avatar = el("span", { className: "avatar", "aria-hidden": "true" });
    return cell("name", el("div", { className: "who" }, avatar, both), { tabIndex: -1 });
  },
  email: () => cell("email", el("span", { className: "cut", dir: "auto" }), { tabIndex: -1 }),
  status: () => cell("status", el("button", { className: "pill", data: stop, ...opensMenu })),
  tags: () => cell("tags", el("div", { className: "chips" }), { tabIndex: -1 }),
  assignee: () => cell("assignee", el("span", { className: "cut", dir: "auto" }), { tabIndex: -1 }),
  score: () => cell("score", el("span", { className: "score" }), { tabIndex: -1 }),
  activity: plain("activity"),
  created: plain("created"),
  more: () =>
    cell("more", el("button", { className: "quiet square", data: stop, ...opensMenu }, icon("more"))),
};

const PAINT = {
  name(node, contact) {
    const name = nameOf(contact);
    const link = $(".name", node);
    text(link, name);
    link.href = address.linkTo(contact.id);
    text($(".phone", node), contact.name ? (contact.phone_display ?? contact.phone) : "");
    paintAvatar($(".avatar", node), name);
  },
  email: (node, contact) => text($(".cut", node), contact.email),
  status: (node, contact) => paintPill($(".pill", node), contact),
  tags: (node, contact) => paintChips($(".chips", node), contact.tags),
  assignee(node, { assigned_to: user }) {
    text($(".cut", node), user && names.shortly(user));
    $(".cut", node).title = user ?? "";
  },
  score(node, contact) {
    text($(".score", node), String(contact.lead_score));
    $(".score", node).style.setProperty("--score", contact.lead_score);
  },
  activity: (node, contact) => paintTime(node, contact.last_activity_at),
  created: (node, contact) => paintTime(node, contact.created_at),
  more(node, contact) {
    $("button", node).setAttribute("aria-label", `Actions for ${nameOf(contact)}`);
  },
};

/** Shows one contact in its one row. */
export function paint(id) {
  const contact = store.get(id);
  for (const node of rows.get(id).cells) PAINT[node.dataset.col](node, contact);
}

names.listen(() => paintAll());
export const paintAll = () => [...rows.keys()].filter(store.has).forEach(paint);

/** A status in the workspace's colour, with a label that says whose it is. */
export function paintPill(pill, contact) {
  const { label, color } = statusOf(contact.lead_status);
  text(pill, label);
  pill.dir = "auto";
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

function paintTime(node, moment) {
  const old = $("time", node);
  if (!moment) old?.remove();
  else if (old) time.show(old, moment);
  else node.append(time.timeNode(moment));
}

function text(node, value) {
  if (node.textContent !== (value ?? "")) node.textContent = value ?? "";
}
