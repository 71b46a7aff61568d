// The side panel: one contact whole. Each field saves by itself when it is left.

import * as address from "../core/address.js";
import { all, path } from "../core/api.js";
import { run } from "../core/commands.js";
import { change } from "../core/change.js";
import { $, el, icon, iconButton } from "../kit/dom.js";
import { changesOf, faults, FIELDS, input, otherLink } from "../core/fields.js";
import { notesOf } from "./notes.js";
import { leftWith, refresh } from "../core/saving.js";
import { openStatusMenu } from "../table/status.js";
import * as store from "../core/store.js";
import { idOfRow, paintAvatar, paintPill, rowOf } from "../table/rows.js";
import { talksOf } from "./talks.js";
import { timeNode } from "../kit/time.js";
import { report, requestId } from "../kit/toast.js";
import { counted, nameOf } from "../kit/words.js";
import { mayWrite, workspace } from "../core/workspace.js";

const panel = $("#panel");
const phone = matchMedia("(max-width: 720px)");
let shown = null; // {id, opener, inputs}
let asked = null; // the id that was to be opened last

store.listen((id) => {
  if (id !== shown?.id) return;
  if (store.get(id)) paint();
  else close();
});
phone.addEventListener("change", () => ($("#main").inert = Boolean(shown) && phone.matches));
addEventListener("keydown", ({ key, target }) => {
  if (key === "Escape" && !target.closest?.("dialog, .menu, #search")) close();
});

/** Opens a contact, fetched afresh: its counters may have moved. */
export async function open(id, opener = document.activeElement) {
  asked = id;
  if (shown?.id === id) return $("h2", panel).focus();
  try {
    if (!store.get(id)) await refresh(id);
    else refresh(id).catch((problem) => leftWith(problem, id) || report(problem));
  } catch (problem) {
    return leftWith(problem, id) || report(problem);
  }
  if (asked !== id || !store.get(id)) return; // overtaken, or of another workspace
  mark(false);
  const inputs = Object.keys(FIELDS).map((field) => input(field, store.get(id)[field]));
  shown = { id, opener, inputs };
  mark(true);
  panel.replaceChildren(...build(id, inputs));
  panel.hidden = false;
  $("#main").inert = phone.matches;
  paint();
  $("h2", panel).focus();
  address.note({ contact: id });
}

export function close() {
  if (!shown) return;
  const { id, opener } = shown;
  const within = panel.contains(document.activeElement);
  mark(false);
  shown = null;
  panel.hidden = true;
  panel.replaceChildren();
  $("#main").inert = false;
  address.note({ contact: "" });
  if (!within && document.activeElement !== document.body) return;
  const back = opener?.isConnected && idOfRow(opener) ? opener : null;
  (back ?? rowOf(id)?.querySelector("[data-stop]") ?? $("#grid")).focus();
}

function mark(is) {
  if (shown) rowOf(shown.id)?.classList.toggle("open", is);
}

function build(id, inputs) {
  const remove = { type: "button", className: "link danger", onclick: () => run("delete contact", id) };
  return [
    head(id),
    el(
      "div",
      { className: "panel-body" },
      el("div", { className: "rows" }, statusRow(id), ...inputs.map(fieldRow), assigneeRow()),
      section("Notes", "notes", notesOf(id)),
      section("Conversations", "conversations", talksOf(id)),
      section("Details", "details", [el("dl", { className: "facts" })]),
      mayWrite() ? el("p", {}, el("button", remove, "Delete this contact…")) : "",
    ),
  ];
}

function head(id) {
  const copy = async ({ currentTarget: button }) => {
    await navigator.clipboard.writeText(id);
    button.lastChild.replaceWith(icon("check"));
  };
  const props = { type: "button", className: "id", onclick: copy };
  return el(
    "header",
    {},
    el("span", { className: "avatar big", "aria-hidden": "true" }),
    el(
      "div",
      { className: "both" },
      el("h2", { id: "panel-name", tabIndex: -1 }),
      el("button", { ...props, title: "Copy the id" }, el("code", {}, id), icon("copy")),
    ),
    iconButton("close", "Close the panel (Esc)", close),
  );
}

function section(title, name, nodes) {
  const heading = el("h3", { id: `panel-${name}` }, title);
  heading.append(el("span", { className: "tally", data: { tally: name } }));
  return el("section", { "aria-labelledby": `panel-${name}` }, heading, ...nodes);
}

function row(label, node, fault = null) {
  node.id = `field-${label.toLowerCase().replace(/\W/g, "-")}`;
  const name = el("label", { htmlFor: node.id }, label);
  return el("div", { className: "row" }, name, el("div", {}, node, fault ?? ""));
}

