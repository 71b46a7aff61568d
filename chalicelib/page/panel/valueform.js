// The small form of one more field: its name, its type, its value.

import { faults } from "../core/fields.js";
import { leftWith } from "../core/saving.js";
import { watch } from "../core/typed.js";
import { $, el } from "../kit/dom.js";
import { composing } from "../kit/keys.js";
import { requestId } from "../kit/toast.js";
import { kindOf, KINDS, readValue, valueInput, wrongValue } from "./values.js";

/** `save({name, value}, seen)` is given what was seen after a refusal, too. */
export function valueForm({ id, name, value, taken, save, cancel }) {
  const title = el("input", { type: "text", id: "more-name", autocomplete: "off", dir: "auto", value: name ?? "" });
  const kind = el("select", { id: "more-kind" }, ...Object.entries(KINDS).map(([key, label]) => new Option(label, key)));
  kind.value = kindOf(value);
  const place = el("div", { className: "field" });
  const fault = el("div", { className: "fault", role: "alert" });
  const submit = el("button", { type: "submit", className: "button" }, name === null ? "Add field" : "Save");
  const leave = el("button", { type: "button", className: "link", onclick: cancel }, "Cancel");
  const form = el("form", { className: "more-form", noValidate: true });
  const view = { id, form, title, kind, fault, submit, taken, save, value: null };
  const ask = (text) => {
    view.value = valueInput(kind.value, text);
    view.value.id = "more-value";
    place.replaceChildren(el("label", { htmlFor: "more-value" }, "Value"), view.value);
  };
  ask(value);
  const before = [title.value, view.value.value].join();
  watch(form, () => [title.value, view.value.value].join() !== before);
  kind.addEventListener("change", () => ask(view.value.value));
  const pair = el("div", { className: "pair" }, labelled("Name", title), labelled("Type", kind));
  form.append(pair, place, fault, el("div", { className: "buttons" }, leave, submit));
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || composing(event)) return;
    event.stopPropagation();
    cancel();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(view);
  });
  return form;
}

const labelled = (label, node) =>
  el("div", { className: "field" }, el("label", { htmlFor: node.id }, label), node);

/** What can be told here: [where, the sentence]. */
function wrong({ title, kind, value, taken }) {
  const name = title.value.trim();
  if (!name) return [title, "Give the field a name."];
  if (taken(name)) return [title, `There is already a field with the name ${name}.`];
  const found = readValue(value, kind.value);
  return found === undefined ? [value, wrongValue(name, kind.value)] : null;
}

async function send(view) {
  const { title, kind, value, fault, submit } = view;
  const [where, sentence] = wrong(view) ?? [];
  for (const node of [title, value]) node.setAttribute("aria-invalid", String(node === where));
  fault.textContent = sentence ?? "";
  if (where) return where.focus();
  if (submit.disabled) return;
  submit.disabled = true;
  try {
    await view.save({ name: title.value.trim(), value: readValue(value, kind.value) }, view.seen);
  } catch (problem) {
    if (leftWith(problem, view.id)) return;
    view.seen = problem.current ?? view.seen;
    fault.replaceChildren(faults(problem)[0]?.[1] ?? problem.message);
    if (problem.status >= 500) fault.append(requestId(problem) ?? "");
  } finally {
    submit.disabled = false;
  }
}
