// The palette: goes to a contact, or does something, by a few letters. A combobox with its
// list (ARIA Authoring Practices): the focus stays in the input, arrows choose.

import { run } from "../core/commands.js";
import { recent } from "../core/recent.js";
import { phoneOf } from "../core/reach.js";
import * as store from "../core/store.js";
import { mayWrite, settable, workspace } from "../core/workspace.js";
import * as dialog from "../kit/dialog.js";
import { el } from "../kit/dom.js";
import { composing } from "../kit/keys.js";
import { counted, nameOf } from "../kit/words.js";
import { choose } from "../table/status.js";
import { contactSearch } from "./found.js";

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** `workspaces` to go to with `go(one)`, `actions` {label, hint, run}, and the `contact`
 *  that is open, by its id, if there is one. */
export function open(context) {
  if (dialog.isOpen()) return;
  const input = el("input", {
    type: "text", role: "combobox", autocomplete: "off", spellcheck: false, dir: "auto", maxLength: 100,
    "aria-label": "Go to a contact, or do something", "aria-expanded": "true", "aria-controls": "palette-list",
    "aria-autocomplete": "list",
  });
  const list = el("div", { id: "palette-list", role: "listbox", "aria-label": "Found", className: "found" });
  const said = el("p", { className: "unseen", role: "status" });
  const fault = el("p", { className: "fault", role: "alert" });
  const view = { input, list, said, fault, commands: commandsOf(context), contact: context.contact, entries: [], here: 0, found: [] };
  const search = contactSearch((found) => show(view, found), (problem) => (fault.textContent = problem.message));
  input.addEventListener("input", () => {
    fault.textContent = "";
    view.moved = false;
    search.ask(input.value.trim());
    show(view, null);
  });
  input.addEventListener("keydown", (event) => keydown(view, event));
  list.addEventListener("click", ({ target }) => {
    const option = target.closest("[role=option]");
    if (option) pick(view.entries[Number(option.dataset.place)]);
  });
  dialog.show("Go to or do", "dialog", el("div", { className: "palette" }, input, said, fault, list));
  document.querySelector("#dialog").addEventListener("close", search.stop, { once: true });
  show(view, null);
  input.focus();
}

/** What can be done now; each {group, label, hint, run}. */
function commandsOf({ workspaces, go, actions, contact }) {
  const known = contact && store.get(contact);
  const statuses = known && mayWrite() ? settable().filter(({ key }) => key !== known.lead_status) : [];
  const others = workspaces.filter(({ id }) => id !== workspace().id);
  return [
    // First what changes nothing by itself: Enter comes quickly.
    ...actions.map((one) => ({ group: "Do", ...one })),
    ...statuses.map(({ key, label, color }) => ({
      group: `Status of ${known && nameOf(known)}`,
      label: `Set the status to ${label}`,
      color,
      run: () => choose(contact, key),
    })),
    ...others.map((one) => ({ group: "Workspaces", label: `Go to ${one.name}`, run: () => go(one) })),
  ];
}

const contactEntry = (group) => (id) => {
  const contact = store.get(id);
  const hint = contact.name ? (phoneOf(contact) ?? contact.email ?? "") : "";
  return { group, label: nameOf(contact), hint, run: () => run("open contact", id) };
};

/** `found`: ids of contacts; null while they are on their way, or nothing is typed. */
function show(view, found) {
  const words = plain(view.input.value).split(/\s+/).filter(Boolean);
  const fits = ({ label }) => words.every((word) => plain(label).includes(word));
  view.found = found ?? view.found.filter((id) => store.get(id) && fits({ label: nameOf(store.get(id)) }));
  const known = view.found.filter((id) => store.get(id));
  const contacts = words.length
    ? known.map(contactEntry("Contacts"))
    : recent(view.contact).map(contactEntry("Opened last"));
  const chosen = view.moved && view.entries[view.here];
  const same = (one) => one.label === chosen?.label && one.group === chosen.group;
  view.entries = [...contacts, ...view.commands.filter(fits)];
  view.here = Math.max(0, view.entries.findIndex(same));
  view.list.replaceChildren(...groupsOf(view.entries));
  const waiting = words.length > 0 && found === null;
  if (view.entries.length === 0) view.list.append(el("p", { className: "muted" }, waiting ? "Searching…" : "Nothing found."));
  if (!waiting) view.said.textContent = counted(view.entries.length, "result");
  mark(view);
}

function groupsOf(entries) {
  const names = [...new Set(entries.map(({ group }) => group))];
  return names.map((name, number) => {
    const title = el("div", { id: `palette-group-${number}`, className: "group-name", role: "presentation", dir: "auto" }, name);
    const options = entries.flatMap((entry, place) => (entry.group === name ? [optionOf(entry, place)] : []));
    return el("div", { role: "group", "aria-labelledby": title.id }, title, ...options);
  });
}

function optionOf({ label, hint, color }, place) {
  const props = { id: `palette-option-${place}`, role: "option", className: "option", data: { place } };
  const node = el("div", { ...props, "aria-selected": "false" });
  if (color) node.append(el("span", { className: "dot" }));
  node.style.setProperty("--c", color ?? "");
  node.append(el("span", { className: "what", dir: "auto" }, label));
  if (hint) node.append(el("span", { className: "muted hint", dir: "auto" }, hint));
  return node;
}

function mark({ input, list, here }) {
  for (const option of list.querySelectorAll("[role=option]")) {
    const is = Number(option.dataset.place) === here;
    option.setAttribute("aria-selected", String(is));
    if (is) option.scrollIntoView({ block: "nearest" });
    if (is) input.setAttribute("aria-activedescendant", option.id);
  }
  if (!list.querySelector("[role=option]")) input.removeAttribute("aria-activedescendant");
}

function keydown(view, event) {
  if (composing(event)) return;
  const { entries } = view;
  const last = entries.length - 1;
  const { here } = view;
  const to = { ArrowDown: here === last ? 0 : here + 1, ArrowUp: here === 0 ? last : here - 1 }[event.key];
  if (event.key === "Enter") {
    if (entries[here]) pick(entries[here]);
  } else if (to !== undefined) {
    view.here = Math.max(0, to);
    view.moved = true; // results that still come leave that choice alone
    mark(view);
  } else return;
  event.preventDefault();
}

/** Closed first, so that the focus is where it was, and goes on from there. */
function pick(entry) {
  dialog.close();
  entry.run();
}
