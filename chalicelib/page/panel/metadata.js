// More fields: names and values that a workspace notes beside the fields that everybody
// has (the contact's metadata). A change sends the one value, as a merge patch.

import { Problem } from "../core/api.js";
import { change } from "../core/change.js";
import * as store from "../core/store.js";
import { mayWrite } from "../core/workspace.js";
import { el, iconButton } from "../kit/dom.js";
import { openMenu } from "../kit/menu.js";
import { valueForm } from "./valueform.js";
import { none, savingRow, textRow } from "./row.js";
import { asText, fillValue, kindOf, readValue, valueInput, wrongValue } from "./values.js";

/** {nodes, paint(contact)} */
export function moreFields(id, live) {
  const list = el("div", { className: "rows" });
  const place = el("div", {});
  const view = { id, live, list, place, rows: new Map() };
  const props = { type: "button", className: "link add-more", onclick: () => openForm(view) };
  const add = el("button", props, "Add a field");
  if (mayWrite()) place.append(add);
  view.add = add;
  return { nodes: [list, place], paint: (contact) => paint(view, contact.metadata) };
}

/** Row by row: one that is being filled in stays while others come and go. */
function paint(view, metadata) {
  const { list, rows } = view;
  for (const [name, { row, kind }] of rows) {
    if (Object.hasOwn(metadata, name) && kindOf(metadata[name]) === kind) continue;
    row.node.remove();
    rows.delete(name);
  }
  for (const [name, value] of Object.entries(metadata)) {
    if (!rows.has(name)) rows.set(name, { row: rowOf(view, name, value), kind: kindOf(value) });
    rows.get(name).row.paint(store.get(view.id));
  }
  const nodes = Object.keys(metadata).map((name) => rows.get(name).row.node);
  nodes.forEach((node, place) => list.children[place] === node || list.insertBefore(node, list.children[place] ?? null));
  list.hidden = nodes.length === 0;
  if (!mayWrite()) view.place.replaceChildren(nodes.length === 0 ? none() : "");
}

function rowOf(view, name, value) {
  const kind = kindOf(value);
  return mayWrite() && kind ? valueRow(view, name, kind, value) : readRow(view, name);
}

function readRow(view, name) {
  const text = el("span", { dir: "auto" });
  const node = textRow(name, text);
  if (mayWrite()) node.append(el("div", { className: "beside" }, moreButton(view, name)));
  const paint = ({ metadata }) => {
    text.className = typeof metadata[name] === "object" ? "kept" : "";
    text.replaceChildren(asText(metadata[name]) || none());
  };
  return { node, paint };
}

function valueRow(view, name, kind, value) {
  const { id, live } = view;
  const node = valueInput(kind, value);
  const read = () => readValue(node, kind) ?? { typed: node.value };
  return savingRow({
    id,
    label: name,
    node,
    live,
    of: ({ metadata }) => metadata[name],
    read,
    fill: ({ metadata }) => fillValue(node, kind, metadata[name]),
    body: (given) => ({ metadata: { [name]: sure(given, name, kind) } }),
    more: [moreButton(view, name)],
  });
}

/** Nothing that is not of its kind is sent. */
function sure(value, name, kind) {
  if (typeof value !== "object") return value;
  throw new Problem(422, { code: "invalid_fields", detail: wrongValue(name, kind) });
}

function moreButton(view, name) {
  const button = iconButton("more", `Change the field ${name}`, () => {
    const kind = kindOf(store.get(view.id).metadata[name]);
    const edit = { label: "Name and type…", icon: "edit", pick: () => openForm(view, name) };
    const remove = { label: "Remove…", icon: "trash", danger: true, pick: () => ask(view, name) };
    openMenu(button, name, kind ? [edit, remove] : [remove]);
  }, "quiet tiny");
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  return button;
}

/** The form for a new field, or for one that is there, in its place. */
function openForm(view, name = null) {
  const { id, place, add, rows } = view;
  const opened = store.asStored(id);
  const back = (to) => {
    form.remove();
    add.hidden = false;
    if (row) row.hidden = false;
    (rows.get(to)?.row.node.querySelector("input, select") ?? add).focus();
  };
  const row = name === null ? null : rows.get(name).row.node;
  const form = valueForm({
    name,
    value: name === null ? "" : opened.metadata[name],
    taken: (other) => other !== name && Object.hasOwn(store.asStored(id).metadata, other),
    save: async (given, seen) => {
      await change(id, { metadata: renamed(name, given) }, seen ?? opened);
      back(given.name);
    },
    cancel: () => back(name),
    id,
  });
  view.open?.();
  view.open = () => form.isConnected && back(null);
  if (row) {
    row.hidden = true;
    row.after(form);
  } else {
    add.hidden = true;
    place.append(form);
  }
  form.querySelector("input").focus();
}

const renamed = (before, { name, value }) =>
  before === null || before === name ? { [name]: value } : { [before]: null, [name]: value };

/** Asked where it stands, like a note. */
function ask(view, name) {
  const { row } = view.rows.get(name);
  const opened = store.asStored(view.id);
  const fault = el("span", { className: "fault", role: "alert" });
  let seen = opened;
  const go = async () => {
    try {
      await change(view.id, { metadata: { [name]: null } }, seen);
      question.remove();
      view.add.focus();
    } catch (problem) {
      seen = problem.current ?? seen;
      fault.textContent = problem.message;
    }
  };
  const keep = () => {
    question.remove();
    row.node.querySelector("input, select, button")?.focus();
  };
  const yes = el("button", { type: "button", className: "link danger", onclick: go }, "Remove");
  const no = el("button", { type: "button", className: "link", onclick: keep }, "Keep");
  const words = el("span", { dir: "auto" }, `Remove ${name} and its value? `);
  const question = el("p", { className: "sure" }, words, yes, no, fault);
  row.node.after(question);
  no.focus();
}
