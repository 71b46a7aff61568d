// The form of a contact, all its fields in one: to add one, and to edit one. On a phone it
// stands at the bottom as a sheet.

import { alike, changesOf, faults, FIELDS, fill, input, otherLink } from "../core/fields.js";
import { watch } from "../core/typed.js";
import * as dialog from "../kit/dialog.js";
import { $, el } from "../kit/dom.js";
import { entered } from "../kit/keys.js";
import { requestId } from "../kit/toast.js";

const KEPT = "This was not saved when your sign-in ended.";
const CHANGED = "It was changed meanwhile. Save again to keep yours.";
const ORDER = [
  ["name"],
  ["phone"],
  ["email"],
  ["lead_status", "lead_score"],
  ["tags"],
  ["assigned_to", "source"],
];

/** Shows the form with these values. `send(changes)` saves what differs from `contact` and
 *  closes; what it throws is told. `title`, `label`: of the dialog and its button; `kept`:
 *  the values were typed before; `again(typed)`: the command that shows it with them. */
export function show({ title, label, values, contact = {}, focus = "name", send, kept = false, again }) {
  const prefix = label === "Save" ? "edit" : "add";
  const inputs = ORDER.flat().map((field) => input(field, values[field]));
  const nodes = new Map(inputs.map((node) => [node.name, labelled(node, prefix)]));
  const lines = ORDER.map((line) =>
    line.length === 1 ? nodes.get(line[0]) : el("div", { className: "pair" }, ...line.map((one) => nodes.get(one))),
  );
  const fault = el("div", { className: "fault", role: "alert" });
  const said = kept ? [el("p", { className: "muted", role: "status" }, KEPT)] : [];
  const form = el("form", { className: "fields", noValidate: true }, ...said, ...lines, fault, buttons(label));
  const view = { form, inputs, contact, send };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(view);
  });
  // Where Enter submits by itself it does so for an <input> of the form only.
  form.addEventListener("keydown", (event) => {
    if (!entered(event) || !event.target.matches("tags-input input")) return;
    event.preventDefault();
    form.requestSubmit();
  });
  const untouched = JSON.stringify(inputs.map(({ value }) => value));
  const dirty = () => kept || JSON.stringify(inputs.map(({ value }) => value)) !== untouched;
  watch(form, () => dialog.shows(form) && dirty() && again(typedIn(view)));
  dialog.show(title, "dialog", form, { dirty });
  const first = inputs.find(({ name }) => name === focus);
  first.focus();
  if (contact.id) first.select?.();
}

/** What would be lost with the form. */
const typedIn = ({ inputs, contact }) => ({ fields: changesOf(inputs, contact), opened: contact });

function labelled(node, prefix) {
  node.id = `${prefix}-${node.name}`;
  const place = `${node.id}-fault`;
  node.removeAttribute("aria-label");
  node.setAttribute("aria-describedby", place);
  const fault = el("p", { className: "fault", id: place });
  node.addEventListener("lost", ({ detail }) => (fault.textContent = detail));
  const label = el("label", { htmlFor: node.id }, FIELDS[node.name].label);
  return el("div", { className: "field" }, label, node, fault);
}

function buttons(label) {
  const cancel = { type: "button", className: "button", onclick: dialog.leave };
  const submit = el("button", { type: "submit", className: "primary" }, label);
  return el("div", { className: "buttons" }, el("button", cancel, "Cancel"), submit);
}

async function submit(view) {
  const { form, inputs, contact, send } = view;
  const button = $("[type=submit]", form);
  if (button.disabled) return;
  button.disabled = true;
  try {
    await send(changesOf(inputs, contact), contact);
  } catch (problem) {
    if (dialog.shows(form)) refuse(view, problem);
  } finally {
    button.disabled = false;
  }
}

/** Each sentence at its field; what belongs to none stands below. */
function refuse(view, problem) {
  const { form, inputs } = view;
  const found = new Map(problem.current ? overtaken(view, problem.current) : faults(problem));
  for (const node of inputs) {
    const message = found.get(node.name) ?? "";
    node.setAttribute("aria-invalid", String(Boolean(message)));
    const place = $(`#${node.id}-fault`, form);
    place.replaceChildren(message, " ", message ? otherLink(problem) : "");
    found.delete(node.name);
  }
  const first = inputs.find((node) => node.getAttribute("aria-invalid") === "true");
  const told = first && found.size === 0 && !problem.current;
  const general = told ? [] : [el("p", {}, problem.current ? CHANGED : problem.message)];
  if (problem.status >= 500 || problem.status === 0) general.push(requestId(problem) ?? "");
  $("div.fault", form).replaceChildren(...general);
  first?.focus();
}

/** What somebody else has changed meanwhile, at its field. What was not touched here
 *  follows at once; what was, is a decision, taken by saving again. */
function overtaken(view, current) {
  const { inputs, contact } = view;
  const mine = changesOf(inputs, contact);
  view.contact = current;
  return inputs.flatMap((node) => {
    const { name } = node;
    const now = current[name];
    if (alike(contact[name], now) || (name in mine && alike(mine[name], now))) return [];
    if (!(name in mine)) fill(node, now);
    return [[name, `Meanwhile changed to: ${FIELDS[name].show(now) || "nothing"}.`]];
  });
}
