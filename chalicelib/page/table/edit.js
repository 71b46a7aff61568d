// Editing in the table: the cell becomes its own small form. Enter saves, Esc does not,
// leaving saves what was changed.

import { change } from "../core/change.js";
import { $, el } from "../kit/dom.js";
import { changesOf, faults, input, otherLink } from "../core/fields.js";
import { leftWith } from "../core/saving.js";
import * as store from "../core/store.js";
import { watch } from "../core/typed.js";
import * as columns from "./columns.js";
import { rowOf } from "./rows.js";
import { requestId } from "../kit/toast.js";
import { mayWrite } from "../core/workspace.js";

const IN_CELL = {
  name: ["name", "phone"],
  email: ["email"],
  tags: ["tags"],
  score: ["lead_score"],
};

export function edit(id, column, first = 0) {
  const cell = rowOf(id) && $(`[data-col=${column}]`, rowOf(id));
  if (!cell || !mayWrite() || $("form", cell)) return;
  const contact = store.asStored(id);
  const inputs = IN_CELL[column].map((field) => input(field, contact[field]));
  const form = el("form", { className: "editor", noValidate: true }, ...inputs);
  form.append(el("div", { className: "fault", role: "alert" }));
  cell.classList.add("editing");
  cell.append(form);
  const editor = { id, cell, form, inputs, opened: contact, busy: false };
  listen(editor);
  watch(form, () => again(editor));
  inputs[first].focus();
  inputs[first].select();
}

/** What would be lost with the cell. */
function again({ id, inputs, opened }) {
  const fields = changesOf(inputs, opened);
  const [focus] = Object.keys(fields);
  return focus ? ["edit contact", id, { fields, opened, focus }] : null;
}

function listen(editor) {
  const { cell, form } = editor;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save(editor, true);
  });
  form.addEventListener("keydown", (event) => {
    event.stopPropagation(); // the table's keys are not meant while typing
    if (event.isComposing) return; // Enter and Esc are the input method's
    if (event.key === "Escape") close(editor, true);
    // A form with several inputs and no button does not submit by itself.
    if (event.key === "Enter") form.requestSubmit();
    if (event.key === "Tab" && leaves(editor, event)) save(editor, true, event.shiftKey ? -1 : 1);
    else if (!["Escape", "Enter"].includes(event.key)) return;
    event.preventDefault();
  });
  form.addEventListener("focusout", ({ relatedTarget }) => {
    if (cell.contains(relatedTarget) || !form.isConnected) return;
    save(editor, false);
  });
}

/** Tab goes through the inputs of the cell, and then to the next cell. */
function leaves({ inputs }, { target, shiftKey }) {
  const edge = shiftKey ? inputs[0] : inputs.at(-1);
  return edge.contains(target); // tags are an input with more inside
}

/** `step`: the cell beside it is edited next. */
async function save(editor, refocus, step = 0) {
  const { id, form, inputs, opened } = editor;
  if (editor.busy) return;
  const changes = changesOf(inputs, opened);
  if (Object.keys(changes).length === 0) return close(editor, refocus, step);
  busy(editor, true);
  try {
    await change(id, changes, opened);
    close(editor, refocus && form.contains(document.activeElement), step);
  } catch (problem) {
    busy(editor, false);
    if (leftWith(problem, id)) return;
    editor.opened = problem.current ?? opened;
    refuse(editor, problem);
  }
}

function busy(editor, is) {
  editor.busy = is;
  editor.form.classList.toggle("busy", is);
  for (const one of editor.inputs) one.readOnly = is;
}

function refuse({ form, inputs }, problem) {
  const named = faults(problem).map(([field]) => field);
  for (const one of inputs) one.setAttribute("aria-invalid", named.includes(one.name));
  $(".fault", form).replaceChildren(el("p", {}, problem.message), otherLink(problem));
  const request = requestId(problem);
  if (request && problem.status >= 500) $(".fault", form).append(request);
  inputs.find((one) => named.includes(one.name))?.focus();
}

function close(editor, refocus, step = 0) {
  const { id, cell, form } = editor;
  editor.busy = true; // the focus leaves with the form, and must not save it
  form.remove();
  cell.classList.remove("editing");
  if (!refocus) return;
  (cell.querySelector("[data-stop]") ?? cell).focus();
  if (step) editBeside(id, cell.dataset.col, step);
}

function editBeside(id, column, step) {
  const order = columns.shown().filter((name) => IN_CELL[name]);
  const next = order[order.indexOf(column) + step];
  if (next) edit(id, next, step < 0 ? IN_CELL[next].length - 1 : 0);
}
