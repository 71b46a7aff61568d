// Adding a contact; a phone or an e-mail that is taken leads to the contact that has it.

import * as api from "../core/api.js";
import * as dialog from "../kit/dialog.js";
import { $, el } from "../kit/dom.js";
import { FIELDS, faults, input, otherLink } from "../core/fields.js";
import * as list from "../table/list.js";
import { requestId, toast } from "../kit/toast.js";
import { nameOf } from "../kit/words.js";
import { contactsPath, mayWrite, settable } from "../core/workspace.js";

export function openAdd() {
  if (!mayWrite() || dialog.isOpen()) return;
  const inputs = Object.keys(FIELDS).map((field) => input(field, null));
  const [name, phone, email, score, tags, source] = inputs.map(labelled);
  const form = el(
    "form",
    { className: "fields", noValidate: true },
    ...[name, phone, email],
    el("div", { className: "pair" }, statusChoice(), score),
    ...[tags, source],
    el("div", { className: "fault", role: "alert" }),
    buttons(),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(form, inputs);
  });
  dialog.show("Add contact", "dialog", form);
  inputs[0].focus();
}

function labelled(node) {
  const id = `add-${node.name}`;
  node.removeAttribute("aria-label");
  Object.assign(node, { id });
  node.setAttribute("aria-describedby", `${id}-fault`);
  return el(
    "div",
    { className: "field" },
    el("label", { htmlFor: id }, FIELDS[node.name].label),
    node,
    el("p", { className: "fault", id: `${id}-fault` }),
  );
}

function statusChoice() {
  const choice = el("select", { id: "add-status", name: "lead_status" });
  choice.append(...settable().map(({ key, label }) => new Option(label, key)));
  choice.value = "new";
  const label = el("label", { htmlFor: "add-status" }, "Status");
  return el("div", { className: "field" }, label, choice);
}

function buttons() {
  const cancel = { type: "button", className: "button", onclick: dialog.close };
  const submit = el("button", { type: "submit", className: "primary" }, "Add contact");
  return el("div", { className: "buttons" }, el("button", cancel, "Cancel"), submit);
}

async function submit(form, inputs) {
  const button = $("[type=submit]", form);
  if (button.disabled) return;
  button.disabled = true;
  try {
    const { contact } = await api.post(contactsPath(), given(form, inputs));
    dialog.close();
    added(contact);
  } catch (problem) {
    refuse(form, inputs, problem);
  } finally {
    button.disabled = false;
  }
}

/** What was filled in: an empty field is one that is not given. */
function given(form, inputs) {
  const filled = inputs.filter(({ value }) => value.trim() !== "");
  const fields = filled.map(({ name, value }) => [name, FIELDS[name].read(value)]);
  return { ...Object.fromEntries(fields), lead_status: $("#add-status", form).value };
}

function added(contact) {
  const listed = list.add(contact);
  const hidden = { label: "Show all contacts", run: list.clearFilters };
  if (listed) list.focusOn(contact.id);
  toast(`${nameOf(contact)} was added.`, { action: listed ? null : hidden });
}

function refuse(form, inputs, problem) {
  const found = new Map(faults(problem));
  for (const node of inputs) {
    const message = found.get(node.name) ?? "";
    node.setAttribute("aria-invalid", Boolean(message));
    const place = $(`#${node.id}-fault`, form);
    place.replaceChildren(message, " ", message ? otherLink(problem) : "");
    found.delete(node.name);
  }
  const known = inputs.some((node) => node.getAttribute("aria-invalid") === "true");
  const general = known && found.size === 0 ? [] : [el("p", {}, problem.message)];
  if (problem.status >= 500 || problem.status === 0) general.push(requestId(problem) ?? "");
  $("div.fault", form).replaceChildren(...general);
  inputs.find((node) => node.getAttribute("aria-invalid") === "true")?.focus();
}