function statusRow(id) {
  const props = { type: "button", className: "pill", "aria-haspopup": "menu" };
  const pill = el("button", { ...props, onclick: () => openStatusMenu(pill, id) });
  pill.setAttribute("aria-expanded", "false");
  return row("Status", pill);
}

function fieldRow(node) {
  const fault = el("div", { className: "fault", role: "alert" });
  let opened = null;
  node.readOnly = !mayWrite();
  node.removeAttribute("aria-label");
  node.addEventListener("focus", () => (opened ??= store.asStored(shown.id)));
  node.addEventListener("blur", async () => {
    const known = await save(node, fault, opened);
    opened = known ?? null;
  });
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter") node.blur();
    if (event.key !== "Escape") return;
    const now = FIELDS[node.name].show(store.asStored(shown.id)[node.name]);
    if (node.value === now) return; // nothing to give up: Esc closes the panel
    event.stopPropagation();
    node.value = now;
    accept(node, fault);
  });
  return row(FIELDS[node.name].label, node, fault);
}

/** Saves what was changed; gives back what it is to be compared with after a refusal. */
async function save(node, fault, opened) {
  const id = shown?.id;
  if (!id || !opened) return null;
  const changes = changesOf([node], opened);
  if (Object.keys(changes).length === 0) return accept(node, fault);
  try {
    await change(id, changes, opened);
    node.closest(".row")?.classList.add("saved");
    setTimeout(() => node.closest(".row")?.classList.remove("saved"), 1200);
    return accept(node, fault);
  } catch (problem) {
    if (leftWith(problem, id)) return null;
    refuse(node, fault, problem);
    return problem.current ?? opened;
  }
}

function accept(node, fault) {
  node.removeAttribute("aria-invalid");
  fault.replaceChildren();
  if (shown) paint();
  return null;
}

function refuse(node, fault, problem) {
  const named = faults(problem).find(([field]) => field === node.name);
  node.setAttribute("aria-invalid", "true");
  fault.replaceChildren(named?.[1] ?? problem.message, " ", otherLink(problem));
  if (problem.status >= 500) fault.append(requestId(problem) ?? "");
}

function assigneeRow() {
  const choice = el("select", { name: "assigned_to", disabled: !mayWrite() });
  const fault = el("div", { className: "fault", role: "alert" });
  const { id } = shown;
  choice.append(new Option("Nobody", ""));
  choice.addEventListener("change", async () => {
    try {
      await change(id, { assigned_to: choice.value || null }, store.asStored(id));
      fault.replaceChildren();
    } catch (problem) {
      if (!leftWith(problem, id)) refuse(choice, fault, problem);
    }
  });
  all(path("workspaces", workspace().id, "members"), "members").then((found) => {
    const users = found.map((member) => member.user_id).filter((user) => !has(choice, user));
    choice.append(...users.map((user) => new Option(user)));
  }, report);
  return row("Assigned to", choice, fault);
}

const has = (choice, value) => [...choice.options].some((one) => one.value === value);

/** Shows the contact as it is now; what is being typed is left alone. */
function paint() {
  const contact = store.get(shown.id);
  $("h2", panel).textContent = nameOf(contact);
  paintAvatar($(".avatar", panel), nameOf(contact));
  paintPill($(".pill", panel), contact);
  for (const node of shown.inputs) {
    const busy = node === document.activeElement || node.ariaInvalid === "true";
    if (!busy) node.value = FIELDS[node.name].show(contact[node.name]);
  }
  paintAssignee($("[name=assigned_to]", panel), contact.assigned_to ?? "");
  const tallies = { notes: contact.note_count, conversations: contact.conversation_count };
  for (const [name, count] of Object.entries(tallies)) {
    $(`[data-tally=${name}]`, panel).textContent = count || "";
  }
  $(".facts", panel).replaceChildren(...facts(contact));
}

function paintAssignee(choice, user) {
  if (!has(choice, user)) choice.append(new Option(user));
  choice.value = user;
}

function facts(contact) {
  const known = [
    ["Created", timeNode(contact.created_at)],
    ["Changed", el("span", {}, timeNode(contact.updated_at), ` by ${contact.updated_by}`)],
    ["Messages", counted(contact.message_count, "message")],
    ...Object.entries(contact.metadata).map(([name, value]) => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  ];
  if (contact.last_activity_at) {
    known.splice(2, 0, ["Last activity", timeNode(contact.last_activity_at)]);
  }
  return known.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]);
}
